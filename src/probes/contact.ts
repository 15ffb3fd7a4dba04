/** The first contact: nothing is tried on a candidate that does not answer at all, because silence is no refusal. */
import { LEGACY_REVISIONS } from '../facts/revisions.js';
import type { Reply } from '../wire/exchange.js';
import type { Wire } from '../wire/wire.js';

export type Contact =
  /** `afterMs`: from opening the connection to the answer, the start of a stdio candidate included. */
  | { readonly answered: true; readonly afterMs: number }
  | { readonly answered: false; readonly reason: string };

const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1];
/** By now it has been started once, so whatever the first start had to fetch is there. */
const SECOND_PATIENCE_MS = 10_000;

const EXPERIMENT = 'gate/first-contact';

/**
 * Asks `initialize`, and `server/discover` where that got no answer. Any JSON-RPC answer counts, and so does an HTTP refusal
 * of the caller: what it means is for the probes to find out.
 * @param timeoutMs patience for the first answer; the first start of a package runner takes many times a usual start
 */
export async function makeContact(wire: Wire, timeoutMs: number): Promise<Contact> {
  const started = performance.now();
  const legacy = await wire.legacy({ experiment: EXPERIMENT });
  const first = (await legacy.initialize(NEWEST_LEGACY, { timeoutMs })).reply;
  await legacy.close();
  if (isAnswer(first)) return { answered: true, afterMs: Math.round(performance.now() - started) };
  if (wire.transport === 'sse') return { answered: false, reason: explain(first, 'initialize') };

  const modern = await wire.modern({ experiment: EXPERIMENT });
  const second = await modern.request(
    'server/discover',
    {},
    { timeoutMs: Math.min(timeoutMs, SECOND_PATIENCE_MS) },
  );
  await modern.close();
  if (isAnswer(second)) return { answered: true, afterMs: Math.round(performance.now() - started) };
  return {
    answered: false,
    reason: `${explain(first, 'initialize')}; ${explain(second, 'server/discover')}`,
  };
}

function isAnswer(reply: Reply): boolean {
  if (reply.kind === 'result' || reply.kind === 'error') return true;
  return reply.kind === 'http' && (reply.status === 401 || reply.status === 403 || reply.status === 429);
}

function explain(reply: Reply, question: string): string {
  switch (reply.kind) {
    case 'none':
      return reply.ending === 'exited'
        ? `it ended without answering ${question}`
        : `${question} was not answered (${reply.ending})`;
    case 'http':
      return `${question} was answered with HTTP ${reply.status} and no JSON-RPC`;
    case 'malformed':
      return `${question} was answered with something that is no answer to it: ${reply.problem}`;
    case 'result':
    case 'error':
      return `${question} was answered`;
  }
}
