/** Legacy Streamable HTTP: one SDK transport and server for each session, kept by session id. Specification: 2025-11-25 basic/transports. */
import { randomBytes, randomUUID } from 'node:crypto';
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { authInfoOf } from './authorize.mjs';
import { serveLegacy } from './legacy.mjs';
import { refuse } from './web.mjs';

/** @typedef {{ transport: WebStandardStreamableHTTPServerTransport, seam: import('./legacy.mjs').LegacySeam }} Session */

/**
 * @param {import('./switches.mjs').Switches} switches
 * @returns {(request: Request, message: any, caller: import('./authorize.mjs').Caller) => Promise<Response>}
 */
export function legacyHttp(switches) {
  /** @type {Map<string, Session>} */
  const sessions = new Map();
  const sharedEvents = new EventLog();

  return async (request, message, caller) => {
    const options = { ...(message !== undefined && { parsedBody: message }), authInfo: authInfoOf(caller) };
    const id = request.headers.get('mcp-session-id');
    if (id === null) {
      if (message?.method !== 'initialize')
        return refuse(400, -32600, 'Mcp-Session-Id is missing: initialize first');
      const refusal = refuseInitialize(message, switches);
      if (refusal !== null) return refusal;
      const session = await openSession(sessions, switches, sharedEvents);
      return session.transport.handleRequest(withVersionHeader(request, null), options);
    }
    const session = sessions.get(id);
    if (session === undefined) return refuse(404, -32600, 'No such session');
    const version = request.headers.get('mcp-protocol-version');
    if (switches.versionHeader === 'enforced' && version !== null && version !== session.seam.version) {
      return refuse(400, -32600, `MCP-Protocol-Version must be ${session.seam.version}`);
    }
    return session.transport.handleRequest(withVersionHeader(request, session.seam.version), options);
  };
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
 * @param {Map<string, Session>} sessions
 * @param {import('./switches.mjs').Switches} switches
 * @param {EventLog} sharedEvents
 */
async function openSession(sessions, switches, sharedEvents) {
  const transport = new WebStandardStreamableHTTPServerTransport({
    sessionIdGenerator: () => randomUUID(),
    eventStore: switches.eventStore === 'shared' ? sharedEvents : new EventLog(),
    onsessioninitialized: (id) => void sessions.set(id, session),
    onsessionclosed: (id) => void sessions.delete(id),
  });
  const session = { transport, seam: await serveLegacy(/** @type {any} */ (transport), switches) };
  return session;
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

/** Events that can be resumed. The faultless server keeps one log for each session, so nobody resumes another's stream. */
class EventLog {
  /** @type {{ id: string, streamId: string, message: any }[]} */
  #events = [];

  /** @param {string} streamId @param {any} message */
  async storeEvent(streamId, message) {
    const id = randomBytes(16).toString('base64url');
    this.#events.push({ id, streamId, message });
    return id;
  }

  /** @param {string} eventId */
  async getStreamIdForEventId(eventId) {
    return this.#events.find((event) => event.id === eventId)?.streamId;
  }

  /** @param {string} eventId @param {{ send: (id: string, message: any) => Promise<void> }} target */
  async replayEventsAfter(eventId, { send }) {
    const start = this.#events.findIndex((event) => event.id === eventId);
    const streamId = this.#events[start]?.streamId ?? '';
    const missed = this.#events.slice(start + 1).filter((event) => event.streamId === streamId);
    for (const event of missed) {
      if (Object.keys(event.message).length > 0) await send(event.id, event.message);
    }
    return streamId;
  }
}
