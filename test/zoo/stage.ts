/** A zoo server that is an OAuth resource server, and the whole cast with real tokens for it; no part of the gate's own wire is used. */
import { openIdentity, type PrincipalName } from '../../src/identity/identity.js';
import { type Channel, exchange, type Json } from './channel.js';
import type { Era, Fault, Transport } from './faults.mjs';
import { serveOverHttp } from './http.mjs';
import { initialize, modernMessage, request } from './questions.js';
import { FAULTLESS } from './switches.mjs';

/** The audience of the tokens, whatever port a server gets: one cast serves all of them. */
export const AUDIENCE = 'http://127.0.0.1:1/mcp';

export interface Cast {
  readonly oauth: { readonly issuer: string; readonly jwksUri: string; readonly audience: string };
  /** Headers of a principal for one request. */
  authorize(name: PrincipalName, method: string, url: string): Promise<Record<string, string>>;
  close(): Promise<void>;
}

/** The embedded issuer's cast. */
export async function openCast(): Promise<Cast> {
  const authorization = {
    provider: 'embedded' as const,
    scopes: ['mcp:tools'],
    issuers: [],
    tokens: new Map(),
    clients: [],
  };
  const identity = await openIdentity(
    { authorization, resource: AUDIENCE },
    { signal: new AbortController().signal, mask: () => undefined },
  );
  await identity.obtain();
  const { 'identity.issuer': issuer = '', 'identity.jwksUri': jwksUri = '' } = identity.variables;
  return {
    oauth: { issuer, jwksUri, audience: AUDIENCE },
    async authorize(name, method, url) {
      const principal = identity.principals.get(name);
      if (principal === undefined) throw new Error(`nobody is called ${name}`);
      return principal.authorize({ method, url });
    },
    close: () => identity.close(),
  };
}

export interface SendOptions {
  readonly method?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Stage {
  readonly transport: Transport;
  readonly era: Era;
  readonly port: number;
  /** One exchange as somebody; POST of `message`, or GET without one. */
  send(name: PrincipalName, message?: unknown, options?: SendOptions): Promise<Channel>;
  /** The access token somebody holds. */
  token(name: PrincipalName): Promise<string>;
  close(): void;
}

export async function openStage(
  cast: Cast,
  { fault, transport, era }: { fault: Fault | null; transport: 'streamable-http' | 'sse'; era: Era },
): Promise<Stage> {
  const switches = { ...FAULTLESS, ...fault?.set };
  const { port, close } = await serveOverHttp({ transport, era, port: 0, oauth: cast.oauth }, switches);
  const usual = transport === 'sse' ? '/sse' : '/mcp';
  return {
    transport,
    era,
    port,
    async send(name, message, options = {}) {
      const method = options.method ?? (message === undefined ? 'GET' : 'POST');
      const path = options.path ?? usual;
      const own = await cast.authorize(name, method, `http://127.0.0.1:${port}${path}`);
      return exchange(port, { method, path, headers: { ...own, ...options.headers }, message });
    },
    async token(name) {
      const { Authorization = '' } = await cast.authorize(name, 'POST', `http://127.0.0.1:${port}${usual}`);
      return Authorization.split(' ')[1] ?? '';
    },
    close,
  };
}

/** A legacy session. Everybody may try to use it; only its owner should succeed. */
export interface Session {
  readonly id: string;
  /** Sends a message on the session as somebody; the answer's own status and body. */
  send(name: PrincipalName, message?: unknown, options?: SendOptions): Promise<Channel>;
  /** The answer to a request, wherever it comes: in the answer or on the session's stream. */
  ask(message: Json): Promise<Json | null>;
  /** The owner's stream: opened with the session over sse, on demand otherwise. */
  listen(): Promise<Channel>;
}

export async function openSession(
  stage: Stage,
  owner: PrincipalName,
  capabilities: Json = {},
): Promise<Session> {
  const hello = initialize('2025-11-25');
  const message = { ...hello, params: { ...(hello['params'] as Json), capabilities } };
  return stage.transport === 'sse'
    ? openOverSse(stage, owner, message)
    : openStreamable(stage, owner, message);
}

async function openStreamable(stage: Stage, owner: PrincipalName, hello: Json): Promise<Session> {
  const opened = await stage.send(owner, hello);
  await opened.ended;
  const id = String(opened.headers['mcp-session-id']);
  const send: Session['send'] = (name, message, options = {}) =>
    stage.send(name, message, { ...options, headers: { 'mcp-session-id': id, ...options.headers } });
  return {
    id,
    send,
    async ask(message) {
      const channel = await send(owner, message);
      return channel.message((answer) => answersTo(answer, message));
    },
    listen: () => send(owner),
  };
}

async function openOverSse(stage: Stage, owner: PrincipalName, hello: Json): Promise<Session> {
  const stream = await stage.send(owner);
  const endpoint = await stream.event(({ name }) => name === 'endpoint');
  if (endpoint === null) throw new Error('no endpoint event came');
  const send: Session['send'] = (name, message, options = {}) =>
    stage.send(name, message, { path: endpoint.data, ...options });
  const ask: Session['ask'] = async (message) => {
    const posted = await send(owner, message);
    if (posted.status !== 202) return null;
    return stream.message((answer) => answersTo(answer, message));
  };
  await ask(hello);
  return { id: endpoint.data, send, ask, listen: async () => stream };
}

/** A modern request as somebody, with the headers it must have. */
export async function askModern(
  stage: Stage,
  name: PrincipalName,
  method: string,
  {
    params = {},
    capabilities = {},
    path,
    id,
  }: { params?: Json; capabilities?: Json; path?: string; id?: number } = {},
): Promise<Channel> {
  const built = modernMessage(method, { params });
  const message = { ...built, id: id ?? built['id'] };
  const meta = (built['params'] as { _meta: Json })['_meta'];
  meta['io.modelcontextprotocol/clientCapabilities'] = capabilities;
  const tool = params['name'];
  return stage.send(name, message, {
    ...(path !== undefined && { path }),
    headers: {
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(typeof tool === 'string' && { 'mcp-name': tool }),
    },
  });
}

export function call(tool: string, given: Json = {}): Json {
  return request('tools/call', { name: tool, arguments: given });
}

function answersTo(answer: Json, message: Json): boolean {
  return answer['id'] === message['id'] && answer['method'] === undefined;
}

/** 'served', or the status it was refused with. */
export function verdict({ status }: Pick<Channel, 'status'>): 'served' | number {
  return status < 300 ? 'served' : status;
}
