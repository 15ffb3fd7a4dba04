/** What the change adds to the servers of the base, or leaves out: seen in every output that people read. */
import { describe, expect, it } from '@jest/globals';
import { annotations } from '../../src/report/annotations.js';
import { renderHtml } from '../../src/report/html/html.js';
import { renderJson } from '../../src/report/json.js';
import type { Report, Review, ServerReport } from '../../src/report/report.js';
import { reviewNotes } from '../../src/report/review.js';
import { renderSummary } from '../../src/report/summary.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { finding, report, server } from './fixture.js';
import { readPage, textOf } from './html/page.js';

const NAME = 'What waivers and allow lists say of its name holds for it.';

function reviewed(servers: readonly Partial<ServerReport>[], review: Review | null): Report {
  const plain = report(servers.map((one) => server({ decision: 'allow', ...one })));
  return { ...plain, policy: { ...plain.policy, review } };
}

const own = (name: string, line = 3) => ({ server: name, line, environment: 'own' as const });
const lax = { name: 'test', applied: true };

describe('a server that is new against the base', () => {
  const notes = (changes: Partial<ServerReport>, environment: 'own' | 'kept' = 'own') =>
    reviewNotes(
      reviewed([{}, { name: 'new', ...changes }], {
        added: [{ ...own('new'), environment }],
        removed: [],
      }),
    );

  it.each<readonly [string, ServerReport['environment'], string]>([
    [
      'one that data has a part for',
      lax,
      "Its environment label test is the change's own and chooses what it is judged by: reviewers, look at it.",
    ],
    [
      'one that data does not know',
      { name: 'moon', applied: false },
      "Its environment label moon is the change's own and is unknown to the policy data: reviewers, look at it.",
    ],
    ['none', null, 'Its name and labels are of its own choice: reviewers, look at them.'],
  ])('is shown with the environment that it chose: %s', (_name, environment, text) => {
    expect(notes({ environment })).toEqual([
      {
        title: 'new is new against the base',
        text: `${text} ${NAME}`,
        file: 'deploy/mcp-gate.yaml',
        line: 3,
      },
    ]);
  });

  it.each<readonly [ServerReport['environment'], string]>([
    [lax, 'test'],
    [null, 'none'],
  ])('is shown with the environment that it took over: %j', (environment, words) => {
    expect(notes({ environment }, 'kept').map(({ text }) => text)).toEqual([
      `It keeps the environment of the server in whose place it is (${words}). ${NAME}`,
    ]);
  });
});

describe('what a change does to the servers', () => {
  it('is nothing to speak of where nothing is compared, or nothing differs', () => {
    expect([
      reviewNotes(reviewed([{}], null)),
      reviewNotes(reviewed([{}], { added: [], removed: [] })),
    ]).toEqual([[], []]);
  });

  it('has one note for a manifest that is new as a whole', () => {
    const names = Array.from({ length: 12 }, (_none, index) => `s${index}`);
    const all = names.map((name) => ({ name, environment: lax, manifest: 'deploy/new.yaml' }));
    const added = names.map((name) => own(name));
    expect(reviewNotes(reviewed([{}, ...all], { added, removed: [] }))).toEqual([
      {
        title: 'The 12 servers of deploy/new.yaml are new against the base',
        text: "Their names and environment labels are the change's own: reviewers, look at them. The environments they choose: test. They are s0, s1, s2, s3, s4, s5, s6, s7, s8, s9 and 2 more.",
        file: 'deploy/new.yaml',
        line: 1,
      },
    ]);
  });

  it('has a note for each where all the servers of a manifest were put in the place of others', () => {
    const removed = [{ server: 'old', manifest: 'deploy/mcp-gate.yaml' }];
    const titles = reviewNotes(
      reviewed([{ name: 'a' }, { name: 'b' }], { added: [own('a'), own('b')], removed }),
    ).map(({ title }) => title);
    expect(titles).toEqual(['a is new against the base', 'b is new against the base', 'old was not judged']);
  });
});

describe('every output for people', () => {
  const REVIEWED = reviewed(
    [{ findings: [finding({ level: 'notice' })] }, { name: 'new', environment: lax }],
    { added: [own('new', 14)], removed: [{ server: 'old', manifest: 'deploy/mcp-gate.yaml' }] },
  );
  const [ADDED = '', GONE = ''] = reviewNotes(REVIEWED).map(({ text }) => text);

  it('shows it: annotations on the line, before other notices', () => {
    expect(
      annotations(REVIEWED).map(({ level, title, message, startLine }) => [level, title, message, startLine]),
    ).toEqual([
      ['notice', 'new is new against the base', ADDED, 14],
      ['notice', 'old was not judged', 'It is gone from deploy/mcp-gate.yaml, where the base has it.', 1],
      ['notice', 'The Origin header is not validated', expect.any(String), 9],
    ]);
  });

  it('shows it: the terminal before the decision', () => {
    const text = renderTerminal(REVIEWED, { color: false, width: 120 });
    expect(text.split('\n\n').at(-2)?.replace(/\s+/gu, ' ')).toBe(
      `against the base new is new against the base: ${ADDED} old was not judged: ${GONE}`,
    );
  });

  it('shows it: the summary', () => {
    const text = renderSummary(REVIEWED);
    expect(text).toContain('\n## Against the base\n\n- **new is new against the base.** Its environment');
    expect(text).toContain('\n- **old was not judged.** It is gone from ');
    expect(renderSummary(reviewed([{}], null))).not.toContain('Against the base');
  });

  it('shows it: the page', () => {
    const page = readPage(renderHtml(REVIEWED));
    const section = page.elements.find(({ attributes }) => attributes.get('id') === 'review');
    const text = section === undefined ? '' : textOf(section);
    for (const part of [ADDED, GONE, 'new is new against the base', 'old was not judged'])
      expect(text).toContain(part);
  });

  it('shows it: the report', () => {
    expect(JSON.parse(renderJson(REVIEWED)).policy.review).toEqual(REVIEWED.policy.review);
  });
});
