/** What is wrong with the policies somebody wrote: always their file, their line, and what to do. */

/** Rows and columns count from 1; row 0 when the problem is nowhere in particular. */
export interface PolicyProblem {
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly message: string;
  /** More lines that help: the expression, what is known there. */
  readonly details?: readonly string[];
}

/** The user's mistake (exit 2): the policies or their data cannot be used as they are. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';

  /** @param problems at least one */
  constructor(readonly problems: readonly PolicyProblem[]) {
    super(problems.map(describe).join('\n'));
  }
}

/** `file:row:col: message`, as editors and log viewers link it. */
export function describe({ file, row, col, message }: PolicyProblem): string {
  if (file === '') return message;
  return row === 0 ? `${file}: ${message}` : `${file}:${row}:${col}: ${message}`;
}

/** The text of whatever was thrown: an Error, a string, or one of the plain objects that the OPA host throws. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof Error) return cause.message;
  if (typeof cause === 'string') return cause;
  if (typeof cause === 'object' && cause !== null && 'message' in cause) return String(cause.message);
  return JSON.stringify(cause) ?? String(cause);
}
