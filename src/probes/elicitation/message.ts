/** The text that is put before the user: cut short, and looked through for what a reader would not see, or would click. */
import type { ElicitationRequest } from '../../facts/elicitation.js';

const KEPT = 2000;
/** As much of a text as is looked through. */
const READ = 20_000;
const LINK = /\b(?:https?|ftp|file|data|javascript):[^\s<>"']+|\bwww\.[^\s<>"']+/gi;
/** Controls, format characters, blank letters, and variation selectors that no letter needs. */
const HIDDEN = /(?![\n\r\t])\p{Cc}|\p{Cf}|\u115f|\u1160|\u3164|\uffa0|[\u{e0100}-\u{e01ef}]/u;
/** Joiners where writing needs them: within emoji, and in scripts whose letters join. */
const EMOJI_JOINER =
  /(?<=\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f)\u200d(?=\p{Extended_Pictographic})/gu;
const SCRIPT_JOINER =
  /(?<=\p{Script=Arabic}|\p{Script=Devanagari}|\p{Script=Bengali}|\p{Script=Malayalam}|\p{Script=Sinhala}|\p{M})[\u200c\u200d](?=\p{L})/gu;

/** Facts about a message. */
export function messageFacts(message: string): ElicitationRequest['message'] {
  const read = message.slice(0, READ);
  return {
    text: message.slice(0, KEPT),
    length: message.length,
    hiddenCharacters: HIDDEN.test(read.replace(EMOJI_JOINER, '').replace(SCRIPT_JOINER, '')),
    links: [...read.matchAll(LINK)].length,
  };
}
