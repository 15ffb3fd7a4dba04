/** Decides whether a text that names a secret also asks for it: "API key" does, "length of the API key" and "never enter your API key" do not. */

import {
  ASKED_BEFORE,
  ASKED_BEHIND,
  ASPECT_BEHIND,
  LABEL_END,
  LETTERS,
  MENTIONED_BEFORE,
  REFUSED_BEFORE,
  REFUSED_BEHIND,
} from './vocabulary/eastAsian.js';
import { ENGLISH_GRAMMAR } from './vocabulary/english.js';
import { DUTCH_GRAMMAR, GERMAN_GRAMMAR } from './vocabulary/german.js';
import type { Grammar, SecretKind } from './vocabulary/language.js';
import {
  FRENCH_GRAMMAR,
  ITALIAN_GRAMMAR,
  PORTUGUESE_GRAMMAR,
  SPANISH_GRAMMAR,
} from './vocabulary/romance.js';

/**
 * What the mention of a secret in a text amounts to. asked: a verb demands it. named: the phrase is about the secret, as in
 * a label. mentioned: it only belongs to something else. refused: the text forbids to give it, or says it is not needed.
 */
export type Mention = 'asked' | 'named' | 'mentioned' | 'refused';

/** Where a noun stands in a folded text. */
export type Place = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  readonly language: string;
  readonly kind: SecretKind;
};

const GRAMMARS: ReadonlyMap<string, Grammar> = new Map([
  ['en', ENGLISH_GRAMMAR],
  ['de', GERMAN_GRAMMAR],
  ['nl', DUTCH_GRAMMAR],
  ['fr', FRENCH_GRAMMAR],
  ['es', SPANISH_GRAMMAR],
  ['pt', PORTUGUESE_GRAMMAR],
  ['it', ITALIAN_GRAMMAR],
]);

/** As much of a text on either side as can say what a noun is about. */
const BEFORE = 160;
const BEHIND = 100;
/** Words between a verb and what it asks for. */
const GAP = 9;
const STOP = '.';
const COMMA = ',';

