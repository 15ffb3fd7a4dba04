/** A candidate server as the gate holds it: started, watched, and sure to be gone afterwards. */
import type { Readable, Writable } from 'node:stream';

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: string | null;
  /** Milliseconds since it was started. */
  readonly afterMs: number;
}

/** How a process was brought to its end, and what it left. */
export interface Shutdown {
  /** It had ended before anything was done. */
  readonly alreadyExited: boolean;
  /** Milliseconds from closing stdin to the exit; null when it did not exit on that, or was not asked. */
  readonly exitedOnEofAfterMs: number | null;
  /** Milliseconds from SIGTERM to the exit; null when it took SIGKILL, or no signal was needed. */
  readonly exitedOnSigtermAfterMs: number | null;
  readonly killed: boolean;
  /** Processes that outlived the candidate's own process and had to be killed. */
  readonly leftovers: readonly { readonly pid: number; readonly command: string }[];
  readonly portFreed: boolean | null;
}

/** One running process of the candidate with its whole tree. */
export interface CandidateProcess {
  readonly pid: number;
  readonly stdin: Writable;
  readonly stdout: Readable;
  /** `performance.now()` when it was started. */
  readonly startedAt: number;
  /** Set once it has ended. */
  readonly exitStatus: ExitStatus | null;
  readonly exited: Promise<ExitStatus>;
  /** Last lines on stderr, capped; for an HTTP candidate of stdout too. Hostile text. */
  outputTail(): string;
  /** Closes stdin, waits, SIGTERM, waits, SIGKILL, kills what is left. Idempotent. */
  stop(how?: { readonly eofMs?: number; readonly termMs?: number }): Promise<Shutdown>;
}

/** One end of a process of the candidate, kept in the order they came. */
export interface CandidateExit extends ExitStatus {
  readonly pid: number;
  /** The gate asked for it; false is a crash (or a candidate that thinks it is done). */
  readonly requested: boolean;
}

/** Where a candidate listens. `host` is written as in a URL, so an IPv6 address has its brackets. */
export interface Origin {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http:' | 'https:';
}

/**
 * What a candidate said to a first request, for one host name:
 * - `accepted`: it serves MCP here, or asks for a token: the host name is fine;
 * - `host-refused`: it refused, and may do so because of the host name;
 * - `answered`: HTTP, but nothing of the above (404, 500, HTML, no HTTP at all);
 * - `no-answer`: nothing came back in time.
 */
export type HelloOutcome = 'accepted' | 'host-refused' | 'answered' | 'no-answer';

/** Asks the question; supplied by whoever speaks MCP. Must heed the signal; a throw counts as `no-answer`. */
export type Hello = (origin: Origin, signal: AbortSignal) => Promise<HelloOutcome>;

/** Listening socket of the candidate. */
export interface Listener {
  readonly address: string;
  readonly port: number;
}

export interface Candidate {
  readonly kind: 'command' | 'url';
  /**
   * Stdio: a process of its own for each connection. Rejects with a `LaunchError` when it cannot be started, when
   * the allowed number is used up, and always for HTTP, SSE and `url`.
   */
  launch(): Promise<CandidateProcess>;
  /** HTTP and SSE: where it listens. Null on stdio. */
  readonly origin: Origin | null;
  /** HTTP and SSE: the process that serves now; null for `url` and stdio. */
  readonly process: CandidateProcess | null;
  /** HTTP: makes sure a process is there and answers, starting it again after a crash. Returns false when it will not. */
  ensureRunning(): Promise<boolean>;
  /** From the start of the process to its answer; null on stdio, where the first connection finds out. */
  readonly readyMs: number | null;
  /** Sockets on which the candidate's tree listens; null when the platform cannot tell. */
  listeners(): Promise<readonly Listener[] | null>;
  /** Ends everything. Idempotent; never throws. */
  dispose(): Promise<Shutdown | null>;
}

/** What `openCandidate` gives: a candidate with what was seen of it so far. */
export interface WatchedCandidate extends Candidate {
  /** The answer that made the gate call it ready: anything but `accepted` means the first control will fail. */
  readonly hello: Exclude<HelloOutcome, 'no-answer'> | null;
  /** Every end of a process so far, in order. */
  readonly exits: readonly CandidateExit[];
  /** Last output of the process started last. Hostile text. */
  outputTail(): string;
}
