/** What every experiment here needs: the wire, whom the controls are done as, and respect for a candidate that asks for patience. */
import type { ServerPlan } from '../../manifest/plan.js';
import type { Exchange, Reply } from '../../wire/exchange.js';
import type { LegacyConnection } from '../../wire/legacy.js';
import type { Wire } from '../../wire/wire.js';
import { type Lab, Untestable } from '../lab.js';

export interface Bench {
  readonly wire: Wire;
  readonly lab: Lab;
  readonly plan: ServerPlan;
  readonly pace: Pace;
}

const TOO_MANY_REQUESTS = 429;
/** Longer than this nothing is waited for: what remains is untested. */
const LONGEST_WAIT_MS = 3000;

/** Sends nothing more to a candidate that limits the rate, unless it says that a short wait is enough. */
export class Pace {
  #stopped: string | null = null;

  /**
   * One request. A 429 with a short `Retry-After` is waited for and the request repeated, once.
   * @throws Untestable for any other 429, and at once for everything after it: a rate limit is no refusal.
   */
  async ask<T>(send: () => Promise<T>, exchangeOf: (answer: T) => Exchange): Promise<T> {
    if (this.#stopped !== null) throw new Untestable(this.#stopped);
    const answer = await send();
    const wait = waitAskedFor(exchangeOf(answer));
    if (wait === null) return answer;
    if (wait <= LONGEST_WAIT_MS) {
      await new Promise((resolve) => setTimeout(resolve, wait));
      const again = await send();
      if (waitAskedFor(exchangeOf(again)) === null) return again;
    }
    this.#stopped = 'the candidate limits the rate of requests (HTTP 429)';
    throw new Untestable(this.#stopped);
  }

  reply(send: () => Promise<Reply>): Promise<Reply> {
    return this.ask(send, (reply) => reply.exchange);
  }

  exchange(send: () => Promise<Exchange>): Promise<Exchange> {
    return this.ask(send, (exchange) => exchange);
  }
}

/** Milliseconds that a 429 asks for; infinite where it does not say; null for any other answer. RFC 9110 section 10.2.3. */
function waitAskedFor({ answer }: Exchange): number | null {
  if (answer.status !== TOO_MANY_REQUESTS) return null;
  const asked = answer.headers['retry-after'] ?? '';
  return /^\d{1,6}$/.test(asked) ? Number(asked) * 1000 : Number.POSITIVE_INFINITY;
}

/**
 * Opens a session as the legitimate user, and ends it whatever `work` does.
 * @throws Untestable when the session cannot be had: then nothing that follows would prove anything.
 */
export async function inSession<T>(
  { wire, pace }: Bench,
  {
    experiment,
    principal,
    version,
  }: { readonly experiment: string; readonly principal: string; readonly version: string },
  work: (session: LegacyConnection) => Promise<T>,
): Promise<T> {
  const session = await wire.legacy({ experiment, principal });
  try {
    const { reply, negotiated } = await pace.ask(
      () => session.initialize(version),
      (opened) => opened.reply.exchange,
    );
    if (negotiated === null) {
      demandControl(reply, `initialize by ${principal}`);
      throw new Untestable(`the control failed: initialize by ${principal} agreed on no revision`);
    }
    await session.initialized();
    return await work(session);
  } finally {
    await session.close();
  }
}

/** @throws Untestable unless the legitimate request succeeded; else the failure of an attack proves nothing. */
export function demandControl(reply: Reply, what: string): void {
  if (reply.kind === 'result') return;
  throw new Untestable(`the control failed: ${what} got ${seen(reply)}`);
}

/** A few words about an answer, without any text of the candidate. */
export function seen(reply: Reply): string {
  const { status } = reply.exchange.answer;
  if (reply.kind === 'error')
    return `error ${reply.code ?? 'without a code'}${status === null ? '' : ` (HTTP ${status})`}`;
  if (reply.kind === 'none') return `no answer (${reply.ending})`;
  return `HTTP ${status}`;
}
