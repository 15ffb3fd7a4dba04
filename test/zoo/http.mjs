/** The HTTP face: every route and method passes the same guard; then the era, or the deprecated transport, answers. */
import { createServer } from 'node:http';
import { isLegacyRequest } from '@modelcontextprotocol/server';
import { authorizer } from './authorize.mjs';
import { crashOn } from './crash.mjs';
import { applyCors, guard, guardContentType } from './guard.mjs';
import { legacyHttp } from './legacyHttp.mjs';
import { modernHttp } from './modern.mjs';
import { resourceMetadata } from './resourceServer.mjs';
import { deprecatedSse, MESSAGES_PATH, STREAM_PATH } from './sse.mjs';
import { goneSignal, readBody, refuse, toRequest, writeResponse } from './web.mjs';
import { createWorld } from './world.mjs';

export const MCP_PATH = '/mcp';

/** @typedef {{ issuer: string, jwksUri: string, audience: string }} Oauth */

/**
 * With an issuer it is an OAuth resource server; without one everybody is anonymous.
 * @param {{ transport: 'streamable-http' | 'sse', era: 'legacy' | 'modern' | 'both', port: number, oauth?: Oauth | null }} options
 * @param {import('./switches.mjs').Switches} switches
 * @returns {Promise<{ port: number, close: () => void }>}
 */
export async function serveOverHttp(options, switches) {
  const streamable = options.transport === 'streamable-http';
  const world = createWorld(switches);
  const endpoint = streamable ? createEndpoint(options.era, world) : null;
  const sse = streamable && switches.deprecatedSse === 'none' ? null : deprecatedSse(world);
  const resource = options.oauth ? { ...options.oauth, path: streamable ? MCP_PATH : STREAM_PATH } : null;
  const authorize = authorizer(resource, switches);
  let port = options.port;

  /** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
  const handle = async (request, response) => {
    if (applyCors(request, response, switches)) return;
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const deprecatedRoute = sse !== null && (url.pathname === STREAM_PATH || url.pathname === MESSAGES_PATH);
    const rules =
      deprecatedRoute && switches.deprecatedSse === 'beside-unguarded'
        ? { ...switches, origin: /** @type {const} */ ('ignored') }
        : switches;
    const refusal = guard(request, port, rules);
    if (refusal !== null) return writeRefusal(refusal, response);
    if (request.method === 'GET' && resource !== null) {
      const metadata = resourceMetadata(url.pathname, resource, switches);
      if (metadata !== null) return writeResponse(metadata, response);
    }
    const text = request.method === 'POST' ? await readBody(request) : '';
    if (text === null)
      return writeResponse(refuse(413, -32600, 'The body is larger than any message may be'), response);
    const message = request.method === 'POST' ? parse(text) : undefined;
    const identified = await authorize({ request, url, message });
    if ('refusal' in identified) return writeRefusal(identified.refusal, response);
    const unsupported = guardContentType(request, switches);
    if (unsupported !== null) return writeRefusal(unsupported, response);
    const { caller } = identified;
    crashOn(message, switches);

    if (sse !== null && request.method === 'GET' && opensDeprecatedStream(request, url, switches))
      return sse.open(response, caller);
    if (request.method === 'POST' && message === undefined) {
      return writeResponse(refuse(400, -32700, 'The body is no JSON'), response);
    }
    if (deprecatedRoute && url.pathname === MESSAGES_PATH && request.method === 'POST') {
      return sse.post(request, response, message, caller, url.searchParams.get('sessionId') ?? '');
    }
    if (endpoint === null || url.pathname !== MCP_PATH)
      return writeResponse(refuse(404, -32600, 'Nothing is served here'), response);
    await writeResponse(
      await endpoint(toRequest(request, text, goneSignal(response)), message, caller),
      response,
    );
  };

  const server = createServer((request, response) => {
    handle(request, response).catch((cause) => {
      process.stderr.write(`zoo: ${cause instanceof Error ? cause.stack : String(cause)}\n`);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, switches.address, () => resolve(undefined));
  });
  const address = server.address();
  if (typeof address === 'object' && address !== null) port = address.port;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { port, close };
}

/** @param {import('node:http').IncomingMessage} request @param {URL} url @param {import('./switches.mjs').Switches} switches */
function opensDeprecatedStream(request, url, switches) {
  if (url.pathname === STREAM_PATH) return true;
  return (
    switches.deprecatedSse === 'on-mcp-path' &&
    url.pathname === MCP_PATH &&
    request.headers['mcp-session-id'] === undefined
  );
}

/**
 * One endpoint for what the era says; the SDK's own predicate tells the eras apart.
 * @param {'legacy' | 'modern' | 'both'} era
 * @param {import('./world.mjs').World} world
 * @returns {(request: Request, message: any, caller: import('./authorize.mjs').Caller) => Promise<Response>}
 */
function createEndpoint(era, world) {
  const { switches } = world;
  const legacy = legacyHttp(world);
  const modern = modernHttp(world);
  return async (request, message, caller) => {
    const { method } = request;
    if (method !== 'POST' && method !== 'GET' && method !== 'DELETE') {
      return refuse(405, -32600, `${method} is not served here`);
    }
    if (Array.isArray(message) && switches.batches === 'refused') {
      return refuse(400, -32600, 'Batches are not supported');
    }
    const isLegacy =
      era === 'legacy' || (era === 'both' && (await isLegacyRequest(telling(request, switches), message)));
    return isLegacy ? legacy(request, message, caller) : modern(request, message, caller);
  };
}

/**
 * The request by which the era is told. A server that ignores the version header of its sessions must not look at it here.
 * @param {Request} request @param {import('./switches.mjs').Switches} switches
 */
function telling(request, switches) {
  if (switches.versionHeader === 'enforced' || !request.headers.has('mcp-session-id')) return request;
  const headers = new Headers(request.headers);
  headers.delete('mcp-protocol-version');
  return new Request(request.url, { method: request.method, headers });
}

/** @param {string} text @returns {any} undefined when it is no JSON object or array */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** @param {import('./guard.mjs').Refusal} refusal @param {import('node:http').ServerResponse} response */
function writeRefusal(refusal, response) {
  const answer = refuse(refusal.status, refusal.code, refusal.message);
  for (const [name, value] of Object.entries(refusal.headers ?? {})) answer.headers.set(name, value);
  return writeResponse(answer, response);
}
