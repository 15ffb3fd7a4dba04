import { describe, expect, it } from '@jest/globals';
import { compareFindings, sortedFindings } from '../../src/report/order.js';
import type { ReportFinding } from '../../src/report/report.js';
import { finding, server } from './fixture.js';

/** Worst first; each is different from the one before in the thing that decides. */
const IN_ORDER: readonly (readonly [server: string, changes: Partial<ReportFinding>])[] = [
  ['b', { level: 'deny', severity: 'critical', rule: 'z/z' }],
  ['b', { level: 'deny', severity: 'high', rule: 'a/a' }],
  ['a', { level: 'deny', severity: 'high', rule: 'a/b', location: { file: 'b', line: 9, column: 9 } }],
  ['b', { level: 'deny', severity: 'high', rule: 'a/b', location: { file: 'a', line: 9, column: 9 } }],
  ['b', { level: 'deny', severity: 'high', rule: 'a/b', location: { file: 'b', line: 9, column: 9 } }],
  ['b', { level: 'deny', severity: 'high', rule: 'a/b', location: { file: 'b', line: 10, column: 1 } }],
  ['b', { level: 'deny', severity: 'high', rule: 'a/b', location: { file: 'b', line: 10, column: 2 } }],
  ['b', { level: 'deny', severity: 'low', rule: 'a/a', message: 'a' }],
  ['b', { level: 'deny', severity: 'low', rule: 'a/a', message: 'b' }],
  ['b', { level: 'warn', severity: 'critical', rule: 'a/a' }],
  ['b', { level: 'notice', severity: 'critical', rule: 'a/a' }],
  [
    'a',
    {
      level: 'deny',
      severity: 'critical',
      rule: 'a/a',
      waiver: { owner: 'o', reason: 'r', ticket: null, expires: 'e' },
    },
  ],
];

describe('the order of findings', () => {
  it('is the same from every starting order', () => {
    const expected = IN_ORDER.map(([name, changes]) => ({ server: name, finding: finding(changes) }));
    for (let turn = 0; turn < expected.length; turn += 1) {
      const rotated = [...expected.slice(turn), ...expected.slice(0, turn)].reverse();
      expect(rotated.sort(compareFindings)).toEqual(expected);
    }
  });

  it('runs across all servers of a report', () => {
    const servers = [
      server({ name: 'a', findings: [finding({ level: 'warn' })] }),
      server({ name: 'b', findings: [finding({ level: 'deny' })] }),
    ];
    expect(sortedFindings(servers).map((placed) => [placed.server, placed.finding.level])).toEqual([
      ['b', 'deny'],
      ['a', 'warn'],
    ]);
  });
});
