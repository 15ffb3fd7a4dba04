/** Decodes what may have been encoded to be overlooked: percent-encoding any number of times up to three, and base64url of readable text. */

const ROUNDS = 3;
/** Longer values are no text in base64, or none that must be read here. */
const MAX_BASE64 = 16_384;

/** Percent-decodes whatever can be, as UTF-8; the rest stays as it is. Never throws. */
export function lenientlyDecoded(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

/** The text and what it is when decoded once, twice and three times, each different form once. */
export function decodings(text: string): string[] {
  const forms = [text];
  for (let round = 0, last = text; round < ROUNDS; round += 1) {
    const next = lenientlyDecoded(last);
    if (next === last) break;
    forms.push(next);
    last = next;
  }
  return forms;
}

/** The text inside base64 or base64url, the first two parts of a JWT included; null where it is none that can be read. */
export function textInside(value: string): string | null {
  if (value.length > MAX_BASE64) return null;
  const pieces = value.split('.', 3).filter((piece) => /^[A-Za-z0-9_+/ -]{12,}={0,2}$/.test(piece));
  const texts = pieces.flatMap((piece) => readable(piece.replaceAll(' ', '+')));
  return texts.length === 0 ? null : texts.join('\n');
}

function readable(piece: string): string[] {
  const text = Buffer.from(piece, 'base64').toString('utf8');
  return /^[\x20-\x7e\t\r\n\u00a0-\ufffc]+$/.test(text) ? [text] : [];
}
