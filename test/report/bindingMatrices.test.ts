import { describe, expect, it } from '@jest/globals';
import { sessionMatrices, taskMatrices } from '../../src/report/bindingMatrices.js';
import { originTable } from '../../src/report/elicited.js';
import type { ReportFinding, ServerReport } from '../../src/report/report.js';
import { finding, server } from './fixture.js';
import { ELICITATION, SESSION, TASKS } from './fixtureEvidence.js';

function examined(...findings: ReportFinding[]): ServerReport {
  const base = server({ findings });
  if (base.facts === null) throw new Error('the fixture has facts');
  return { ...base, facts: { ...base.facts, session: SESSION, tasks: TASKS, elicitation: ELICITATION } };
}

function rows(text: string | null): string[] {
  return (text ?? '').split('\n').filter((line) => line.startsWith('| `'));
}

const WAIVER = { owner: 'o', reason: 'r', ticket: null, expires: '2027-01-31' };

describe('the session matrix', () => {
  it('puts principals who met the same into one row, for each route', () => {
    expect(rows(sessionMatrices(examined()))).toEqual([
      '| `bob` | other principal | refused 404 | **accepted** 200 (as owner) | **accepted** 200 (session lost) |',
      '| `anonymous` `invented` | nobody | refused 401 | refused 401 | refused 401 |',
      '| `alice-refreshed` | same user | **accepted** 200 |  |  |',
      '| `bob` | other principal | refused 404 |',
      '| `bob` | other principal | refused 200, -32602 |',
      '| `connect_billing` | refused 200, -32602 | refused 200, -32602 |',
    ]);
  });

  it('marks what a finding is about, and nothing else', () => {
    const marked = rows(sessionMatrices(examined(finding({ level: 'warn', evidence: ['x53'] }))));
    expect(marked.filter((row) => row.includes('⚠️'))).toEqual([
      '| `bob` | other principal | refused 404 | ⚠️ **accepted** 200 (as owner) | **accepted** 200 (session lost) |',
    ]);
  });

  it('marks nothing that is waived', () => {
    expect(sessionMatrices(examined(finding({ waiver: WAIVER, evidence: ['x53'] })))).not.toContain('❌');
  });

  it('is none where nobody tried', () => {
    expect([sessionMatrices(server()), taskMatrices(server()), originTable(server())]).toEqual([
      null,
      null,
      null,
    ]);
  });
});

describe('the task matrix', () => {
  it('has the operations on a task, and the list', () => {
    expect(rows(taskMatrices(examined()))).toEqual([
      '| `bob` | other principal | refused 200, -32602 | refused 200, -32602 | refused 200, -32602 |',
      '| `bob` | other principal | **accepted** 200 (shows none of them) |',
    ]);
  });
});

describe('the table of elicited origins', () => {
  const statuses = (...findings: ReportFinding[]): (string | undefined)[] =>
    (originTable(examined(...findings)) ?? '')
      .split('\n')
      .slice(2)
      .map((line) => line.split(' | ')[0]?.replace(/^\| /u, ''));
  const about = { rule: 'elicitation/url-not-allowed', evidence: ['e2'] };

  it('says of each what the worst finding says', () => {
    expect(statuses(finding(about), finding({ ...about, level: 'warn', rule: 'elicitation/x' }))).toEqual([
      '✅ allowed',
      '❌ denied: `elicitation/url-not-allowed`',
      '✅ allowed',
    ]);
  });

  it('finds an elicitation by its exchanges too, for rules of its own area', () => {
    expect(statuses(finding({ ...about, evidence: ['x81'] }))[1]).toBe(
      '❌ denied: `elicitation/url-not-allowed`',
    );
    expect(statuses(finding({ rule: 'transport/x', evidence: ['x81'] }))[1]).toBe('✅ allowed');
  });

  it('says that a finding is waived', () => {
    expect(statuses(finding({ ...about, waiver: WAIVER }))[1]).toBe('waived: `elicitation/url-not-allowed`');
  });

  it('never links an origin', () => {
    expect(originTable(examined())).toContain('| `https://login.examp1e.com` |');
  });
});
