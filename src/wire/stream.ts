/** A stream the candidate keeps open towards one client, with everything that arrived on it so far. */
import type { ChannelContext } from './channel.js';
import type { Exchange, Received } from './exchange.js';
import { exchangeHttp, type HttpExchangeRequest, within } from './http-exchange.js';

export interface EventStream {
  /** HTTP status; null when no answer came. */
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

/** Opens a stream; resolves as soon as the headers of the answer are there. */
export async function openEventStream(
  context: ChannelContext,
  request: Omit<HttpExchangeRequest, 'readStream'>,
): Promise<EventStream> {
  const arrived: Received[] = [];
  let returned = 0;
  let wake: () => void = () => undefined;

  const { answer, recording, exchange } = await exchangeHttp(context, {
    ...request,
    readStream: 'open',
    onMessage: (message, id) => {
      arrived.push(message);
      wake();
      request.onMessage?.(message, id);
    },
  });
  const { stream } = answer;
  let open = stream !== undefined;
  void stream?.ended.then(() => {
    open = false;
    wake();
  });

  async function next(timeoutMs = context.limits.requestTimeoutMs): Promise<Received | null> {
    if (returned >= arrived.length && open) {
      const signalled = new Promise<void>((resolve) => {
        wake = resolve;
      });
      await within(timeoutMs, signalled);
    }
    const message = arrived[returned];
    if (message === undefined) return null;
    returned += 1;
    return message;
  }

  async function close(): Promise<void> {
    stream?.close();
    await (stream?.ended ?? Promise.resolve());
  }

  return {
    status: answer.status,
    get open() {
      return open;
    },
    get messages() {
      return [...arrived];
    },
    get exchange() {
      const kept = stream === undefined ? null : context.transcript.get(recording.id);
      return kept === null ? exchange : whole(kept, exchange, arrived);
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
