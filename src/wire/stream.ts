/** A stream the candidate keeps open towards one client, with everything that arrived on it so far. */
import type { ChannelContext } from './channel.js';
import type { Exchange, Received } from './exchange.js';
import { Stop } from './http-body.js';
import { exchangeHttp, type HttpExchangeRequest, type RecordedAnswer, within } from './http-exchange.js';

export interface EventStream {
  /** HTTP status; null when no answer came, or none yet. */
  readonly status: number | null;
  /** False when the candidate refused it, answered with something else, or it has ended. */
  readonly open: boolean;
  readonly messages: readonly Received[];
  /** The exchange as it stands; final once the stream has ended. */
  readonly exchange: Exchange;
  /** The next message not yet returned; null when none comes in time or the stream has ended. */
  next(timeoutMs?: number): Promise<Received | null>;
  /** Closes it and waits until its socket is gone. Idempotent. */
  close(): Promise<void>;
}

export interface StreamRequest extends Omit<HttpExchangeRequest, 'readStream'> {
  /**
   * Milliseconds after which the stream is handed over without the head of an answer, open and with the status null: some
   * servers send the head only with their first event. `timeoutMs` still bounds the wait for it.
   */
  readonly headMs?: number;
}

/** Opens a stream; resolves as soon as the headers of the answer are there. */
export async function openEventStream(context: ChannelContext, request: StreamRequest): Promise<EventStream> {
  const arrived: Received[] = [];
  let returned = 0;
  let wake: () => void = () => undefined;
  let open = true;
  let opened: RecordedAnswer | null = null;
  let begun = '';

  const given = new AbortController();
  const signal = AbortSignal.any([context.signal, given.signal]);
  let begin: () => void = () => undefined;
  const beginning = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const opening = exchangeHttp(
    { ...context, signal },
    {
      ...request,
      readStream: 'open',
      onBegin: (id) => {
        begun = id;
        begin();
      },
      onMessage: (message, id) => {
        arrived.push(message);
        wake();
        request.onMessage?.(message, id);
      },
    },
  ).then((recorded) => {
    opened = recorded;
    const { stream } = recorded.answer;
    open = stream !== undefined;
    wake();
    void stream?.ended.then(() => {
      open = false;
      wake();
    });
  });
  await Promise.race([opening, beginning]);
  await (request.headMs === undefined ? opening : within(request.headMs, opening));
  const head = (): RecordedAnswer | null => opened;

  async function next(timeoutMs = context.limits.requestTimeoutMs): Promise<Received | null> {
    const deadline = performance.now() + timeoutMs;
    // The head of the answer wakes too, and is no message.
    for (let left = timeoutMs; left > 0 && returned >= arrived.length && open; ) {
      const signalled = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await within(left, signalled);
      left = deadline - performance.now();
    }
    const message = arrived[returned];
    if (message === undefined) return null;
    returned += 1;
    return message;
  }

  async function close(): Promise<void> {
    if (head() === null) given.abort(new Stop('timeout', 'no head of an answer came before it was closed'));
    await opening;
    const { stream } = head()?.answer ?? {};
    stream?.close();
    await (stream?.ended ?? Promise.resolve());
  }

  return {
    get status() {
      return head()?.answer.status ?? null;
    },
    get open() {
      return open;
    },
    get messages() {
      return [...arrived];
    },
    get exchange() {
      const recorded = head();
      const kept = context.transcript.get(begun);
      if (kept === null) throw new Error('the exchange of a stream is missing from the transcript');
      if (recorded === null) return kept;
      return recorded.answer.stream === undefined
        ? recorded.exchange
        : whole(kept, recorded.exchange, arrived);
    },
    next,
    close,
  };
}

/** A full transcript keeps the head of an exchange alone, and a stream without its content type would pass for a refusal. */
function whole(kept: Exchange, opened: Exchange, arrived: readonly Received[]): Exchange {
  const { headers } = opened.answer;
  const messages = kept.answer.messages.length > 0 ? kept.answer.messages : [...arrived];
  return { ...kept, answer: { ...kept.answer, headers, messages } };
}
