/** The deprecated HTTP+SSE transport, on the SDK's own: an event stream, and a route for messages. Specification: 2024-11-05 basic/transports. */
import { SSEServerTransport } from '@modelcontextprotocol/sdk/server/sse.js';
import { authInfoOf } from './authorize.mjs';
import { serveLegacy } from './legacy.mjs';

export const STREAM_PATH = '/sse';
export const MESSAGES_PATH = '/messages';

/**
 * @param {import('./switches.mjs').Switches} switches
 */
export function deprecatedSse(switches) {
  /** @type {Map<string, SSEServerTransport>} */
  const streams = new Map();
  return {
    /** @param {import('node:http').ServerResponse} response */
    async open(response) {
      const transport = new SSEServerTransport(MESSAGES_PATH, response);
      streams.set(transport.sessionId, transport);
      response.on('close', () => streams.delete(transport.sessionId));
      await serveLegacy(/** @type {any} */ (transport), switches);
    },
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {import('node:http').ServerResponse} response
     * @param {unknown} message
     * @param {import('./authorize.mjs').Caller} caller
     * @param {string} sessionId
     */
    async post(request, response, message, caller, sessionId) {
      const transport = streams.get(sessionId);
      if (transport === undefined) {
        response.writeHead(404).end('No such session');
        return;
      }
      await transport.handlePostMessage(
        Object.assign(request, { auth: authInfoOf(caller) }),
        response,
        message,
      );
    },
  };
}
