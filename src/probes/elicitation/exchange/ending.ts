/** Reads how a call ended, and which exchanges prove it. */
import type { Reply } from '../../../wire/exchange.js';
import { isObject } from '../../../wire/message.js';
import type { ProbeContext } from '../../probe.js';
import { describeReply } from '../../reading.js';
import type { Asked, End } from './run.js';

const URL_ELICITATION_REQUIRED = -32042;
const LISTED = 20;

export function isUrlRequired(code: number | null): boolean {
  return code === URL_ELICITATION_REQUIRED;
}

/** The elicitations that error -32042 lists. 2025-11-25 client/elicitation, "URL Elicitation Required Error". */
export function listedIn(data: unknown): readonly unknown[] {
  if (!isObject(data) || !Array.isArray(data['elicitations'])) return [];
  return data['elicitations'].slice(0, LISTED);
}

/** The end that a reply is. @param asked it asked before: then a wait without an end is a fact of the server's */
export function endOfReply(reply: Reply, asked: boolean): End {
  if (reply.kind === 'result') return { kind: 'result', result: reply.result };
  if (reply.kind === 'error') return { kind: 'error', code: reply.code, message: reply.message };
  const timedOut = reply.kind === 'none' && reply.ending === 'timeout';
  if (timedOut && asked) return { kind: 'pending' };
  const { answer } = reply.exchange;
  return {
    kind: 'silent',
    reason: `the call got ${describeReply(reply)}`,
    ...(answer.status === 429 ? { retryAfter: answer.headers['retry-after'] ?? '' } : {}),
  };
}

/** The exchanges of a call: those with its ids on its connection, and those on whose streams it asked. */
export function evidenceOf(
  { transcript }: Pick<ProbeContext, 'transcript'>,
  connection: string,
  ids: ReadonlySet<number>,
  asked: readonly Asked[],
): readonly string[] {
  const own = transcript
    .all()
    .filter(
      (one) =>
        one.connection === connection && typeof one.request.rpcId === 'number' && ids.has(one.request.rpcId),
    )
    .map(({ id }) => id);
  const streams = asked.flatMap(({ exchange }) => exchange ?? []);
  return [...new Set([...own, ...streams])].slice(0, 20);
}
