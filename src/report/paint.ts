/** Colours and line breaking for a terminal. Text must be escaped before it comes here. */

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36 } as const;

export type Style = keyof typeof CODES;

/** Puts text in a style, or leaves it as it is where there are no colours. */
export type Paint = (text: string, ...styles: Style[]) => string;

/** A painter that writes SGR codes, or none at all. */
export function painter(options: { readonly color: boolean }): Paint {
  if (!options.color) return (text) => text;
  return (text, ...styles) =>
    text === '' ? '' : `\u001b[${styles.map((style) => CODES[style]).join(';')}m${text}\u001b[0m`;
}

/** Longer words are cut. Shorter ones stick out of the line: a broken address cannot be copied. */
const LONGEST_WORD = 300;

/** Breaks one line of text at blanks into lines of about `width` characters. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line: string[] = [];
  for (const word of text.split(' ')) {
    let rest = Array.from(word);
    if (line.length > 0 && line.length + 1 + rest.length <= width) {
      line.push(' ', ...rest);
      continue;
    }
    if (line.length > 0) lines.push(line.join(''));
    while (rest.length > LONGEST_WORD) {
      lines.push(rest.slice(0, LONGEST_WORD).join(''));
      rest = rest.slice(LONGEST_WORD);
    }
    line = rest;
  }
  if (line.length > 0) lines.push(line.join(''));
  return lines;
}
