/** Policy tests as JUnit XML: a suite for each package, a case for each test. */
import type { TestResult } from '../../policy/compiler/contract.js';
import { xml } from '../../report/escape.js';
import { reasonsOf } from './annotations.js';

export function renderTestJunit(tests: readonly TestResult[]): string {
  const packages = new Map<string, TestResult[]>();
  for (const test of tests) packages.set(test.package, [...(packages.get(test.package) ?? []), test]);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mcp-gate policy test" ${numbers(tests)}>`,
    ...[...packages].flatMap(([name, members]) => [
      `  <testsuite name="${xml(name)}" ${numbers(members)} time="${seconds(sum(members))}" file="${xml(members[0]?.file ?? '')}">`,
      ...members.map(testcase),
      '  </testsuite>',
    ]),
    '</testsuites>',
    '',
  ].join('\n');
}

function testcase(test: TestResult): string {
  const open = `    <testcase classname="${xml(test.package)}" name="${xml(test.name)}" file="${xml(test.file)}" line="${test.row}" time="${seconds(test.durationMs)}"`;
  if (test.outcome === 'pass') return `${open}/>`;
  if (test.outcome === 'skip') return `${open}><skipped/></testcase>`;
  const element = test.outcome === 'fail' ? 'failure' : 'error';
  const [headline = 'it is not true', ...more] = reasonsOf(test);
  return `${open}><${element} message="${xml(headline, 1)}">${xml([headline, ...more].join('\n'), 100)}</${element}></testcase>`;
}

const sum = (tests: readonly TestResult[]): number =>
  tests.reduce((total, { durationMs }) => total + durationMs, 0);

const seconds = (ms: number): string => (ms / 1000).toFixed(4);

function numbers(tests: readonly TestResult[]): string {
  const of = (outcome: TestResult['outcome']): number =>
    tests.filter((test) => test.outcome === outcome).length;
  return `tests="${tests.length}" failures="${of('fail')}" errors="${of('error')}" skipped="${of('skip')}"`;
}
