/** The SARIF logs that every validator has to accept: all that a run can be, and all that a candidate can send. */
import type { Report } from '../../src/report/report.js';
import { renderSarif } from '../../src/report/sarif.js';
import { CLEAN, FIXTURE, finding, RULES, report, server } from './fixture.js';
import { HOSTILE, hostileReport } from './hostile.js';

const waiver = {
  owner: 'platform@example.com',
  reason: 'until January',
  ticket: null,
  expires: '2027-01-31',
};

const MANY = Array.from({ length: 120 }, (_none, index) =>
  finding({
    at: `/spec/exercise/${index}`,
    level: (['deny', 'warn', 'notice'] as const)[index % 3] ?? 'deny',
    location: { file: 'deploy/mcp-gate.yaml', line: index + 1, column: 5 },
  }),
);

const REPORTS: readonly (readonly [name: string, report: Report])[] = [
  ['fixture', FIXTURE],
  ['clean', CLEAN],
  ['no-server', report([], { decision: 'undecided' })],
  ['120-findings', report([server({ findings: MANY })])],
  ['waived', report([server({ decision: 'allow', findings: MANY.map((one) => ({ ...one, waiver })) })])],
  [
    'undecided',
    report([
      server({
        decision: 'undecided',
        facts: null,
        indecisions: [{ code: 'candidate-did-not-start', message: 'It ended with exit code 1.' }],
      }),
    ]),
  ],
  ['unknown-rule', report([server({ findings: [finding({ rule: 'acme/own', remediation: '' })] })])],
  [
    'outside-the-checkout',
    report([
      server({ findings: [finding({ location: { file: '../policy/data.yaml', line: 3, column: 1 } })] }),
    ]),
  ],
  ...HOSTILE.map(([name, text]) => [`hostile-${name}`, hostileReport(text)] as const),
];

/** By name, which has nothing that a file name could not have. */
export const SARIF_CASES: ReadonlyMap<string, string> = new Map(
  REPORTS.map(([name, one]) => [name.replaceAll(/[^\w-]+/gu, '-'), renderSarif(one, RULES)]),
);
