/** Time limits that hold, and that give a candidate which is slow to answer the time that its answers take. */
import type { Exchange } from '../wire/exchange.js';
import type { Limits } from '../wire/limits.js';

export interface Deadline {
  /** Aborts when the time is up, or when the signal it was made from does. */
  readonly signal: AbortSignal;
  /** Sets the time that there is, in milliseconds since the deadline was made. */
  allow(milliseconds: number): void;
  /** Nothing waits for the deadline any more. */
  clear(): void;
}

/**
 * A deadline within `signal`. `AbortSignal.any` and `AbortSignal.timeout` are no match for each other: the former holds its
 * sources weakly, so a timeout that nobody else holds is collected as garbage and never fires.
 */
export function deadlineWithin(signal: AbortSignal, milliseconds: number): Deadline {
  const controller = new AbortController();
  const started = performance.now();
  const abort = (): void => controller.abort(signal.reason);
  const late = (): void => controller.abort(new DOMException('the time was used up', 'TimeoutError'));
  let timer: NodeJS.Timeout | undefined;
  const allow = (allowed: number): void => {
    clearTimeout(timer);
    timer = setTimeout(late, Math.max(0, allowed - (performance.now() - started)));
  };
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  allow(milliseconds);
  return {
    signal: controller.signal,
    allow,
    clear: () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    },
  };
}

/** Exchanges of the longest probe one after another, and of a whole run, with as many to spare. */
const PROBE_EXCHANGES = 2000;
const RUN_EXCHANGES = 4000;

/** Time for one probe in milliseconds: its own budget, and what that many answers of this candidate take, within bounds. */
export function probeTime(budgetMs: number, exchanges: readonly Exchange[], limits: Limits): number {
  return Math.min(Math.max(budgetMs, limits.probeMs), budgetMs + PROBE_EXCHANGES * answerTime(exchanges));
}

/** Time for one candidate in milliseconds, likewise. */
export function runTime(exchanges: readonly Exchange[], { budgetMs, longestRunMs }: Limits): number {
  return Math.min(Math.max(budgetMs, longestRunMs), budgetMs + RUN_EXCHANGES * answerTime(exchanges));
}

/** Milliseconds that an answer of the candidate took on average; 0 before there was one. */
function answerTime(exchanges: readonly Exchange[]): number {
  const answered = exchanges.filter(({ answer }) => answer.ending === 'answered');
  const all = answered.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return answered.length === 0 ? 0 : all / answered.length;
}
