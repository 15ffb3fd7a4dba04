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
      expect(summary.split('<details>').length).toBe(summary.split('</details>').length);
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
      'No findings: 7 rules looked at 1 server. Exit code 0: the deployment may go ahead.',
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
