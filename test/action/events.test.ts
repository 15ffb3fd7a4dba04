/** The events of GitHub that start a run: what the gate reads of them, whose policies decide, and three whole runs of the Action. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decidingPolicies } from '../../src/commands/decidingPolicies.js';
import { readEvent } from '../../src/commands/event.js';
import type { Terminal } from '../../src/commands/terminal.js';
import { demandChange } from '../../src/commands/underReview.js';
import { forbidden, type Script, startGitHub, TOKEN } from '../github/openapi.js';
import { type Repository, repository } from '../history/repository.js';
import { annotationsIn, outputOf, ROOT, runAction } from './kit.js';
import {
  type Commits,
  HEADS,
  mergeGroup,
  pullRequest,
  push,
  release,
  schedule,
  workflowDispatch,
} from './payloads.js';

const folder = mkdtempSync(join(tmpdir(), 'mcp-gate-events-'));
const BASE = 'a'.repeat(40);
const HEAD = 'b'.repeat(40);
const COMMITS = { base: BASE, head: HEAD };
const PULL = { kind: 'pull-request', number: 2, base: BASE, baseBranch: 'main', head: HEAD, fork: false };

let files = 0;
/** The variables of a runner. */
function runner(name: string, payload: unknown): Record<string, string> {
  files += 1;
  const path = join(folder, `${files}.json`);
  writeFileSync(path, JSON.stringify(payload));
  return { GITHUB_EVENT_NAME: name, GITHUB_EVENT_PATH: path, GITHUB_REPOSITORY: 'acme/billing' };
}

let home: Repository;
let commits: Commits;
let merge = '';
let clone: Repository;

const manifest = (command: string): string => `apiVersion: mcp-gate/v1
kind: McpServerDeployment
metadata: { name: server }
spec:
  run: { command: [node, -e, ${JSON.stringify(command)}] }
  transport: { type: stdio }
`;
// Decides without a server: the facts say how the manifest calls it.
const RULE = (named: string): string => `package acme
deny contains "the ${named} decides" if input.candidate.name == "server"
`;

beforeAll(() => {
  home = repository();
  home.write({ 'policies/acme.rego': RULE('base'), 'gate.yaml': manifest('process.exit(1)') });
  const base = home.commit('base');
  home.git('checkout', '--quiet', '-b', 'changes');
  home.write({ 'policies/acme.rego': RULE('head') });
  const head = home.commit('edit');
  home.git('checkout', '--quiet', 'main');
  home.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'changes');
  merge = home.git('rev-parse', 'HEAD');
  commits = { base, head };
  clone = home.shallow(2);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
  clone.dispose();
  home.dispose();
});

describe('an event', () => {
  it.each([
    ['pull_request', 'of a branch', pullRequest(COMMITS), PULL],
    ['pull_request', 'of a fork', pullRequest(COMMITS, HEADS.fork, 'mallory'), { ...PULL, fork: true }],
    ['pull_request', 'of a deleted fork', pullRequest(COMMITS, HEADS.deleted), { ...PULL, fork: true }],
    ['pull_request', 'of Dependabot', pullRequest(COMMITS, HEADS.same, 'dependabot[bot]'), PULL],
    ['pull_request_target', 'of a fork', pullRequest(COMMITS, HEADS.fork), { ...PULL, fork: true }],
    ['pull_request_review', 'of a fork', pullRequest(COMMITS, HEADS.fork), { ...PULL, fork: true }],
    ['merge_group', 'of a queue', mergeGroup(COMMITS), { kind: 'merge-group', base: BASE, head: HEAD }],
    ['push', 'to the default branch', push(COMMITS), { kind: 'other', name: 'push' }],
    ['workflow_dispatch', 'by hand', workflowDispatch, { kind: 'other', name: 'workflow_dispatch' }],
    ['schedule', 'at night', schedule, { kind: 'other', name: 'schedule' }],
    ['release', 'of a version', release, { kind: 'other', name: 'release' }],
  ])('%s %s is read as GitHub writes it', async (name, _which, payload, expected) => {
    expect(await readEvent(runner(name, payload))).toEqual(expected);
  });

  it('of no runner has no name', async () => {
    expect(await readEvent({})).toEqual({ kind: 'other', name: '' });
  });

  it.each(['pull_request', 'merge_group'])('%s without its file is a clear mistake', async (name) => {
    const GITHUB_EVENT_NAME = name;
    await expect(readEvent({ GITHUB_EVENT_NAME })).rejects.toThrow(
      `expected GITHUB_EVENT_PATH to name the payload of the event ${name}, but it is not set.`,
    );
    await expect(
      readEvent({ GITHUB_EVENT_NAME, GITHUB_EVENT_PATH: join(folder, 'none.json') }),
    ).rejects.toThrow(
      new RegExp(`^expected the payload of the event ${name} in GITHUB_EVENT_PATH, but: .*ENOENT`, 'u'),
    );
  });

  it.each([
    ['of another event', push(COMMITS), 'pull_request: '],
    ['with a branch for a commit', pullRequest({ ...COMMITS, base: 'main' }), 'pull_request.base.sha: '],
    [
      'with an option of git for a commit',
      pullRequest({ ...COMMITS, head: '--output=/etc/passwd' }),
      'pull_request.head.sha: ',
    ],
    ['that is no object', null, ': '],
  ])('pull_request with a payload %s is a clear mistake', async (_which, payload, where) => {
    await expect(readEvent(runner('pull_request', payload))).rejects.toThrow(
      `expected the payload of the event pull_request to name its commits, but ${where}`,
    );
  });
});

