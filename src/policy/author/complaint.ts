/** What is wrong with policies, in one form for every command: a place, a sentence, and how bad it is. */
import type { CompilerCrash, Outcome, Problem, Versions } from '../compiler/contract.js';
import type { PolicyProblem } from '../problem.js';
import { didYouMean } from '../spelling.js';

export interface Complaint extends PolicyProblem {
  /** An error keeps the policies from being used. */
  readonly kind: 'error' | 'warning';
  /** A few words, for a headline. */
  readonly title: string;
}

/** The names that an author could have meant. */
export interface Names {
  readonly functions: readonly string[];
}

export const NO_NAMES: Names = { functions: [] };

/** Every built-in that a policy may call. */
export function namesOf({ builtins }: Versions): Names {
  return { functions: [...builtins.native, ...builtins.host, ...builtins.module, ...builtins.erased] };
}

const TITLES: Readonly<Record<string, string>> = {
  builtin_refused: 'This built-in is refused',
  builtin_unknown: 'No such built-in',
  rego_parse_error: 'Rego that cannot be read',
  rego_type_error: 'Types do not fit',
  rego_unsafe_var_error: 'A variable without a value',
  rego_compile_error: 'Rego that does not compile',
  rego_recursion_error: 'Rules that rely on themselves',
  schema_invalid: 'A schema that is none',
};

/** Puts a compiler's problem into words: with the name that was meant, where one is near. */
export function toComplaint(problem: Problem, { functions }: Names): Complaint {
  const { file, row, col, code, details, hint } = problem;
  const advice = hint === undefined ? meant(problem, functions) : `; ${hint}.`;
  return {
    kind: 'error',
    title: /^undefined ref: input\b/.test(problem.message)
      ? 'No such fact'
      : (TITLES[code] ?? 'Policies that do not compile'),
    file,
    row,
    col,
    message: `${problem.message}${advice}`,
    ...(details === undefined ? {} : { details }),
  };
}

/** The same for what was found without the compiler: data, METADATA, packages. */
export function fromProblem(problem: PolicyProblem): Complaint {
  return { ...problem, kind: 'error', title: 'Policies that cannot be used' };
}

/** Words that are always in scope; a variable that looks like one of them was meant to be it. */
const GLOBAL = ['input', 'data', 'true', 'false', 'null'];

function meant({ message, details = [] }: Problem, functions: readonly string[]): string {
  const [, called] = /^undefined function (\S+)/.exec(message) ?? [];
  if (called !== undefined) return sentence(didYouMean(called, functions));
  const [, variable] = /^var (\S+) is unsafe/.exec(message) ?? [];
  if (variable !== undefined) return sentence(didYouMean(variable, GLOBAL));
  const have = quoted(details, 'have: ');
  const wanted = quoted(details, 'want (one of): ');
  const [given] = have;
  if (given === undefined || wanted.length === 0) return '';
  const near = didYouMean(given, wanted);
  return sentence(near === '' && wanted.length <= 12 ? ` There is: ${wanted.join(', ')}.` : near);
}

const sentence = (hint: string): string => (hint === '' ? '' : `.${hint}`);

/** The names in one line of OPA's details. */
function quoted(details: readonly string[], label: string): readonly string[] {
  const line = details.find((each) => each.includes(label));
  return [...(line?.slice(line.indexOf(label)).matchAll(/"([^"]*)"/g) ?? [])].map(([, name]) => name ?? '');
}

/** What an outcome holds; problems become complaints, and a compiler that broke is thrown. */
export type Said<T> =
  | { readonly kind: 'done'; readonly value: T }
  | { readonly kind: 'wrong'; readonly problems: readonly Problem[] };

/** @throws CompilerCrash */
export function uncrashed<T>(outcome: Outcome<T>): Said<T> {
  if (outcome.kind === 'crashed') throw outcome.crash satisfies CompilerCrash;
  return outcome;
}

const order = ({ file, row, col, message }: Complaint): string =>
  JSON.stringify([file, String(row).padStart(9, '0'), String(col).padStart(9, '0'), message]);

/** By place, each once: OPA repeats some problems. */
export function sorted(complaints: readonly Complaint[]): readonly Complaint[] {
  const byPlace = new Map(complaints.map((complaint) => [order(complaint), complaint]));
  return [...byPlace].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, complaint]) => complaint);
}
