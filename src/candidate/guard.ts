/**
 * No candidate outlives the gate: whatever ends this process, what is guarded is put away first. Signals and `exit`
 * belong to the whole process, so this is the one place of the folder that keeps state for all candidates.
 * A gate killed with SIGKILL runs nothing any more; see `watchdog.ts`.
 */

/** Puts away what the gate holds, synchronously. Must not throw. */
export type LastRites = () => void;

const signals: readonly NodeJS.Signals[] =
  process.platform === 'win32'
    ? ['SIGINT', 'SIGTERM', 'SIGBREAK']
    : ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'];

const guarded = new Set<LastRites>();
let ending = false;

/** True after the first signal: nothing may be started any more. */
export function gateIsEnding(): boolean {
  return ending;
}

/** Guards until the returned function is called. */
export function guard(rites: LastRites): () => void {
  if (guarded.size === 0) install();
  guarded.add(rites);
  return () => {
    if (guarded.delete(rites) && guarded.size === 0) uninstall();
  };
}

function install(): void {
  process.on('exit', putAwayAll);
  for (const signal of signals) process.on(signal, onSignal);
}

function uninstall(): void {
  process.off('exit', putAwayAll);
  for (const signal of signals) process.off(signal, onSignal);
}

function onSignal(signal: NodeJS.Signals): void {
  ending = true;
  // Somebody else listens too and decides how the gate ends; otherwise it ends as if nobody had listened.
  const decidedElsewhere = process.listenerCount(signal) > 1;
  putAwayAll();
  if (decidedElsewhere) return;
  uninstall();
  process.kill(process.pid, signal);
}

function putAwayAll(): void {
  for (const rites of guarded) rites();
}
