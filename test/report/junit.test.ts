import { describe, expect, it } from '@jest/globals';
import { renderJunit } from '../../src/report/junit.js';
import { CLEAN, FIXTURE, finding, RULES, report, server } from './fixture.js';
import { HOSTILE, hostileReport } from './hostile.js';
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
      ['billing', '10', '3', '0', '1'],
      ['inventory', '11', '0', '1', '10'],
      ['search', '11', '1', '1', '4'],
      ['weather', '10', '0', '0', '0'],
    ]);
    expect(numbers.slice(1).map((name) => document.attributes.get(name))).toEqual(['42', '4', '2', '15']);
  });

  it('fails what denies, passes what warns with its text, skips what is waived', () => {
    expect(cases(document.children[0])).toEqual([
      ['elicitation/url-not-allowed', 'failure'],
      ['gate/probe-inconclusive', 'passed'],
      ['gate/waiver-unused', 'system-out'],
      ['protocol/accepts-below-minimum', 'system-out'],
      ['protocol/below-minimum', 'passed'],
      ['protocol/below-preferred', 'system-out'],
      ['session/other-principal-accepted', 'failure'],
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
    const waiver = { owner: 'o', reason: 'r', ticket: null, expires: '2027-01-01' };
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

/** What the formats of Ant, Jenkins, GitLab and testmo have in common: attributes that must be there, and that may. */
const STRUCTURE: Readonly<Record<string, { parents: string[]; must: string[]; may: string[] }>> = {
  testsuites: { parents: [''], must: ['tests', 'failures', 'errors'], may: ['name', 'skipped', 'time'] },
  testsuite: {
    parents: ['testsuites'],
    must: ['name', 'tests', 'failures', 'errors', 'skipped', 'time'],
    may: ['file'],
  },
  testcase: { parents: ['testsuite'], must: ['name', 'classname'], may: ['file', 'line', 'time'] },
  failure: { parents: ['testcase'], must: ['message', 'type'], may: [] },
  error: { parents: ['testcase'], must: ['message', 'type'], may: [] },
  skipped: { parents: ['testcase'], must: [], may: ['message'] },
  'system-out': { parents: ['testcase'], must: [], may: [] },
};

function structuralFaults(element: Element, parent: string): string[] {
  const known = STRUCTURE[element.name];
  if (known === undefined) return [`${parent}/${element.name} is unknown`];
  const given = [...element.attributes.keys()];
  return [
    ...(known.parents.includes(parent) ? [] : [`${element.name} in ${parent}`]),
    ...known.must.filter((name) => !given.includes(name)).map((name) => `${element.name} lacks ${name}`),
    ...given
      .filter((name) => ![...known.must, ...known.may].includes(name))
      .map((name) => `${element.name} has ${name}`),
    ...(element.name === 'testcase' && element.children.length > 1 ? ['a case with two outcomes'] : []),
    ...element.children.flatMap((child) => structuralFaults(child, element.name)),
  ];
}

describe('the structure of JUnit XML', () => {
  const small = HOSTILE.filter(([, text]) => text.length < 10_000);
  it.each([
    ['the fixture', FIXTURE] as const,
    ['a clean run', CLEAN] as const,
    ...small.map(([name, text]) => [name, hostileReport(text)] as const),
  ])('is what readers agree on for %s, with a case for every rule', (_name, given) => {
    const document = parseXml(renderJunit(given, RULES));
    expect(structuralFaults(document, '')).toEqual([]);
    for (const suite of document.children) {
      const names = suite.children.map((one) => one.attributes.get('name'));
      expect(RULES.map(({ id }) => id).filter((id) => !names.includes(id))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('names file and line of the worst finding of a case', () => {
    const place = (line: number) => ({ file: 'deploy/mcp-gate.yaml', line, column: 3 });
    const findings = [finding({ level: 'notice', location: place(4) }), finding({ location: place(9) })];
    const [suite] = parseXml(renderJunit(report([server({ findings })]), RULES)).children;
    const failed = suite?.children.find(({ children }) => children[0]?.name === 'failure');
    expect(Object.fromEntries(failed?.attributes ?? [])).toEqual({
      classname: 'billing.transport',
      name: 'transport/origin-not-validated',
      file: 'deploy/mcp-gate.yaml',
      line: '9',
    });
  });
});
