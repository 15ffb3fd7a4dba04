/** One process of the candidate: started in a session of its own, drained always, ended for certain. */
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { statSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CandidateProcess, ExitStatus, Shutdown } from './candidate.js';
import { gateIsEnding } from './guard.js';
import { cannotStart, LaunchError } from './launch-error.js';
import type { CandidateLimits } from './options.js';
import { isFreed } from './port.js';
import { stamped } from './stamp.js';
import { OutputTail } from './tail.js';
import type { Member } from './trace.js';
import { Tree } from './tree.js';

export interface LaunchSpec {
  readonly command: readonly [string, ...string[]];
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** As in `env`; unique to this process. */
  readonly marker: string;
  /** `for-the-wire`: stdout is a protocol and nobody but the wire reads it; `in-the-tail`: it is a log. */
  readonly stdout: 'for-the-wire' | 'in-the-tail';
  readonly limits: CandidateLimits;
}

/** How long children get to notice that their parent has ended. */
const orphanMs = 500;
const orphanPollMs = 25;
/** A killed process is gone when the kernel gets round to it. */
const reapMs = 3_000;
/** Output may still be on its way when the exit is reported; a child that keeps the pipe open is not waited for. */
const drainMs = 250;
const mostLeftovers = 50;

type Child = ChildProcessByStdio<Writable, Readable, Readable>;

/** Starts it. Rejects with a `LaunchError` when the program cannot be started. */
export async function startProcess(spec: LaunchSpec): Promise<RunningProcess> {
  if (gateIsEnding())
    throw new LaunchError('the gate is being ended by a signal; nothing is started any more');
  if (!isFolder(spec.cwd)) {
    throw new LaunchError(
      `the command could not be started: its working directory ${JSON.stringify(spec.cwd)} is no folder; check run.cwd`,
    );
  }
  const [program, ...args] = spec.command;
  try {
    const { spawned, stamp } = stamped(() =>
      spawn(program, args, {
        cwd: spec.cwd,
        env: spec.env,
        stdio: ['pipe', 'pipe', 'pipe'],
        detached: process.platform !== 'win32',
        windowsHide: true,
      }),
    );
    const startedAt = performance.now();
    await new Promise<void>((resolve, reject) => {
      spawned.once('error', reject);
      // Before anything asynchronous: the process may have forked already, and may be gone soon.
      if (spawned.pid !== undefined) resolve();
    });
    return new RunningProcess(spawned, spec, stamp, startedAt);
  } catch (cause: unknown) {
    throw cannotStart(program, spec.cwd, cause);
  }
}

