/** What one HTTP exchange is asked to do: the request as it goes out, and the bounds on reading its answer. */
import type { Received } from './exchange.js';
import type { Limits } from './limits.js';

export interface Origin {
  readonly protocol: 'http:' | 'https:';
  readonly host: string;
  readonly port: number;
}

/** Values may repeat: an array sends the header once for each member. */
export type OutgoingHeaders = Readonly<Record<string, string | readonly string[]>>;

/**
 * How long to read. `until-answer`: until `isAnswer` says so (a stream lingers briefly for a second answer).
 * `until-quiet`: until the stream ends or is quiet. `headers-only`: not at all. `open`: in the background.
 */
export type ReadStream = 'until-answer' | 'until-quiet' | 'headers-only' | 'open';

export interface HttpRequest {
  readonly origin: Origin;
  readonly path: string;
  readonly method: string;
  readonly headers: OutgoingHeaders;
  readonly body: string | Uint8Array | null;
  readonly signal: AbortSignal;
  /** Bounds the whole exchange; of an open stream, the time to its headers. */
  readonly timeoutMs: number;
  readonly limits: Limits;
  readonly readStream: ReadStream;
  readonly now: () => number;
  readonly isAnswer?: (value: unknown) => boolean;
  /** Told of every message at once, before the exchange ends. */
  readonly onMessage?: (message: Received) => void;
  /** Told of the head of the answer, before its body is read. */
  readonly onHead?: (status: number, headers: Readonly<Record<string, string>>) => void;
}
