/** The laboratory: runs experiments within their time, and keeps the failure of one from spoiling another. */

/** Thrown by an experiment that can give no fact. The message says why, for people. */
export class Untestable extends Error {
  override readonly name = 'Untestable';
}

export interface Untested {
  readonly experiment: string;
  readonly reason: string;
}

export interface Experiment<T> {
  /** Name within the probe: "initialize/2025-11-25". */
  readonly name: string;
  /** Milliseconds; past them the experiment is untested. */
  readonly budgetMs?: number;
  run(signal: AbortSignal): Promise<T>;
}

const DEFAULT_BUDGET_MS = 20_000;

export interface LabOptions {
  readonly probe: string;
  readonly signal: AbortSignal;
  /** How many experiments may run side by side where they cannot disturb each other. */
  readonly width: number;
}

export class Lab {
  readonly #options: LabOptions;
  readonly #untested: Untested[] = [];
  #broken = false;

  constructor(options: LabOptions) {
    this.#options = options;
  }

  get untested(): readonly Untested[] {
    return this.#untested;
  }

  /** Whether the gate itself failed in an experiment, rather than the candidate. */
  get broken(): boolean {
    return this.#broken;
  }

  /** The full name under which exchanges of an experiment are recorded. */
  nameOf(experiment: string): string {
    return `${this.#options.probe}/${experiment}`;
  }

  /** Notes that an experiment gave no fact, without having thrown. */
  cannotTell(experiment: string, reason: string): void {
    this.#untested.push({ experiment: this.nameOf(experiment), reason });
  }

  /** Runs one experiment alone. Null when it gave no fact; the reason is then among `untested`. */
  async run<T>(experiment: Experiment<T>): Promise<T | null> {
    if (this.#options.signal.aborted) {
      this.cannotTell(experiment.name, 'the time for this run was used up before it began');
      return null;
    }
    return this.#attempt(experiment);
  }

  /** Runs experiments that cannot disturb each other, side by side, a few at a time; results keep their order. */
  async runAll<T>(experiments: readonly Experiment<T>[]): Promise<(T | null)[]> {
    const results: (T | null)[] = experiments.map(() => null);
    const queue = experiments.map((experiment, index) => ({ experiment, index }));
    const worker = async (): Promise<void> => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
        results[next.index] = await this.run(next.experiment);
      }
    };
    await Promise.all(Array.from({ length: Math.min(this.#options.width, experiments.length) }, worker));
    return results;
  }

  /** Runs experiments one after another: for attacks, and whatever could disturb its neighbours. */
  async runInTurn<T>(experiments: readonly Experiment<T>[]): Promise<(T | null)[]> {
    const results: (T | null)[] = [];
    for (const experiment of experiments) results.push(await this.run(experiment));
    return results;
  }

  async #attempt<T>(experiment: Experiment<T>): Promise<T | null> {
    const budgetMs = experiment.budgetMs ?? DEFAULT_BUDGET_MS;
    const timer = new AbortController();
    const timeout = setTimeout(() => timer.abort(), budgetMs);
    const signal = AbortSignal.any([this.#options.signal, timer.signal]);
    try {
      return await Promise.race([experiment.run(signal), rejectOnAbort(signal, budgetMs)]);
    } catch (cause: unknown) {
      if (!(cause instanceof Untestable)) this.#broken = true;
      this.cannotTell(experiment.name, reasonOf(cause));
      return null;
    } finally {
      clearTimeout(timeout);
      timer.abort();
    }
  }
}

function rejectOnAbort(signal: AbortSignal, budgetMs: number): Promise<never> {
  return new Promise((_resolve, reject) => {
    const abort = (): void => reject(new Untestable(`no fact within ${budgetMs} ms`));
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A sentence for anything that can be thrown, errors or not. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Untestable) return cause.message;
  if (cause instanceof Error) return `the gate failed here: ${cause.name}: ${cause.message}`;
  if (typeof cause === 'string') return `the gate failed here: ${cause}`;
  return 'the gate failed here: something that is no error was thrown';
}
