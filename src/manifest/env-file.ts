/** Reads the `envFile` of VS Code: one `NAME=value` a line, quotes and comments as dotenv files have them. */

/** Names and values in order of appearance; a later one wins. Lines that are neither are left out, as clients do. */
export function parseEnvFile(text: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const line of text.split(/\r\n|\n|\r/)) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*$/.exec(line);
    const [, name, value] = match ?? [];
    if (name === undefined || value === undefined) continue;
    values.set(name, unquote(value));
  }
  return values;
}

function unquote(value: string): string {
  const single = /^'([^']*)'\s*(?:#.*)?$/.exec(value);
  if (single?.[1] !== undefined) return single[1];
  const double = /^"((?:[^"\\]|\\.)*)"\s*(?:#.*)?$/.exec(value);
  if (double?.[1] !== undefined) return double[1].replaceAll('\\n', '\n').replace(/\\(["\\])/g, '$1');
  return value.replace(/(?:^|\s)#.*$/, '');
}
