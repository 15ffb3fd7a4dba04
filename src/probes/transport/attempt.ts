/** Reads what came back on an attack: did a result, a stream or an effect get through? */
import type { AttemptOutcome } from '../../facts/shared.js';
import type { Exchange, Reply } from '../../wire/exchange.js';
import { Untestable } from '../lab.js';
import { demandOutcome, isEventStream, outcomeOfReply } from '../reading.js';

/** A site that no candidate can mean to trust. Reserved for such use. Source: RFC 6761 section 6.4. */
export const FOREIGN_NAME = 'rebind.invalid';

const TOO_MANY_REQUESTS = 429;

/**
 * Outcome of a request whose control succeeded. A turned away request counts as refused whatever the refusal looks like.
 * @throws Untestable when it was turned away for another reason than what it was
 */
export function outcomeOfAttack(reply: Reply): AttemptOutcome {
  const outcome = outcomeOfReply(reply);
  demandOutcome(outcome, reply.exchange);
  return outcome === 'accepted' ? 'accepted' : 'refused';
}

/**
 * Outcome of opening an event stream: open is accepted, whether or not an event came.
 * @throws Untestable when the candidate limits the rate of requests
 */
export function outcomeOfStream(exchange: Exchange): AttemptOutcome {
  demandRate(exchange);
  return isEventStream(exchange) ? 'accepted' : 'refused';
}

/** Demands that the legitimate request succeeded; otherwise the attack's failure would prove nothing. */
export function demandControl(reply: Reply, what: string): void {
  if (reply.kind === 'result') return;
  const status = reply.exchange.answer.status;
  const seen =
    reply.kind === 'error' ? `error ${reply.code}` : reply.kind === 'none' ? reply.ending : `HTTP ${status}`;
  throw new Untestable(`the control failed: ${what} got ${seen}`);
}

/** A limit on the rate of requests says nothing about the request. */
export function demandRate({ answer }: Exchange): void {
  if (answer.status === TOO_MANY_REQUESTS)
    throw new Untestable('the candidate limits the rate of requests (HTTP 429)');
}
