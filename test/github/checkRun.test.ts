import { afterEach, describe, expect, it } from '@jest/globals';
import { beginCheckRun, type CheckRun, concludeCheckRun, showProgress } from '../../src/github/checkRun.js';
import { annotation as escaped } from '../../src/report/escape.js';
import { HOSTILE } from '../report/hostile.js';
import { annotation, clientFor, manyAnnotations, NAME, place } from './kit.js';
import {
  type Answer,
  exhausted,
  forbidden,
  type GitHub,
  HEAD,
  invalid,
  limited,
  notFound,
  type Script,
  startGitHub,
  unavailable,
} from './openapi.js';

const CREATE = 'POST /repos/{owner}/{repo}/check-runs';
const UPDATE = 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}';
const READ = 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}';
const LIST = 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs';

let github: GitHub;

async function begin(script?: Script): Promise<CheckRun> {
  github = await startGitHub(script);
  const begun = await beginCheckRun(clientFor(github), place(github), NAME);
  if (begun.kind !== 'begun') throw new Error(begun.reason);
  return begun.run;
}

/** Answers requests of one operation in turn; `undefined` and all later ones as GitHub does. */
function inTurn(name: string, ...answers: readonly (Answer | undefined)[]): Script {
  return (seen, nth) => (seen.name === name ? answers[nth - 1] : undefined);
}

function always(name: string, answer: Answer): Script {
  return (seen) => (seen.name === name ? answer : undefined);
}

const RED = { conclusion: 'failure', title: 'Denied: 1 server, 2 deny', summary: '# Denied' } as const;

/** Operations in order, with the number of annotations sent. */
function traffic(): [string, number | null][] {
  return github.seen.map(({ name, body }) => [name, body.output?.annotations?.length ?? null]);
}

afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

describe('a check run', () => {
  it('is created in progress on the head commit, with a link to the run', async () => {
    await begin();
    expect(github.seen.map(({ name, parameters, body }) => [name, parameters, body])).toEqual([
      [
        CREATE,
        { owner: 'acme', repo: 'billing' },
        {
          name: NAME,
          head_sha: HEAD,
          status: 'in_progress',
          details_url: 'https://github.example/acme/billing/actions/runs/7/attempts/1',
          external_id: '7/1/gate/step/nonce',
          output: { title: 'Starting', summary: 'The gate has begun.' },
        },
      ],
    ]);
  });

  it.each([
    [0, [0]],
    [1, [1]],
    [50, [50]],
    [51, [50, 1]],
    [100, [50, 50]],
    [120, [50, 50, 20]],
  ])('with %i findings is concluded by requests of %j annotations', async (number, batches) => {
    const run = await begin();
    const all = manyAnnotations(number);
    const concluded = await concludeCheckRun(clientFor(github), run, { ...RED, annotations: all });

    expect(concluded).toEqual({ concluded: true, lost: [], reason: null });
    expect(traffic()).toEqual([[CREATE, null], ...batches.map((size) => [UPDATE, size])]);
    expect(github.seen.slice(1).map(({ body }) => [body.status, body.conclusion])).toEqual(
      batches.map((_size, index) =>
        index === batches.length - 1 ? ['completed', 'failure'] : [undefined, undefined],
      ),
    );
    expect(github.runs.map(({ annotations }) => annotations.map(({ title }) => title))).toEqual([
      all.map(({ title }) => title),
    ]);
  });

  it('has annotations with their place and level', async () => {
    const run = await begin();
    await concludeCheckRun(clientFor(github), run, {
      ...RED,
      conclusion: 'success',
      annotations: [
        annotation(),
        annotation({ level: 'warning' }),
        annotation({ level: 'notice', file: '', message: '' }),
      ],
    });
    const common = {
      path: 'deploy/mcp-gate.yaml',
      start_line: 9,
      end_line: 9,
      start_column: 3,
      end_column: 3,
      title: 'The Origin header is not validated',
      message: 'A foreign origin was served.',
    };
    expect(github.seen[1]?.body).toEqual({
      status: 'completed',
      conclusion: 'success',
      output: {
        title: 'Denied: 1 server, 2 deny',
        summary: '# Denied',
        annotations: [
          { ...common, annotation_level: 'failure' },
          { ...common, annotation_level: 'warning' },
          { ...common, annotation_level: 'notice', path: '.github', message: common.title },
        ],
      },
    });
  });

  it('shows progress, and is not disturbed by news that fails', async () => {
    const run = await begin(inTurn(UPDATE, unavailable));
    const client = clientFor(github);
    await showProgress(client, run, { title: 'lost', summary: '-' });
    await showProgress(client, run, { title: 'Running', summary: '- billing' });
    expect(traffic().map(([name]) => name)).toEqual([CREATE, UPDATE, UPDATE]);
    expect(github.runs.map(({ title, status }) => [title, status])).toEqual([['Running', 'in_progress']]);
  });

  it('cuts what GitHub would refuse, between characters', async () => {
    const run = await begin();
    await concludeCheckRun(clientFor(github), run, {
      ...RED,
      title: 'T'.repeat(300),
      annotations: [annotation({ title: `${'a'.repeat(253)}😀😀`, message: `a${'😀'.repeat(20_000)}` })],
    });
    const [one] = github.runs[0]?.annotations ?? [];
    expect([github.runs[0]?.title.length, one?.title, one?.message]).toEqual([
      255,
      `${'a'.repeat(253)}…`,
      `a${'😀'.repeat(14_999)}…`,
    ]);
  });

  it.each(HOSTILE)('takes hostile text as it is shown elsewhere: %s', async (_name, text) => {
    const run = await begin();
    const title = escaped(text).slice(0, 200).toWellFormed();
    const message = escaped(text);
    const result = await concludeCheckRun(clientFor(github), run, {
      ...RED,
      annotations: [annotation({ title, message, file: title })],
    });
    expect(result).toEqual({ concluded: true, lost: [], reason: null });
  });
});