/** Which version decides, and from which commit, for the checkout that actions/checkout makes with `fetch-depth: 2`. */
async function decider(
  name: string,
  payload: unknown,
  { policiesFrom, sha = merge }: { policiesFrom?: string; sha?: string } = {},
) {
  const env = { ...process.env, ...runner(name, payload), GITHUB_SHA: sha };
  const terminal: Terminal = {
    cwd: clone.folder,
    env,
    dist: new URL(`file://${join(ROOT, 'dist')}/`),
    style: { color: false, width: 100 },
    interactive: false,
    out: () => undefined,
    err: () => undefined,
  };
  const request = { policies: ['policies'], policiesFrom, manifests: ['gate.yaml'] };
  const found = await decidingPolicies(request, await readEvent(env), terminal);
  try {
    const rule = await readFile(join(found.deciding.cwd ?? '', 'policies/acme.rego'), 'utf8');
    const { kind, commit } = found.source;
    return { kind, commit, says: /the (\w+) decides/u.exec(rule)?.[1], tried: found.proposed !== null };
  } finally {
    await found.dispose();
  }
}

describe('the policies that decide', () => {
  const base = () => ({ kind: 'base', commit: commits.base, says: 'base', tried: true });
  const checkedOut = { kind: 'checkout', commit: null, says: 'head', tried: false };

  it.each(['same', 'fork', 'deleted'] as const)(
    'are those of the base in a pull request (%s)',
    async (from) => {
      expect(await decider('pull_request', pullRequest(commits, HEADS[from]))).toEqual(base());
    },
  );

  it('are those of the base for Dependabot', async () => {
    expect(await decider('pull_request', pullRequest(commits, HEADS.same, 'dependabot[bot]'))).toEqual(
      base(),
    );
  });

  it('are those of the base in a merge group', async () => {
    expect(await decider('merge_group', mergeGroup({ ...commits, head: merge }))).toEqual(base());
  });

  it('are those of the base also where the workflow checked out the head', async () => {
    clone.git('checkout', '--quiet', commits.head);
    try {
      expect(await decider('pull_request', pullRequest(commits))).toEqual(base());
    } finally {
      clone.git('checkout', '--quiet', 'main');
    }
  });

  it.each([
    ['push', push(COMMITS)],
    ['workflow_dispatch', workflowDispatch],
    ['schedule', schedule],
    ['release', release],
  ])('are the checked-out ones on %s, where nothing is under review', async (name, payload) => {
    expect(await decider(name, payload)).toEqual(checkedOut);
  });

  it('can be named where the event names none', async () => {
    expect(await decider('schedule', schedule, { policiesFrom: commits.base })).toEqual({
      ...base(),
      kind: 'ref',
    });
  });

  it('cannot be those of a base on an event without one', async () => {
    await expect(decider('schedule', schedule, { policiesFrom: 'base' })).rejects.toThrow(
      'policies-from base: expected a pull_request or merge_group event, which names a base, but this run is for schedule. Name a commit or a branch instead, or "head".',
    );
  });
});

