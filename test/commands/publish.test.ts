import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunEvent } from '../../src/commands/event.js';
import { type PublishOptions, publisher } from '../../src/commands/publish.js';
import { ANNOTATIONS_PER_LEVEL, type Annotation, annotations } from '../../src/report/annotations.js';
import type { Report } from '../../src/report/report.js';
import { NAME } from '../github/kit.js';
import {
  forbidden,
  type GitHub,
  HEAD,
  invalid,
  type Script,
  startGitHub,
  TOKEN,
  unavailable,
} from '../github/openapi.js';
import { CLEAN, FIXTURE, finding, report, server } from '../report/fixture.js';
import { HOSTILE, hostileReport } from '../report/hostile.js';

const MERGE = 'f'.repeat(40);
const CREATE = 'POST /repos/{owner}/{repo}/check-runs';
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
const LIST_COMMENTS = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
const PULL: RunEvent = {
  kind: 'pull-request',
  number: 17,
  base: 'a'.repeat(40),
  baseBranch: 'main',
  head: HEAD,
  fork: false,
};
const PUSH: RunEvent = { kind: 'other', name: 'push' };

/** 120 findings of one level, the rest as `changes` say. */
function many(level: 'deny' | 'notice', changes: Partial<Report> = {}): Report {
  const findings = Array.from({ length: 120 }, (_none, index) =>
    finding({
      level,
      title: `finding ${index}`,
      location: { file: 'gate.yaml', line: index + 1, column: 1 },
    }),
  );
  return report([server({ findings, decision: level === 'deny' ? 'deny' : 'allow' })], changes);
}

let github: GitHub;
let said: string[];
let annotated: Annotation[];

async function begin(script?: Script, changes: Partial<PublishOptions> = {}) {
  github = await startGitHub(script);
  said = [];
  annotated = [];
  return publisher({
    env: {
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'acme/billing',
      GITHUB_SHA: MERGE,
      GITHUB_RUN_ID: '7',
      GITHUB_RUN_ATTEMPT: '1',
      GITHUB_WORKFLOW: 'deploy',
      GITHUB_JOB: 'gate',
    },
    event: PULL,
    token: TOKEN,
    checkRun: 'auto',
    checkName: NAME,
    comment: 'off',
    manifests: ['deploy/mcp-gate.yaml'],
    signal: new AbortController().signal,
    sink: {
      secret: (value) => said.push(`secret: ${value === TOKEN}`),
      info: (message) => said.push(`info: ${message}`),
      notice: (message) => said.push(`notice: ${message}`),
      annotate: (annotation) => annotated.push(annotation),
    },
    times: { secondMs: 10, progressMs: 3_600_000 },
    ...changes,
  });
}

function operations(): string[] {
  return github.seen.map(({ name }) => name);
}

/** How the runs stand at the end. */
function runs(): (string | number | null)[][] {
  return github.runs.map((run) => [run.headSha, run.status, run.conclusion, run.annotations.length]);
}

afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
  expect(said.join('\n')).not.toContain(TOKEN);
});

