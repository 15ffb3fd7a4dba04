/** Mirrors tool arguments into `Mcp-Param-*` headers where a tool asks for it. 2026-07-28 streamable-http, "Custom Headers". */
import { encodeHeaderValue, type HeaderLayer } from './headers.js';
import { isObject } from './message.js';

export interface ParamHeaders {
  /** Remembers the annotations in a `tools/list` result. */
  learn(result: unknown): void;
  /** The headers a `tools/call` with these params must carry. */
  headersFor(params: unknown): HeaderLayer;
}

interface Mirrored {
  readonly header: string;
  readonly path: readonly string[];
}

/** A schema nested deeper than this is not searched: it was written to exhaust the reader. */
const DEEPEST = 32;

export function createParamHeaders(): ParamHeaders {
  const tools = new Map<string, readonly Mirrored[]>();

  function learn(result: unknown): void {
    const listed = isObject(result) ? result['tools'] : undefined;
    if (!Array.isArray(listed)) return;
    for (const tool of listed) {
      if (!isObject(tool) || typeof tool['name'] !== 'string') continue;
      const mirrored = annotationsIn(tool['inputSchema'], []);
      if (mirrored.length > 0) tools.set(tool['name'], mirrored);
    }
  }

  function headersFor(params: unknown): HeaderLayer {
    if (!isObject(params) || typeof params['name'] !== 'string') return {};
    const headers: Record<string, string> = {};
    for (const { header, path } of tools.get(params['name']) ?? []) {
      const value = textOf(valueAt(params['arguments'], path));
      if (value !== null) headers[`mcp-param-${header}`] = encodeHeaderValue(value);
    }
    return headers;
  }

  return { learn, headersFor };
}

/** Only properties reached through `properties` alone count. */
function annotationsIn(schema: unknown, path: readonly string[]): readonly Mirrored[] {
  if (!isObject(schema) || !isObject(schema['properties']) || path.length > DEEPEST) return [];
  return Object.entries(schema['properties']).flatMap(([name, property]) => {
    if (!isObject(property)) return [];
    const own = [...path, name];
    const header = property['x-mcp-header'];
    const isToken = typeof header === 'string' && /^[\w!#$%&'*+.^`|~-]+$/.test(header);
    return [...(isToken ? [{ header, path: own }] : []), ...annotationsIn(property, own)];
  });
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, name) => (isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined),
    value,
  );
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean' || Number.isInteger(value)) return String(value);
  return null;
}
