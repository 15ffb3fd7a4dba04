/** Streamable HTTP: every message a POST of its own, the answer as JSON or as a stream. 2025-11-25 and 2026-07-28 basic/transports. */
import { type Channel, type ChannelContext, NO_DETAILS, type Outgoing } from './channel.js';
import type { Exchange } from './exchange.js';
import { exchangeHttp } from './http-exchange.js';
import { answersRequest } from './message.js';

/** What a client sends with every POST. */
export const POST_HEADERS = {
  'content-type': 'application/json',
  accept: 'application/json, text/event-stream',
} as const;

/** A channel to the MCP endpoint at `path`. It holds no state: sessions and versions belong to the client. */
export function createHttpChannel(context: ChannelContext, path: string): Channel {
  async function send(outgoing: Outgoing): Promise<Exchange> {
    const open = new Set(outgoing.ids);
    const { exchange } = await exchangeHttp(context, {
      method: 'POST',
      path,
      defaults: POST_HEADERS,
      headers: outgoing.headers,
      body: outgoing.body,
      message: outgoing.message,
      readStream: open.size > 0 ? 'until-answer' : 'until-quiet',
      timeoutMs: outgoing.timeoutMs,
      isAnswer: (value) => {
        for (const id of [...open]) if (answersRequest(value, id)) open.delete(id);
        return outgoing.ids.length > 0 && open.size === 0;
      },
      onMessage: (received, id) => context.onMessage(received, id),
    });
    return exchange;
  }

  return { transport: 'streamable-http', details: NO_DETAILS, send, close: () => Promise.resolve() };
}
