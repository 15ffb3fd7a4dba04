/** The modern era, on the SDK's v2 server, over HTTP and stdio, with the faults applied around it. Specification: 2026-07-28. */
import { createMcpHandler, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { shapeResult } from './answers.mjs';
import { authInfoOf, callerOf } from './authorize.mjs';
import { bendError, bendStatus, mendHeaders, mendMeta } from './modernRules.mjs';
import { SERVED_MODERN } from './switches.mjs';
import { callTool, SERVER_INFO, TOOLS } from './tools.mjs';

const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
/** Stands in for a method the server does not implement, to get the SDK's own refusal. */
const NO_SUCH_METHOD = 'zoo/not-implemented';

function createServer() {
  const server = new Server(SERVER_INFO, {
    capabilities: { tools: {} },
    supportedProtocolVersions: SERVED_MODERN,
    cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } },
  });
  server.setRequestHandler('tools/list', () => ({ tools: /** @type {any} */ (TOOLS) }));
  server.setRequestHandler('tools/call', (request, context) => {
    const result = callTool(request.params, callerOf(context.http?.authInfo));
    if (result === null)
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${request.params.name}`);
    return result;
  });
  return server;
}

/** Whether the SDK's stateless endpoint is to answer this message. @param {any} message */
export function claimsModern(message) {
  return message?.params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined;
}

/**
 * @param {import('./switches.mjs').Switches} switches
 * @returns {(request: Request, message: any, caller: import('./authorize.mjs').Caller) => Promise<Response>}
 */
export function modernHttp(switches) {
  const handler = createMcpHandler(createServer, { legacy: 'reject' });
  const rule = switches.modernRule;

  return async (request, message, caller) => {
    const { method } = request;
    if (rule === 'get' && method === 'GET')
      return new Response(': nothing\n\n', { headers: { 'content-type': 'text/event-stream' } });
    if (rule === 'delete' && method === 'DELETE') return new Response(null, { status: 200 });
    if (message === undefined) return handler.fetch(request);
    const headers = new Headers(request.headers);
    const named = SERVED_MODERN.includes(headers.get('mcp-protocol-version') ?? '');
    const mended = mendMeta(undiscovered(message, headers, switches), rule, named);
    mendHeaders(headers, mended, rule);
    const forwarded = new Request(request.url, {
      method,
      headers,
      signal: request.signal,
      body: JSON.stringify(mended),
    });
    const answer = await handler.fetch(forwarded, { authInfo: authInfoOf(caller) });
    const bent = await bend(answer, message, switches);
    const session = request.headers.get('mcp-session-id');
    if (rule === 'session-header-echoed' && session !== null) bent.headers.set('mcp-session-id', session);
    return bent;
  };
}

/** A server without `server/discover`: what it gets is what any unknown method gets. @param {any} message @param {Headers | null} headers @param {import('./switches.mjs').Switches} switches */
function undiscovered(message, headers, switches) {
  if (switches.discover !== 'missing' || message.method !== 'server/discover') return message;
  if (headers?.get('mcp-method') === 'server/discover') headers.set('mcp-method', NO_SUCH_METHOD);
  return { ...message, method: NO_SUCH_METHOD };
}

/** @param {Response} answer @param {any} message @param {import('./switches.mjs').Switches} switches */
async function bend(answer, message, switches) {
  if (!answer.headers.get('content-type')?.includes('application/json')) return answer;
  const body = bendAnswer(await answer.json(), message, switches);
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  const status =
    message.method === 'initialize' ? answer.status : bendStatus(answer.status, body, switches.modernRule);
  return new Response(JSON.stringify(body), { status, headers });
}

/** @param {any} answer @param {any} message @param {import('./switches.mjs').Switches} switches */
function bendAnswer(answer, message, switches) {
  if (answer.result === undefined)
    return message.method === 'initialize' ? answer : bendError(answer, switches.modernRule);
  const client = String(message.params?._meta?.[CLIENT_INFO]?.name ?? '');
  return { ...answer, result: shapeResult(message.method, answer.result, client, switches) };
}

/** The SDK checks the revision of the first message on a connection only; the specification asks for it on each. @param {any} message */
function refuseVersion(message) {
  const requested = message.params?._meta?.['io.modelcontextprotocol/protocolVersion'];
  if (message.id === undefined || typeof requested !== 'string' || SERVED_MODERN.includes(requested))
    return null;
  const data = { supported: SERVED_MODERN, requested };
  return {
    jsonrpc: '2.0',
    id: message.id,
    error: { code: -32022, message: `Unsupported protocol version: ${requested}`, data },
  };
}

/**
 * Serves modern messages on a channel that somebody else reads and writes.
 * @param {{ write: (message: any) => void, onlyEra: boolean, switches: import('./switches.mjs').Switches }} options
 * @returns {{ receive: (message: any) => void, close: () => Promise<void> }}
 */
export function modernStdio({ write, onlyEra, switches }) {
  /** @type {Map<string | number, any>} */
  const asked = new Map();
  /** @type {any} */
  const channel = {
    start: async () => undefined,
    close: async () => channel.onclose?.(),
    send: async (/** @type {any} */ message) => {
      const request = message.method === undefined ? asked.get(message.id) : undefined;
      if (request === undefined) return write(message);
      asked.delete(message.id);
      write(bendAnswer(message, request, switches));
    },
  };
  const handle = serveStdio(createServer, { legacy: 'reject', transport: channel });
  return {
    receive(message) {
      if (message.id !== undefined) asked.set(message.id, message);
      const refusal = refuseVersion(message);
      if (refusal !== null) return write(bendAnswer(refusal, message, switches));
      const known = undiscovered(message, null, switches);
      channel.onmessage?.(mendMeta(known, switches.modernRule, onlyEra && message.method !== 'initialize'));
    },
    close: () => handle.close(),
  };
}
