/** What an author's commands say, on the lines of the Rego it is about. */

import type { Complaint } from '../../policy/author/complaint.js';
import { expectedAndGot } from '../../policy/author/test.js';
import type { Coverage, Place, TestResult } from '../../policy/compiler/contract.js';
import {
  type AnnotatedPlace,
  type Annotation,
  annotationBudget,
  ofPolicy,
} from '../../report/annotations.js';
import { workflowData, workflowProperty } from '../../report/escape.js';
import type { Terminal } from '../terminal.js';

export interface Annotated {
  readonly complaints?: readonly Complaint[];
  readonly tests?: readonly TestResult[];
  /** Lines no test reaches; an error where a threshold is missed by them, else a notice. */
  readonly coverage?: { readonly of: Coverage; readonly missed: 'threshold missed' | 'within threshold' };
}

/** Annotations for problems, failed tests with what was expected and got, and policies that no test reaches. */
export function policyAnnotations({ complaints = [], tests = [], coverage }: Annotated): Annotation[] {
  return [
    ...complaints.map((each) =>
      ofPolicy(each.kind, each.title, [each.message, ...(each.details ?? [])], placeOf(each)),
    ),
    ...tests.filter(({ outcome }) => outcome === 'fail' || outcome === 'error').map(ofTest),
    ...(coverage === undefined ? [] : uncovered(coverage)),
  ];
}

/** Writes them as GitHub workflow commands, where a runner reads them and nowhere else. */
export function annotate(annotations: readonly Annotation[], terminal: Terminal): void {
  if (terminal.env['GITHUB_ACTIONS'] !== 'true') return;
  for (const one of annotationBudget(annotations)) {
    const properties = { title: one.title, file: one.file, line: one.startLine, col: one.startColumn };
    const written = Object.entries(properties).map(
      ([key, value]) => `${key}=${workflowProperty(String(value))}`,
    );
    terminal.out(`::${one.level} ${written.join(',')}::${workflowData(one.message)}\n`);
  }
}

function ofTest(test: TestResult): Annotation {
  const { name, failedAt, error } = test;
  const place = failedAt ?? (error === undefined || error.row === 0 ? test : error);
  const outcome = test.outcome === 'fail' ? 'fails' : 'cannot be evaluated';
  return ofPolicy('error', `${name} ${outcome}`, reasonsOf(test), placeOf(place));
}

function placeOf({ file, row, col }: Place): AnnotatedPlace {
  return { file, line: row, column: col };
}

/** Why a test failed, in lines for people. */
export function reasonsOf({ failedAt, error, cases = [] }: TestResult): readonly string[] {
  const failed = cases.filter((each) => !each.passed).map((each) => `case ${each.name.join(' / ')} fails`);
  const told = expectedAndGot(failedAt?.comparison);
  const shown = told.length > 0 ? told : (failedAt?.text.split('\n') ?? []);
  const reasons = [...failed, ...(error === undefined ? [] : [error.message]), ...shown];
  return reasons.length === 0 ? ['It is not true.'] : reasons;
}

function uncovered({ of, missed }: NonNullable<Annotated['coverage']>): Annotation[] {
  const level = missed === 'threshold missed' ? 'warning' : 'notice';
  return Object.entries(of.files).flatMap(([file, { uncovered: ranges }]) =>
    ranges.map(({ from, to }) =>
      ofPolicy(
        level,
        'No test reaches this',
        [
          `${from === to ? `Line ${from} is` : `Lines ${from} to ${to} are`} not evaluated by any test. Add one that makes the rule true, and one that does not.`,
        ],
        { file, line: from, column: 1 },
      ),
    ),
  );
}
