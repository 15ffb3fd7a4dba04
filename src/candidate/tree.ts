/** The whole tree of a process, wherever its branches fled to: find it, and fell it. */
import { spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { findInProc, startOf } from './proc.js';
import { findWithPs } from './ps.js';
import type { Member, Trace } from './trace.js';

/** Sweeps until nothing is left; a fork bomb is frozen before it is killed, so this many suffice. */
const sweeps = 60;
/** New members may appear while the others are being stopped. */
const freezes = 10;

export class Tree {
  readonly #marker: string;
  readonly #root: Trace['root'];
  readonly #stamp: number | null;
  readonly #seen = new Map<number, string>();

  /** `root` is the process the gate started, or null to go by the marker alone. */
  constructor(from: {
    readonly marker: string;
    readonly root: number | null;
    readonly stamp: number | null;
  }) {
    this.#marker = from.marker;
    this.#stamp = from.stamp;
    this.#root = rootOf(from.root);
    if (this.#root !== null && this.#root.start !== '') this.#seen.set(this.#root.pid, this.#root.start);
  }

  /** Processes alive now. Those found are remembered, and found again when they change their parent. */
  members(): readonly Member[] {
    const found = find({ marker: this.#marker, root: this.#root, stamp: this.#stamp, seen: this.#seen });
    for (const member of found) this.#seen.set(member.pid, member.start);
    return found;
  }

  /** Kills until nothing is left, within bounds. Returns what could not be killed (another user's process). */
  async kill(): Promise<readonly Member[]> {
    for (let sweep = 0; sweep < sweeps; sweep += 1) {
      if (this.#sweep()) return [];
      await sleep(Math.min(5 + sweep * 5, 100));
    }
    return this.members();
  }

  /** The same while the gate is exiting, when nothing asynchronous runs any more. */
  killNow(): void {
    for (let sweep = 0; sweep < sweeps; sweep += 1) {
      if (this.#sweep()) return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Math.min(5 + sweep * 5, 50));
    }
  }

  /** True when nothing was there to be killed, on a second look too: one look can miss what forks while it reads. */
  #sweep(): boolean {
    if (process.platform === 'win32') return this.#taskkill();
    const members = this.#freeze();
    for (const member of members) signal(member, 'SIGKILL');
    return members.length === 0 && this.members().length === 0;
  }

  #freeze(): readonly Member[] {
    const frozen = new Map<number, Member>();
    for (let round = 0; round < freezes; round += 1) {
      const fresh = this.members().filter((member) => frozen.get(member.pid)?.start !== member.start);
      if (fresh.length === 0) break;
      for (const member of fresh) {
        frozen.set(member.pid, member);
        signal(member, 'SIGSTOP');
      }
    }
    return [...frozen.values()];
  }

  /** Windows keeps no trace but the parent: one call ends the tree as far as it is linked. */
  #taskkill(): boolean {
    if (this.#root !== null) {
      spawnSync('taskkill', ['/T', '/F', '/PID', String(this.#root.pid)], {
        stdio: 'ignore',
        timeout: 10_000,
      });
    }
    return true;
  }
}

function rootOf(pid: number | null): Trace['root'] {
  if (pid === null) return null;
  if (process.platform !== 'linux') return { pid, start: '' };
  const start = startOf(pid);
  return start === null ? null : { pid, start };
}

function find(trace: Trace): readonly Member[] {
  switch (process.platform) {
    case 'linux':
      return findInProc(trace);
    case 'win32':
      return [];
    default:
      return findWithPs(trace);
  }
}

function signal(member: Member, name: 'SIGSTOP' | 'SIGKILL'): void {
  // The id may have been given to somebody else since the tree was read.
  if (process.platform === 'linux' && startOf(member.pid) !== member.start) return;
  try {
    process.kill(member.pid, name);
  } catch {
    // Gone meanwhile, or another user's: the next sweep tells.
  }
}
