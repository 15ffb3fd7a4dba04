/** One isolated MCP client of the candidate, whatever the transport, with full control over what is sent. */
import type { TransportDetails } from './channel.js';
import type { Exchange, Reply } from './exchange.js';

/** What a request may override. Everything left out is what a well-behaved client would send. */
export interface SendOptions {
  /** Set a header (case-insensitive), once for each member of an array, or remove it with null. Ignored on stdio. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  /** Merged into `params._meta`; a key set to null is removed. Modern lifecycle only. */
  readonly meta?: Readonly<Record<string, unknown>>;
  readonly timeoutMs?: number;
  /** JSON-RPC id to use instead of the next one. */
  readonly id?: string | number | null;
}

/** A message the candidate sent on its own: a request or notification, on the stream of a call or another. */
export interface ServerMessage {
  readonly method: string;
  readonly id: string | number | null;
  readonly params: unknown;
  /** Exchange on whose stream it arrived. */
  readonly exchange: string | null;
}

export interface Connection {
  readonly name: string;
  readonly transport: 'stdio' | 'streamable-http' | 'sse';
  /** Session id in use; null when the server issued none, and always in the modern era. */
  readonly sessionId: string | null;

  /** Sends a request and waits for its answer. Never throws on what the candidate does. */
  request(method: string, params?: Readonly<Record<string, unknown>>, options?: SendOptions): Promise<Reply>;
  /** Sends a notification; resolves when it is written (stdio) or answered (HTTP). */
  notify(
    method: string,
    params?: Readonly<Record<string, unknown>>,
    options?: SendOptions,
  ): Promise<Exchange>;
  /** Sends any JSON value (a batch, a response, nonsense) as one message; waits for what comes back. */
  sendRaw(message: unknown, options?: SendOptions): Promise<Exchange>;
  /**
   * Registers what to do with requests and notifications of the candidate; at most one handler. With a handler,
   * answering requests is its job; only a ping is still answered by itself, unless the handler returns 'taken'.
   * Without one, a legacy client refuses requests with -32601, so that the candidate does not hang.
   */
  onServerMessage(handler: (message: ServerMessage) => unknown): void;
  /** Answers a request of the candidate. */
  respond(
    id: string | number,
    answer: { result: unknown } | { error: { code: number; message: string } },
  ): Promise<Exchange>;
  /** Sends any bytes as one message (malformed JSON, no UTF-8, nothing at all); waits for what comes back. */
  sendBytes(body: string | Uint8Array, options?: SendOptions): Promise<Exchange>;
  /** What only this transport has: the process and its noise (stdio), the message route (HTTP+SSE). */
  readonly details: TransportDetails;
  /** Ends the session politely (DELETE for a session, closed stdin for a process), within bounds. */
  close(): Promise<void>;
}
