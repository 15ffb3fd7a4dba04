/** Waits until a candidate answers, by asking it: which port, which host name, how soon. Nothing here sleeps and hopes. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Hello, HelloOutcome, Origin } from './candidate.js';
import { listensOn } from './port.js';

type Answer = Exclude<HelloOutcome, 'no-answer'>;

export interface Watch {
  readonly protocol: Origin['protocol'];
  /** In order of preference; the first that is accepted is used. */
  readonly hosts: readonly string[];
  /** Where it may listen by now: one known port, or those discovered so far. */
  ports(): Promise<readonly number[]>;
  readonly hello: Hello;
  /** Whether it still runs. */
  isAlive(): boolean;
  /** Whether the port is its own: false while that cannot be shown, null where nobody can tell. */
  owns(port: number): Promise<boolean | null>;
  readonly timeoutMs: number;
  readonly helloTimeoutMs: number;
  readonly secondThoughtsMs: number;
  readonly signal: AbortSignal;
}

export type Readiness =
  | { readonly kind: 'ready'; readonly origin: Origin; readonly hello: Answer; readonly afterMs: number }
  | { readonly kind: 'exited' }
  | { readonly kind: 'cancelled' }
  /** `connected`: ports that took a connection, and then said nothing. */
  | { readonly kind: 'timeout'; readonly connected: readonly number[] };

const firstPauseMs = 15;
const longestPauseMs = 150;
/** It answers already, and is asked again only to see whether it changes its mind. */
const politePauseMs = 400;
/** A port that cannot be shown to be the candidate's may be one that it failed to get: then it soon exits. */
const foreignMs = 1_000;
const mostPorts = 8;

interface Found {
  readonly origin: Origin;
  readonly hello: Answer;
  readonly afterMs: number;
}

/** Polls with growing pauses until it answers, exits, or the time is up. Never throws. */
export async function untilReady(watch: Watch): Promise<Readiness> {
  const from = performance.now();
  const elapsed = () => Math.round(performance.now() - from);
  const connected = new Set<number>();
  let best: Found | null = null;
  let bestSince = 0;

  for (
    let pause = firstPauseMs;
    ;
    pause = best === null ? Math.min(pause * 1.5, longestPauseMs) : politePauseMs
  ) {
    if (watch.signal.aborted) return { kind: 'cancelled' };
    if (!watch.isAlive()) return { kind: 'exited' };
    const found = await askEverywhere(watch, connected, elapsed);
    if (found !== null) {
      if (best === null) bestSince = elapsed();
      best = better(best, found, watch.hosts);
      if (elapsed() - bestSince >= (await patience(watch, best)) && watch.isAlive()) {
        return { kind: 'ready', ...best };
      }
    }
    if (elapsed() >= watch.timeoutMs) {
      return best === null ? { kind: 'timeout', connected: [...connected] } : { kind: 'ready', ...best };
    }
    await sleep(pause, undefined, { signal: watch.signal }).catch(() => undefined);
  }
}

/** How long to look on before an answer is taken for the answer. */
async function patience(watch: Watch, found: Found): Promise<number> {
  const byAnswer = found.hello === 'accepted' ? 0 : watch.secondThoughtsMs;
  const byOwner = (await watch.owns(found.origin.port)) === false ? foreignMs : 0;
  return Math.max(byAnswer, byOwner);
}

async function askEverywhere(
  watch: Watch,
  connected: Set<number>,
  elapsed: () => number,
): Promise<Found | null> {
  let best: Found | null = null;
  for (const port of (await watch.ports()).slice(0, mostPorts)) {
    for (const host of watch.hosts) {
      if (watch.signal.aborted) return best;
      if (!(await listensOn(host, port))) continue;
      connected.add(port);
      const origin: Origin = { protocol: watch.protocol, host, port };
      const hello = await ask(watch, origin);
      if (hello === 'no-answer') continue;
      best = better(best, { origin, hello, afterMs: elapsed() }, watch.hosts);
      if (hello === 'accepted') return await preferred(watch, best);
    }
  }
  return best;
}

/** A candidate that came up between two questions is found under a later name first; the preferred one gets another chance. */
async function preferred(watch: Watch, found: Found): Promise<Found> {
  const { origin } = found;
  for (const host of watch.hosts.slice(0, watch.hosts.indexOf(origin.host))) {
    const other: Origin = { ...origin, host };
    if ((await listensOn(host, origin.port)) && (await ask(watch, other)) === 'accepted')
      return { ...found, origin: other };
  }
  return found;
}

const worth: Readonly<Record<Answer, number>> = { accepted: 2, answered: 1, 'host-refused': 0 };

/**
 * The earlier of two equals, so that the time to ready is the first answer's; under the name that is preferred, whichever
 * was the first to be answered by a candidate that came up between two questions.
 */
function better(one: Found | null, other: Found, hosts: Watch['hosts']): Found {
  if (one === null || worth[other.hello] > worth[one.hello]) return other;
  const renamed =
    worth[other.hello] === worth[one.hello] &&
    other.origin.port === one.origin.port &&
    hosts.indexOf(other.origin.host) < hosts.indexOf(one.origin.host);
  return renamed ? { ...one, origin: other.origin } : one;
}

async function ask(watch: Watch, origin: Origin): Promise<HelloOutcome> {
  const tooLate = new AbortController();
  const timer = setTimeout(() => tooLate.abort(), watch.helloTimeoutMs);
  const signal = AbortSignal.any([watch.signal, tooLate.signal]);
  const silence = new Promise<HelloOutcome>((resolve) => {
    signal.addEventListener('abort', () => resolve('no-answer'), { once: true });
  });
  try {
    return await Promise.race([watch.hello(origin, signal), silence]);
  } catch {
    return 'no-answer';
  } finally {
    clearTimeout(timer);
    tooLate.abort();
  }
}