/** Introduces an example of what others wrote, not of what is asked; "e.g. your password" still is. */
const EXAMPLE =
  /(?:^|[\s(])(?:e\. ?g\.|for example|example|such as|like|z\. ?b\.|zum beispiel|beispiel|bspw\.|p\. ?ex\.|par exemple|exemple|ex\.|p\. ?ej\.|por ejemplo|ejemplo|por exemplo|p\. ?es\.|esempio|per esempio|bijv\.|bijvoorbeeld) ?[:,]?[^.!?\n]*$|(?:例[：:えば]|例如|比如|예[:：])[^。！？\n]*$/u;
const YOURS = /(?:^| )(?:your|ihre?n?|deine?n?|votre|vos|su|tu|sua|tua|seu|uw|je)(?: |$)|您的|你的|あなたの/u;

/** What the noun at `place` amounts to in its clause. */
export function mentionAt(place: Place): Mention {
  const before = place.text.slice(Math.max(0, place.start - BEFORE), place.start);
  const behind = place.text.slice(place.end, place.end + BEHIND);
  const [example] = EXAMPLE.exec(before) ?? [];
  if (example !== undefined && !YOURS.test(example)) return 'mentioned';
  const eastAsian = LETTERS.test(place.text.slice(place.start, place.end)) || isInEastAsian(before, behind);
  if (eastAsian) return eastAsianMention(before, behind);
  // English nouns are at home in all languages, so the words around them may be of any.
  const grammars =
    place.language === 'en' ? [...GRAMMARS.values()] : [GRAMMARS.get(place.language) ?? ENGLISH_GRAMMAR];
  const has = (set: keyof Grammar, word: string | undefined): boolean =>
    word !== undefined && grammars.some((grammar) => grammar[set].has(word));
  return latinMention(tokensOf(before), tokensOf(behind), has, place.kind);
}

function isInEastAsian(before: string, behind: string): boolean {
  return LETTERS.test(before.slice(-12)) || LETTERS.test(behind.slice(0, 12));
}

function eastAsianMention(before: string, behind: string): Mention {
  if (REFUSED_BEFORE.test(before) || REFUSED_BEHIND.test(behind)) return 'refused';
  if (ASPECT_BEHIND.test(behind) || MENTIONED_BEFORE.test(before)) return 'mentioned';
  const isObject = LABEL_END.test(behind) || /^[や、と及および和与與或及]/u.test(behind);
  if (isObject && ASKED_BEFORE.test(before)) return 'asked';
  if (
    /^[\s」』"”)）]*(?:を|は|が|も|も?[やと、和与與或及]|을|를|이|가|와|과|및|:|：|\(|（)/u.test(behind) &&
    ASKED_BEHIND.test(behind)
  )
    return 'asked';
  return /^[\s」』"”]*(?:$|[。.:：*?？!！、,，;；|(（[【{「/／\n]|確認|再入力|入力|확인|입력|재입력|[0-9])/u.test(
    behind,
  )
    ? 'named'
    : 'mentioned';
}

/** Words, commas, and everything that ends a clause. */
function tokensOf(text: string): readonly string[] {
  const found = text.match(/[\p{L}\p{N}]+|[.:](?=\s|$)|[!?;\n…()[\]{}"«»“”„|•。！？；：]|[—–]|,/gu) ?? [];
  return found.map((token) => (token === ',' ? COMMA : /[\p{L}\p{N}]/u.test(token) ? token : STOP));
}

type Has = (set: keyof Grammar, word: string | undefined) => boolean;

function latinMention(
  before: readonly string[],
  behind: readonly string[],
  has: Has,
  kind: SecretKind,
): Mention {
  const next = behind[0];
  // "API key to rotate" asks which one; "password to continue" asks for it.
  if (next !== undefined && next !== STOP && next !== COMMA) {
    if (has('aspect', next)) return 'mentioned';
    if (
      next === 'to' &&
      /^(?:rotate|revoke|delete|remove|list|rename|disable|inspect|check|create|expire|audit|replace)$/u.test(
        behind[1] ?? '',
      )
    ) {
      return 'mentioned';
    }
  }
  const left = readLeft(before, has, kind);
  if (left !== 'named') return left;
  const right = clauseOf(behind);
  if (right.slice(0, 7).some((word) => has('not', word)) && right.some((word) => has('askAfter', word)))
    return 'refused';
  if (right.slice(0, 6).some((word) => has('askAfter', word))) return 'asked';
  if (next !== undefined && FINITE.has(next)) return 'mentioned';
  return 'named';
}

/** Verbs that make a sentence about the secret: it is, was, has been something. */
const FINITE: ReadonlySet<string> = new Set(
  'is are was were has have had must should may might can cannot will would shall expires does did ist sind wurde wird wurden muss war est sont doit es son debe deve e sono fue foi'.split(
    ' ',
  ),
);

function clauseOf(tokens: readonly string[]): readonly string[] {
  const end = tokens.indexOf(STOP);
  return (end < 0 ? tokens : tokens.slice(0, end)).filter((token) => token !== COMMA);
}

/** Goes back from the noun until a word says what the noun is to the sentence. */
function readLeft(before: readonly string[], has: Has, kind: SecretKind): Mention {
  let gap = 0;
  for (let at = before.length - 1; at >= 0; at--) {
    const word = before[at] ?? STOP;
    if (word === STOP) return 'named';
    if (word === COMMA) continue;
    gap += 1;
    if (gap > GAP) return 'mentioned';
    if (isLocative(before, at, has)) continue;
    if (has('not', word)) return isRefusal(before, at, has) ? 'refused' : 'asked';
    if (isDemand(before, at, has, kind)) return isForbidden(before, at, has) ? 'refused' : 'asked';
    if (has('mention', word)) return 'mentioned';
    if (has('link', word)) {
      // "Number of the card" is the card's; "number of keys" is a count.
      if (NUMBERED.has(kind) && /^(?:numbers?|nummer|numero|digits)$/u.test(before[at - 1] ?? '')) {
        if (before.slice(Math.max(0, at - 4), at).some((earlier) => PARTIAL.has(earlier))) return 'mentioned';
        continue;
      }
      if (word === 'as' && /^(?:set|use|used|chose)$/u.test(before[at - 1] ?? '')) return 'asked';
      if (has('keep', before[at - 1]) || has('keep', before[at - 2])) return 'asked';
      return 'mentioned';
    }
    if (OTHER_PEOPLE.has(word)) return 'mentioned';
  }
  return 'named';
}

/** Places in the form itself: "enter in the box below your password". */
const HERE: ReadonlySet<string> = new Set(
  'field box form chat below reply following feld formular chatfenster champ formulaire campo formulario casella modulo veld'.split(
    ' ',
  ),
);

/** A word that leads to a place in the form says where to type, not what the secret belongs to. */
function isLocative(before: readonly string[], at: number, has: Has): boolean {
  if (!has('link', before[at]) || has('keep', before[at - 1])) return false;
  return before.slice(at + 1, at + 4).some((word) => HERE.has(word));
}

const PARTIAL: ReadonlySet<string> = new Set(['last', 'first', 'final']);
const NUMBERED: ReadonlySet<SecretKind> = new Set(['payment-card', 'bank-account', 'national-id']);

/** Subjects whose doing is told, not asked; and keys that everybody may know. */
const OTHER_PEOPLE: ReadonlySet<string> = new Set(
  'we they he she public publishable publique publica pubblica wir nous noi nosotros'.split(' '),
);
const MADE_UP: ReadonlySet<string> = new Set(
  'choose create set pick wahlen waehlen choisir choisissez elija elige escolha scegli new'.split(' '),
);

function isDemand(before: readonly string[], at: number, has: Has, kind: SecretKind): boolean {
  const word = before[at];
  if (kind === 'password' && word !== undefined && MADE_UP.has(word) && word !== 'new') return true;
  if (!has('ask', word)) return false;
  // "We will send you a code" gives something; "tell us your code" takes it.
  if ((word === 'send' || word === 'give' || word === 'sending') && before[at + 1] === 'you') return false;
  return true;
}

/** "without your password" refuses it, "we cannot go on without your password" does not. */
function isRefusal(before: readonly string[], at: number, has: Has): boolean {
  const earlier = before.slice(Math.max(0, at - 6), at);
  const clause = earlier.slice(earlier.lastIndexOf(STOP) + 1);
  if (clause.some((word) => has('condition', word))) return false;
  return !clause.some((word) => has('not', word) && word !== before[at]);
}

/** A negation up to four words before the verb that asks. */
function isForbidden(before: readonly string[], at: number, has: Has): boolean {
  for (let back = at - 1; back >= 0 && back >= at - 4; back--) {
    const word = before[back] ?? STOP;
    if (word === STOP) return false;
    if (has('not', word)) return isRefusal(before, back, has);
  }
  return false;
}
