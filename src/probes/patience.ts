/** A candidate that limits the rate of requests is given time, once, before nothing can be told of it. */
import { type Experiment, Untestable } from './lab.js';

const SHORTEST_MS = 1000;
const LONGEST_MS = 5000;

/** Thrown instead of a conclusion when the candidate said that it was asked too often. */
export class Busy extends Untestable {
  readonly waitMs: number;

  /** @param retryAfter the header of that name: seconds; dates count as none */
  constructor(retryAfter: string | undefined) {
    super('the candidate limits the rate of requests (HTTP 429)');
    const seconds = Number(retryAfter ?? Number.NaN);
    this.waitMs = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, Number.isFinite(seconds) ? seconds * 1000 : 0));
  }
}

/** The same experiments, each tried a second time after a pause where the first time the candidate was busy. */
export function patiently<T>(experiments: readonly Experiment<T>[]): Experiment<T>[] {
  return experiments.map((experiment) => ({
    ...experiment,
    budgetMs: (experiment.budgetMs ?? 20_000) + LONGEST_MS,
    run: async (signal) => {
      try {
        return await experiment.run(signal);
      } catch (cause: unknown) {
        if (!(cause instanceof Busy)) throw cause;
        await new Promise((resolve) => setTimeout(resolve, cause.waitMs));
        return experiment.run(signal);
      }
    },
  }));
}