describe('beginning a check run', () => {
  async function beginWith(script: Script, said: string[] = []) {
    github = await startGitHub(script);
    return beginCheckRun(clientFor(github, {}, said), place(github), NAME);
  }

  it.each([
    ['403', forbidden, '403 (Resource not accessible by integration'],
    ['404', notFound, '404 (Not Found'],
  ])('is not permitted after %s, and not tried again', async (_status, answer, words) => {
    const begun = await beginWith(always(CREATE, answer));
    expect(begun).toEqual({ kind: 'not-permitted', reason: expect.stringContaining(words) });
    expect(traffic()).toEqual([[CREATE, null]]);
  });

  it('fails for a commit that GitHub does not know', async () => {
    expect(await beginWith(always(CREATE, invalid))).toEqual({
      kind: 'failed',
      reason: expect.stringContaining('422 (Validation Failed'),
    });
  });

  it('fails for a token that is none', async () => {
    const begun = await beginWith(always(CREATE, { status: 401, body: { message: 'Bad credentials' } }));
    expect(begun).toEqual({ kind: 'failed', reason: '401 (Bad credentials)' });
  });

  it('goes on after an answer with 502', async () => {
    const begun = await beginWith(inTurn(CREATE, unavailable));
    expect(begun).toEqual({ kind: 'begun', run: { owner: 'acme', repo: 'billing', id: 4 } });
    expect(traffic().map(([name]) => name)).toEqual([CREATE, LIST, CREATE]);
  });

  it('creates a second time what was lost on the way there', async () => {
    const begun = await beginWith(inTurn(CREATE, { lost: 'undone' }));
    expect([begun.kind, github.runs.length]).toEqual(['begun', 1]);
  });

  it('finds by its external id the run whose creation was not answered, among others of its name', async () => {
    const begun = await beginWith((seen, nth) => {
      if (seen.name !== CREATE || nth !== 1) return undefined;
      for (let id = 10; id < 130; id += 1) {
        github.runs.push({
          id,
          name: NAME,
          headSha: HEAD,
          externalId: `6/${id}`,
          status: 'completed',
          conclusion: 'success',
          title: '',
          summary: '',
          annotations: [],
        });
      }
      return { lost: 'done' };
    });
    expect(begun).toEqual({ kind: 'begun', run: { owner: 'acme', repo: 'billing', id: 124 } });
    expect(traffic().map(([name]) => name)).toEqual([CREATE, LIST, LIST]);
    expect(github.seen.slice(1).map(({ query }) => query)).toEqual([
      { check_name: NAME, filter: 'all', per_page: '100' },
      { check_name: NAME, filter: 'all', per_page: '100', page: '2' },
    ]);
    expect(github.runs.filter(({ status }) => status === 'in_progress').length).toBe(1);
  });

  it('gives up when GitHub stays away', async () => {
    const begun = await beginWith(() => ({ lost: 'undone' }));
    expect(begun).toEqual({ kind: 'failed', reason: expect.stringMatching(/^no answer \(/u) });
    expect(traffic().map(([name]) => name)).toEqual([CREATE, LIST, LIST, LIST]);
  });

  it.each([
    ['403', limited(403, 1)],
    ['429', limited(429, 1)],
    ['an exhausted limit', exhausted(0)],
  ])('waits as long as %s asks for', async (_name, answer) => {
    const said: string[] = [];
    const begun = await beginWith(inTurn(CREATE, answer), said);
    expect([begun.kind, github.runs.length]).toEqual(['begun', 1]);
    expect(said).toEqual([
      expect.stringMatching(
        /^GitHub limits the rate of POST \/repos\/\{owner\}\/\{repo\}\/check-runs: trying again in \d s$/u,
      ),
    ]);
  });

  it.each([
    ['403', limited(403, 3600), '403 (You have exceeded'],
    ['429', limited(429, 3600), '429 (You have exceeded'],
    ['an exhausted limit', exhausted(1800), '403 (API rate limit exceeded'],
  ])(
    'does not wait for an hour, and does not take %s for a missing permission',
    async (_name, answer, words) => {
      const said: string[] = [];
      const begun = await beginWith(always(CREATE, answer), said);
      expect(begun).toEqual({ kind: 'failed', reason: expect.stringContaining(words) });
      expect([traffic().length, said]).toEqual([1, [expect.stringContaining('giving up')]]);
    },
  );

  it('waits twice at most', async () => {
    const begun = await beginWith(always(CREATE, limited(429, 1)));
    expect([begun.kind, traffic().length]).toEqual(['failed', 3]);
  });

  it.each([['wholly'], ['after the headers']] as const)('ends when GitHub is silent %s', async (silent) => {
    github = await startGitHub(() => ({ silent }));
    const client = clientFor(github, { requestMs: 100, totalMs: 5_000 });
    const begun = await beginCheckRun(client, place(github), NAME);
    expect(begun).toEqual({ kind: 'failed', reason: expect.stringMatching(/^no answer \(none within /u) });
    expect(traffic().map(([name]) => name)).toEqual([CREATE, LIST]);
  });

  it('fails when something else than GitHub answers', async () => {
    const begun = await beginWith(always(CREATE, { status: 201, body: { hello: 'proxy' } }));
    expect(begun).toEqual({ kind: 'failed', reason: 'the answer is no check run' });
  });
});

describe('concluding a check run', () => {
  const all = manyAnnotations(120);

  async function conclude(script: Script, annotations = all) {
    const run = await begin(script);
    return concludeCheckRun(clientFor(github), run, { ...RED, annotations });
  }

  it('loses the annotations that GitHub refuses, and only those', async () => {
    const result = await conclude(inTurn(UPDATE, undefined, invalid));
    expect(result).toEqual({
      concluded: true,
      lost: all.slice(50, 100),
      reason: expect.stringContaining('422 (Validation Failed'),
    });
    expect(traffic().slice(1)).toEqual([
      [UPDATE, 50],
      [UPDATE, 50],
      [UPDATE, 20],
    ]);
    expect(github.runs.map((run) => [run.conclusion, run.annotations.length])).toEqual([['failure', 70]]);
  });

  it('concludes without annotations when the last ones are refused', async () => {
    const result = await conclude(inTurn(UPDATE, invalid), manyAnnotations(3));
    expect(result.lost.length).toBe(3);
    expect(traffic().slice(1)).toEqual([
      [UPDATE, 3],
      [UPDATE, null],
    ]);
    expect(github.runs.map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['completed', 'failure'],
    ]);
  });

  it('concludes without the summary when GitHub refuses that', async () => {
    const result = await conclude(
      (seen) => (seen.name === UPDATE && seen.body.output?.summary === RED.summary ? invalid : undefined),
      [],
    );
    expect([result.concluded, github.runs[0]?.conclusion, github.runs[0]?.summary]).toEqual([
      true,
      'failure',
      'GitHub did not take the summary: see the job summary of the run, or its report.',
    ]);
  });

  it('sends a batch again that met a 502', async () => {
    expect(await conclude(inTurn(UPDATE, undefined, unavailable))).toEqual({
      concluded: true,
      lost: [],
      reason: null,
    });
    expect(traffic().slice(1)).toEqual([
      [UPDATE, 50],
      [UPDATE, 50],
      [READ, null],
      [UPDATE, 50],
      [UPDATE, 20],
    ]);
    expect(github.runs[0]?.annotations.length).toBe(120);
  });

  it.each([[1], [2], [3]])('repeats no annotation when the answer to request %i is lost', async (lost) => {
    const result = await conclude((seen, nth) =>
      seen.name === UPDATE && nth === lost ? { lost: 'done' } : undefined,
    );
    expect(result).toEqual({ concluded: true, lost: [], reason: null });
    expect(github.runs.map((run) => [run.conclusion, run.annotations.length])).toEqual([['failure', 120]]);
    expect(traffic().filter(([name]) => name === UPDATE).length).toBe(3);
  });

  it('concludes also when a batch never goes through, and says what is missing', async () => {
    const result = await conclude((seen, nth) =>
      seen.name === UPDATE && nth >= 2 && seen.body.output?.annotations !== undefined
        ? unavailable
        : undefined,
    );
    expect(result).toEqual({
      concluded: true,
      lost: all.slice(50),
      reason: expect.stringContaining('502 (Server Error'),
    });
    expect(github.runs.map((run) => [run.conclusion, run.annotations.length])).toEqual([['failure', 50]]);
  });

  it('leaves the run in progress when GitHub stays away, which satisfies no required check', async () => {
    const result = await conclude(always(UPDATE, unavailable), manyAnnotations(1));
    expect(result).toEqual({
      concluded: false,
      lost: manyAnnotations(1),
      reason: expect.stringContaining('502 (Server Error'),
    });
    expect(github.runs.map(({ status }) => status)).toEqual(['in_progress']);
  });

  it('ends when GitHub falls silent', async () => {
    const run = await begin((seen) => (seen.name === CREATE ? undefined : { silent: 'wholly' }));
    const client = clientFor(github, { requestMs: 50, totalMs: 5_000 });
    expect(await concludeCheckRun(client, run, { ...RED, annotations: manyAnnotations(60) })).toEqual({
      concluded: false,
      lost: manyAnnotations(60),
      reason: expect.stringMatching(/^no answer \(none within /u),
    });
  });
});
