/** Turns Ctrl-C, SIGTERM and a cancelled job into one signal, so that a run ends with its report and no process left. */

/** Milliseconds after which a run that does not end by itself is ended; the candidate's processes go with it. */
const GRACE_MS = 10_000;

/** Aborts on the first signal to this process; a second one, or the end of the grace, exits at once. */
export function interruptSignal(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(3);
    controller.abort();
    setTimeout(() => process.exit(3), GRACE_MS).unref();
  };
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    release: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