describe('publishing', () => {
  it('shows 120 findings by three requests, on the head of the pull request, and none by workflow command', async () => {
    const publish = await begin();
    await publish.conclude(many('deny'));
    expect(operations()).toEqual([CREATE, UPDATE, UPDATE, UPDATE]);
    expect(runs()).toEqual([[HEAD, 'completed', 'failure', 120]]);
    expect(github.runs[0]?.title).toBe('Denied: 1 server, 120 deny');
    expect([annotated, said]).toEqual([[], ['secret: true']]);
  });

  it.each([
    ['success', 'allowed', CLEAN],
    ['success', 'denied in audit mode', many('deny', { mode: 'audit' })],
    ['failure', 'undecided in audit mode', { ...FIXTURE, mode: 'audit' } as const],
    ['failure', 'without any server', report([])],
  ])('concludes %s for a run that is %s', async (conclusion, _name, one) => {
    const publish = await begin(undefined, { event: PUSH });
    await publish.conclude(one);
    expect(runs()).toEqual([[MERGE, 'completed', conclusion, expect.any(Number)]]);
  });

  it('shows a run that could not judge anything as a failure', async () => {
    const publish = await begin();
    await publish.fail({ title: 'The gate cannot run as asked', problems: ['no <b>manifest</b>'] });
    expect(runs()).toEqual([[HEAD, 'completed', 'failure', 0]]);
    expect(github.runs.map(({ title, summary }) => [title, summary])).toEqual([
      [
        'The gate cannot run as asked',
        '**The gate cannot run as asked**: nothing was judged, so the deployment must not go ahead.\n\n- no &lt;b&gt;manifest&lt;/b&gt;',
      ],
    ]);
  });

  it('takes back a success when the run fails afterwards', async () => {
    const publish = await begin();
    await publish.conclude(CLEAN);
    await publish.fail({ title: 'The gate itself failed', problems: ['the disk is full'] });
    expect(runs()).toEqual([[HEAD, 'completed', 'failure', 0]]);
  });

  it('never shows a success on the way when the run fails whatever its verdict, and keeps the annotations', async () => {
    const publish = await begin();
    await publish.fail(
      { title: 'The edited policies cannot be used', problems: ['typo'] },
      annotations(many('deny')),
    );
    expect(github.seen.map(({ body }) => body.conclusion ?? null)).toEqual([null, null, null, 'failure']);
    expect(runs()).toEqual([[HEAD, 'completed', 'failure', 120]]);
  });

  it('tells of progress at once, then not before its time', async () => {
    const publish = await begin();
    for (let index = 0; index < 200; index += 1) {
      publish.progress({ server: `server ${index}`, stage: index === 199 ? 'session' : 'judged' });
    }
    await publish.conclude(CLEAN);
    expect(operations()).toEqual([CREATE, UPDATE, UPDATE]);
    expect(github.seen[1]?.body.output?.title).toBe('Running: probing session, 199 servers judged');
    expect(runs()).toEqual([[HEAD, 'completed', 'success', 0]]);
  });

  it('concludes after the news that are under way, which would else undo the title', async () => {
    const publish = await begin((seen, nth) =>
      seen.name === UPDATE && nth === 1 ? { lateMs: 300 } : undefined,
    );
    publish.progress({ server: 'billing', stage: 'start' });
    await publish.conclude(CLEAN);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(github.runs[0]?.title).toBe('Allowed: 1 server, no findings');
  });

  it('does not mind news that are refused', async () => {
    const publish = await begin((seen, nth) => (seen.name === UPDATE && nth === 1 ? forbidden : undefined));
    publish.progress({ server: 'billing', stage: 'start' });
    await publish.conclude(CLEAN);
    expect([runs(), said]).toEqual([[[HEAD, 'completed', 'success', 0]], ['secret: true']]);
  });

  it.each(HOSTILE)('shows hostile text: %s', async (_name, text) => {
    const publish = await begin(undefined, { comment: 'on' });
    publish.progress({ server: text, stage: text });
    await publish.conclude(hostileReport(text));
    const [run] = github.runs;
    expect([run?.status, run?.conclusion]).toEqual(['completed', 'failure']);
    expect(github.comments.length).toBe(1);
    expect(annotated).toEqual([]);
  });
});

