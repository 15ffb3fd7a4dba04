/** Finds text that is there and not seen: what a user agrees to must be what is shown. UTS 39, UTS 55, UTS 51. */

import type { HiddenKind } from '../../../facts/elicitationForm.js';

/** Flags of England, Scotland and Wales: the only sequences of tag characters in use. */
const FLAG =
  /\u{1f3f4}\u{e0067}\u{e0062}(?:\u{e0065}\u{e006e}\u{e0067}|\u{e0073}\u{e0063}\u{e0074}|\u{e0077}\u{e006c}\u{e0073})\u{e007f}/gu;
/** Joiners within pictures, and in scripts whose letters need them. */
const PICTURE_JOINER =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})/gu;
const LETTER_JOINER =
  /(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Gurmukhi}\p{Script=Gujarati}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Mongolian}])[\u200c\u200d]/gu;
/** One selector after a picture, a keycap's base or an ideograph is how it is meant to be drawn. */
const SELECTOR =
  /(?<=[\p{Extended_Pictographic}\d#*])[\ufe0e\ufe0f]|(?<=\p{Script=Han})[\u{e0100}-\u{e01ef}\ufe00-\ufe02]/gu;
/** Marks and isolates that right-to-left writing needs; overrides and embeddings it does not. */
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const DIRECTION_MARKS = /[\u200e\u200f\u061c\u2066-\u2069]/gu;

const KINDS: ReadonlyArray<readonly [HiddenKind, RegExp]> = [
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  ['escape', /[\u001b\u009b\u0090\u009d]/u],
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  ['control', /(?![\n\r\t\u001b\u009b\u0090\u009d])\p{Cc}/u],
  ['tag', /[\u{e0000}-\u{e007f}]/u],
  ['direction', /[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/u],
  ['variation', /[\ufe00-\ufe0f\u{e0100}-\u{e01ef}\u180b-\u180d\u180f]/u],
  [
    'invisible',
    /(?![\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]|[\u{e0000}-\u{e007f}]|[\ufe00-\ufe0f]|[\u{e0100}-\u{e01ef}]|[\u180b-\u180d\u180f])[\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]/u,
  ],
  ['stacked-marks', /(?![\u3099\u309a])\p{M}{5}/u],
  ['out-of-sight', /(?:\n[\t\r ]*){20}\S|[\t \u00a0\u2000-\u200a\u202f\u205f\u3000]{60}\S/u],
  ['markup', /<!--|display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0/iu],
];

/** The ways in which `text` holds what its reader does not see; none for ordinary text in any language. */
export function hiddenIn(text: string): readonly HiddenKind[] {
  // Most texts are short and plain, and need none of what follows.
  if (/^[\x20-\x7e]{0,59}$/.test(text) && !text.includes('<') && !text.includes(':')) return [];
  const plain = text
    .replace(FLAG, '')
    .replace(PICTURE_JOINER, '')
    .replace(LETTER_JOINER, '')
    .replace(SELECTOR, '');
  const seen = RIGHT_TO_LEFT.test(plain) ? plain.replace(DIRECTION_MARKS, '') : plain;
  return KINDS.filter(([, pattern]) => pattern.test(seen)).map(([kind]) => kind);
}
