/** What all processes of one candidate share (a home, a marker, guards), taken once and given back whatever happens. */
import { randomBytes } from 'node:crypto';
import type { CommandRun } from '../manifest/plan.js';
import type { CandidateExit, Origin } from './candidate.js';
import { candidateEnvironment, missingVariables, whyNotPassed } from './environment.js';
import { guard } from './guard.js';
import { makeHome, removeHome } from './home.js';
import { LaunchError } from './launch-error.js';
import type { CandidateLimits, CandidateOptions, Variables } from './options.js';
import { type LaunchSpec, type RunningProcess, startProcess } from './process.js';
import { fillIn } from './substitute.js';
import { Tree } from './tree.js';
import { watch } from './watchdog.js';

const mostExits = 1_000;

/** Where a process is to listen; the port is null when the candidate has one of its own that is yet to be found. */
export interface Place {
  readonly host: string;
  readonly port: number | null;
}

export class Hold {
  readonly exits: CandidateExit[] = [];
  readonly #run: CommandRun;
  readonly #options: CandidateOptions;
  readonly #limits: CandidateLimits;
  readonly #runner: Readonly<Record<string, string | undefined>>;
  readonly #id = randomBytes(12).toString('hex');
  readonly #home: string;
  readonly #alive = new Set<RunningProcess>();
  readonly #unguard: () => void;
  readonly #unwatch: () => void;
  #deaf: () => void = () => {};
  #latest: RunningProcess | null = null;
  #launched = 0;
  #released: Promise<void> | null = null;

  /** Throws a `LaunchError` for a manifest that asks for what no candidate gets. */
  constructor(run: CommandRun, options: CandidateOptions, limits: CandidateLimits) {
    const refusal = run.passEnv.map(whyNotPassed).find((reason) => reason !== null);
    if (refusal !== undefined) throw new LaunchError(refusal);
    this.#run = run;
    this.#options = options;
    this.#limits = limits;
    this.#runner = options.runner ?? process.env;
    this.#home = makeHome();
    this.#unguard = guard(() => this.#lastRites());
    this.#unwatch = watch(`${this.#id}.`, this.#home);
  }

  /** Starts one more process. Rejects with a `LaunchError`. */
  async start(stdout: LaunchSpec['stdout'], place: Place | null): Promise<RunningProcess> {
    if (this.#released !== null)
      throw new LaunchError('the candidate was disposed of; nothing is started any more');
    const filled = fillIn(this.#run, await this.#variables(place));
    this.#launched += 1;
    const marker = `${this.#id}.${this.#launched}.`;
    const env = candidateEnvironment({
      run: this.#run,
      env: filled.env,
      home: this.#home,
      marker,
      runner: this.#runner,
    });
    const { cwd } = this.#run;
    const started = await startProcess({
      command: filled.command,
      cwd,
      env,
      marker,
      stdout,
      limits: this.#limits,
    });
    this.#latest = started;
    this.#alive.add(started);
    void started.exited.then((status) => {
      if (this.exits.length < mostExits) {
        this.exits.push({ ...status, pid: started.pid, requested: started.stopRequested });
      }
    });
    if (this.#released !== null) await started.tree.kill();
    return started;
  }

  /** Processes that were started and not let go of. */
  get processes(): readonly RunningProcess[] {
    return [...this.#alive];
  }

  /** Ended and swept: no need to hold on to it. */
  letGo(process: RunningProcess): void {
    this.#alive.delete(process);
  }

  outputTail(): string {
    return this.#latest?.outputTail() ?? '';
  }

  /** A sentence about variables the runner lacks, for the reason of a failure; empty when there are none. */
  hint(): string {
    const missing = missingVariables(this.#run, this.#runner);
    return missing.length === 0
      ? ''
      : ` (passEnv names ${missing.join(', ')}, which the runner does not have)`;
  }

  /** Kills everything at once, without asking; what waits for an exit then sees one. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#alive].map((process) => process.tree.kill()));
  }

  /** Ends the candidate when the run is cancelled, until it is released. */
  onAbort(end: () => Promise<void>): void {
    const { signal } = this.#options;
    const listener = () => void end();
    signal?.addEventListener('abort', listener, { once: true });
    this.#deaf = () => signal?.removeEventListener('abort', listener);
    if (signal?.aborted === true) listener();
  }

  /** Sweeps, removes the home, gives up the guards. Idempotent; never throws. */
  release(): Promise<void> {
    this.#released ??= this.#sweep();
    return this.#released;
  }

  async #sweep(): Promise<void> {
    try {
      await this.killAll();
      await this.#everything().kill();
      removeHome(this.#home);
    } finally {
      this.#alive.clear();
      this.#deaf();
      this.#unwatch();
      this.#unguard();
    }
  }

  /** Whatever carries the candidate's marker, of whichever process. */
  #everything(): Tree {
    return new Tree({ marker: `${this.#id}.`, root: null, stamp: null });
  }

  #lastRites(): void {
    try {
      for (const process of this.#alive) process.tree.killNow();
      this.#everything().killNow();
      removeHome(this.#home);
      this.#unwatch();
    } catch {
      // The watchdog is still there.
    }
  }

  async #variables(place: Place | null): Promise<Variables> {
    const { variables = {} } = this.#options;
    const given = typeof variables === 'function' ? await variables(originOf(place)) : variables;
    if (place === null) return given;
    // A program binds to ::1; the brackets belong to URLs.
    const host = place.host.replace(/^\[|\]$/g, '');
    return place.port === null ? { ...given, host } : { ...given, host, port: String(place.port) };
  }
}

function originOf(place: Place | null): Origin | null {
  if (place === null || place.port === null) return null;
  return { protocol: 'http:', host: place.host, port: place.port };
}