describe('falling back to workflow commands', () => {
  it('says once that checks may not be written, and shows ten with the count', async () => {
    const publish = await begin(() => forbidden);
    publish.progress({ server: 'billing', stage: 'start' });
    await publish.conclude(many('deny'));
    expect(operations()).toEqual([CREATE]);
    expect(said).toEqual([
      'secret: true',
      'notice: There is no check run: 403 (Resource not accessible by integration - https://docs.github.com/rest/checks/runs#create-a-check-run); expected a token with "checks: write", which runs for forks and Dependabot never have. The findings are annotations of this step instead, at most 10 of each level. The exit code decides all the same.',
    ]);
    expect([annotated.length, annotated[9]?.title]).toEqual([10, 'and 111 more errors']);
  });

  it('counts its own notice among those of the step', async () => {
    const publish = await begin(() => forbidden);
    await publish.conclude(many('notice'));
    const notices = annotated.length + said.filter((line) => line.startsWith('notice: ')).length;
    expect(notices).toBe(ANNOTATIONS_PER_LEVEL);
    expect(annotated.at(-1)?.title).toBe('and 112 more notices');
  });

  it('counts what else the run has to notice', async () => {
    const publish = await begin(() => forbidden);
    for (const server of ['a', 'b', 'c']) publish.notice(`${server}: no attestation\n::error::x`);
    await publish.conclude(many('notice'));
    const notices = said.filter((line) => line.startsWith('notice: '));
    expect([notices[0], annotated.length + notices.length]).toEqual([
      'notice: a: no attestation\\n::error::x',
      ANNOTATIONS_PER_LEVEL,
    ]);
  });

  it('sends and says nothing when check runs are off', async () => {
    const publish = await begin(undefined, { checkRun: 'off' });
    publish.progress({ server: 'billing', stage: 'start' });
    await publish.conclude(many('notice'));
    expect([operations(), said, annotated.length]).toEqual([[], ['secret: true'], 10]);
  });

  it.each([
    ['no token', '', 'the token is empty or holds characters that no token has'],
    ['a token that cannot be one', 'ghs_a\nb', 'the token is empty or holds characters that no token has'],
  ])('is the way with %s, which is not repeated', async (_name, token, reason) => {
    const publish = await begin(undefined, { token });
    await publish.conclude(many('deny'));
    expect([operations(), annotated.length]).toEqual([[], 10]);
    expect(said.at(-1)).toContain(`notice: There is no check run: ${reason}.`);
    expect(said.join('\n')).not.toContain('ghs_a');
  });

  it('is the way outside GitHub', async () => {
    const publish = await begin(undefined, { env: {} });
    await publish.conclude(many('deny'));
    expect([operations(), annotated.length]).toEqual([[], 10]);
    expect(said[1]).toContain('expected GITHUB_REPOSITORY to be "owner/name", as on a runner of GitHub');
  });

  it('shows the annotations that GitHub refused', async () => {
    const publish = await begin((seen, nth) => (seen.name === UPDATE && nth === 3 ? invalid : undefined));
    await publish.conclude(many('deny'));
    expect(runs()).toEqual([[HEAD, 'completed', 'failure', 100]]);
    expect(said[1]).toContain('notice: The check run lacks 20 of 120 annotations');
    expect(annotated.map(({ title }) => title)).toEqual([
      ...Array.from({ length: 9 }, () => expect.stringMatching(/^finding \d+$/u)),
      'and 11 more errors',
    ]);
  });

  it('shows all when the check run cannot be concluded', async () => {
    const publish = await begin((seen) => (seen.name === UPDATE ? unavailable : undefined));
    await publish.conclude(many('deny'));
    expect(runs()).toEqual([[HEAD, 'in_progress', null, 0]]);
    expect(said[1]).toContain('It stays in progress, and the exit code decides.');
    expect(annotated.length).toBe(10);
  });

  it('ends when GitHub never answers', async () => {
    const publish = await begin(() => ({ silent: 'wholly' }), {
      comment: 'on',
      times: { secondMs: 10, requestMs: 50, beginMs: 2_000, concludeMs: 2_000 },
    });
    publish.progress({ server: 'billing', stage: 'start' });
    await publish.conclude(many('deny'));
    expect(said).toEqual([
      'secret: true',
      expect.stringMatching(/^notice: There is no check run: no answer \(none within /u),
      expect.stringMatching(/^info: There is no comment: no answer \(none within /u),
    ]);
    expect(annotated.length).toBe(10);
  });

  it('escapes what an answer says', async () => {
    const message = '\u001b[31m::error::owned ##[group]x';
    const publish = await begin(() => ({ status: 403, body: { message } }));
    await publish.conclude(CLEAN);
    expect(said[1]).toContain('403 (\\u{1b}[31m::error::owned ##\\u{5b}group]x)');
  });
});

describe('the comment', () => {
  it('is written beside the check run, and brought up to date by the next run', async () => {
    const publish = await begin(undefined, { comment: 'on' });
    await publish.conclude(FIXTURE);
    await publish.conclude(CLEAN);
    expect(github.comments.length).toBe(1);
    expect(github.comments[0]?.body).toMatch(
      /^<!-- mcp-deploy-gate: MCP_deploy_gate\.[0-9a-f]{12} -->\n<details><summary>✅ MCP deployment gate: Allowed: 1 server, no findings<\/summary>\n\n# ✅/u,
    );
    expect(github.comments[0]?.body).toMatch(
      /<\/details>\n\nCommit `0123456789ab` · <https:\/\/github\.com\/acme\/billing\/actions\/runs\/7\/attempts\/1>\n$/u,
    );
  });

  it('does not go on saying what an earlier commit got when nothing could be judged', async () => {
    const publish = await begin(undefined, { comment: 'on' });
    await publish.conclude(CLEAN);
    await publish.fail({ title: 'The gate cannot run as asked', problems: ['no manifest'] });
    expect(github.comments.map(({ body }) => body.split('\n')[1])).toEqual([
      '# ❓ MCP deployment gate: undecided',
    ]);
  });

  it('of another job of a matrix is another one', async () => {
    const publish = await begin(undefined, { comment: 'on' });
    await publish.conclude(FIXTURE);
    const [first] = github.comments;
    await github.close();
    const other = await begin(undefined, { comment: 'on', manifests: ['deploy/search.yaml'] });
    if (first !== undefined) github.comments.push(first);
    await other.conclude(CLEAN);
    expect(github.comments.length).toBe(2);
  });

  it('is not written without a pull request', async () => {
    const publish = await begin(undefined, { comment: 'on', event: PUSH });
    await publish.conclude(CLEAN);
    expect(operations()).not.toContain(LIST_COMMENTS);
  });

  it('that may not be written is said in the log, and costs nothing else', async () => {
    const publish = await begin((seen) => (seen.name === LIST_COMMENTS ? forbidden : undefined), {
      comment: 'on',
    });
    await publish.conclude(CLEAN);
    expect(runs()).toEqual([[HEAD, 'completed', 'success', 0]]);
    expect(said.slice(1)).toEqual([
      expect.stringMatching(
        /^info: There is no comment: 403 \(.*expected a token with "pull-requests: write"\.$/u,
      ),
    ]);
  });
});
