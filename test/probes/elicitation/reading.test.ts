import { describe, expect, it } from '@jest/globals';
import {
  brokenContentFor,
  chosenContentFor,
  contentFor,
  otherContentFor,
} from '../../../src/probes/answers.js';
import { declarationsOf, isDeclared } from '../../../src/probes/elicitation/declared.js';
import { responseTo } from '../../../src/probes/elicitation/exchange/answering.js';
import { messageFacts } from '../../../src/probes/elicitation/message.js';
import {
  deviationsOf,
  expectedOriginOf,
  modeOf,
  shapeOf,
  urlsOf,
} from '../../../src/probes/elicitation/shape.js';
import { askingAmong, readTools, triggersOf } from '../../../src/probes/elicitation/triggers.js';

const SCHEMA = { type: 'object', properties: { name: { type: 'string' } } };
const PAGE = 'https://connect.example.com/start';
const ADVISORY = {
  mode: 'url',
  message: 'Connect your billing provider',
  uri: PAGE,
  uriValidation: { expectedOrigin: 'https://connect.example.com', consentRequired: true },
};

describe('the shape of an elicitation', () => {
  it.each([
    ['2025-06-18', '2025-06-18', { message: 'Name?', requestedSchema: SCHEMA }, []],
    ['2025-11-25', '2025-11-25', { message: 'Name?', requestedSchema: SCHEMA }, []],
    ['2026-07-28', '2026-07-28', { mode: 'form', message: 'Name?', requestedSchema: SCHEMA }, []],
    ['2025-11-25', '2025-11-25', { mode: 'url', message: 'Go.', url: PAGE, elicitationId: 'a' }, []],
    ['2026-07-28', '2026-07-28', { mode: 'url', message: 'Go.', url: PAGE }, []],
    ['2025-11-25', '2026-07-28', { mode: 'url', message: 'Go.', url: PAGE }, ['elicitation-id-missing']],
    [
      '2026-07-28',
      '2025-11-25',
      { mode: 'url', message: 'Go.', url: PAGE, elicitationId: 'a' },
      ['elicitation-id-unexpected'],
    ],
    ['2026-07-28', 'unknown', { message: 'Go.', url: PAGE }, ['mode-missing']],
    ['2026-07-28', 'advisory', ADVISORY, ['uri-validation', 'url-missing', 'uri-instead-of-url']],
    ['2026-07-28', 'unknown', { mode: 'voice', message: 'Say it.' }, ['mode-unknown']],
    ['2026-07-28', 'unknown', { mode: 'form' }, ['message-missing', 'schema-missing']],
    ['2026-07-28', 'unknown', { mode: 'url', message: 7, url: [PAGE] }, ['wrong-type']],
    ['2026-07-28', 'unknown', 'Give me your name', ['wrong-type']],
  ])('of %s is read as %s: %j', (revision, shape, params, deviations) => {
    expect([shapeOf(params, revision), deviationsOf(params, revision)]).toEqual([shape, deviations]);
  });

  it('takes a request without a mode for a form, unless all it has is a URL', () => {
    expect([
      modeOf({ requestedSchema: SCHEMA, url: PAGE }),
      modeOf({ uri: PAGE }),
      modeOf({ mode: 1 }),
      modeOf(null),
    ]).toEqual([
      { mode: 'form', sent: null },
      { mode: 'url', sent: null },
      { mode: 'other', sent: '(number)' },
      { mode: 'form', sent: null },
    ]);
  });

  it('loses no URL of those a client could take', () => {
    expect([
      urlsOf({ url: PAGE, uri: `${PAGE}/other` }),
      urlsOf({ url: PAGE, uri: PAGE }),
      urlsOf([]),
    ]).toEqual([[PAGE, `${PAGE}/other`], [PAGE], []]);
    // A browser opens a list of one address as that address; of anything else nobody knows what it opens.
    expect([
      urlsOf({ mode: 'url', url: [PAGE] }),
      urlsOf({ mode: 'url', uri: { href: PAGE } }),
      urlsOf({ mode: 'url', url: null }),
    ]).toEqual([[PAGE], [''], []]);
    expect(expectedOriginOf(ADVISORY)).toBe('https://connect.example.com');
  });
});

describe('what a client declared', () => {
  it('means form only where it is empty', () => {
    const declared = ['none', 'empty', 'form', 'url', 'both'] as const;
    expect(
      declared.map((one) => [isDeclared(one, 'form'), isDeclared(one, 'url'), isDeclared(one, 'other')]),
    ).toEqual([
      [false, false, false],
      [true, false, false],
      [true, false, false],
      [false, true, false],
      [true, true, false],
    ]);
  });

  it('has modes only since 2025-11-25', () => {
    expect([declarationsOf('2025-06-18'), declarationsOf('2025-11-25')]).toEqual([
      ['both', 'none', 'empty'],
      ['both', 'none', 'empty', 'form', 'url'],
    ]);
  });

  it('decides whether a right client answers with a result or an error', () => {
    const asks = { method: 'elicitation/create', params: { mode: 'url', message: 'Go.', url: PAGE } };
    expect([
      responseTo(asks, 'url', 'accept'),
      responseTo(asks, 'form', 'accept'),
      responseTo(asks, 'none', 'accept'),
      responseTo({ method: 'roots/list', params: {} }, 'both', 'decline'),
    ]).toEqual([
      { result: { action: 'accept' } },
      { error: { code: -32602, message: 'this client does not offer the mode url' } },
      { error: { code: -32601, message: 'this client does not offer elicitation/create' } },
      { result: { roots: [] } },
    ]);
  });
});

