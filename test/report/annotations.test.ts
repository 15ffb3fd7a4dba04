import { describe, expect, it } from '@jest/globals';
import { annotationBudget, annotations } from '../../src/report/annotations.js';
import { workflowData, workflowProperty } from '../../src/report/escape.js';
import { FIXTURE, finding, report, server } from './fixture.js';
import { HOSTILE, hostileReport } from './hostile.js';

const LEVELS = ['deny', 'warn', 'notice'] as const;
const SEVERITIES = ['low', 'critical', 'medium', 'high'] as const;

/** 120 findings, 40 of each level and 30 of each severity, on a line each, the mildest among the first. */
const MANY = report([
  server({
    findings: Array.from({ length: 120 }, (_none, index) =>
      finding({
        level: LEVELS[index % 3] ?? 'deny',
        severity: SEVERITIES[index % 4] ?? 'low',
        rule: `transport/rule-${String(index).padStart(3, '0')}`,
        location: { file: 'deploy/mcp-gate.yaml', line: index + 1, column: 3 },
      }),
    ),
  }),
]);

describe('the annotation budget', () => {
  const shown = annotationBudget(annotations(MANY));

  it.each(['error', 'warning', 'notice'] as const)(
    'gives %s ten slots, the last of which says what is missing',
    (level) => {
      const own = shown.filter((one) => one.level === level);
      expect(own.length).toBe(10);
      expect([own[9]?.title, own[9]?.message]).toEqual([
        `and 31 more ${level}s`,
        `GitHub shows 10 annotations of a level for each step. 31 more ${level}s in deploy/mcp-gate.yaml (31): see the job summary or the report.`,
      ]);
    },
  );

  it('keeps the worst', () => {
    const errors = shown.filter((one) => one.level === 'error').slice(0, 9);
    expect(errors.map(({ startLine }) => startLine)).toEqual([10, 22, 34, 46, 58, 70, 82, 94, 106]);
    expect(errors.every(({ message }) => message.includes(' · critical · '))).toBe(true);
  });

  it('puts the last slot on the line of the first finding that is missing', () => {
    expect(shown.filter((one) => one.level === 'error')[9]?.startLine).toBe(118);
  });

  it('changes nothing where everything has room', () => {
    expect(annotationBudget(annotations(FIXTURE))).toEqual(
      [...annotations(FIXTURE)].sort((a, b) => order(a.level) - order(b.level)),
    );
  });

  it('names the files of what is missing, the fullest first', () => {
    const findings = ['a', 'b', 'b', 'c', 'd', 'e', 'f', 'g'].map((file, index) =>
      finding({ rule: `transport/${index}`, location: { file, line: 1, column: 1 } }),
    );
    const [only] = annotationBudget(annotations(report([server({ findings })])), { limit: 1 });
    expect(only?.message).toContain('8 more errors in b (2), a (1), c (1), d (1), e (1) and 2 more files:');
  });

  it.each([0, -3])('shows nothing where %d slots are left', (limit) => {
    expect(annotationBudget(annotations(MANY), { limit })).toEqual([]);
  });

  it('shows exactly ten of ten', () => {
    const ten = annotations(report([server({ findings: Array.from({ length: 10 }, () => finding()) })]));
    expect(annotationBudget(ten)).toEqual(ten);
  });
});

function order(level: string): number {
  return ['error', 'warning', 'notice'].indexOf(level);
}

describe('annotations', () => {
  it('say nothing about a run without findings', () => {
    expect(annotations(report([server({ decision: 'allow' })]))).toEqual([]);
  });

  it('begin with the servers that could not be judged, also in audit mode', () => {
    expect(
      annotations({ ...FIXTURE, mode: 'audit' })
        .slice(0, 2)
        .map(({ level, title, file }) => [level, title, file]),
    ).toEqual([
      ['error', 'inventory could not be judged', 'deploy/mcp-gate.yaml'],
      ['error', 'search could not be judged', 'deploy/search.yaml'],
    ]);
  });

  it('put changed lines before worse ones elsewhere, within a level', () => {
    const changed = new Map([
      [
        'deploy/mcp-gate.yaml',
        [
          { first: 40, last: 42 },
          { first: 116, last: 200 },
        ],
      ],
    ]);
    const all = annotations(MANY, { changed });
    const errors = all.filter(({ level }) => level === 'error').map(({ startLine }) => startLine);
    expect(errors.slice(0, 5)).toEqual([118, 40, 10, 22, 34]);
    expect([...errors].sort((a, b) => a - b)).toEqual(
      Array.from({ length: 40 }, (_none, index) => index * 3 + 1),
    );
    expect(all.map(({ level }) => order(level))).toEqual(
      [...Array(3).keys()].flatMap((n) => Array(40).fill(n)),
    );
  });

  it('know a changed file by its path from the root, however the manifest was named', () => {
    const findings = [
      finding({ location: { file: 'deploy/a.yaml', line: 3, column: 1 } }),
      finding({
        location: { file: './deploy/b.yaml', line: 3, column: 1 },
        rule: 'transport/z',
        severity: 'low',
      }),
    ];
    const changed = new Map([['deploy/b.yaml', [{ first: 3, last: 3 }]]]);
    expect(annotations(report([server({ findings })]), { changed }).map(({ file }) => file)).toEqual([
      './deploy/b.yaml',
      'deploy/a.yaml',
    ]);
  });

  it.each(HOSTILE)('make one command for each, whatever they hold: %s', (_name, text) => {
    for (const one of annotations(hostileReport(text))) {
      const properties = `title=${workflowProperty(one.title)},file=${workflowProperty(one.file)}`;
      const command = `::${one.level} ${properties}::${workflowData(one.message)}`;
      expect(command.match(/^::\w+ title=[^,:\r\n]*,file=[^,:\r\n]*::[^\r\n]*$/u)).not.toBeNull();
      expect([one.title.length < 2_000, one.message.length < 40_000]).toEqual([true, true]);
    }
  });
});
