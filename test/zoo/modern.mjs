/** The modern era, on the SDK's v2 server, over HTTP and stdio, with the faults applied around it. Specification: 2026-07-28. */
import {
  createMcpHandler,
  inputRequired,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';
import { shapeResult } from './answers.mjs';
import { authInfoOf, callerOf, userOf } from './authorize.mjs';
import { collect, hand } from './crossing.mjs';
import { takenFor } from './elicitation.mjs';
import { bendError, bendStatus, mendHeaders, mendMeta } from './modernRules.mjs';
import { SERVED_MODERN } from './switches.mjs';
import { answerModern, EXTENSION } from './tasks.mjs';
import { callTool, SERVER_INFO, toolsOf } from './tools.mjs';

const CLIENT_INFO = 'io.modelcontextprotocol/clientInfo';
const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';
/** Stands in for a method the server does not implement, to get the SDK's own refusal. */
const NO_SUCH_METHOD = 'zoo/not-implemented';

/** @param {import('./world.mjs').World} world */
function createServer(world) {
  const server = new Server(SERVER_INFO, {
    capabilities: {
      tools: { listChanged: true },
      ...(world.tasks.offered && { extensions: { [EXTENSION]: {} } }),
    },
    supportedProtocolVersions: SERVED_MODERN,
    cacheHints: { 'tools/list': { ttlMs: 60_000, cacheScope: 'public' } },
  });
  server.setRequestHandler('tools/list', (_, context) => ({
    tools: /** @type {any} */ ([
      ...toolsOf(world.switches),
      ...privateTools(callerOf(context.http?.authInfo), world.switches),
    ]),
  }));
  server.setRequestHandler('tools/call', async (request, context) => {
    const { name } = request.params;
    const caller = callerOf(context.http?.authInfo);
    // That the client declared the mode, the SDK checks itself, and answers -32021 otherwise.
    const ask = async (/** @type {import('./elicitation.mjs').Talk} */ talk) => {
      const bearing = { caller, tool: name, arguments: talk.given };
      const state = context.mcpReq.requestState();
      if (state !== undefined && !world.seal.holds(String(state), bearing))
        throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'Invalid or expired requestState');
      const answer = context.mcpReq.inputResponses?.['confirmation'];
      const settled = state !== undefined && answer !== undefined ? talk.settle(answer) : null;
      if (settled !== null) return settled;
      const confirmation = /** @type {any} */ ({
        method: 'elicitation/create',
        params: talk.request('modern'),
      });
      return inputRequired({ inputRequests: { confirmation }, requestState: world.seal.mint(bearing) });
    };
    const announce = (/** @type {string} */ text) => world.publish(caller, text);
    const result = await callTool(request.params, { caller, world, ask, announce });
    if (result === null) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
    return /** @type {any} */ (result);
  });
  return server;
}

/** A list that differs by user, while the server says that anybody may share it; only with a fault. @param {import('./authorize.mjs').Caller} caller @param {import('./switches.mjs').Switches} switches */
function privateTools({ subject }, switches) {
  if (switches.lists !== 'private-as-public') return [];
  const description = `Reads the notes of ${subject}.`;
  return [{ name: `notes_of_${subject}`, description, inputSchema: { type: 'object', properties: {} } }];
}

/**
 * One handler of the SDK for each user, because a handler tells every listener of every change.
 * @param {import('./world.mjs').World} world
 * @returns {(caller: import('./authorize.mjs').Caller) => ReturnType<typeof createMcpHandler>}
 */
function handlers(world) {
  /** @type {Map<string, ReturnType<typeof createMcpHandler>>} */
  const byUser = new Map();
  const handlerOf = (/** @type {import('./authorize.mjs').Caller} */ caller) => {
    const user = world.switches.events === 'broadcast' ? 'everybody' : userOf(caller);
    const handler = byUser.get(user) ?? createMcpHandler(() => createServer(world), { legacy: 'reject' });
    byUser.set(user, handler);
    return handler;
  };
  world.publish = (caller, text) =>
    handlerOf(caller).bus.publish({
      kind: 'tools_list_changed',
      params: { _meta: { 'zoo/announcement': text } },
    });
  return handlerOf;
}

/** Whether the SDK's stateless endpoint is to answer this message. @param {any} message */
export function claimsModern(message) {
  return message?.params?._meta?.['io.modelcontextprotocol/protocolVersion'] !== undefined;
}

/**
 * @param {import('./world.mjs').World} world
 * @returns {(request: Request, message: any, caller: import('./authorize.mjs').Caller) => Promise<Response>}
 */
