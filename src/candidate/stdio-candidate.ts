/** A candidate that speaks over stdin and stdout: every connection is a process of its own. */
import type { CommandRun } from '../manifest/plan.js';
import type { CandidateExit, CandidateProcess, Listener, Shutdown, WatchedCandidate } from './candidate.js';
import { Hold } from './hold.js';
import { LaunchError } from './launch-error.js';
import { listenersOf } from './listeners.js';
import type { CandidateLimits, CandidateOptions, OpenedCandidate } from './options.js';
import type { RunningProcess } from './process.js';

/** At the end nobody is measured any more. */
const lastWaits = { eofMs: 300, termMs: 500 };

export class StdioCandidate implements WatchedCandidate {
  readonly kind = 'command';
  readonly origin = null;
  readonly process = null;
  readonly readyMs = null;
  readonly hello = null;
  readonly #hold: Hold;
  readonly #limits: CandidateLimits;
  #first: RunningProcess | null;
  #launches = 0;
  #disposed: Promise<null> | null = null;

  private constructor(hold: Hold, first: RunningProcess, limits: CandidateLimits) {
    this.#hold = hold;
    this.#first = first;
    this.#limits = limits;
  }

  /**
   * Starts the first process, so that a command that cannot be started is known now, and keeps it for the first
   * `launch`: nothing is started only to be thrown away.
   */
  static async open(
    run: CommandRun,
    options: CandidateOptions,
    limits: CandidateLimits,
  ): Promise<OpenedCandidate> {
    const hold = new Hold(run, options, limits);
    try {
      const candidate = new StdioCandidate(hold, await hold.start('for-the-wire', null), limits);
      hold.onAbort(() => candidate.#abort());
      return { ok: true, candidate };
    } catch (cause: unknown) {
      await hold.release();
      throw cause;
    }
  }

  get exits(): readonly CandidateExit[] {
    return this.#hold.exits;
  }

  outputTail(): string {
    return this.#hold.outputTail();
  }

  async launch(): Promise<CandidateProcess> {
    if (this.#disposed !== null) {
      throw new LaunchError('the candidate was disposed of; nothing is started any more');
    }
    if (this.#launches >= this.#limits.launches) {
      throw new LaunchError(
        `the candidate was started ${this.#launches} times, which is all that is allowed`,
      );
    }
    this.#launches += 1;
    this.#forgetTheDead();
    const kept = this.#first;
    this.#first = null;
    return kept ?? this.#hold.start('for-the-wire', null);
  }

  /** There is nothing to keep running: each connection starts its own. */
  async ensureRunning(): Promise<boolean> {
    return this.#disposed === null && this.#launches < this.#limits.launches;
  }

  async listeners(): Promise<readonly Listener[] | null> {
    const pids = this.#hold.processes.flatMap((process) => process.tree.members().map(({ pid }) => pid));
    return listenersOf(pids);
  }

  dispose(): Promise<Shutdown | null> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  async #end(): Promise<null> {
    try {
      await Promise.all(this.#hold.processes.map((process) => process.stop(lastWaits)));
    } finally {
      await this.#hold.release().catch(() => undefined);
    }
    return null;
  }

  async #abort(): Promise<void> {
    await this.#hold.killAll();
    await this.dispose();
  }

  /** Hundreds of connections may come and go; a process that was stopped has been swept. */
  #forgetTheDead(): void {
    for (const process of this.#hold.processes) {
      if (process.isSwept) this.#hold.letGo(process);
    }
  }
}
