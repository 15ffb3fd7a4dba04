import { describe, expect, it } from '@jest/globals';
import { renderJunit } from '../../src/report/junit.js';
import { CLEAN, FIXTURE, finding, RULES, report, server } from './fixture.js';
import { type Element, parseXml } from './xml.js';

function cases(suite: Element | undefined): (readonly [name: string | undefined, outcome: string])[] {
  return (suite?.children ?? []).map(
    (one) => [one.attributes.get('name'), one.children[0]?.name ?? 'passed'] as const,
  );
}

describe('JUnit', () => {
  const document = parseXml(renderJunit(FIXTURE, RULES));

  it('has a suite for each server with numbers that add up', () => {
    const numbers = ['name', 'tests', 'failures', 'errors', 'skipped'] as const;
    expect(document.children.map((suite) => numbers.map((name) => suite.attributes.get(name)))).toEqual([
      ['billing', '7', '1', '0', '1'],
      ['inventory', '8', '0', '1', '7'],
      ['search', '8', '1', '1', '3'],
      ['weather', '7', '0', '0', '0'],
    ]);
    expect(numbers.slice(1).map((name) => document.attributes.get(name))).toEqual(['30', '2', '2', '11']);
  });

  it('fails what denies, passes what warns with its text, skips what is waived', () => {
    expect(cases(document.children[0])).toEqual([
      ['gate/probe-inconclusive', 'passed'],
      ['protocol/accepts-below-minimum', 'system-out'],
      ['protocol/below-minimum', 'passed'],
      ['protocol/below-preferred', 'system-out'],
      ['transport/dns-rebinding', 'passed'],
      ['transport/origin-not-validated', 'failure'],
      ['transport/permissive-cors', 'skipped'],
    ]);
  });

  it('passes no rule for a server that could not be judged', () => {
    expect(cases(document.children[1]).filter(([, outcome]) => outcome === 'passed')).toEqual([]);
  });

  it('passes no rule of an area whose probe is inconclusive', () => {
    expect(cases(document.children[2]).filter(([name]) => name?.startsWith('transport/'))).toEqual([
      ['transport/dns-rebinding', 'skipped'],
      ['transport/origin-not-validated', 'skipped'],
      ['transport/permissive-cors', 'skipped'],
    ]);
  });

  it('fails a rule that is waived in one place and not in another', () => {
    const waiver = { owner: 'o', reason: 'r', expires: '2027-01-01' };
    const mixed = server({ findings: [finding({ waiver }), finding({ at: '/spec/other' })] });
    const suite = parseXml(renderJunit(report([mixed]), RULES)).children[0];
    expect(cases(suite).filter(([, outcome]) => outcome !== 'passed')).toEqual([
      ['transport/origin-not-validated', 'failure'],
    ]);
  });

  it('passes every rule of a clean run', () => {
    expect(cases(parseXml(renderJunit(CLEAN, RULES)).children[0]).map(([, outcome]) => outcome)).toEqual(
      RULES.map(() => 'passed'),
    );
  });
});
