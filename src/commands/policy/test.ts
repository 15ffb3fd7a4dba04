/** `mcp-gate policy test`: the author's tests, with OPA's semantics, and what they reach. */
import { resolve } from 'node:path';
import { testPolicies } from '../../policy/author/test.js';
import type { Coverage, TestResult } from '../../policy/compiler/contract.js';
import { json as inert, terminalLines, terminal as visible } from '../../report/escape.js';
import { type Paint, painter } from '../../report/paint.js';
import { UsageError } from '../failure.js';
import { write } from '../outputs.js';
import type { Terminal } from '../terminal.js';
import { annotate, policyAnnotations, reasonsOf } from './annotations.js';
import { authorOf } from './author.js';
import { renderComplaint } from './check.js';
import { renderTestJunit } from './junit.js';

export interface PolicyTestOptions {
  readonly run: string;
  readonly verbose: boolean;
  readonly coverage: boolean;
  /** Percent; implies coverage. */
  readonly threshold: number | null;
  readonly junit?: string;
  readonly json: boolean;
}

/** Exit code 0; 1 for failing tests or too little coverage; 2 when it does not compile or there is no test. */
export async function policyTest(
  paths: readonly string[],
  options: PolicyTestOptions,
  terminal: Terminal,
): Promise<number> {
  checkPattern(options.run);
  const { authored, compiler } = await authorOf(paths, terminal);
  const tested = await testPolicies(authored, compiler, options);
  if (tested.kind === 'wrong') {
    for (const complaint of tested.complaints) terminal.err(renderComplaint(complaint));
    if (!options.json) annotate(policyAnnotations({ complaints: tested.complaints }), terminal);
    return 2;
  }
  const { tests, coverage } = tested;
  if (tests.length === 0) throw new UsageError(noTest(options.run));
  const wantsCoverage = options.coverage || options.threshold !== null;
  const missed = options.threshold !== null && coverage.percentage < options.threshold;
  if (options.junit !== undefined)
    await write(resolve(terminal.cwd, options.junit), options.junit, renderTestJunit(tests));
  if (options.json) {
    const written = { tests, tally: tally(tests), ...(wantsCoverage ? { coverage } : {}) };
    terminal.out(`${inert(JSON.stringify(written, null, 2))}\n`);
  } else {
    const paint = painter(terminal.style);
    for (const test of tests) terminal.out(renderTest(test, options, paint));
    terminal.out(`${totals(tests)}\n`);
    if (wantsCoverage) terminal.out(renderCoverage(coverage, options.threshold));
    const of = { of: coverage, missed: missed ? 'threshold missed' : 'within threshold' } as const;
    annotate(policyAnnotations({ tests, ...(wantsCoverage ? { coverage: of } : {}) }), terminal);
  }
  return missed || tests.some(({ outcome }) => outcome === 'fail' || outcome === 'error') ? 1 : 0;
}

/** Go's regular expressions are what counts; what no engine reads is caught here, with a better message. */
function checkPattern(pattern: string): void {
  try {
    new RegExp(pattern);
  } catch (cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`--run: expected a regular expression over data.<package>.<test>, but: ${reason}`);
  }
}

function noTest(run: string): string {
  return run === ''
    ? 'There is no test here. Expected rules named test_… in files named *_test.rego.'
    : `No test matches --run ${visible(run)}. Expected a part of data.<package>.<test>.`;
}

function renderTest(test: TestResult, { verbose }: PolicyTestOptions, paint: Paint): string {
  if (test.outcome === 'pass' && !verbose) return '';
  const { word, style } = WORDS[test.outcome];
  const head = `${paint(word, style)}  ${visible(`${test.file}:${test.row}`)}  ${visible(`${test.package}.${test.name}`)} (${test.durationMs.toFixed(1)} ms)\n`;
  if (test.outcome === 'pass' || test.outcome === 'skip') return head + printed(test);
  const at = test.failedAt ?? test.error;
  const where =
    at === undefined || at.row === 0 ? '' : `      ${visible(`${at.file}:${at.row}:${at.col}`)}\n`;
  const reasons = reasonsOf(test).map((line) => `      ${visible(line)}\n`);
  return head + where + reasons.join('') + printed(test);
}

const WORDS = {
  pass: { word: 'PASS', style: 'green' },
  fail: { word: 'FAIL', style: 'red' },
  error: { word: 'ERROR', style: 'red' },
  skip: { word: 'SKIP', style: 'yellow' },
} as const;

function printed({ output }: TestResult): string {
  if (output === undefined) return '';
  return terminalLines(output)
    .map((line) => `      printed: ${line}\n`)
    .join('');
}

function tally(tests: readonly TestResult[]): Readonly<Record<TestResult['outcome'], number>> {
  const of = (outcome: TestResult['outcome']): number =>
    tests.filter((test) => test.outcome === outcome).length;
  return { pass: of('pass'), fail: of('fail'), error: of('error'), skip: of('skip') };
}

function totals(tests: readonly TestResult[]): string {
  const { pass, fail, error, skip } = tally(tests);
  const rest = [
    ...(fail === 0 ? [] : [`${fail} failed`]),
    ...(error === 0 ? [] : [`${error} could not be evaluated`]),
    ...(skip === 0 ? [] : [`${skip} skipped`]),
  ];
  return [`${pass} of ${tests.length} tests passed`, ...rest].join(', ');
}

function renderCoverage({ percentage, files }: Coverage, threshold: number | null): string {
  const lines = Object.entries(files).flatMap(([file, { uncovered }]) =>
    uncovered.map(
      ({ from, to }) => `${visible(file)}:${from}${from === to ? '' : `-${to}`}: no test reaches this\n`,
    ),
  );
  const goal = threshold === null ? '' : `, expected at least ${threshold}%`;
  return `${lines.join('')}${percentage.toFixed(1)}% of the policies covered${goal}\n`;
}
