import { describe, expect, it } from '@jest/globals';
import { formFacts } from '../../../../src/facts/elicitationForm.js';
import { analyseForm } from '../../../../src/probes/elicitation/form/analyse.js';
import { form } from '../corpus/forms.js';

const NOTHING = {
  secrets: [],
  links: [],
  schemaProblems: [],
  hidden: [],
  sensitiveDefaults: [],
  omittedFields: 0,
};

/** What is found in a form, apart from the list of its fields. */
function found(given: { message: string; requestedSchema: unknown }, revision: string | null = '2025-11-25') {
  const { schemaGiven, fields, ...rest } = analyseForm({ ...given, revision });
  return { schemaGiven, count: fields.length, ...rest };
}

const one = (schema: unknown, message = 'Continue?') => form(message, { value: schema });

describe('a form', () => {
  it('is recorded field by field', () => {
    const facts = analyseForm({
      ...form(
        'Who are you?',
        { name: { type: 'string' }, mail: { type: 'string', format: 'email' }, odd: { type: ['string'] } },
        ['name'],
      ),
      revision: '2025-11-25',
    });
    expect(facts.fields).toEqual([
      { name: 'name', type: 'string', format: null, required: true },
      { name: 'mail', type: 'string', format: 'email', required: false },
      { name: 'odd', type: 'other', format: null, required: false },
    ]);
  });

  it('without anything wrong has no findings', () => {
    expect(found(one({ type: 'boolean' }))).toEqual({ ...NOTHING, schemaGiven: true, count: 1 });
  });

  it('may come without a schema', () => {
    expect(found({ message: 'Continue?', requestedSchema: undefined })).toEqual({
      ...NOTHING,
      schemaGiven: false,
      count: 0,
    });
  });

  it('that asks a password says where, of which kind, in which language, and how it is worded', () => {
    const given = form('Bitte geben Sie Ihr Kennwort ein.', {
      value: { type: 'string', title: 'Ihr Kennwort' },
    });
    expect(found(given).secrets).toEqual([
      { where: 'title', field: 'value', kind: 'password', language: 'de', wording: 'Ihr Kennwort' },
      {
        where: 'message',
        field: null,
        kind: 'password',
        language: 'de',
        wording: 'Bitte geben Sie Ihr Kennwort ein.',
      },
    ]);
  });
});

describe('a mention of a secret is no demand', () => {
  const label = (title: string): unknown => ({ type: 'string', title });
  it.each([
    'Passport country',
    'Secretary name',
    'Token count',
    'Keyboard layout',
    'Password policy length',
    'Number of API keys to list',
    'API key to rotate',
    'Name of the secret in the vault',
    'Project key',
    'Primary key column',
    'SSH public key',
    'Never enter your password here',
    'Authorization code style',
    'Reason for the password reset',
    'E-mail address to send the password reset link to',
    'Which API key should be revoked?',
    'Access token expiry',
    'Stripe publishable API key',
    'Last 4 digits of your card',
    'Country code',
    'Monkey, keynote, pineapple, compass, tokenizer',
    'Passwortlänge',
    'Longueur du mot de passe',
    'Nombre de la clave de API',
    'Nome do token de acesso',
    'パスワードポリシー',
    '密码策略名称',
    '토큰 개수',
  ])('%s', (title) => {
    expect(found(one(label(title))).secrets).toEqual([]);
  });

  it.each([
    ['a yes or no', { type: 'boolean', title: 'Do you want to rotate the API key?' }],
    ['a choice', { type: 'string', title: 'API key', enum: ['billing', 'release'] }],
    [
      'a titled choice',
      { type: 'string', title: 'Password', oneOf: [{ const: 'a', title: 'Keep my password' }] },
    ],
    ['several choices', { type: 'array', title: 'Tokens', items: { type: 'string', enum: ['a', 'b'] } }],
    ['a count', { type: 'integer', title: 'API keys' }],
    ['an e-mail address', { type: 'string', format: 'email', title: 'Address of your login credentials' }],
  ])('%s', (_, schema) => {
    expect(found(one(schema)).secrets).toEqual([]);
  });

  it('where nothing can be typed', () => {
    const message = 'Enter your password on the page that opens, then confirm here.';
    expect(found(form(message, { done: { type: 'boolean' } })).secrets).toEqual([]);
  });
});

