/** Characters that a user does not see, or that change the order of those he sees. */
import { decodings } from './decoding.js';

/** Format and bidirectional controls, everything a renderer may leave out, blanks that are no spaces, and the braille blank. */
const INVISIBLE =
  /[\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800\u00a0\u2000-\u200a\u202f\u205f\u3000]/u;

/** Encoded, these say nothing to a page and much to a log or a header. A line break in a text is everyday. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

/** Joiners in emoji and in scripts that need them, and the style of an emoji: part of everyday text. */
const EVERYDAY =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)(?:\u200d(?=\p{Extended_Pictographic})|\ufe0f)|(?<=[\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Malayalam}\p{Script=Sinhala}])[\u200c\u200d]/gu;

/** Whether the text has any, as such or percent-encoded up to three times. */
export function hasHidden(text: string): boolean {
  return decodings(text).some((form) => {
    const rest = form.replace(EVERYDAY, '');
    return INVISIBLE.test(rest) || CONTROL.test(rest);
  });
}
