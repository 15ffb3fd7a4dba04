/** What gives a process away as the candidate's, and how to recognise it again. */

/** A process of this machine. `start` tells it from a later one with the same id. */
export interface Member {
  readonly pid: number;
  readonly start: string;
  /** Its command line, cut; hostile text. */
  readonly command: string;
}

/** Any of these makes a process part of a tree; children of a part are parts. */
export interface Trace {
  /** Start of the marker's value in the environment. */
  readonly marker: string;
  /** The process the gate started, leader of its own session and group. */
  readonly root: { readonly pid: number; readonly start: string } | null;
  /** Linux: the coredump filter it was started with; see `stamp.ts`. */
  readonly stamp: number | null;
  /** Found before: pid to start. */
  readonly seen: ReadonlyMap<number, string>;
}

export const longestCommand = 200;

/** Parts by trace, then their children, children's children… */
export function withDescendants<P extends { readonly pid: number; readonly ppid: number }>(
  all: readonly P[],
  isPart: (process: P) => boolean,
): readonly P[] {
  const children = new Map<number, P[]>();
  for (const process of all) {
    const siblings = children.get(process.ppid);
    if (siblings === undefined) children.set(process.ppid, [process]);
    else siblings.push(process);
  }
  const found = new Map<number, P>();
  const queue = all.filter(isPart);
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
    if (found.has(next.pid)) continue;
    found.set(next.pid, next);
    queue.push(...(children.get(next.pid) ?? []));
  }
  return [...found.values()].sort((a, b) => a.pid - b.pid);
}
