/** Reads what came back on an attempt whose controls are known: a result, a stream, an effect, or nothing. */
import type { Attempt, BindingOutcome } from '../facts/session.js';
import type { Exchange, Reply } from '../wire/exchange.js';
import { isObject, membersOf, sortMessage } from '../wire/message.js';
import type { EventStream } from '../wire/stream.js';
import { Untestable } from './lab.js';
import { Busy } from './patience.js';

const TOO_MANY_REQUESTS = 429;

/** Outcome of a request whose control succeeded. `control` tells a tool's own error from a refusal. */
export function outcomeOfReply(reply: Reply, control?: Reply): BindingOutcome {
  if (proves(reply.exchange) === 'nothing') return 'inconclusive';
  if (reply.kind === 'result') {
    const failed = isFailure(reply.result) && !(control?.kind === 'result' && isFailure(control.result));
    return failed ? 'refused' : 'accepted';
  }
  // A result under another id is a result all the same.
  if (resultsIn(reply.exchange) > 0) return 'accepted';
  // Taken, and answered elsewhere or not at all: an effect is likely, and a page for people is none.
  if (reply.kind === 'http' && isSuccess(reply.status) && !isPage(reply.exchange)) return 'accepted';
  // An open stream on which nothing comes is neither a result nor a refusal.
  const waiting = reply.kind === 'none' && reply.ending === 'timeout' && isEventStream(reply.exchange);
  return waiting ? 'inconclusive' : 'refused';
}

/** Outcome of a POST that has no answer of its own: any 2xx means that it was taken. */
export function outcomeOfPost(exchange: Exchange): BindingOutcome {
  if (proves(exchange) === 'nothing') return 'inconclusive';
  if (!isSuccess(exchange.answer.status) || isPage(exchange)) return 'refused';
  return errorsIn(exchange) > 0 ? 'refused' : 'accepted';
}

/** Outcome of a GET: an open event stream is accepted; one that ended at once and was empty gave nothing. */
export function outcomeOfStream(stream: EventStream): BindingOutcome {
  const { exchange } = stream;
  if (proves(exchange) === 'nothing') return 'inconclusive';
  if (!isEventStream(exchange)) return 'refused';
  // A refusal may come as an event.
  const said = stream.messages.filter(({ text }) => text !== '');
  if (!stream.open && said.length > 0 && errorsIn(exchange) === said.length) return 'refused';
  return stream.open || stream.messages.length > 0 ? 'accepted' : 'ignored';
}

/** Whether the answer opened an event stream. */
export function isEventStream({ answer }: Exchange): boolean {
  const type = (answer.headers['content-type'] ?? '').trim().toLowerCase();
  return answer.status === 200 && type.startsWith('text/event-stream');
}

/**
 * Whether nothing at all came back in time. Where that is what the owner gets by GET too, the head of the answer may only come
 * with the first event, and the silence is no refusal.
 */
export function isUnanswered({ answer }: Exchange): boolean {
  return answer.status === null && answer.ending === 'timeout';
}

/** A page for people, as a login or a proxy answers with. */
function isPage({ answer }: Exchange): boolean {
  return (answer.headers['content-type'] ?? '').trim().toLowerCase().startsWith('text/html');
}

export function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}

/** Rate limits, dead candidates and our own end of the run say nothing about the one who asked. */
function proves({ answer }: Exchange): 'something' | 'nothing' {
  if (answer.status === TOO_MANY_REQUESTS) return 'nothing';
  const untold =
    answer.ending === 'exited' || answer.ending === 'unreachable' || answer.ending === 'cancelled';
  return untold && answer.status === null ? 'nothing' : 'something';
}

/** True for a tool result that says it failed. */
export function isFailure(result: unknown): boolean {
  return isObject(result) && result['isError'] === true;
}

/** Results of JSON-RPC among the messages of an exchange, whatever their id. */
export function resultsIn(exchange: Exchange): number {
  return answersIn(exchange).filter((answer) => 'result' in answer).length;
}

function errorsIn(exchange: Exchange): number {
  return answersIn(exchange).filter((answer) => 'error' in answer).length;
}

/** The JSON-RPC answers among the messages of an exchange. */
export function answersIn(exchange: Exchange): readonly Readonly<Record<string, unknown>>[] {
  return exchange.answer.messages
    .flatMap((message) => membersOf(message.value))
    .filter((member) => sortMessage(member).kind === 'response')
    .filter(isObject);
}

/** The part of an attempt that an exchange tells. */
export function seenIn(
  exchanges: readonly Exchange[],
  errorCode: number | null = null,
): Pick<Attempt, 'httpStatus' | 'errorCode' | 'evidence'> {
  return {
    httpStatus: exchanges.at(-1)?.answer.status ?? null,
    errorCode,
    evidence: exchanges.map(({ id }) => id),
  };
}

export function errorCodeOf(reply: Reply): number | null {
  return reply.kind === 'error' ? reply.code : null;
}

/**
 * Demands that an attempt told something.
 * @throws Untestable when it did not; Busy when that was a limit on the rate of requests
 */
export function demandOutcome(outcome: BindingOutcome, exchange: Exchange): void {
  if (outcome !== 'inconclusive') return;
  demandRate(exchange);
  throw new Untestable(
    `the answer proves neither that it was served nor that it was refused: ${exchange.answer.ending}`,
  );
}

/**
 * Demands that an answer told whether something is offered: silence may mean that it is not, a limit on the rate of requests or
 * a candidate that is gone means nothing.
 */
export function demandTelling(reply: Reply): void {
  if (reply.kind === 'none' && reply.ending === 'timeout') return;
  demandOutcome(outcomeOfReply(reply), reply.exchange);
}

function demandRate({ answer }: Exchange): void {
  if (answer.status === TOO_MANY_REQUESTS) throw new Busy(answer.headers['retry-after']);
}

/** Demands that the owner was served; otherwise a refusal of somebody else would prove nothing. */
export function demand(reply: Reply, what: string): void {
  if (outcomeOfReply(reply) === 'accepted') return;
  demandRate(reply.exchange);
  throw new Untestable(`the control failed: ${what} got ${describeReply(reply)}`);
}

export function describeReply(reply: Reply): string {
  const { status } = reply.exchange.answer;
  if (reply.kind === 'error') return `error ${reply.code}${status === null ? '' : ` (HTTP ${status})`}`;
  if (reply.kind === 'none') return reply.ending;
  if (reply.kind === 'result') return 'a result that says it failed';
  return status === null ? 'something that is no answer' : `HTTP ${status}`;
}
