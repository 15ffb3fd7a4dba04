/**
 * Linux: a mark that survives what removes the others. A process that leaves its session, its parents and its
 * environment behind (`env -i setsid …`, or a program that overwrites its environment with a title) still has the
 * coredump filter of the process it descends from: fork(2) and execve(2) keep it (core(5)). The gate sets an unusual
 * one on itself for the moment of the spawn. It changes only what a core dump would contain.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = '/proc/self/coredump_filter';
/** core(5) defines nine bits. */
const values = 512;

let last = Math.floor(Math.random() * values);

/** Runs `spawn` with the next stamp on this process, and takes it off again. The stamp is null where there is no such file. */
export function stamped<T>(spawn: () => T): { readonly spawned: T; readonly stamp: number | null } {
  const own = readFilter();
  if (own === null) return { spawned: spawn(), stamp: null };
  do last = (last + 1) % values;
  while (last === own || last === 0x33 || last === 0);
  const stamp = last;
  if (!writeFilter(stamp)) return { spawned: spawn(), stamp: null };
  try {
    return { spawned: spawn(), stamp };
  } finally {
    writeFilter(own);
  }
}

function readFilter(): number | null {
  if (process.platform !== 'linux') return null;
  try {
    const value = Number.parseInt(readFileSync(file, 'utf8'), 16);
    return Number.isNaN(value) ? null : value;
  } catch {
    return null;
  }
}

function writeFilter(value: number): boolean {
  try {
    writeFileSync(file, `0x${value.toString(16)}`);
    return readFilter() === value;
  } catch {
    return false;
  }
}
