/** The first contact: nothing is tried on a candidate that does not answer at all, because silence is no refusal. */
import { LEGACY_REVISIONS } from '../facts/revisions.js';
import type { Exchange, Reply } from '../wire/exchange.js';
import { ANONYMOUS, CONFIGURED, type Wire } from '../wire/wire.js';

export type Contact =
  /** `afterMs`: from opening the connection to the answer, the start of a stdio candidate included. */
  | {
      readonly answered: true;
      readonly afterMs: number;
      /** Why the caller was turned away in both eras, in a sentence; null where one of them let it in. */
      readonly refusal: string | null;
    }
  | { readonly answered: false; readonly reason: string };

const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1];
/** By now it has been started once, so whatever the first start had to fetch is there. */
const SECOND_PATIENCE_MS = 10_000;

const EXPERIMENT = 'gate/first-contact';
/** Of a path that is shown; the candidate chose it. */
const LONGEST_PATH = 200;

/**
 * Asks `initialize`, and `server/discover` where that got no answer. Any JSON-RPC answer counts, and so does an HTTP refusal
 * of the caller: what it means is for the probes to find out.
 * @param timeoutMs patience for the first answer; the first start of a package runner takes many times a usual start
 * @param setting what holds the path in the manifest, and where: "transport.path (mcp-gate.yaml, line 9)"
 */
export async function makeContact(wire: Wire, timeoutMs: number, setting: string): Promise<Contact> {
  const started = performance.now();
  const legacy = await wire.legacy({ experiment: EXPERIMENT });
  const first = (await legacy.initialize(NEWEST_LEGACY, { timeoutMs })).reply;
  await legacy.close();
  const afterMs = Math.round(performance.now() - started);
  if (isAnswer(first) && !isRefusal(first)) return { answered: true, afterMs, refusal: null };
  if (wire.transport === 'sse')
    return isAnswer(first)
      ? { answered: true, afterMs, refusal: whyRefused(first) }
      : { answered: false, reason: whyRedirected(wire, setting) ?? explain(first, 'initialize') };

  const modern = await wire.modern({ experiment: EXPERIMENT });
  const second = await modern.request(
    'server/discover',
    {},
    { timeoutMs: Math.min(timeoutMs, SECOND_PATIENCE_MS) },
  );
  await modern.close();
  const refused = [first, second].find(isRefusal);
  if (isAnswer(second) && !isRefusal(second))
    return { answered: true, afterMs: Math.round(performance.now() - started), refusal: null };
  if (refused !== undefined) return { answered: true, afterMs, refusal: whyRefused(refused) };
  return {
    answered: false,
    reason:
      whyRedirected(wire, setting) ??
      `${explain(first, 'initialize')}; ${explain(second, 'server/discover')}`,
  };
}

function isAnswer(reply: Reply): boolean {
  if (reply.kind === 'result' || reply.kind === 'error') return true;
  return reply.kind === 'http' && (reply.status === 401 || reply.status === 403 || reply.status === 429);
}

/** Whoever called is not let in, whatever the request; a server that limits the rate of requests may still do so. */
function isRefusal({ exchange }: Reply): boolean {
  const { status } = exchange.answer;
  return status === 401 || status === 403;
}

function whyRefused({ exchange }: Reply): string {
  const { answer, principal } = exchange;
  const error = /\berror="?([a-z_]{1,40})/.exec(answer.headers['www-authenticate'] ?? '')?.[1];
  const seen = `HTTP ${answer.status}${error === undefined ? '' : `, ${error}`}`;
  if (principal === ANONYMOUS)
    return `the candidate refuses requests without a token (${seen}), and the gate has none: set authorization.provider in the manifest`;
  if (principal === CONFIGURED)
    return `the candidate refuses what the headers of the manifest stand for (${seen}): see whether the credentials in run.headers are still good`;
  return `the candidate refused ${principal}'s token at the very first request (${seen}), so nothing could be tried as the legitimate user: see whether the token has expired, and whether its issuer, audience and scopes are those that the candidate expects`;
}

/** Redirects are not followed: what is judged is what the manifest names. Null where there was none. */
function whyRedirected(wire: Wire, setting: string): string | null {
  const exchange = wire.transcript.experiment(EXPERIMENT).find(isRedirect);
  if (exchange === undefined) return null;
  const { status, headers } = exchange.answer;
  const asked = new URL(exchange.request.url ?? '');
  const location = headers['location'] ?? '';
  const to = URL.canParse(location, asked.href) ? new URL(location, asked) : null;
  const rule = `(HTTP ${status}), and the gate follows no redirects`;
  if (to === null || to.pathname.length > LONGEST_PATH)
    return `the candidate redirects ${asked.pathname} to nowhere in particular ${rule}: see whether ${setting} is the path that it serves`;
  if (to.port !== asked.port || to.protocol !== asked.protocol)
    return `the candidate redirects ${asked.pathname} to another origin, ${to.origin.slice(0, LONGEST_PATH)} ${rule}: it must answer at ${asked.origin} itself`;
  return `the candidate redirects ${asked.pathname} to ${to.pathname} ${rule}: set ${setting} to ${to.pathname}`;
}

function isRedirect({ answer }: Exchange): boolean {
  return [301, 302, 303, 307, 308].includes(answer.status ?? 0);
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
