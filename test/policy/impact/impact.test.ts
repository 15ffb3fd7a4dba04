import { describe, expect, it } from '@jest/globals';
import { flips, impactOf, type Side } from '../../../src/policy/impact/impact.js';
import type { Finding, Rule, Verdict } from '../../../src/policy/verdict.js';

const rule = (id: string, level: Rule['level'] = 'deny'): Rule => ({
  id,
  level,
  title: id,
  description: '',
  severity: 'high',
  remediation: '',
  references: [],
  requirement: null,
  undecides: false,
  builtin: false,
  source: { file: 'a.rego', line: 1 },
});

const finding = (id: string, changes: Partial<Finding> = {}): Finding => ({
  rule: id,
  level: 'deny',
  title: id,
  message: '',
  severity: 'high',
  remediation: '',
  references: [],
  at: '/spec/run',
  evidence: [],
  waiver: null,
  source: null,
  ...changes,
});

const verdict = (decision: Verdict['decision'], ...findings: Finding[]): Verdict => ({
  decision,
  environment: null,
  findings,
  indecisions: [],
});

const side = (
  verdicts: Readonly<Record<string, Verdict>>,
  { rules = [], data = {}, digest = 'sha256:0' }: Partial<Side['policy']> = {},
): Side => ({ policy: { digest, rules, data }, verdicts: new Map(Object.entries(verdicts)) });

const waiver = { owner: 'a', reason: 'b', expires: '2027-01-01', ticket: null };

describe('the impact of a policy edit', () => {
  it('is nothing when nothing changes', () => {
    const same = side(
      { a: verdict('deny', finding('x/y')) },
      { rules: [rule('x/y')], data: { mcp: { a: [1] } } },
    );
    expect(impactOf(same, same)).toEqual({
      digests: { before: 'sha256:0', after: 'sha256:0' },
      servers: [],
      compared: 1,
      rules: [],
      data: [],
    });
  });

  it('puts what would now be let through first', () => {
    const before = side({
      stays: verdict('allow'),
      stricter: verdict('allow'),
      quieter: verdict('deny', finding('x/a'), finding('x/b')),
      open: verdict('undecided'),
      freed: verdict('deny', finding('x/a')),
    });
    const after = side({
      stays: verdict('allow'),
      stricter: verdict('deny', finding('x/c')),
      quieter: verdict('deny', finding('x/a')),
      open: verdict('allow'),
      freed: verdict('allow'),
    });
    expect(impactOf(before, after).servers.map((one) => [one.server, flips(one)])).toEqual([
      ['freed', true],
      ['open', true],
      ['stricter', true],
      ['quieter', false],
    ]);
  });

  it('tells findings that appear, disappear, change their level or are waived', () => {
    const before = side({
      a: verdict('deny', finding('x/gone'), finding('x/milder'), finding('x/waived'), finding('x/same')),
    });
    const after = side({
      a: verdict(
        'deny',
        finding('x/milder', { level: 'warn' }),
        finding('x/waived', { waiver: waiver }),
        finding('x/same', { message: 'said otherwise' }),
        finding('x/new'),
      ),
    });
    expect(impactOf(before, after).servers).toEqual([
      {
        server: 'a',
        before: 'deny',
        after: 'deny',
        findings: [
          { rule: 'x/gone', at: '/spec/run', title: 'x/gone', before: 'deny', after: null },
          { rule: 'x/milder', at: '/spec/run', title: 'x/milder', before: 'deny', after: 'warn' },
          { rule: 'x/waived', at: '/spec/run', title: 'x/waived', before: 'deny', after: 'waived' },
          { rule: 'x/new', at: '/spec/run', title: 'x/new', before: null, after: 'deny' },
        ],
      },
    ]);
  });

  it('counts several findings of one rule at one place', () => {
    const before = side({
      a: verdict('deny', finding('x/y'), finding('x/y'), finding('x/y', { level: 'warn' })),
    });
    const after = side({ a: verdict('deny', finding('x/y', { level: 'warn' }), finding('x/y')) });
    expect(impactOf(before, after).servers[0]?.findings).toEqual([
      { rule: 'x/y', at: '/spec/run', title: 'x/y', before: 'deny', after: null },
    ]);
  });

  it('leaves out servers that only one side has judged', () => {
    const impact = impactOf(side({ a: verdict('deny') }), side({ b: verdict('allow') }));
    expect([impact.compared, impact.servers]).toEqual([0, []]);
  });

  it('tells rules that come, go and change their level', () => {
    const before = side({}, { rules: [rule('x/gone'), rule('x/milder'), rule('x/same')] });
    const after = side({}, { rules: [rule('x/same'), rule('x/milder', 'warn'), rule('x/new', 'notice')] });
    expect(impactOf(before, after).rules).toEqual([
      { rule: 'x/gone', before: 'deny', after: null },
      { rule: 'x/milder', before: 'deny', after: 'warn' },
      { rule: 'x/new', before: null, after: 'notice' },
    ]);
  });

  it('tells data that changed, of lists only the members', () => {
    const before = side({}, { data: { mcp: { limit: 1, list: [{ a: 1, b: 2 }, 3], gone: true } } });
    const after = side({}, { data: { mcp: { limit: 2, list: [{ b: 2, a: 1 }, 4], fresh: { deep: 1 } } } });
    expect(impactOf(before, after).data).toEqual([
      { path: ['mcp', 'fresh'], before: undefined, after: { deep: 1 } },
      { path: ['mcp', 'gone'], before: true, after: undefined },
      { path: ['mcp', 'limit'], before: 1, after: 2 },
      { path: ['mcp', 'list'], before: [3], after: [4] },
    ]);
  });
});
