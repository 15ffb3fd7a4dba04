import { describe, expect, it } from '@jest/globals';
import {
  CHECK_SUMMARY_BYTES,
  headline,
  renderCheckRun,
  renderFailedRun,
  renderProgress,
} from '../../src/report/checkRun.js';
import { COMMENT_BYTES, renderComment, renderFailedComment } from '../../src/report/comment.js';
import { renderSummary } from '../../src/report/summary.js';
import { CLEAN, FIXTURE, finding, report, server } from './fixture.js';
import { HOSTILE, hostileReport } from './hostile.js';

const ORIGIN = {
  commit: '0123456789abcdef0123456789abcdef01234567',
  runUrl: 'https://github.com/acme/billing/actions/runs/7/attempts/1',
  reserved: 60,
};
const FOOT = `\nCommit \`0123456789ab\` · <${ORIGIN.runUrl}>\n`;

/** More than any page takes, with characters of several bytes. */
const LONG = report([
  server({
    findings: Array.from({ length: 500 }, (_none, index) =>
      finding({ title: `Befund ${index}`, message: 'ä€😀'.repeat(100) }),
    ),
  }),
]);

const MIXED = report([
  server({ findings: [finding(), finding(), finding({ level: 'warn' })] }),
  server({ name: 'inventory', decision: 'undecided' }),
  server({ name: 'search', decision: 'allow' }),
]);

function bytes(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

describe('the page of a check run', () => {
  it.each([
    ['Denied: 3 servers (1 denied, 1 undecided, 1 allowed), 2 deny, 1 warn', MIXED],
    ['Allowed: 1 server, no findings', CLEAN],
    ['Denied (audit mode): 1 server, 500 deny', { ...LONG, mode: 'audit' as const }],
    ['Allowed: 0 servers, no findings', report([])],
  ])('is headed "%s"', (title, one) => {
    expect(headline(one)).toBe(title);
  });

  it('is the job summary', () => {
    expect(renderCheckRun(FIXTURE)).toEqual({ title: headline(FIXTURE), summary: renderSummary(FIXTURE) });
  });

  it('is cut before a finding that does not fit', () => {
    const { summary } = renderCheckRun(LONG);
    const findings = summary.split('\n\n#### ').slice(1);
    expect(bytes(summary) <= CHECK_SUMMARY_BYTES).toBe(true);
    expect(bytes(summary) > CHECK_SUMMARY_BYTES - 2_500).toBe(true);
    expect(summary).toMatch(/\n\n> \[!WARNING\]\n> The rest was left out/u);
    expect(findings.every((one) => one.includes('**What to do:**'))).toBe(true);
  });

  it('says where each server is while the gate runs', () => {
    const stages = new Map([
      ['billing', 'judged'],
      ['search', 'session'],
      ['weather', 'start'],
    ]);
    expect(renderProgress(stages)).toEqual({
      title: 'Running: starting the candidate, 1 server judged',
      summary: '- `weather`: starting the candidate\n- `search`: probing session\n- `billing`: judged',
    });
  });

  it('has something to say before anything has happened', () => {
    expect(renderProgress(new Map())).toEqual({
      title: 'Running, 0 servers judged',
      summary: 'The gate has begun.',
    });
  });

  it('names twenty problems of a run without a verdict', () => {
    const problems = Array.from({ length: 22 }, (_none, index) => `problem ${index}`);
    expect(renderFailedRun({ title: 'The gate itself failed', problems }).summary.split('\n')).toEqual([
      '**The gate itself failed**: nothing was judged, so the deployment must not go ahead.',
      '',
      ...problems.slice(0, 20).map((problem) => `- ${problem}`),
      '- … and 2 more',
    ]);
  });

  it('says that the change was judged where only its edited policies fail', () => {
    const failed = { title: 'The edited policies cannot be used', problems: ['typo'], judged: MIXED };
    const said = [
      '**The edited policies cannot be used**: this must not be merged, whatever the policies of today say of the change. They have judged it. Denied: 3 servers (1 denied, 1 undecided, 1 allowed), 2 deny, 1 warn.',
      '',
      '- typo',
    ].join('\n');
    expect(renderFailedRun(failed).summary).toBe(said);
    expect(renderFailedComment(failed, ORIGIN)).toBe(`# ❌ MCP deployment gate: failed\n\n${said}\n${FOOT}`);
  });

  it.each(HOSTILE)('keeps every item on its line, and every line without markup: %s', (_name, text) => {
    const progress = renderProgress(new Map([[text, text]]));
    const failed = renderFailedRun({ title: 'T', problems: [text, text] });
    expect(progress.summary.split('\n').length).toBe(1);
    expect(failed.summary.split('\n').length).toBe(4);
    for (const one of [progress.title, progress.summary, failed.summary]) {
      expect(one.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
      expect(one).not.toMatch(/^::|##\[/mu);
      expect(bytes(one) <= CHECK_SUMMARY_BYTES).toBe(true);
    }
    expect(failed.summary).not.toMatch(/<(?!br>|span>|\/span>|code>|\/code>)/u);
  });
});

describe('the comment', () => {
  it('is folded away when everything passes', () => {
    expect(renderComment(CLEAN, ORIGIN)).toBe(
      `<details><summary>✅ MCP deployment gate: Allowed: 1 server, no findings</summary>\n\n${renderSummary(CLEAN)}\n</details>\n${FOOT}`,
    );
  });

  it('is open when something is denied or undecided', () => {
    const undecided = report([server({ decision: 'undecided' })]);
    expect([renderComment(FIXTURE, ORIGIN), renderComment(undecided, ORIGIN)]).toEqual([
      renderSummary(FIXTURE) + FOOT,
      renderSummary(undecided) + FOOT,
    ]);
  });

  it.each([
    ['open', LONG],
    ['folded', { ...LONG, decision: 'allow' as const }],
  ])('is cut before a finding that does not fit, with its marker, also when it is %s', (_name, one) => {
    const text = renderComment(one, ORIGIN);
    const size = bytes(text) + ORIGIN.reserved;
    expect([size <= COMMENT_BYTES, size > COMMENT_BYTES - 2_500]).toEqual([true, true]);
    expect(text).toContain('> The rest was left out');
    expect(text.endsWith(FOOT)).toBe(true);
    expect(text.split('<details>').length).toBe(text.split('</details>').length);
  });

  it.each(HOSTILE)('has room for hostile text: %s', (_name, text) => {
    const comment = renderComment(hostileReport(text), ORIGIN);
    expect(bytes(comment) + ORIGIN.reserved <= COMMENT_BYTES).toBe(true);
    expect(comment.endsWith(FOOT)).toBe(true);
  });

  it('says that nothing was judged', () => {
    expect(renderFailedComment({ title: 'The gate itself failed', problems: ['no disk'] }, ORIGIN)).toBe(
      `# ❓ MCP deployment gate: undecided\n\n**The gate itself failed**: nothing was judged, so the deployment must not go ahead.\n\n- no disk\n${FOOT}`,
    );
  });
});
