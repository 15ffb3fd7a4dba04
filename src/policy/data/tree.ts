/** What YAML is let in as policy data: JSON values, not too deep, so that nothing here or in OPA runs out of stack. */
import { Composer, type Document, type LineCounter, Parser } from 'yaml';

/** Nesting levels. The composer recurses, and a deep enough document would end the process rather than throw. */
export const MAX_DEPTH = 64;
const MAX_ALIASES = 100;

/** Offset in the text, and what is wrong there. */
export interface Refusal {
  readonly offset: number;
  readonly message: string;
}

export type Composed =
  | { readonly kind: 'composed'; readonly document: Document.Parsed }
  | { readonly kind: 'refused'; readonly refusals: readonly Refusal[] };

/** The one document of a text, or why it is refused. */
export function composeOne(text: string, lines: LineCounter): Composed {
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const deep = tokens.map(tooDeep).find((offset) => offset !== null);
  if (typeof deep === 'number') return refused(deep, `Nested deeper than ${MAX_DEPTH} levels.`);
  const composer = new Composer({
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const [document, second] = composer.compose(tokens, true, text.length);
  if (document === undefined) return refused(0, 'There is nothing in it.');
  if (second !== undefined)
    return refused(second.range[0], 'Policy data must be one document: remove the "---".');
  const faults = [...document.errors, ...document.warnings];
  if (faults.length === 0) return { kind: 'composed', document };
  return {
    kind: 'refused',
    refusals: faults.map((fault) => ({ offset: fault.pos[0], message: fault.message })),
  };
}

const refused = (offset: number, message: string): Composed => ({
  kind: 'refused',
  refusals: [{ offset, message }],
});

/**
 * The JSON value of a document.
 * @throws Error when its aliases multiply beyond reason
 */
export function jsonValue(document: Document.Parsed): unknown {
  return document.toJS({ maxAliasCount: MAX_ALIASES });
}

/** What in a value is no JSON, or would act on JavaScript; aliases may have nested it deeper than its text is. */
export function strange(
  root: unknown,
): { readonly path: readonly string[]; readonly message: string } | null {
  const waiting: (readonly [unknown, readonly string[]])[] = [[root, []]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [value, path] = next;
    if (path.length > MAX_DEPTH) return { path, message: `Nested deeper than ${MAX_DEPTH} levels.` };
    if (typeof value === 'number' && !Number.isFinite(value))
      return { path, message: `${value} has no place in JSON; expected a finite number.` };
    if (typeof value !== 'object' || value === null) continue;
    for (const [key, below] of Object.entries(value)) {
      const inside = [...path, key];
      if (key === '__proto__')
        return { path: inside, message: 'The key "__proto__" is not allowed in policy data.' };
      waiting.push([below, inside]);
    }
  }
  return null;
}

/** Offset of the first token below the allowed depth, found without recursion. */
function tooDeep(root: unknown): number | null {
  const waiting: [unknown, number][] = [[root, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [token, depth] = next;
    if (typeof token !== 'object' || token === null) continue;
    if (depth > MAX_DEPTH) return 'offset' in token && typeof token.offset === 'number' ? token.offset : 0;
    if ('value' in token) waiting.push([token.value, depth + 1]);
    if (!('items' in token) || !Array.isArray(token.items)) continue;
    for (const item of token.items) waiting.push([item?.key, depth + 1], [item?.value, depth + 1]);
  }
  return null;
}
