/** What one form asks of its user, found by reading it: secrets, links, hidden text, and a schema no client can show. 2026-07-28 client/elicitation. */

import type { FormFacts } from '../../../facts/elicitationForm.js';
import { isObject } from '../../../wire/message.js';
import { announcedCode, isAboutMoney, isAddress, isCodeLabel, secretFormat, secretPattern } from './clues.js';
import { sensitiveKind } from './defaults.js';
import { type Document, type Field, MOST_FIELDS, readForm, type Text } from './document.js';
import { hiddenIn } from './hidden.js';
import { linksIn } from './links.js';
import { folded } from './normal.js';
import { schemaProblems } from './schema.js';
import { type Around, type Found, secretsIn, secretsInName } from './secrets.js';
import type { SecretKind } from './vocabulary/language.js';

type Secret = FormFacts['secrets'][number];

/** Entries kept of each list of facts. */
const MOST = 50;
const NAME = 256;
const WORDING = 120;
/** As much of the message as can say what a doubtful noun in a field means. */
const AROUND = 4_000;
/** Words besides the secret in a sentence that is rather a label: "GitHub token, please". */
const LABEL_WORDS = 5;
/** Kinds that are numbers; in a field for a number, the other words count something: tokens, characters of a password. */
const NUMBERS: ReadonlySet<SecretKind> = new Set([
  'one-time-code',
  'payment-card',
  'bank-account',
  'national-id',
]);

/**
 * Facts about one form. `requestedSchema` is whatever the server sent, `undefined` when it sent none; `revision` is the
 * negotiated one, null or unknown for the newest. Never throws; reads no more than a form for people can hold, and says so
 * (`too-large`, `omittedFields`) when there was more.
 */
export function analyseForm(form: {
  readonly message: string;
  readonly requestedSchema: unknown;
  readonly revision: string | null;
}): FormFacts {
  const read = readForm(form.message, form.requestedSchema);
  const problems = schemaProblems(form.requestedSchema, MOST_FIELDS, form.revision);
  const tooLarge = {
    kind: 'too-large' as const,
    field: null,
    detail: `${read.omitted} fields left unread, or texts longer than a form can show`,
  };
  const secrets = secretsOf(read);
  return {
    schemaGiven: isObject(form.requestedSchema),
    fields: read.fields
      .filter((field) => field.top)
      .map(({ name, type, format, required }) => ({
        name: name.slice(0, NAME),
        type,
        format: format?.slice(0, 64) ?? null,
        required,
      })),
    omittedFields: read.omitted,
    secrets,
    links: linksOf(read),
    schemaProblems: read.cut ? [tooLarge, ...problems.slice(0, MOST - 1)] : [...problems],
    hidden: hiddenOf(read),
    sensitiveDefaults: defaultsOf(read, secrets),
  };
}

function secretsOf(read: Document): Secret[] {
  const open = read.fields.filter((field) => field.open);
  const address = read.fields.filter((field) => isAddress(field.texts));
  const message = read.texts[0]?.text ?? '';
  const announced = announcedCode(message);
  const found = new Map<string, Secret>();
  const keep = (text: Text, { kind, language }: Pick<Found, 'kind' | 'language'>): void => {
    const field = text.field?.slice(0, NAME) ?? null;
    const key = JSON.stringify([text.where, field, kind]);
    if (found.has(key) || found.size >= MOST) return;
    const where = text.where === 'default' || text.where === 'other' ? 'description' : text.where;
    found.set(key, { where, field, kind, language, wording: text.text.slice(0, WORDING) });
  };
  for (const field of open) {
    // A PIN among a street and a city is the postal code of India.
    const postal = address.some((other) => other !== field) && !isAboutMoney(field.texts) ? 'postal pin' : '';
    const around = once(() =>
      folded(
        [...field.texts.map(({ text }) => text.slice(0, AROUND)), message.slice(0, AROUND), postal].join(
          '\n',
        ),
      ),
    );
    for (const text of field.texts) {
      for (const secret of secretsOfText(text, around))
        if (fits(secret.kind, secret.noun, field)) keep(text, secret);
      if (announced !== null && isCodeLabel(text)) keep(text, { kind: 'one-time-code', language: announced });
    }
    const byPattern = secretPattern(field.schema['pattern']);
    if (byPattern !== null)
      keep(
        { where: 'format', field: field.name, text: String(field.schema['pattern']) },
        { kind: byPattern, language: 'en' },
      );
  }
  // Where nothing can be typed, a sentence about a password asks for none. A form without fields may get a text box.
  const bare = read.fields.length === 0 && !isObject(read.schema?.['properties']);
  for (const text of read.texts) {
    if (text.where === 'other') continue;
    for (const secret of secretsIn(text.text, () => (address.length > 1 ? 'postal pin' : ''))) {
      const demanded =
        secret.mention === 'asked' || (secret.mention === 'named' && secret.words <= LABEL_WORDS);
      if (demanded && (bare || open.some((field) => fits(secret.kind, secret.noun, field))))
        keep(text, secret);
    }
  }
  return [...found.values()];
}

/** A function that works once and remembers. */
function once(make: () => string): Around {
  let made: string | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function secretsOfText(text: Text, around: Around): readonly Found[] {
  switch (text.where) {
    case 'name':
      return secretsInName(text.text, around);
    case 'title':
    case 'description':
      return secretsIn(text.text, around).filter(({ mention }) => mention === 'asked' || mention === 'named');
    case 'format': {
      const kind = secretFormat(text.text);
      return kind === null
        ? []
        : [{ kind, language: 'en', mention: 'named', doubtful: false, words: 1, noun: text.text }];
    }
    default:
      return [];
  }
}

/** A number can be a PIN or a card's; what counts tokens or characters is none. */
function fits(kind: SecretKind, noun: string, field: Field): boolean {
  if (field.type !== 'number' && field.type !== 'integer') return true;
  return NUMBERS.has(kind) || (kind === 'password' && /pin|passcode|geheimzahl|暗証番号/u.test(noun));
}

function everyText(read: Document): readonly Text[] {
  return [...read.texts, ...read.fields.flatMap((field) => field.texts)];
}

function linksOf(read: Document): FormFacts['links'] {
  const links: FormFacts['links'] = [];
  for (const { where, field, text } of everyText(read)) {
    if (where === 'default' || where === 'other' || where === 'format') continue;
    for (const link of linksIn(text)) {
      if (links.length >= MOST) return links;
      links.push({ where, field: field?.slice(0, NAME) ?? null, text: link });
    }
  }
  return links;
}

function hiddenOf(read: Document): FormFacts['hidden'] {
  const found = new Map<string, FormFacts['hidden'][number]>();
  for (const { where, field, text } of everyText(read)) {
    for (const kind of hiddenIn(text)) {
      if (found.size >= MOST) return [...found.values()];
      const entry = { where, field: field?.slice(0, NAME) ?? null, kind };
      found.set(JSON.stringify(entry), entry);
    }
  }
  return [...found.values()];
}

function defaultsOf(read: Document, secrets: readonly Secret[]): FormFacts['sensitiveDefaults'] {
  const asked = new Map(secrets.map((secret) => [secret.field, secret.kind]));
  return read.fields
    .flatMap((field) => {
      const name = field.name.slice(0, NAME);
      const given = field.texts.filter(({ where, text }) => where === 'default' && text.trim() !== '');
      const kinds = given.flatMap(({ text }) => sensitiveKind(text) ?? asked.get(name) ?? []);
      return [...new Set(kinds)].map((kind) => ({ field: name, kind }));
    })
    .slice(0, MOST);
}
