/** Makes JSON as editors write it (comments, trailing commas, tabs) readable as YAML without moving a single character. */

const TOKENS = /"(?:[^"\\\n]|\\.)*"?|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\t/g;

/** Blanks out comments and tabs; strings stay. Offsets, lines and columns stay too. */
export function plainJson(text: string): string {
  return text.replace(TOKENS, (token) => (token.startsWith('"') ? token : token.replace(/[^\n\r]/g, ' ')));
}

/** YAML says so by its name; everything else that opens like JSON is JSON. */
export function looksLikeJson(file: string, text: string): boolean {
  return !/\.ya?ml$/i.test(file) && /^\s*(?:\/[/*]|\{|\[)/.test(text);
}
