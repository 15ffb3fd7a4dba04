/** What a caller may ask of `openCandidate`, with the limits that hold when nothing is said. */
import type { RuntimeVariable } from '../manifest/templates.js';
import type { Hello, Origin, WatchedCandidate } from './candidate.js';
import type { PortSource } from './port.js';

/** Milliseconds, unless the name says otherwise. */
export interface CandidateLimits {
  /** From the start of a process until it must have answered. */
  readonly readyTimeoutMs: number;
  /** How long one `hello` may take. */
  readonly helloTimeoutMs: number;
  /** How long a candidate that answers, but not as hoped, gets to change its mind before the gate goes on with it. */
  readonly secondThoughtsMs: number;
  /** Waits of a shutdown: after closing stdin (stdio only), and after SIGTERM. */
  readonly eofMs: number;
  readonly termMs: number;
  /** Ports to try when another process was faster. */
  readonly portAttempts: number;
  /** Starts after a crash, of an HTTP candidate. */
  readonly restarts: number;
  /** Processes of a stdio candidate, in all. */
  readonly launches: number;
  /** What is kept of the output. */
  readonly tailBytes: number;
  readonly tailLines: number;
}

export const defaultLimits: CandidateLimits = {
  readyTimeoutMs: 30_000,
  helloTimeoutMs: 5_000,
  secondThoughtsMs: 2_000,
  eofMs: 2_000,
  termMs: 3_000,
  portAttempts: 5,
  restarts: 10,
  launches: 500,
  tailBytes: 16_384,
  tailLines: 40,
};

/** Values of `${…}` by name, without the braces. `port` and `host` are set here; others come from the caller. */
export type Variables = Readonly<Partial<Record<RuntimeVariable, string>>>;

export interface CandidateOptions {
  /** Fixed values, or what to compute once the port is known (an audience contains it). */
  readonly variables?: Variables | ((origin: Origin | null) => Variables | Promise<Variables>);
  /** Aborting it ends the candidate at once, at any time. */
  readonly signal?: AbortSignal;
  readonly limits?: Partial<CandidateLimits>;
  readonly hello: Hello;
  /** The runner's environment, from which little is taken; `process.env` when left out. */
  readonly runner?: Readonly<Record<string, string | undefined>>;
  /** Share one between candidates that are opened side by side, so that no port is handed out twice. */
  readonly ports?: PortSource;
}

/** The outcome of `openCandidate`; `outputTail` is hostile text, `reason` is the gate's own words. */
export type OpenedCandidate =
  | { readonly ok: true; readonly candidate: WatchedCandidate }
  | { readonly ok: false; readonly reason: string; readonly outputTail: string };