describe('"PIN code"', () => {
  const address = { street: { type: 'string' }, city: { type: 'string' } };
  const kinds = (properties: Readonly<Record<string, unknown>>) =>
    found(form('Please fill in', properties)).secrets.map(({ kind }) => kind);

  it('is the postal code of India within an address', () => {
    expect(kinds({ ...address, pin: { type: 'string', title: 'PIN code' } })).toEqual([]);
  });

  it('is a secret everywhere else', () => {
    expect(kinds({ pin: { type: 'string', title: 'PIN code' } })).toEqual(['password', 'password']);
  });

  it('is a secret within an address when it is one of a card', () => {
    expect(kinds({ ...address, value: { type: 'string', title: 'PIN code of your bank card' } })).not.toEqual(
      [],
    );
  });
});

describe('links', () => {
  const links = (text: string) => found(one({ type: 'boolean' }, text)).links.map((link) => link.text);

  it.each([
    'Visit https://example.com/docs or https://api.example.org',
    'https://your-domain.atlassian.net',
    'http://localhost:3000/callback and http://127.0.0.1/',
    'Booking.com, Node.js, ASP.NET and package.json',
    'Version 1.2.3.4, chapter 10.2, and/or e.g. the U.S.A.',
    'alice@gmail.com',
    'owner/repository',
    'Note: this cannot be undone. Data: kept for 30 days.',
  ])('are none: %s', (text) => {
    expect(links(text)).toEqual([]);
  });

  it('are found once each, as they stand', () => {
    expect(links('Go to https://evil.com/a?b=c, then www.evil.net. Again: https://evil.com/a?b=c,')).toEqual([
      'https://evil.com/a?b=c',
      'www.evil.net',
    ]);
  });

  it('are said to stand where they stand', () => {
    const field = { type: 'string', title: 'Value', enum: ['a'], enumNames: ['https://evil.com'] };
    expect(found(one(field)).links).toEqual([{ where: 'choice', field: 'value', text: 'https://evil.com' }]);
  });
});

describe('a schema', () => {
  it('is measured by its revision', () => {
    const given = one({ type: 'array', items: { type: 'string', enum: ['a'] } });
    expect(found(given, '2025-06-18').schemaProblems).toEqual([
      { kind: 'unsupported-type', field: 'value', detail: 'type "array", which 2025-06-18 does not have' },
    ]);
    expect(found(given, '2025-11-25').schemaProblems).toEqual([]);
    expect(found(given, null).schemaProblems).toEqual([]);
  });

  it('may hold annotations that change no answer', () => {
    const requestedSchema = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      title: 'Form',
      properties: { a: { type: 'string', 'x-order': 1 } },
      additionalProperties: false,
    };
    expect(found({ message: 'Continue?', requestedSchema })).toEqual({
      ...NOTHING,
      schemaGiven: true,
      count: 1,
    });
  });

  it('tells each problem apart', () => {
    const requestedSchema = {
      type: 'object',
      properties: {
        a: { type: 'object', properties: { b: { type: 'string' } } },
        c: { $ref: '#/$defs/c' },
        d: { type: 'string', format: 'password', maxLength: 'x' },
        e: { type: 'file' },
      },
      required: ['z'],
      allOf: [],
    };
    expect(found({ message: 'Continue?', requestedSchema }).schemaProblems).toEqual([
      { kind: 'unsupported-keyword', field: null, detail: 'allOf' },
      { kind: 'nested', field: 'a', detail: 'an object within the form' },
      { kind: 'reference', field: 'c', detail: '$ref "#/$defs/c"' },
      { kind: 'unsupported-format', field: 'd', detail: 'format "password"' },
      { kind: 'wrong-value', field: 'd', detail: 'maxLength "x"' },
      { kind: 'unsupported-type', field: 'e', detail: 'type "file"' },
      { kind: 'required-unknown', field: 'z', detail: 'required, and no field' },
    ]);
  });
});

describe('hidden text', () => {
  it('is told by kind and place', () => {
    const given = form('Con\u200btinue?', { 'va\u202elue': { type: 'string', title: '\u001b[2J' } });
    expect(found(given).hidden).toEqual([
      { where: 'message', field: null, kind: 'invisible' },
      { where: 'name', field: 'va\u202elue', kind: 'direction' },
      { where: 'title', field: 'va\u202elue', kind: 'escape' },
    ]);
  });

  it.each([
    'Emoji 👩‍💻 ❤️ 🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f} 1️⃣ 👍🏽',
    'Three\nlines\r\n\tand a tab',
    'A narrow\u202fspace, a hard\u00a0one, a wide\u3000one',
    'Tiếng Việt, Ελληνικά, ภาษาไทย ที่นี่ น้ำ, हिन्दी',
  ])('is not in ordinary writing: %j', (text) => {
    expect(found(one({ type: 'boolean' }, text)).hidden).toEqual([]);
  });
});

