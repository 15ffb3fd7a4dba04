/** The one reading of `${…}`: split, check and fill, so that no two stages disagree about what is a variable. */

export type TemplatePart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'unfinished' };

/** What the candidate stage knows when it starts a server, by name as in `${port}`. */
export const RUNTIME_VARIABLES = [
  'port',
  'host',
  'identity.issuer',
  'identity.jwksUri',
  'identity.audience',
  'identity.introspectionEndpoint',
  'identity.clientId',
  'identity.clientSecret',
] as const;
export type RuntimeVariable = (typeof RUNTIME_VARIABLES)[number];

/** Only written by `joinTemplate`: one of the dollar signs that stand right before a variable. */
const DOLLAR = '$';

/** Splits a template at its variables. `$${` is a literal `${`; a `${` without its `}` is unfinished. */
export function splitTemplate(template: string): readonly TemplatePart[] {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (const match of template.matchAll(/\$\$\{|\$\{([^{}]*)\}|\$\{/g)) {
    if (match.index > from) parts.push({ kind: 'text', text: template.slice(from, match.index) });
    from = match.index + match[0].length;
    parts.push(partOf(match[0], match[1]));
  }
  if (from < template.length) parts.push({ kind: 'text', text: template.slice(from) });
  return parts;
}

function partOf(whole: string, name: string | undefined): TemplatePart {
  if (whole === '$${') return { kind: 'text', text: '${' };
  if (name === undefined) return { kind: 'unfinished' };
  return name === DOLLAR ? { kind: 'text', text: '$' } : { kind: 'variable', name };
}

/** The inverse: text is escaped so that it can never be read as a variable, whatever it holds. */
export function joinTemplate(parts: readonly TemplatePart[]): string {
  const merged: TemplatePart[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (part.kind === 'text' && last?.kind === 'text') {
      merged.splice(-1, 1, { kind: 'text', text: last.text + part.text });
      continue;
    }
    merged.push(part);
  }
  return merged
    .map((part, index) => {
      if (part.kind === 'variable') return `\${${part.name}}`;
      if (part.kind === 'unfinished') return '$${';
      const escaped = part.text.replaceAll('${', '$$${');
      const beforeVariable = merged[index + 1]?.kind === 'variable';
      return beforeVariable ? escaped.replace(/\$+$/, (run) => `\${${DOLLAR}}`.repeat(run.length)) : escaped;
    })
    .join('');
}

/**
 * Fills a template of a `CommandRun`. Values are inserted as they are. A variable without a value is an error of the
 * caller, since the manifest stage lets only known ones through: it throws a `RangeError` that names it.
 */
export function fillTemplate(
  template: string,
  values: Readonly<Partial<Record<RuntimeVariable, string>>>,
): string {
  return splitTemplate(template)
    .map((part) => {
      if (part.kind === 'text') return part.text;
      if (part.kind === 'unfinished') return '${';
      const value = Object.hasOwn(values, part.name) ? Reflect.get(values, part.name) : undefined;
      if (typeof value !== 'string') throw new RangeError(`no value for \${${part.name}}`);
      return value;
    })
    .join('');
}
