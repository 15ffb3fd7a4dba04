/** What the reader of forms has to know about a language: what secrets are called, and which words turn a mention into a demand or away from one. */

import type { FormFacts } from '../../../../facts/elicitationForm.js';

export type SecretKind = FormFacts['secrets'][number]['kind'];

/** A way to name a secret. Patterns are for folded text: lower case, no accents, no hyphens. */
export type Noun = {
  readonly kind: SecretKind;
  readonly language: string;
  readonly pattern: RegExp;
  /** Words beside which it means something else (a PIN of a board, a token of a blockchain); null: it always means a secret. */
  readonly unless: RegExp | null;
};

/** Words around a noun in a language that puts them before it. All sets hold folded words. */
export type Grammar = {
  /** Verbs that ask for what follows: enter, provide, need. */
  readonly ask: ReadonlySet<string>;
  /** The same, behind the noun: "Passwort eingeben", "password required". */
  readonly askAfter: ReadonlySet<string>;
  readonly not: ReadonlySet<string>;
  /** Words after which the noun is not what is asked: for, of, about, where. */
  readonly link: ReadonlySet<string>;
  /** Words before a link that keep the noun asked: "value of the key", "log in with your password". */
  readonly keep: ReadonlySet<string>;
  /** Verbs of which the noun is only the object: reset, rotate, store. */
  readonly mention: ReadonlySet<string>;
  /** Words behind the noun that make it the property of something else: policy, length, name. */
  readonly aspect: ReadonlySet<string>;
  /** Words that start a condition, under which a negation forbids nothing: "if you do not enter your password". */
  readonly condition: ReadonlySet<string>;
};

/** The words of a list parted by spaces. */
export function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/u).filter((word) => word !== ''));
}

/** Nouns of a language written in Latin letters; each value is the inside of a pattern. */
export function nouns(
  language: string,
  patterns: Readonly<Partial<Record<SecretKind, string>>>,
): readonly Noun[] {
  return Object.entries(patterns).map(([kind, inside]) => ({
    kind: kind as SecretKind,
    language,
    pattern: new RegExp(`(?<![a-z0-9])(?:${inside})(?![a-z0-9])`, 'gu'),
    unless: null,
  }));
}

/** A noun that is one only where nothing speaks against it. */
export function doubtful(language: string, kind: SecretKind, inside: string, unless: RegExp): Noun {
  return {
    kind,
    language,
    pattern: new RegExp(`(?<![a-z0-9])(?:${inside})(?![a-z0-9])`, 'gu'),
    unless,
  };
}