describe('content for a form', () => {
  const schema = {
    type: 'object',
    properties: {
      name: { type: 'string', default: 'Nameless', maxLength: 5 },
      mail: { type: 'string', format: 'email' },
      sure: { type: 'boolean' },
      size: { type: 'integer', minimum: 3, maximum: 4, default: 3 },
      pet: { type: 'string', enum: ['cat', 'dog'], default: 'cat' },
      fish: {
        type: 'array',
        minItems: 2,
        items: { anyOf: [{ const: 'tuna' }, { const: 'eel' }, { const: 'cod' }] },
      },
    },
  };

  it('is the defaults, the choice of a user, another choice, or wrong in every field', () => {
    expect([
      contentFor(schema),
      chosenContentFor(schema),
      otherContentFor(schema),
      brokenContentFor(schema),
    ]).toEqual([
      {
        name: 'Nameless',
        mail: 'mcp-gate@example.com',
        sure: true,
        size: 3,
        pet: 'cat',
        fish: ['tuna', 'eel'],
      },
      { name: 'mcp-g', mail: 'mcp-gate@example.com', sure: true, size: 4, pet: 'dog', fish: ['tuna', 'eel'] },
      {
        name: 'other',
        mail: 'other-gate@example.com',
        sure: false,
        size: 4,
        pet: 'cat',
        fish: ['tuna', 'eel'],
      },
      {
        name: 20_260_728,
        mail: 20_260_728,
        sure: 'mcp-gate wrong type',
        size: 'mcp-gate wrong type',
        pet: 'mcp-gate no such choice',
        fish: 'mcp-gate wrong type',
      },
    ]);
  });

  it('cannot be wrong where there are no fields', () => {
    expect([brokenContentFor({ type: 'object', properties: {} }), brokenContentFor('schema')]).toEqual([
      null,
      null,
    ]);
  });
});

describe('the text for the user', () => {
  it.each([
    ['Zero\u200bwidth', true],
    ['\u001b[31mred', true],
    ['tag\u{e0041}', true],
    ['right\u202eleft', true],
    ['Two\nlines\tand a tab', false],
    ['👩‍💻 می‌خواهم', false],
  ])('%j hides something: %p', (text, hidden) => {
    expect(messageFacts(text).hiddenCharacters).toBe(hidden);
  });

  it('is cut, and its links are counted', () => {
    const text = `See https://a.example and www.b.example. ${'x'.repeat(3000)}`;
    expect(messageFacts(text)).toEqual({
      text: text.slice(0, 2000),
      length: text.length,
      hiddenCharacters: false,
      links: 2,
    });
  });
});

describe('the choice of triggers', () => {
  const tool = (name: string, description: string, more = {}) => ({
    name,
    description,
    inputSchema: { type: 'object' },
    ...more,
  });

  it.each([
    'Asks the user for a name',
    'Prompts the customer before it pays',
    'Demonstrates form elicitation',
    'Requires explicit user confirmation',
    'Waits for human approval',
    'Asks for confirmation before deleting',
    'Sends the user to a page of the bank',
    'Clarifies the question with the user',
  ])('sees that a tool asks: %s', (text) => {
    expect(askingAmong(readTools([tool('t', text)]))).toEqual(['t']);
  });

  it.each([
    'Requests the profile of a user',
    'Returns users who need help',
    'Opens a URL in the browser',
    'Asks the database for rows',
    'Lists permissions',
    'Confirms an order by its number',
  ])('does not take dealing with users for asking them: %s', (text) => {
    expect(askingAmong(readTools([tool('t', text)]))).toEqual([]);
  });

  it('keeps steps that expect a result for others, and puts those that expect an elicitation first', () => {
    const step = (name: string, expects: 'elicitation' | 'task' | 'result' | null) => ({
      tool: name,
      arguments: {},
      expect: expects,
    });
    const exercise = [step('a', 'result'), step('b', null), step('c', 'task'), step('d', 'elicitation')];
    const { beyond, triggers } = triggersOf({ exercise }, []);
    expect([
      beyond,
      triggers.map(({ asTask, at, expected, tool: name }) => [name, at, expected, asTask]),
    ]).toEqual([
      0,
      [
        ['d', '/spec/exercise/3', true, false],
        ['b', '/spec/exercise/1', false, false],
        ['c', '/spec/exercise/2', false, true],
      ],
    ]);
  });

  it('says how many it leaves out', () => {
    const exercise = Array.from({ length: 15 }, () => ({ tool: 'a', arguments: {}, expect: null }));
    const { beyond, triggers } = triggersOf({ exercise }, []);
    expect([beyond, triggers.length]).toEqual([3, 12]);
  });

  it('chooses by itself only tools that read and need nothing, a few, those that ask first', () => {
    const reads = { annotations: { readOnlyHint: true } };
    const tools = readTools([
      tool('writes', 'Asks the user.'),
      tool('needs', 'Reads.', { ...reads, inputSchema: { type: 'object', required: ['id'] } }),
      ...['a', 'b', 'c', 'd', 'e'].map((name) => tool(name, 'Reads.', reads)),
      tool('asks', 'Asks the user.', reads),
      { name: 7 },
    ]);
    expect(
      triggersOf({ exercise: 'auto' }, tools).triggers.map(({ at, source, tool: name }) => [
        name,
        at,
        source,
      ]),
    ).toEqual(['asks', 'a', 'b', 'c', 'd'].map((name) => [name, '/spec/exercise', 'auto']));
  });
});