describe('a checkout', () => {
  const terminal = (sha: string) => ({
    cwd: clone.folder,
    env: { ...process.env, GITHUB_EVENT_NAME: 'pull_request_target', GITHUB_SHA: sha },
  });
  const event = async () => readEvent(runner('pull_request_target', pullRequest(commits, HEADS.fork)));
  const at = async (commit: string, work: () => Promise<void>): Promise<void> => {
    clone.git('checkout', '--quiet', commit);
    try {
      await work();
    } finally {
      clone.git('checkout', '--quiet', 'main');
    }
  };

  it('of the base, which is the default on pull_request_target, is no pull request to give a verdict on', async () => {
    await at(commits.base, async () => {
      await expect(demandChange(['gate.yaml'], await event(), terminal(commits.base))).rejects.toThrow(
        `expected the pull request to be checked out, but it is its base (${commits.base.slice(0, 12)}), `,
      );
    });
  });

  it('of the base beside one of the pull request is left to the workflow', async () => {
    await at(commits.base, async () => {
      mkdirSync(join(clone.folder, 'change/.git'), { recursive: true });
      await expect(
        demandChange(['gate.yaml'], await event(), terminal(commits.base)),
      ).resolves.toBeUndefined();
      rmSync(join(clone.folder, 'change'), { recursive: true });
      await expect(
        demandChange(['made.yaml'], await event(), terminal(commits.base)),
      ).resolves.toBeUndefined();
    });
  });

  it('of the head, or of the merge, is one', async () => {
    await at(commits.head, async () =>
      expect(await demandChange(['gate.yaml'], await event(), terminal(commits.base))).toBeUndefined(),
    );
    expect(await demandChange(['gate.yaml'], await event(), terminal(commits.base))).toBeUndefined();
  });
});

/** A run of the built Action whose candidate ends at once, so that nothing but the decision takes time, beside a GitHub. */
async function act(name: string, event: unknown, script?: Script, output?: string) {
  const report = join(folder, 'report.json');
  const github = await startGitHub(script);
  try {
    const ran = await runAction({
      cwd: clone.folder,
      inputs: { manifest: 'gate.yaml', policies: 'policies', report, token: TOKEN },
      env: {
        GITHUB_API_URL: github.url,
        GITHUB_EVENT_NAME: name,
        GITHUB_SHA: merge,
        GITHUB_REPOSITORY: 'acme/billing',
        GITHUB_RUN_ID: '7',
        GITHUB_ACTOR: 'mallory',
        ...(output === undefined ? {} : { GITHUB_OUTPUT: output }),
      },
      event,
    });
    const source = output === undefined ? JSON.parse(await readFile(report, 'utf8')).policy.source : null;
    return { ...ran, source, github };
  } finally {
    await github.close();
  }
}

describe('a whole run', () => {
  it('for a fork, whose token may only read, is decided by the base, annotated by workflow commands and red', async () => {
    const { code, log, outputs, source, github } = await act(
      'pull_request',
      pullRequest(commits, HEADS.fork, 'mallory'),
      () => forbidden,
    );

    expect([code, outputOf(outputs, 'decision')]).toEqual([1, 'deny']);
    expect(source).toEqual({ kind: 'base', commit: commits.base, pending: [] });
    expect(annotationsIn(log)).toContainEqual(expect.stringMatching(/^error gate\.yaml:\d+ /u));
    expect(log).toContain('the base decides');
    expect(log.match(/^::notice::There is no check run: .*$/gmu)).toHaveLength(1);
    expect(github.seen.map(({ name }) => name)).toEqual(['POST /repos/{owner}/{repo}/check-runs']);
    // It is in the log once, where the runner is told to hide it.
    expect(log.split(TOKEN)).toHaveLength(2);
    expect(log).toContain(`::add-mask::${TOKEN}`);
  });

  it('for a push is decided by what was pushed, with a check run on that commit', async () => {
    const { code, log, source, github } = await act('push', push(commits));

    expect([code, source]).toEqual([1, { kind: 'checkout', commit: null, pending: [] }]);
    expect(log).toContain('the head decides');
    expect(github.violations).toEqual([]);
    expect(github.runs.map(({ headSha, status, conclusion }) => [headSha, status, conclusion])).toEqual([
      [merge, 'completed', 'failure'],
    ]);
  });

  it('that cannot even write its outputs is red, also on the page of its check run', async () => {
    const { code, log, github } = await act('push', push(commits), undefined, '/dev/full');

    expect(code).toBe(3);
    expect(log).toMatch(/^::error title=The gate itself failed::.*ENOSPC/mu);
    expect(github.runs.map(({ status, conclusion }) => [status, conclusion])).toEqual([
      ['completed', 'failure'],
    ]);
  });

  it('whose event cannot be read decides nothing, and says what was expected', async () => {
    const { code, log, outputs } = await runAction({
      cwd: clone.folder,
      inputs: { manifest: 'gate.yaml', policies: 'policies' },
      env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_EVENT_PATH: join(folder, 'none.json') },
    });

    expect([code, outputOf(outputs, 'decision')]).toEqual([2, 'undecided']);
    expect(log).toMatch(
      /^::error title=The gate cannot run as asked::expected the payload of the event pull_request in GITHUB_EVENT_PATH, but: ENOENT/mu,
    );
  });
});
