import { describe, expect, it } from '@jest/globals';
import { renderSummary, SUMMARY_BYTES } from '../../src/report/summary.js';
import { CLEAN, FIXTURE, finding, report, server } from './fixture.js';

const NOTE =
  '> [!WARNING]\n> The rest was left out to stay within the size of a job summary: see the report.\n';

describe('the job summary', () => {
  it('stays below the limit, ends at a whole finding and says that there is more', () => {
    const findings = Array.from({ length: 5_000 }, (_none, index) =>
      finding({ message: `${index} ${'ż|'.repeat(200)}`, rule: `transport/${index}` }),
    );
    const summary = renderSummary(report([server({ findings })]));
    const bytes = Buffer.byteLength(summary);
    expect(bytes).toBeLessThanOrEqual(SUMMARY_BYTES);
    expect(bytes).toBeGreaterThan(SUMMARY_BYTES - 5_000);
    expect(summary.endsWith(`#security-warning>\n\n${NOTE}`)).toBe(true);
  });

  it('is never longer than it is allowed to be, and always closes what it opens', () => {
    const whole = renderSummary(FIXTURE);
    for (let maxBytes = NOTE.length; maxBytes <= Buffer.byteLength(whole) + NOTE.length; maxBytes += 97) {
      const summary = renderSummary(FIXTURE, { maxBytes });
      expect(Buffer.byteLength(summary)).toBeLessThanOrEqual(maxBytes);
      expect(summary.split('<details').length).toBe(summary.split('</details>').length);
      expect(summary.split('<pre>').length).toBe(summary.split('</pre>').length);
    }
    expect(renderSummary(FIXTURE, { maxBytes: Buffer.byteLength(whole) + NOTE.length + 1 })).toBe(whole);
  });

  it('keeps the table of servers short', () => {
    const servers = Array.from({ length: 300 }, (_none, index) =>
      server({ name: `server-${index}`, decision: 'allow', facts: null }),
    );
    const summary = renderSummary(report(servers));
    expect(summary.match(/^\| `server-\d+`/gmu)?.length).toBe(200);
    expect(summary).toContain('… and 100 more servers');
  });

  it('says that nothing was found, and by how many rules', () => {
    expect(renderSummary(CLEAN)).toContain(
      'No findings: 10 rules looked at 1 server. Exit code 0: the deployment may go ahead.',
    );
  });

  it('says in three lines what a server without findings was tested for', () => {
    const [billing] = FIXTURE.servers;
    const clean = report([
      server({ decision: 'allow', facts: billing?.facts ?? null, probes: billing?.probes ?? [] }),
    ]);
    expect(renderSummary(clean)).toContain(
      [
        'No findings.',
        '',
        '- Tested: protocol, session, tasks, elicitation, transport',
        "- Tried: 11 attempts on the owner's sessions by 4 other principals, 8 refused; 3 attempts on the owner's tasks by 1 other principal, 3 refused; 3 requests as a foreign page sends them",
        '- Asked of users: 3 elicitations, 2 origins',
        '',
      ].join('\n'),
    );
  });

  it('draws no more than ten diagrams of a server, and tells the rest', () => {
    const findings = Array.from({ length: 120 }, (_none, index) =>
      finding({ rule: `transport/rule-${index}`, evidence: ['x41'] }),
    );
    const { transcript = [] } = FIXTURE.servers[0] ?? {};
    const summary = renderSummary(report([server({ findings, transcript })]));
    expect([
      summary.match(/^#### /gmu)?.length,
      summary.match(/^```mermaid$/gmu)?.length,
      summary.match(/<summary>The same as text</gu)?.length,
      summary.match(/<summary>What was seen</gu)?.length,
    ]).toEqual([120, 10, 10, 110]);
  });

  it('names probes that are open for one reason once', () => {
    const probes = ['protocol', 'session', 'transport'].map((id) => ({
      id,
      status: 'inconclusive' as const,
      reason: '1 experiment gave no fact.',
      durationMs: 1,
    }));
    const { facts } = server();
    if (facts === null) throw new Error('the fixture has facts');
    const untested = [{ experiment: 'gate/first-contact', reason: 'It refused the caller.' }];
    const records = probes.map((probe) => ({ ...probe, untested }));
    const silent = server({ decision: 'undecided', probes, facts: { ...facts, probes: records } });
    expect(renderSummary(report([silent]))).toContain(
      '| --- | --- | --- |\n| `protocol` `session` `transport` | inconclusive | It refused the caller. |\n\n',
    );
  });

  it('does not call a server without a verdict free of findings', () => {
    const undecided = server({
      decision: 'undecided',
      indecisions: [{ code: 'no-rules', message: 'No rules.' }],
    });
    expect(renderSummary(report([undecided]))).not.toContain('No findings');
  });
});
