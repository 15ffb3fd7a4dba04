/** How long this probe waits, in milliseconds. */

/** For one call, whatever it asks. */
export const LONGEST_CALL_MS = 12_000;
/** For one call that becomes a task. */
export const LONGEST_TASK_MS = 20_000;
/** For one experiment: a session, a call and its retries. */
export const EXPERIMENT_MS = 40_000;

const SHORTEST_POLL_MS = 100;
const LONGEST_POLL_MS = 2000;

/** The pause before a task is asked for again, within bounds. @param suggested what the server suggests */
export function pauseOf(suggested: unknown): number {
  const wanted = typeof suggested === 'number' && Number.isFinite(suggested) ? suggested : 500;
  return Math.min(LONGEST_POLL_MS, Math.max(SHORTEST_POLL_MS, wanted));
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
