/** Finds secrets in one text, in whatever spelling, with what the text makes of them. */

import { type Mention, mentionAt } from './demand.js';
import { disguises, folded, wordsOfName } from './normal.js';
import { EAST_ASIAN } from './vocabulary/eastAsian.js';
import { ENGLISH } from './vocabulary/english.js';
import { DUTCH, GERMAN } from './vocabulary/german.js';
import type { Noun, SecretKind } from './vocabulary/language.js';
import { FRENCH, ITALIAN, PORTUGUESE, SPANISH } from './vocabulary/romance.js';

/** One secret that a text names. */
export type Found = {
  readonly kind: SecretKind;
  readonly language: string;
  readonly mention: Mention;
  /** True when the noun has other meanings, and nothing spoke for one of them. */
  readonly doubtful: boolean;
  /** Words of the sentence it stands in, which tells a label from a sentence. */
  readonly words: number;
  /** The noun itself, folded. */
  readonly noun: string;
};

const NOUNS: readonly Noun[] = [
  ...ENGLISH,
  ...GERMAN,
  ...FRENCH,
  ...SPANISH,
  ...PORTUGUESE,
  ...ITALIAN,
  ...DUTCH,
  ...EAST_ASIAN,
];

/** The folded texts of the form near a text, read only when a noun is doubtful. */
export type Around = () => string;

/** A longer name is read at its beginning. */
const LONGEST_NAME = 1_000;
/** Mentions kept of one text. */
const MOST = 40;

/** Secrets that `text` names. `around` is what else stands in the form near it, and decides what doubtful nouns mean. */
export function secretsIn(text: string, around: Around): readonly Found[] {
  const plain = folded(text);
  const context = (): string => `${plain} ${around()}`;
  const found = foundIn(plain, context);
  if (found.length > 0) return found;
  return disguises(plain)
    .flatMap((reading) => foundIn(reading, () => `${reading} ${context()}`))
    .slice(0, MOST);
}

/** The same for the name of a field, whose last word says what it is. */
export function secretsInName(name: string, around: Around): readonly Found[] {
  const read = wordsOfName(name.slice(0, LONGEST_NAME));
  const context = (): string => `${read} ${around()}`;
  for (const reading of new Set([read, folded(name.slice(0, LONGEST_NAME)), ...disguises(read)])) {
    const found = foundIn(reading, context).filter(({ mention }) => mention !== 'mentioned');
    const last = found.filter(({ noun }) => isAtEnd(reading, noun));
    if (last.length > 0) return last;
  }
  const [, joined] = JOINED.exec(read.replaceAll(' ', '')) ?? [];
  if (joined === undefined) return [];
  return [
    {
      kind: JOINED_KINDS.get(joined) ?? 'password',
      language: 'en',
      mention: 'named',
      doubtful: false,
      words: 1,
      noun: joined,
    },
  ];
}

/** What may follow the secret in a name that still holds the secret. */
const NAME_TAIL: ReadonlySet<string> = new Set(
  'value text string str input field raw new old current confirm confirmation confirmed repeat again verify plain plaintext b64 base64 pem hex here please required optional'.split(
    ' ',
  ),
);

function isAtEnd(name: string, noun: string): boolean {
  const at = name.lastIndexOf(noun);
  if (at < 0) return false;
  const tail = name.slice(at + noun.length).split(/\s+/u);
  return tail.every((word) => NAME_TAIL.has(word) || /^(?:\d*|[a-z])$/u.test(word));
}

/** Names written without a break between their words. */
const JOINED_KINDS: ReadonlyMap<string, SecretKind> = new Map([
  ...'password passwd passphrase passcode passwort kennwort contrasena motdepasse senha wachtwoord userpwd loginpwd'
    .split(' ')
    .map((word) => [word, 'password'] as const),
  ...'accesstoken authtoken bearertoken refreshtoken sessiontoken apitoken clientsecret'
    .split(' ')
    .map((word) => [word, 'token'] as const),
  ...'apikey accesskey secretkey'.split(' ').map((word) => [word, 'api-key'] as const),
  ...'privatekey'.split(' ').map((word) => [word, 'private-key'] as const),
  ...'creditcardnumber cardnumber creditcard ccnumber'
    .split(' ')
    .map((word) => [word, 'payment-card'] as const),
  ...'seedphrase recoveryphrase'.split(' ').map((word) => [word, 'recovery-phrase'] as const),
  ...'otpcode onetimecode verificationcode'.split(' ').map((word) => [word, 'one-time-code'] as const),
]);
const JOINED = new RegExp(`(${[...JOINED_KINDS.keys()].join('|')})\\d{0,3}$`, 'u');

function foundIn(text: string, context: () => string): readonly Found[] {
  const matches = NOUNS.flatMap((noun) =>
    [...text.matchAll(noun.pattern)].slice(0, MOST).map((match) => ({
      noun,
      start: match.index,
      end: match.index + match[0].length,
    })),
  ).sort(
    (a, b) =>
      a.start - b.start || b.end - a.end || Number(a.noun.unless !== null) - Number(b.noun.unless !== null),
  );
  const kept: Found[] = [];
  let reach = -1;
  for (const { noun, start, end } of matches) {
    if (end <= reach) continue;
    if (noun.unless?.test(context()) === true) continue;
    reach = end;
    const place = { text, start, end, language: noun.language, kind: noun.kind };
    kept.push({
      kind: noun.kind,
      language: noun.language,
      mention: mentionAt(place),
      doubtful: noun.unless !== null,
      words: sentenceWords(text, start, end),
      noun: text.slice(start, end),
    });
    if (kept.length >= MOST) break;
  }
  return kept;
}

function sentenceWords(text: string, start: number, end: number): number {
  const before =
    text
      .slice(Math.max(0, start - 200), start)
      .split(/[.!?;:\n。！？；：](?:\s|$)|[\n。！？；：]/u)
      .at(-1) ?? '';
  const behind = text.slice(end, end + 200).split(/[.!?;:\n。！？；：](?:\s|$)|[\n。！？；：]/u)[0] ?? '';
  return `${before} ${behind}`.split(/\s+/u).filter((word) => word !== '').length;
}
