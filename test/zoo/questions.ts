/** What a test asks a zoo server directly, each reduced to a small value that a fault changes. */
import type { Answer, Json, Peer, SendOptions } from './peer.js';

const META = 'io.modelcontextprotocol/';
const MODERN = '2026-07-28';

let nextId = 0;

/** Reads a path of keys in an unknown value. */
function at(value: unknown, ...keys: string[]): unknown {
  return keys.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? (found as Json)[key] : undefined),
    value,
  );
}

export function initialize(version: unknown, client = 'zoo-test'): Json {
  nextId += 1;
  const params = {
    protocolVersion: version,
    capabilities: {},
    clientInfo: { name: client, version: '1.0.0' },
  };
  return { jsonrpc: '2.0', id: nextId, method: 'initialize', params };
}

/** The version an `initialize` is answered with; an error code, "HTTP <status>" or "silence" where there was none. */
export async function negotiated(peer: Peer, version: unknown): Promise<unknown> {
  const answer = await peer.send(initialize(version));
  const found = at(answer.message, 'result', 'protocolVersion') ?? at(answer.message, 'error', 'code');
  if (found !== undefined) return found;
  const opened = answer.status === null || answer.status < 300;
  return opened ? 'silence' : `HTTP ${answer.status}`;
}

/** A session: sends further legacy requests as its owner would. */
export async function openSession(
  peer: Peer,
  client = 'zoo-test',
): Promise<(message: Json, headers?: SendOptions['headers']) => Promise<Answer>> {
  const opened = await peer.send(initialize('2025-11-25', client));
  const id = opened.headers['mcp-session-id'];
  const owner: Record<string, string> = typeof id === 'string' ? { 'mcp-session-id': id } : {};
  return (message, headers = {}) => peer.send(message, { headers: { ...owner, ...headers } });
}

export function request(method: string, params: Json = {}): Json {
  nextId += 1;
  return { jsonrpc: '2.0', id: nextId, method, params };
}

export interface ModernOptions {
  readonly version?: string;
  readonly client?: string;
  readonly params?: Json;
  /** null removes a header. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Keys of `_meta` to leave out. */
  readonly without?: readonly string[];
}

export function modernMessage(method: string, options: ModernOptions = {}): Json {
  const version = options.version ?? MODERN;
  const meta: Json = {
    [`${META}protocolVersion`]: version,
    [`${META}clientCapabilities`]: {},
    [`${META}clientInfo`]: { name: options.client ?? 'zoo-test', version: '1.0.0' },
  };
  for (const key of options.without ?? []) delete meta[`${META}${key}`];
  return request(method, { ...options.params, _meta: meta });
}

/** A modern request with the headers it must have, save those a test takes away. */
export function modern(peer: Peer, method: string, options: ModernOptions = {}): Promise<Answer> {
  const name = options.params?.['name'];
  const headers = {
    'mcp-protocol-version': options.version ?? MODERN,
    'mcp-method': method,
    ...(typeof name === 'string' && { 'mcp-name': name }),
    ...options.headers,
  };
  const sent = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
  return peer.send(modernMessage(method, options), { headers: Object.fromEntries(sent) });
}

/** Status and error code of an answer, or "result". */
export function outcome(answer: Answer): unknown[] {
  const said =
    at(answer.message, 'result') === undefined ? (at(answer.message, 'error', 'code') ?? null) : 'result';
  return [answer.status, said];
}

/** What the server says about itself to this client, in the era it speaks; modern where it speaks both. */
export async function portrait(peer: Peer, client = 'zoo-test'): Promise<Json> {
  if (peer.era === 'legacy') {
    const opening = await peer.send(initialize('2025-11-25', client));
    const id = opening.headers['mcp-session-id'];
    const headers: Record<string, string> = typeof id === 'string' ? { 'mcp-session-id': id } : {};
    const listed = await peer.send(request('tools/list'), { headers });
    return drawn(opening, listed, at(opening.message, 'result', 'serverInfo'));
  }
  const discovered = await modern(peer, 'server/discover', { client });
  const listed = await modern(peer, 'tools/list', { client });
  return drawn(discovered, listed, at(discovered.message, 'result', '_meta', `${META}serverInfo`));
}

function drawn(opening: Answer, listed: Answer, serverInfo: unknown): Json {
  const tools = at(listed.message, 'result', 'tools');
  return {
    capabilities: at(opening.message, 'result', 'capabilities'),
    tools: Array.isArray(tools) ? tools.map((tool) => at(tool, 'name')) : null,
    serverInfo,
  };
}

/** A legitimate first request, sent with the headers of somebody else; "served" or the status it was refused with. */
export async function asForeigner(
  peer: Peer,
  headers: Readonly<Record<string, string>>,
  method = 'POST',
): Promise<unknown> {
  const answer = await foreign(peer, headers, method);
  return at(answer.message, 'result') !== undefined || answer.text.includes('event: endpoint')
    ? 'served'
    : answer.status;
}

export function foreign(
  peer: Peer,
  headers: Readonly<Record<string, string>>,
  method = 'POST',
): Promise<Answer> {
  if (method !== 'POST') return peer.send(undefined, { method, headers });
  return peer.era === 'legacy'
    ? peer.send(initialize('2025-11-25'), { headers })
    : modern(peer, 'server/discover', { headers });
}

export { at };