export function modernHttp(world) {
  const { switches } = world;
  const handlerOf = handlers(world);
  const rule = switches.modernRule;

  return async (request, message, caller) => {
    const { method } = request;
    const handler = handlerOf(caller);
    if (rule === 'get' && method === 'GET')
      return new Response(': nothing\n\n', { headers: { 'content-type': 'text/event-stream' } });
    if (rule === 'delete' && method === 'DELETE') return new Response(null, { status: 200 });
    if (message === undefined) return handler.fetch(request);
    const headers = new Headers(request.headers);
    const named = SERVED_MODERN.includes(headers.get('mcp-protocol-version') ?? '');
    const mended = mendMeta(
      mendCapabilities(undiscovered(message, headers, switches), switches),
      rule,
      named,
    );
    mendHeaders(headers, mended, rule);
    const forwarded = new Request(request.url, {
      method,
      headers,
      signal: request.signal,
      body: JSON.stringify(mended),
    });
    const answer = await handler.fetch(forwarded, { authInfo: authInfoOf(caller) });
    const bent = await bend(answer, message, caller, world);
    const session = request.headers.get('mcp-session-id');
    if (rule === 'session-header-echoed' && session !== null) bent.headers.set('mcp-session-id', session);
    return switches.routing === 'by-request-id' && message.method === 'tools/call'
      ? cross(message, bent, world)
      : bent;
  };
}

/** The fault that answers whoever asked last with the same id. @param {any} message @param {Response} answer @param {import('./world.mjs').World} world @returns {Promise<Response>} */
async function cross(message, answer, world) {
  const { body, status, headers } = answer;
  const sent = await new Response(body).text();
  return new Promise((resolve) => {
    collect(world, message, (given) =>
      resolve(new Response(given.sent, { status: given.status, headers: given.headers })),
    );
    void hand(world, { id: message.id, sent, status, headers });
  });
}

/** A server without `server/discover`: what it gets is what any unknown method gets. @param {any} message @param {Headers | null} headers @param {import('./switches.mjs').Switches} switches */
function undiscovered(message, headers, switches) {
  if (switches.discover !== 'missing' || message.method !== 'server/discover') return message;
  if (headers?.get('mcp-method') === 'server/discover') headers.set('mcp-method', NO_SUCH_METHOD);
  return { ...message, method: NO_SUCH_METHOD };
}

/** A server that takes clients for more than they say they are; only with a fault. @param {any} message @param {import('./switches.mjs').Switches} switches */
function mendCapabilities(message, switches) {
  const meta = message.params?._meta;
  const declared = meta?.[CLIENT_CAPABILITIES];
  const taken = takenFor(declared, switches);
  if (taken === declared) return message;
  return { ...message, params: { ...message.params, _meta: { ...meta, [CLIENT_CAPABILITIES]: taken } } };
}

/** @param {Response} answer @param {any} message @param {import('./authorize.mjs').Caller} caller @param {import('./world.mjs').World} world */
async function bend(answer, message, caller, world) {
  if (!answer.headers.get('content-type')?.includes('application/json')) return answer;
  const { switches } = world;
  const said = await answer.json();
  const headers = new Headers(answer.headers);
  headers.delete('content-length');
  const task = answerModern(message, said, { caller, world });
  if (task !== null) {
    const told = JSON.stringify({ jsonrpc: '2.0', id: message.id, ...task });
    return new Response(told, { status: 200, headers });
  }
  const body = bendAnswer(said, message, switches);
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
 * @param {{ write: (message: any) => void, onlyEra: boolean, world: import('./world.mjs').World }} options
 * @returns {{ receive: (message: any) => void, close: () => Promise<void> }}
 */
export function modernStdio({ write, onlyEra, world }) {
  const { switches } = world;
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
      const task = answerModern(request, message, { caller: callerOf(undefined), world });
      if (task !== null) return write({ jsonrpc: '2.0', id: message.id, ...task });
      write(bendAnswer(message, request, switches));
    },
  };
  const handle = serveStdio(() => createServer(world), { legacy: 'reject', transport: channel });
  return {
    receive(message) {
      if (message.id !== undefined) asked.set(message.id, message);
      const refusal = refuseVersion(message);
      if (refusal !== null) return write(bendAnswer(refusal, message, switches));
      const known = mendCapabilities(undiscovered(message, null, switches), switches);
      channel.onmessage?.(mendMeta(known, switches.modernRule, onlyEra && message.method !== 'initialize'));
    },
    close: () => handle.close(),
  };
}
