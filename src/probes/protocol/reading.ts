/** Reads replies the way negotiation needs them: which version, which capabilities, which kind of refusal. */
import type { Exchange, Reply } from '../../wire/exchange.js';

const NAME_LIMIT = 200;
const LIST_LIMIT = 64;
const PATH_LIMIT = 256;
/** As deep as `tasks.requests.tools.call`. */
const DEEPEST_PATH = 4;

/** JSON-RPC error of 2026-07-28 for a revision the server does not implement. Source: basic/versioning. */
export const UNSUPPORTED_PROTOCOL_VERSION = -32022;
/** JSON-RPC error of 2026-07-28 for headers and body that disagree. Source: basic/transports/streamable-http. */
export const HEADER_MISMATCH = -32020;
export const METHOD_NOT_FOUND = -32601;
export const INVALID_PARAMS = -32602;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value as short text; null for anything that is no string. */
export function shortText(value: unknown): string | null {
  return typeof value === 'string' ? value.slice(0, NAME_LIMIT) : null;
}

/** The strings of a list, capped; empty for anything that is no list. */
export function shortTexts(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value
    .filter((item): item is string => typeof item === 'string')
    .slice(0, LIST_LIMIT)
    .map((item) => item.slice(0, NAME_LIMIT));
}

/** Names under `capabilities`, sorted and capped. */
export function capabilityNames(result: unknown): string[] {
  if (!isRecord(result) || !isRecord(result['capabilities'])) return [];
  return Object.keys(result['capabilities'])
    .slice(0, LIST_LIMIT)
    .map((name) => name.slice(0, NAME_LIMIT))
    .sort();
}

/** The same with the parts that are on: `resources.subscribe`, as manifests claim them. */
export function capabilityPaths(result: unknown): string[] {
  if (!isRecord(result)) return [];
  return pathsIn(result['capabilities'], 1).slice(0, PATH_LIMIT);
}

function pathsIn(value: unknown, depth: number): string[] {
  if (!isRecord(value) || depth > DEEPEST_PATH) return [];
  return Object.entries(value)
    .filter(([, part]) => part === true || isRecord(part))
    .slice(0, LIST_LIMIT)
    .flatMap(([given, part]) => {
      const name = given.slice(0, NAME_LIMIT);
      return [name, ...pathsIn(part, depth + 1).map((below) => `${name}.${below}`)];
    });
}

/** `serverInfo` of an InitializeResult, or of a modern result's `_meta`. */
export function serverInfo(result: unknown): { name: string | null; version: string | null } {
  if (!isRecord(result)) return { name: null, version: null };
  const meta = isRecord(result['_meta']) ? result['_meta']['io.modelcontextprotocol/serverInfo'] : undefined;
  const info = isRecord(result['serverInfo']) ? result['serverInfo'] : meta;
  if (!isRecord(info)) return { name: null, version: null };
  return { name: shortText(info['name']), version: shortText(info['version']) };
}

/** The answered `protocolVersion`, null when there is none or it is no string. */
export function answeredVersion(reply: Reply): string | null {
  return reply.kind === 'result' && isRecord(reply.result)
    ? shortText(reply.result['protocolVersion'])
    : null;
}

/** `error.data.supported` of a refusal. */
export function supportedInError(reply: Reply): string[] {
  return reply.kind === 'error' && isRecord(reply.data) ? shortTexts(reply.data['supported']) : [];
}

/** Exit and silence, told apart: both mean that no answer came. */
export function absence(ending: Exchange['answer']['ending']): 'exit' | 'silence' {
  return ending === 'exited' || ending === 'unreachable' ? 'exit' : 'silence';
}

/**
 * Whether a refusal is about the caller and not about what was asked: then it says nothing about negotiation.
 * Source: RFC 6750 section 3.1, RFC 6585 section 4.
 */
export function refusesCaller(reply: Reply): string | null {
  const { status } = reply.exchange.answer;
  if (reply.kind === 'result') return null;
  if (status === 401) return 'the candidate asks for a token (HTTP 401)';
  if (status === 429) return 'the candidate limits the rate of requests (HTTP 429)';
  if (status === 503) return 'the candidate says it is unavailable (HTTP 503)';
  return null;
}
