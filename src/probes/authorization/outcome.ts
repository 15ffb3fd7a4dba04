/** Reads an answer as served or turned away, and keeps what it says about authorization. */
import type { Attempt } from '../../facts/authorization.js';
import type { Exchange, Reply } from '../../wire/exchange.js';
import { isObject, membersOf, sortMessage } from '../../wire/message.js';
import { Untestable } from '../lab.js';
import { readChallenge } from './challenge.js';
import { isServedCall } from './speech.js';

/** What one attempt showed, without what was attempted. */
export type Showing = Pick<Attempt, 'outcome' | 'httpStatus' | 'errorCode' | 'challenge' | 'evidence'>;

/** Before the controls had their say: served, or not. */
export interface Served {
  readonly served: boolean;
  readonly exchange: Exchange;
  readonly errorCode: number | null;
}

/** Endings that say something about the candidate's health, or ours, and nothing about authorization. */
const BROKEN = new Set(['exited', 'unreachable', 'cancelled']);

/** A request was served when its result came back; a tool that answers `isError` served nothing. */
export function servedReply(reply: Reply): Served {
  demandAnswer(reply.exchange);
  return {
    served: isServedCall(reply),
    exchange: reply.exchange,
    errorCode: reply.kind === 'error' ? reply.code : null,
  };
}

/** A notification was served when it was taken, and no error came with it. */
export function servedNotification(exchange: Exchange): Served {
  demandAnswer(exchange);
  const errorCode = errorCodeIn(exchange);
  const { status } = exchange.answer;
  const taken = status !== null && status >= 200 && status < 300;
  return { served: taken && errorCode === undefined, exchange, errorCode: errorCode ?? null };
}

/** A stream was served when it opened, unless all it says is an error. */
export function servedStream(exchange: Exchange): Served {
  demandAnswer(exchange);
  const errorCode = errorCodeIn(exchange);
  return {
    served: isOpenStream(exchange) && errorCode === undefined,
    exchange,
    errorCode: errorCode ?? null,
  };
}

function isOpenStream({ answer }: Exchange): boolean {
  const type = (answer.headers['content-type'] ?? '').toLowerCase();
  return answer.status === 200 && type.startsWith('text/event-stream');
}

/** Code of the first JSON-RPC error in an answer; null where it has none, undefined without an error. */
function errorCodeIn({ answer }: Exchange): number | null | undefined {
  for (const member of answer.messages.flatMap(({ value }) => membersOf(value))) {
    const sorted = sortMessage(member);
    if (sorted.kind !== 'response' || !isObject(sorted.message['error'])) continue;
    const { code } = sorted.message['error'];
    return typeof code === 'number' ? code : null;
  }
  return undefined;
}

/** @throws Untestable when the candidate was not there to answer. */
function demandAnswer({ answer }: Exchange): void {
  if (BROKEN.has(answer.ending))
    throw new Untestable(`the attempt got no answer: ${answer.problem ?? answer.ending}`);
}

export function show(
  { exchange, errorCode }: Served,
  outcome: Attempt['outcome'],
  controls: readonly string[] = [],
): Showing {
  return {
    outcome,
    httpStatus: exchange.answer.status,
    errorCode,
    challenge: readChallenge(exchange.answer.headers),
    evidence: [...new Set([...controls, exchange.id])],
  };
}
