/** Linux: processes of a tree, read from /proc. Everything is synchronous, because the last sweep runs while the gate exits. */
import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { markerName } from './environment.js';
import { longestCommand, type Member, type Trace, withDescendants } from './trace.js';

interface Stat {
  readonly pid: number;
  readonly state: string;
  readonly ppid: number;
  readonly session: number;
  /** Clock ticks since boot. */
  readonly start: string;
}

/** The marker is the first variable the gate sets; whoever rebuilt the environment is found by another trace. */
const environmentBytes = 131_072;

/** Live processes that belong to a trace; zombies are dead and do not count. */
export function findInProc(trace: Trace): readonly Member[] {
  const notBefore = trace.root === null ? 0n : BigInt(trace.root.start);
  const all = readAll();
  const isPart = (stat: Stat): boolean => {
    if (stat.pid === process.pid) return false;
    if (trace.seen.get(stat.pid) === stat.start) return true;
    if (BigInt(stat.start) < notBefore) return false;
    if (trace.root !== null && stat.session === trace.root.pid) return true;
    return carries(stat.pid, trace);
  };
  return withDescendants(all, isPart)
    .filter((stat) => stat.state !== 'Z' && stat.state !== 'X')
    .map((stat) => ({ pid: stat.pid, start: stat.start, command: commandLine(stat.pid) }));
}

/** When a process started; null when there is none. */
export function startOf(pid: number): string | null {
  return readStat(pid)?.start ?? null;
}

function readAll(): readonly Stat[] {
  const found: Stat[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const stat = readStat(pid);
    if (stat !== null) found.push(stat);
  }
  return found;
}

/** proc(5): the second field is the name in parentheses and may hold anything, so fields count from the last one. */
function readStat(pid: number): Stat | null {
  const text = readText(`/proc/${pid}/stat`);
  if (text === null) return null;
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, ppid, , session] = fields;
  const start = fields[19];
  if (state === undefined || start === undefined) return null;
  return { pid, state, ppid: Number(ppid), session: Number(session), start };
}

function carries(pid: number, trace: Trace): boolean {
  const environment = environmentOf(pid);
  if (environment.includes(`\0${markerName}=${trace.marker}`)) return true;
  // A marker of another tree outweighs the stamp, of which there are only a few hundred.
  if (trace.stamp === null || environment.includes(`\0${markerName}=`)) return false;
  if (isOfTheRunner(environment)) return false;
  const filter = readText(`/proc/${pid}/coredump_filter`);
  return filter !== null && Number.parseInt(filter, 16) === trace.stamp;
}

/**
 * Another gate wears a stamp for the moment of a spawn, and it may be ours. It has the runner's home, like all of the
 * runner's own processes; no candidate is ever given that.
 */
function isOfTheRunner(environment: string): boolean {
  const home = process.env['HOME'];
  return home === undefined || environment.includes(`\0HOME=${home}\0`);
}

/** Begins with a NUL, so that every variable has one before it. */
function environmentOf(pid: number): string {
  const buffer = Buffer.allocUnsafe(environmentBytes);
  let length = 0;
  try {
    const file = openSync(`/proc/${pid}/environ`, 'r');
    try {
      // The kernel hands out at most a page or so at a time.
      for (;;) {
        const read = readSync(file, buffer, length, buffer.length - length, null);
        if (read === 0) break;
        length += read;
      }
    } finally {
      closeSync(file);
    }
  } catch {
    // Gone meanwhile, or another user's.
  }
  return `\0${buffer.toString('latin1', 0, length)}`;
}

function commandLine(pid: number): string {
  const text = readText(`/proc/${pid}/cmdline`) ?? '';
  const words = text.replace(/\0+$/, '').replaceAll('\0', ' ');
  const shown = words === '' ? (readText(`/proc/${pid}/comm`) ?? '').trim() : words;
  return shown.length > longestCommand ? `${shown.slice(0, longestCommand)}…` : shown;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
