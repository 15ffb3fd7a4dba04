import { describe, expect, it } from '@jest/globals';
import { annotationBudget, annotations } from '../../src/report/annotations.js';
import { renderJson } from '../../src/report/json.js';
import { renderJunit } from '../../src/report/junit.js';
import type { Report } from '../../src/report/report.js';
import { renderSarif } from '../../src/report/sarif.js';
import { renderSummary } from '../../src/report/summary.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { CLEAN, FIXTURE, RULES } from './fixture.js';
import { expectGolden } from './golden.js';

const RENDERERS: Readonly<Record<string, (report: Report) => string>> = {
  'terminal.txt': (report) => renderTerminal(report, { color: false, width: 100 }),
  'terminal-colour.txt': (report) => renderTerminal(report, { color: true, width: 60 }),
  'annotations.json': (report) => `${JSON.stringify(annotationBudget(annotations(report)), null, 2)}\n`,
  'summary.md': (report) => renderSummary(report),
  'report.json': renderJson,
  'report.sarif': (report) => renderSarif(report, RULES),
  'junit.xml': (report) => renderJunit(report, RULES),
};

describe.each(Object.entries(RENDERERS))('%s', (name, render) => {
  it('is the golden file for the fixture', () => {
    expectGolden(`goldens/${name}`, render(FIXTURE));
  });

  it('is the golden file for a run without findings', () => {
    expectGolden(`goldens/clean-${name}`, render(CLEAN));
  });

  it('is the same for the same content in another order of findings', () => {
    const shuffled = {
      ...FIXTURE,
      servers: FIXTURE.servers.map((server) => ({ ...server, findings: [...server.findings].reverse() })),
    };
    expect(render(shuffled)).toBe(render(FIXTURE));
  });

  it('leaves the report as it was', () => {
    const before = structuredClone(FIXTURE);
    render(FIXTURE);
    expect(FIXTURE).toEqual(before);
  });
});

describe('audit mode', () => {
  it('says in annotations that it would deny, in the log that it does not block', () => {
    const audit: Report = {
      ...FIXTURE,
      mode: 'audit',
      servers: FIXTURE.servers.slice(0, 1),
      decision: 'deny',
    };
    expectGolden('goldens/audit-annotations.json', `${JSON.stringify(annotations(audit), null, 2)}\n`);
    expectGolden('goldens/audit-terminal.txt', renderTerminal(audit, { color: false, width: 100 }));
  });
});
