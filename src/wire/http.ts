/** One HTTP exchange with nothing added and nothing followed: the headers given, a socket of its own, and bounds on everything. */
import { Client, errors } from 'undici';
import type { Ending, Received } from './exchange.js';
import { type AnswerState, isEventStream, newState, readBody, readEvents, Stop } from './http-body.js';
import type { HttpRequest, Origin } from './http-request.js';

export type { HttpRequest, Origin, OutgoingHeaders, ReadStream } from './http-request.js';

export interface HttpStream {
  /** Settles when the stream has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** The answer so far. */
  current(): HttpAnswer;
  close(): void;
}

export interface HttpAnswer {
  readonly ending: Ending;
  readonly status: number | null;
  /** Names in lower case; repeated ones joined with a comma. */
  readonly headers: Readonly<Record<string, string>>;
  readonly contentType: string | null;
  /** Text of a body that was no event stream, up to `messageBytes`. */
  readonly body: string | null;
  readonly messages: readonly Received[];
  readonly problem: string | null;
  readonly retryMs: number | null;
  readonly lastEventId: string | null;
  /** Only for `open`, when the answer was an event stream. */
  readonly stream?: HttpStream;
}

/**
 * Sends one request and reads what comes back. Resolves whatever the server does.
 * @throws TypeError when the request itself cannot be written: an illegal header, method or path.
 */
export async function sendHttp(request: HttpRequest): Promise<HttpAnswer> {
  const state = newState();
  const abort = new AbortController();
  const stop = (ending: Ending, reason: string | null): void => abort.abort(new Stop(ending, reason));
  const onCancel = (): void => {
    const { reason } = request.signal;
    if (reason instanceof Stop) abort.abort(reason);
    else stop('cancelled', 'the run was cancelled');
  };
  const timer = setTimeout(
    () => stop('timeout', `no complete answer within ${request.timeoutMs} ms`),
    request.timeoutMs,
  );
  request.signal.addEventListener('abort', onCancel, { once: true });
  if (request.signal.aborted) onCancel();

  const client = new Client(originText(request.origin), {
    // One request for each client: nothing is shared between connections, nothing is kept alive.
    pipelining: 0,
    headersTimeout: 0,
    bodyTimeout: 0,
    strictContentLength: false,
    maxHeaderSize: request.limits.headerBytes,
    connect: { timeout: request.timeoutMs, rejectUnauthorized: true },
  });
  const release = async (): Promise<void> => {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', onCancel);
    await client.destroy().catch(() => undefined);
  };

  let stream: HttpStream | null = null;
  try {
    const response = await client.request({
      path: request.path,
      method: request.method as 'GET',
      headers: request.headers as Record<string, string | string[]>,
      body: request.body,
      signal: abort.signal,
      responseHeaders: 'raw',
    });
    state.status = response.statusCode;
    state.headers = joinHeaders(response.headers as unknown);
    request.onHead?.(response.statusCode, state.headers);
    // A destroyed body reports the abort on its own; it must not become an unhandled error.
    response.body.on('error', () => undefined);
    const body = response.body as AsyncIterable<Uint8Array>;
    if (request.readStream === 'headers-only') {
      state.ending = 'answered';
      return answerOf(state);
    }
    if (request.readStream === 'open' && isEventStream(state)) {
      clearTimeout(timer);
      const ended = readEvents(request, state, body, stop)
        .catch((cause: unknown) => settle(state, cause, abort.signal))
        .then(release);
      stream = { ended, current: () => answerOf(state), close: () => stop('answered', null) };
      return { ...answerOf(state), stream };
    }
    await readBody(request, state, body, stop);
  } catch (cause: unknown) {
    settle(state, cause, abort.signal);
  } finally {
    if (stream === null) await release();
  }
  return answerOf(state);
}

/** Turns what was thrown into an ending. An answer that is already there stays one. */
function settle(state: AnswerState, cause: unknown, signal: AbortSignal): void {
  if (cause instanceof errors.InvalidArgumentError)
    throw new TypeError(`the request cannot be sent: ${cause.message}`);
  const stopped = cause instanceof Stop ? cause : signal.reason instanceof Stop ? signal.reason : null;
  state.problem = stopped === null ? describe(cause) : stopped.reason;
  state.ending = state.answered ? 'answered' : (stopped?.ending ?? endingOf(cause, state));
}

function endingOf(cause: unknown, state: AnswerState): Ending {
  if (cause instanceof errors.HeadersOverflowError) return 'too-large';
  if (state.status !== null) return 'closed';
  return NEVER_CONNECTED.has(codeOf(cause)) ? 'unreachable' : 'closed';
}

const NEVER_CONNECTED = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** The error code; of several failed attempts (IPv4 and IPv6) that of the first. */
function codeOf(cause: unknown): string {
  if (cause instanceof AggregateError) return codeOf(cause.errors[0]);
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return '';
  return String(cause.code);
}

function describe(cause: unknown): string {
  const code = codeOf(cause);
  const message = cause instanceof Error && cause.message !== '' ? cause.message : String(cause);
  return code === '' || message.includes(code) ? message : `${message} (${code})`;
}

function answerOf(state: AnswerState): HttpAnswer {
  return {
    ending: state.ending ?? 'answered',
    status: state.status,
    headers: state.headers,
    contentType: state.headers['content-type'] ?? null,
    body: state.body,
    messages: [...state.messages],
    problem: state.problem,
    retryMs: state.reader?.retryMs ?? null,
    lastEventId: state.reader?.lastEventId ?? null,
  };
}

/** Raw names and values into one object without a prototype: the server chose the names. */
function joinHeaders(raw: unknown): Record<string, string> {
  const joined: Record<string, string> = Object.create(null);
  if (!Array.isArray(raw)) return joined;
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = String(raw[index]).toLowerCase();
    const value = String(raw[index + 1]);
    const before = joined[name];
    joined[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return joined;
}

/** `http://127.0.0.1:3000`, with brackets around an IPv6 address. */
export function originText(origin: Origin): string {
  const host = origin.host.includes(':') && !origin.host.startsWith('[') ? `[${origin.host}]` : origin.host;
  return `${origin.protocol}//${host}:${origin.port}`;
}
