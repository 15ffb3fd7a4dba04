/** Legacy Streamable HTTP: one SDK transport and server for each session, kept by session id. Specification: 2025-11-25 basic/transports. */
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { authInfoOf } from './authorize.mjs';
import { admit, ownedBy } from './binding.mjs';
import { EventLog } from './eventLog.mjs';
import { serveLegacy } from './legacy.mjs';
import { sessionIds } from './sessionIds.mjs';
import { refuse } from './web.mjs';

/** @typedef {import('./binding.mjs').Ownership & { transport: WebStandardStreamableHTTPServerTransport, seam: import('./legacy.mjs').LegacySeam }} Session */
/** @typedef {(request: Request, message: any, caller: import('./authorize.mjs').Caller) => Promise<Response>} Endpoint */

/**
 * @param {import('./world.mjs').World} world
 * @returns {Endpoint}
 */
export function legacyHttp(world) {
  const { switches } = world;
  /** @type {Map<string, Session>} */
  const sessions = new Map();
  /** @type {Set<string>} */
  const ended = new Set();
  const sharedEvents = new EventLog();
  const nextId = sessionIds(switches);

  /** @type {Endpoint} */
  const begin = async (request, message, caller) => {
    const refusal = refuseInitialize(message, switches);
    if (refusal !== null) return refusal;
    const chosen = request.headers.get('mcp-session-id');
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: () => chosen ?? nextId(),
      eventStore: switches.eventStore === 'shared' ? sharedEvents : new EventLog(),
      onsessioninitialized: (id) => void sessions.set(id, session),
      onsessionclosed: (id) => {
        sessions.delete(id);
        ended.add(id);
      },
    });
    /** @type {Session} */
    const session = {
      ...ownedBy(caller),
      transport,
      seam: await serveLegacy(/** @type {any} */ (transport), world),
    };
    return transport.handleRequest(withVersionHeader(request, null), optionsOf(message, caller));
  };

  /** Serves a session id that was never issued, as if it were one; only with a fault. @type {Endpoint} */
  const improvise = async (request, message, caller) => {
    const transport = new WebStandardStreamableHTTPServerTransport();
    const seam = await serveLegacy(/** @type {any} */ (transport), world);
    seam.version = switches.legacyVersions.at(-1) ?? null;
    return transport.handleRequest(withVersionHeader(request, seam.version), optionsOf(message, caller));
  };

  return async (request, message, caller) => {
    const id = request.headers.get('mcp-session-id');
    if (id === null) {
      if (message?.method === 'initialize') return begin(request, message, caller);
      return refuse(400, -32600, 'Mcp-Session-Id is missing: initialize first');
    }
    const session = sessions.get(id);
    const acting =
      session === undefined ? null : admit(session, caller, { method: request.method, message }, switches);
    if (session === undefined || acting === null) {
      const isNew = session === undefined && !ended.has(id);
      if (isNew && switches.sessionId === 'chosen' && message?.method === 'initialize')
        return begin(request, message, caller);
      if (isNew && switches.unknownId === 'served' && message?.method !== 'initialize')
        return improvise(request, message, caller);
      return refuse(404, -32600, 'No such session', message?.method === undefined ? undefined : message.id);
    }
    const version = request.headers.get('mcp-protocol-version');
    if (switches.versionHeader === 'enforced' && version !== null && version !== session.seam.version) {
      return refuse(400, -32600, `MCP-Protocol-Version must be ${session.seam.version}`);
    }
    if (request.method === 'DELETE' && switches.termination === 'ignored')
      return new Response(null, { status: 200 });
    if (
      request.method === 'GET' &&
      switches.secondStream === 'replaces' &&
      !request.headers.has('last-event-id')
    )
      session.transport.closeStandaloneSSEStream();
    return session.transport.handleRequest(
      withVersionHeader(request, session.seam.version),
      optionsOf(message, acting),
    );
  };
}

/** @param {any} message @param {import('./authorize.mjs').Caller} caller */
function optionsOf(message, caller) {
  return { ...(message !== undefined && { parsedBody: message }), authInfo: authInfoOf(caller) };
}

/** @param {any} message @param {import('./switches.mjs').Switches} switches @returns {Response | null} */
function refuseInitialize(message, switches) {
  const requested = message.params?.protocolVersion;
  if (typeof requested !== 'string') {
    return refuse(400, -32602, 'initialize needs params.protocolVersion as a string', message.id);
  }
  const newest = switches.legacyVersions.at(-1) ?? '';
  if (switches.unknownVersion !== 'http-400-when-newer' || requested <= newest) return null;
  return new Response('Unsupported protocol version', {
    status: 400,
    headers: { 'content-type': 'text/plain' },
  });
}

/**
 * The SDK would check this header against its own list, so it gets one it knows; the check that counts was made before.
 * @param {Request} request @param {string | null} version
 */
function withVersionHeader(request, version) {
  const headers = new Headers(request.headers);
  headers.delete('mcp-protocol-version');
  if (version !== null && version < '2025-11-25') headers.set('mcp-protocol-version', version);
  if (version !== null && version >= '2025-11-25') headers.set('mcp-protocol-version', '2025-11-25');
  return new Request(request.url, { method: request.method, headers, signal: request.signal });
}
