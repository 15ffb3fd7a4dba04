/** Runs the author's tests in OPA's own evaluator, with the gate's data, and counts what they reach. */

import type { Compiler } from '../compiler/compiler.js';
import type { Comparison, Coverage, FileCoverage, TestResult } from '../compiler/contract.js';
import { mergeData, overlay } from '../data/data.js';
import type { Modules } from '../pack/compile.js';
import { inputSchema } from '../pack/input-schema.js';
import { type Authored, isTest } from './authored.js';
import { wrongRego } from './check.js';
import { type Complaint, sorted, uncrashed } from './complaint.js';

export interface TestOptions {
  /** A regular expression over `data.<package>.<test>`, as `opa test --run` has it; `""` for all. */
  readonly run: string;
}

export type TestedPolicies =
  | { readonly kind: 'wrong'; readonly complaints: readonly Complaint[] }
  | { readonly kind: 'tested'; readonly tests: readonly TestResult[]; readonly coverage: Coverage };

/**
 * Tests see the merged data, recorded facts as `data.mcp.recorded.<name>`, and, where they name it, the fixtures of the
 * built-in pack, `data.mcp.fixtures`.
 * @throws CompilerCrash
 */
export async function testPolicies(
  authored: Authored,
  compiler: Pick<Compiler, 'test' | 'version'>,
  { run }: TestOptions,
): Promise<TestedPolicies> {
  const { own, defaults, data, recorded, shown } = authored;
  const merged = overlay(mergeData(defaults, data), { mcp: { recorded } });
  const said = uncrashed(
    await compiler.test({
      modules: reached(authored),
      data: merged,
      schemas: { facts: inputSchema() },
      input: 'facts',
      lax: true, // as opa test: what is unused is for check to say
      filter: run,
    }),
  );
  if (said.kind === 'wrong') {
    const complaints = await wrongRego(said.problems, compiler);
    return {
      kind: 'wrong',
      complaints: sorted(complaints.map((each) => ({ ...each, file: shown(each.file) }))),
    };
  }
  return {
    kind: 'tested',
    tests: said.value.tests.filter(({ file }) => own.has(file)).map((test) => withShownFiles(test, shown)),
    coverage: coverageOf(said.value.coverage, authored),
  };
}

/** The pack takes longer to compile than most tests to run, and is left out where nothing can reach it. */
function reached({ modules, own }: Authored): Modules {
  const [mine, others] = [true, false].map((wanted) =>
    Object.entries(modules).filter(([file]) => own.has(file) === wanted),
  ) as [[string, string][], [string, string][]];
  const packages = others.flatMap(([, source]) => /^package\s+mcp\.(\w+)/m.exec(source)?.[1] ?? []);
  const reaches = new RegExp(
    `\\bdata\\s*(\\.\\s*mcp\\s*(\\.\\s*(${packages.join('|')})\\b|\\[|$)|\\[|\\s+as\\b|$)`,
    'm',
  );
  return mine.some(([, source]) => reaches.test(source)) ? modules : Object.fromEntries(mine);
}

function withShownFiles(test: TestResult, shown: (module: string) => string): TestResult {
  const { failedAt, error } = test;
  return {
    ...test,
    file: shown(test.file),
    ...(failedAt === undefined ? {} : { failedAt: { ...failedAt, file: shown(failedAt.file) } }),
    ...(error === undefined ? {} : { error: { ...error, file: shown(error.file) } }),
  };
}

/** Of the author's policies alone; a policy that no test touches counts in full. */
function coverageOf({ files }: Coverage, { own, shown }: Authored): Coverage {
  const kept = Object.entries(files).filter(([file]) => own.has(file) && !isTest(file));
  const covered = sum(kept.map(([, file]) => rows(file, 'covered')));
  const counted = covered + sum(kept.map(([, file]) => rows(file, 'uncovered')));
  return {
    percentage: counted === 0 ? 100 : (100 * covered) / counted,
    files: Object.fromEntries(kept.map(([file, coverage]) => [shown(file), coverage])),
  };
}

const rows = (file: FileCoverage, which: 'covered' | 'uncovered'): number =>
  sum(file[which].map(({ from, to }) => to - from + 1));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

const LIMIT = 400;

/** What was expected and what was got, in lines for people; none where the failing expression compared nothing. */
export function expectedAndGot(comparison: Comparison | undefined): readonly string[] {
  if (comparison === undefined) return [];
  const { operator, got, expected, differences = [] } = comparison;
  const value = (text: string | undefined): string => (text === undefined ? 'undefined' : cut(text));
  const [only, ...more] = differences;
  const relation = operator === '==' ? 'expected' : `expected ${operator}`;
  const whole = [`${relation}: ${value(expected.value)}`, `got: ${value(got.value)}`];
  if (only === undefined || (more.length === 0 && only.at === '')) return whole;
  const where = differences.map(
    (each) => `at ${each.at}: expected ${absent(each.expected)}, got ${absent(each.got)}`,
  );
  return [...whole, ...where];
}

const absent = (value: string | undefined): string =>
  value === undefined || value === '' ? 'nothing' : cut(value);

const cut = (text: string): string => (text.length <= LIMIT ? text : `${text.slice(0, LIMIT - 1)}…`);
