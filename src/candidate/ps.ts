/** macOS and other Unix systems: processes of a tree as ps(1) lists them. Synchronous for the same reason as `proc.ts`. */
import { spawnSync } from 'node:child_process';
import { markerName } from './environment.js';
import { longestCommand, type Member, type Trace, withDescendants } from './trace.js';

interface Row {
  readonly pid: number;
  readonly ppid: number;
  readonly group: number;
  readonly state: string;
  readonly start: string;
  readonly command: string;
}

const columns = 'pid=,ppid=,pgid=,stat=,lstart=,command=';
const row = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\w+\s+\w+\s+\d+\s+[\d:]+\s+\d+)\s+(.*)$/;

/** Live processes that belong to a trace: by group, by parent, or by the marker that `ps -E` shows. */
export function findWithPs(trace: Trace): readonly Member[] {
  const marked = pidsWith(`${markerName}=${trace.marker}`);
  const isPart = (found: Row): boolean => {
    if (found.pid === process.pid) return false;
    if (trace.seen.get(found.pid) === found.start) return true;
    return marked.has(found.pid) || (trace.root !== null && found.group === trace.root.pid);
  };
  return withDescendants(readRows(), isPart)
    .filter((found) => !found.state.startsWith('Z'))
    .map(({ pid, start, command }) => ({ pid, start, command: command.slice(0, longestCommand) }));
}

function readRows(): readonly Row[] {
  return lines(['-Aww', '-o', columns]).flatMap((line) => {
    const [, pid, ppid, group, state, start, command] = row.exec(line) ?? [];
    if (pid === undefined || state === undefined || start === undefined) return [];
    return [
      { pid: Number(pid), ppid: Number(ppid), group: Number(group), state, start, command: command ?? '' },
    ];
  });
}

function pidsWith(text: string): ReadonlySet<number> {
  const found = lines(['-AEww', '-o', 'pid=,command=']).filter((line) => line.includes(text));
  return new Set(found.map((line) => Number.parseInt(line, 10)));
}

function lines(args: readonly string[]): readonly string[] {
  const result = spawnSync('ps', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, timeout: 10_000 });
  return result.error === undefined ? result.stdout.split('\n') : [];
}