export class RunningProcess implements CandidateProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly startedAt: number;
  readonly exited: Promise<ExitStatus>;
  readonly tree: Tree;
  readonly #child: Child;
  readonly #tail: OutputTail;
  readonly #limits: CandidateLimits;
  readonly #drained: Promise<void>;
  #exitStatus: ExitStatus | null = null;
  #stopping: Promise<Shutdown> | null = null;
  #port: number | null = null;
  #swept = false;

  constructor(child: Child, spec: LaunchSpec, stamp: number | null, startedAt: number) {
    this.pid = child.pid ?? 0;
    this.stdin = child.stdin;
    this.stdout = child.stdout;
    this.startedAt = startedAt;
    this.#child = child;
    this.#limits = spec.limits;
    this.#tail = new OutputTail(spec.limits.tailBytes, spec.limits.tailLines);
    this.tree = new Tree({ marker: spec.marker, root: child.pid ?? null, stamp });
    const logs = spec.stdout === 'in-the-tail' ? [child.stderr, child.stdout] : [child.stderr];
    for (const log of logs) log.on('data', (chunk: Buffer) => this.#tail.push(chunk));
    // A broken pipe is how a dead process looks from here; its exit says the rest.
    for (const stream of [child.stdin, child.stdout, child.stderr]) stream.on('error', () => {});
    child.on('error', () => {});
    this.exited = new Promise((resolve) => {
      child.once('exit', (code, signal) => {
        this.#exitStatus = { code, signal, afterMs: this.#since(startedAt) };
        resolve(this.#exitStatus);
      });
    });
    this.#drained = new Promise((resolve) => child.once('close', () => resolve()));
  }

  get exitStatus(): ExitStatus | null {
    return this.#exitStatus;
  }

  /** The gate asked for its end; an exit after that is no crash. */
  get stopRequested(): boolean {
    return this.#stopping !== null;
  }

  /** Nothing of it is left to look after. */
  get isSwept(): boolean {
    return this.#swept;
  }

  /** Tells on which port it serves, so that `stop` can say whether the port is free again. */
  servesOn(port: number): void {
    this.#port = port;
  }

  outputTail(): string {
    return this.#tail.toString();
  }

  /** The same, after what it wrote last had time to arrive. */
  async finalOutput(): Promise<string> {
    await Promise.race([this.#drained, sleep(drainMs, undefined, { ref: false })]);
    return this.outputTail();
  }

  /** Whether the process, or a child it left in charge, is alive. */
  isAlive(): boolean {
    return this.#exitStatus === null || this.tree.members().length > 0;
  }

  stop(how: { readonly eofMs?: number; readonly termMs?: number } = {}): Promise<Shutdown> {
    this.#stopping ??= this.#end(how.eofMs ?? this.#limits.eofMs, how.termMs ?? this.#limits.termMs);
    return this.#stopping;
  }

  async #end(eofMs: number, termMs: number): Promise<Shutdown> {
    const alreadyExited = this.#exitStatus !== null;
    // Children are known now, whomever they belong to when their parent has ended.
    this.tree.members();
    // A candidate blocked on a full pipe could not end.
    this.stdout.resume();
    const exitedOnEofAfterMs = await this.#closeStdin(eofMs);
    const exitedOnSigtermAfterMs = await this.#terminate(termMs);
    const killed = await this.#kill();
    const leftovers = await this.#outliving();
    await this.tree.kill();
    this.stdin.destroy();
    this.#swept = true;
    return {
      alreadyExited,
      exitedOnEofAfterMs,
      exitedOnSigtermAfterMs,
      killed,
      leftovers: leftovers.slice(0, mostLeftovers).map(({ pid, command }) => ({ pid, command })),
      portFreed: this.#port === null ? null : await isFreed(this.#port),
    };
  }

  async #closeStdin(withinMs: number): Promise<number | null> {
    if (this.#exitStatus !== null || withinMs <= 0) return null;
    const from = performance.now();
    this.stdin.end();
    return this.#exitWithin(withinMs, from);
  }

  async #terminate(withinMs: number): Promise<number | null> {
    if (this.#exitStatus !== null || withinMs <= 0) return null;
    const from = performance.now();
    // The process alone, as MCP clients and service managers do: what it leaves behind is a fact.
    this.#child.kill('SIGTERM');
    return this.#exitWithin(withinMs, from);
  }

  async #kill(): Promise<boolean> {
    if (this.#exitStatus !== null) return false;
    if (process.platform === 'win32') this.tree.killNow();
    this.#child.kill('SIGKILL');
    await this.#exitWithin(reapMs, performance.now());
    return true;
  }

  /** What is still there when children had the time to notice. */
  async #outliving(): Promise<readonly Member[]> {
    const until = performance.now() + orphanMs;
    for (;;) {
      const members = this.tree.members().filter((member) => member.pid !== this.pid);
      if (members.length === 0 || performance.now() >= until) return members;
      await sleep(orphanPollMs);
    }
  }

  async #exitWithin(ms: number, from: number): Promise<number | null> {
    const patience = new AbortController();
    const timer = sleep(ms, null, { signal: patience.signal }).catch(() => null);
    const status = await Promise.race([this.exited, timer]);
    patience.abort();
    return status === null ? null : this.#since(from);
  }

  #since(from: number): number {
    return Math.round(performance.now() - from);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