describe('a default', () => {
  it.each([
    'octocat',
    'main',
    'user@example.com',
    'https://gitlab.com/a/b',
    '2026-01-31',
    '1234 5678',
    'a'.repeat(80),
  ])('is harmless: %s', (value) => {
    expect(found(one({ type: 'string', default: value })).sensitiveDefaults).toEqual([]);
  });

  it('is sensitive when it fills in what the field asks', () => {
    expect(found(one({ type: 'string', title: 'Password', default: 'hunter2' })).sensitiveDefaults).toEqual([
      { field: 'value', kind: 'password' },
    ]);
  });
});

describe('a hostile form', () => {
  const many = Object.fromEntries(
    Array.from({ length: 100_000 }, (_, at) => [`field${at}`, { type: 'string' }]),
  );
  const deep = (depth: number): unknown =>
    Array.from({ length: depth }).reduce<unknown>((inner) => ({ type: 'object', properties: { a: inner } }), {
      type: 'string',
    });

  it('with too many fields is read in part, and said to be too large', () => {
    const facts = found({ message: 'Continue?', requestedSchema: { type: 'object', properties: many } });
    expect({ ...facts, schemaProblems: facts.schemaProblems.map(({ kind }) => kind) }).toEqual({
      ...NOTHING,
      schemaGiven: true,
      count: 300,
      omittedFields: 99_700,
      schemaProblems: ['too-large'],
    });
  });

  it.each([
    ['letters', 'a'.repeat(1_000_000)],
    ['spaces', ' '.repeat(1_000_000)],
    ['line breaks', '\n'.repeat(1_000_000)],
    ['dots', 'a.'.repeat(500_000)],
    ['marks', `e${'\u0301'.repeat(1_000_000)}`],
    ['brackets', '](['.repeat(300_000)],
    ['passwords', 'password of the '.repeat(60_000)],
    ['tokens', 'eyJ-'.repeat(250_000)],
    ['addresses', 'a@a.'.repeat(250_000)],
    ['hyphens', '-'.repeat(1_000_000)],
    ['escapes', '\u001b['.repeat(500_000)],
    ['links', 'https://evil.com/ '.repeat(50_000)],
    ['Japanese', 'パスワード'.repeat(200_000)],
    ['single letters', 'p a s s '.repeat(120_000)],
    ['lines of spaces', `\n${' '.repeat(50)}`.repeat(20_000)],
  ])('of a million %s is judged all the same', (_, long) => {
    const given = form(long, {
      [long]: { type: 'string', title: long, description: long, default: long, pattern: long, enum: [long] },
      other: { type: 'string', title: long, description: long, default: long },
    });
    const facts = analyseForm({ ...given, revision: '2025-11-25' });
    expect(facts.schemaProblems[0]?.kind).toBe('too-large');
    expect(formFacts.safeParse(facts).error).toBeUndefined();
  });

  it.each([
    ['deep nesting', { type: 'object', properties: { a: deep(5_000) } }],
    [
      'a prototype',
      JSON.parse('{"type":"object","properties":{"__proto__":{"type":"string","title":"Password"}}}'),
    ],
    [
      'names of methods',
      { type: 'object', properties: { constructor: { type: 'string' }, toString: 1, hasOwnProperty: null } },
    ],
    [
      'wrong values',
      {
        type: 1,
        properties: { a: { enum: 'x', oneOf: 5, items: [1], title: {}, default: [{}] } },
        required: {},
      },
    ],
    ['lone surrogates', { type: 'object', properties: { '\ud800': { type: 'string', title: '\udfff' } } }],
    ['a number', 7],
  ])('with %s gives facts of the right shape', (_, requestedSchema) => {
    const facts = analyseForm({ message: 'Continue?', requestedSchema, revision: 'nonsense' });
    expect(formFacts.safeParse(facts).error).toBeUndefined();
  });

  it('cannot hide a field behind the name of a prototype', () => {
    const requestedSchema: unknown = JSON.parse(
      '{"type":"object","properties":{"__proto__":{"type":"string","title":"Password"}}}',
    );
    expect(
      found({ message: 'Continue?', requestedSchema }).secrets.map(({ kind, field }) => [kind, field]),
    ).toEqual([['password', '__proto__']]);
  });
});
