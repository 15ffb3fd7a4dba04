/** Sorts the messages of one shared stream (stdio, HTTP+SSE) to the exchanges that wait for them. */
import type { Ending, Received } from './exchange.js';
import type { Limits } from './limits.js';
import { type JsonRpcId, membersOf, sortMessage } from './message.js';

export interface Expectation {
  /** Exchange that waits. */
  readonly exchange: string;
  /** Ids to wait for; with none, the wait ends when something came and the stream is quiet again. */
  readonly ids: readonly JsonRpcId[];
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export interface Delivery {
  readonly ending: Ending;
  readonly messages: readonly Received[];
  readonly problem: string | null;
}

export interface Mailbox {
  /** Waits for what an expectation names; never rejects. */
  expect(expectation: Expectation): Promise<Delivery>;
  /** Hands over a message. Returns the exchange it was given to; null when nobody waited for it. */
  deliver(received: Received): string | null;
  /** The stream is gone: ends every wait, now and later. */
  end(ending: Ending, problem: string | null): void;
}

interface Waiting {
  readonly expectation: Expectation;
  readonly open: Set<JsonRpcId>;
  readonly messages: Received[];
  /** Length of all their texts. */
  size: number;
  finish(ending: Ending, problem: string | null): void;
  /** Ends the wait as answered unless something more comes within `settleMs`. */
  settleSoon(): void;
}

/** A mailbox for one stream. */
export function createMailbox(limits: Limits): Mailbox {
  const waiting = new Set<Waiting>();
  let gone: { ending: Ending; problem: string | null } | null = null;

  function expect(expectation: Expectation): Promise<Delivery> {
    if (gone !== null) return Promise.resolve({ ...gone, messages: [] });
    return new Promise((resolve) => {
      const messages: Received[] = [];
      let settling: NodeJS.Timeout | undefined;
      const finish = (ending: Ending, problem: string | null): void => {
        if (!waiting.delete(own)) return;
        clearTimeout(settling);
        clearTimeout(deadline);
        expectation.signal.removeEventListener('abort', onAbort);
        resolve({ ending, messages, problem });
      };
      const settleSoon = (): void => {
        clearTimeout(settling);
        settling = setTimeout(() => finish('answered', null), limits.settleMs);
      };
      const onAbort = (): void => finish('cancelled', 'the run was cancelled');
      const deadline = setTimeout(
        () => finish('timeout', `no answer within ${expectation.timeoutMs} ms`),
        expectation.timeoutMs,
      );
      const own: Waiting = {
        expectation,
        open: new Set(expectation.ids),
        messages,
        size: 0,
        finish,
        settleSoon,
      };
      waiting.add(own);
      expectation.signal.addEventListener('abort', onAbort, { once: true });
      if (expectation.signal.aborted) onAbort();
    });
  }

  function deliver(received: Received): string | null {
    const receivers = new Set<Waiting>();
    for (const member of membersOf(received.value)) {
      const receiver = receiverOf(member);
      if (receiver !== null) receivers.add(receiver);
    }
    for (const receiver of receivers) take(receiver, received);
    return [...receivers].at(0)?.expectation.exchange ?? null;
  }

  /** Who gets a message: the one that asked; for an answer to nobody the longest waiting; else the latest. */
  function receiverOf(member: unknown): Waiting | null {
    const sorted = sortMessage(member);
    const everybody = [...waiting];
    if (sorted.kind !== 'response') return everybody.at(-1) ?? null;
    const asked = everybody.find((one) => one.open.delete(sorted.id as JsonRpcId));
    if (asked !== undefined) return asked;
    const longest = everybody[0];
    // With one exchange under way a wrong id must be meant for it, and need not be waited out.
    if (longest !== undefined && everybody.length === 1) longest.settleSoon();
    return longest ?? null;
  }

  function take(receiver: Waiting, received: Received): void {
    receiver.messages.push(received);
    receiver.size += received.text.length;
    if (receiver.messages.length >= limits.messagesPerExchange) {
      receiver.finish('too-many', `more than ${limits.messagesPerExchange} messages before the answer`);
      return;
    }
    if (receiver.expectation.ids.length === 0) receiver.settleSoon();
    else if (receiver.open.size === 0) receiver.finish('answered', null);
    if (receiver.size > limits.exchangeBytes)
      receiver.finish('too-large', `more than ${limits.exchangeBytes} bytes before the answer`);
  }

  function end(ending: Ending, problem: string | null): void {
    gone ??= { ending, problem };
    for (const one of [...waiting]) one.finish(ending, problem);
  }

  return { expect, deliver, end };
}
