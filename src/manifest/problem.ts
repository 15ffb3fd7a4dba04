/** What is wrong with a manifest, in a shape that every output can show: where, what was expected, what was seen, what to do. */
import type { Location } from './plan.js';

export interface Hints {
  /** What would have been right, as a phrase: `a list of strings`. */
  readonly expected?: string;
  /** What was there instead, as a phrase; never a value that may be a secret. */
  readonly seen?: string;
  /** What to do about it, as a sentence without a full stop. */
  readonly suggestion?: string;
}

export interface Problem extends Location, Hints {
  readonly message: string;
}

/** Which end of a mapping entry a problem is about: its name or what it holds. */
export type Part = 'key' | 'value';

/** Collects a problem at a JSON pointer; the locator behind it knows the file and the lines. */
export type Complain = (pointer: string, part: Part, message: string, hints?: Hints) => void;

/** Problems shown in one run; a hostile file can have as many as it has bytes. */
const SHOWN = 100;

/** The user's mistake (exit code 2). `problems` is never empty and in the order of the files and their lines. */
export class ManifestError extends Error {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('\n'));
    this.name = 'ManifestError';
    this.problems = problems;
  }
}

/** One line: `file:line:column: message (expected …, seen …); suggestion`. */
export function formatProblem(problem: Problem): string {
  const details = [
    problem.expected === undefined ? [] : [`expected ${problem.expected}`],
    problem.seen === undefined ? [] : [`seen ${problem.seen}`],
  ].flat();
  const aside = details.length === 0 ? '' : ` (${details.join(', ')})`;
  const advice = problem.suggestion === undefined ? '' : `; ${problem.suggestion}`;
  return `${problem.file}:${problem.line}:${problem.column}: ${problem.message}${aside}${advice}`;
}

/** Sorts by file in the given order, then by line and column, and cuts what nobody would read. */
export function arrange(problems: readonly Problem[], order: readonly string[]): readonly Problem[] {
  const files = new Set([...order, ...problems.map((problem) => problem.file)]);
  const sorted = [...files].flatMap((file) =>
    problems
      .filter((problem) => problem.file === file)
      .sort((a, b) => a.line - b.line || a.column - b.column),
  );
  const last = sorted[SHOWN];
  if (last === undefined) return sorted;
  const { file, line, column } = last;
  const more = `${sorted.length - SHOWN} more problems from here on are not shown`;
  return [...sorted.slice(0, SHOWN), { file, line, column, message: more }];
}

/** Says what a value is without saying more than a reader needs: long text is cut, structure is only named. */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'boolean') return `the boolean ${value}`;
  return Array.isArray(value) ? 'a list' : 'a mapping';
}

/** Like `describe`, for places where people keep secrets: names only the kind. */
export function describeKind(value: unknown): string {
  if (typeof value === 'string') return 'a string';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'a boolean';
  return describe(value);
}

/** Text in quotes, control characters escaped, cut at 60 characters. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}
