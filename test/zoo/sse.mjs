/** The deprecated HTTP+SSE transport, on the SDK's own: an event stream, and a route for messages. Specification: 2024-11-05 basic/transports. */
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { authInfoOf } from './authorize.mjs';
import { admit, ownedBy } from './binding.mjs';
import { serveLegacy } from './legacy.mjs';

export const STREAM_PATH = '/sse';
export const MESSAGES_PATH = '/messages';

/** @param {import('./world.mjs').World} world */
export function deprecatedSse(world) {
  /** @type {Map<string, import('./binding.mjs').Ownership & { transport: SSEServerTransport }>} */
  const streams = new Map();
  return {
    /** @param {import('node:http').ServerResponse} response @param {import('./authorize.mjs').Caller} caller */
    async open(response, caller) {
      const transport = new SSEServerTransport(MESSAGES_PATH, response);
      streams.set(transport.sessionId, { ...ownedBy(caller), transport });
      response.on('close', () => streams.delete(transport.sessionId));
      await serveLegacy(/** @type {any} */ (transport), world);
    },
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     * @param {unknown} message
     * @param {import('./authorize.mjs').Caller} caller
     * @param {string} sessionId
     */
    async post(request, response, message, caller, sessionId) {
      const stream = streams.get(sessionId);
      const acting =
        stream === undefined ? null : admit(stream, caller, { method: 'POST', message }, world.switches);
      if (stream === undefined || acting === null) {
        response.writeHead(404).end('No such session');
        return;
      }
      await stream.transport.handlePostMessage(
        Object.assign(request, { auth: authInfoOf(acting) }),
        response,
        message,
      );
    },
  };
}
