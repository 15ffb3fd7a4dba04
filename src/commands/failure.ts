/** Tells the three kinds of failure apart at the edge: the user's mistake, the candidate's behaviour, our own fault. */
import { formatProblem, ManifestError } from '../manifest/problem.js';
import { describe, PolicyError } from '../policy/problem.js';
import { terminalLines, terminal as visible } from '../report/escape.js';

export interface Failure {
  /** 2: the user's mistake. 3: ours, so nothing could be decided. */
  readonly exitCode: 2 | 3;
  readonly problems: readonly FailureProblem[];
}

export interface FailureProblem {
  /** One or more lines for people, position included, escaped: a manifest or a policy may have been written by anybody. */
  readonly text: string;
  readonly message: string;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** Of a message without a place of its own; a stack is longer than what anybody reads. */
const LINES = 100;

/** A wrong input of the Action or the command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** Takes anything that can be thrown: the OPA host throws strings and plain objects. */
export function toFailure(cause: unknown): Failure {
  if (cause instanceof ManifestError) {
    const problems = cause.problems.map((problem) => ({
      text: visible(formatProblem(problem)),
      message: problem.message,
      file: problem.file,
      line: problem.line,
      column: problem.column,
    }));
    return { exitCode: 2, problems };
  }
  if (cause instanceof PolicyError) {
    const problems = cause.problems.map((problem) => ({
      text: [describe(problem), ...(problem.details ?? [])].map(visible).join('\n  '),
      message: problem.message,
      file: problem.file === '' ? null : problem.file,
      line: problem.row === 0 ? null : problem.row,
      column: problem.col === 0 ? null : problem.col,
    }));
    return { exitCode: 2, problems };
  }
  if (cause instanceof UsageError) return { exitCode: 2, problems: [bare(cause.message)] };
  return { exitCode: 3, problems: [bare(`the gate itself failed: ${textOf(cause)}`)] };
}

function bare(message: string): FailureProblem {
  return { text: terminalLines(message, LINES).join('\n'), message, file: null, line: null, column: null };
}

function textOf(cause: unknown): string {
  if (cause instanceof Error) return cause.stack ?? `${cause.name}: ${cause.message}`;
  if (typeof cause === 'string') return cause;
  try {
    return JSON.stringify(cause) ?? String(cause);
  } catch {
    return 'something that cannot be shown was thrown';
  }
}
