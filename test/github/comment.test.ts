import { afterEach, describe, expect, it } from '@jest/globals';
import { markerOf, writeComment } from '../../src/github/comment.js';
import { clientFor } from './kit.js';
import {
  forbidden,
  type GitHub,
  limited,
  notFound,
  REPOSITORY,
  type Script,
  type StoredComment,
  startGitHub,
  unavailable,
} from './openapi.js';

const LIST = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
const CREATE = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
const UPDATE = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
const KEY = 'MCP deploy gate.0123456789ab';
const MARKER = '<!-- mcp-deploy-gate: MCP_deploy_gate.0123456789ab -->';
const WHERE = { ...REPOSITORY, pullRequest: 17, key: KEY };

let github: GitHub;

function comment(id: number, changes: Partial<StoredComment> = {}): StoredComment {
  return { id, body: 'LGTM', login: 'octocat', type: 'User', association: 'CONTRIBUTOR', ...changes };
}

const OURS = {
  body: `${MARKER}\nold`,
  login: 'github-actions[bot]',
  type: 'Bot',
  association: 'NONE',
} as const;

async function write(comments: readonly StoredComment[], script?: Script, body = 'new') {
  github = await startGitHub(script);
  github.comments.push(...comments);
  return writeComment(clientFor(github), WHERE, body);
}

function operations(): string[] {
  return github.seen.map(({ name }) => name);
}

afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

describe('the comment', () => {
  it('begins with a marker that people do not see', () => {
    expect(markerOf(KEY)).toBe(MARKER);
    expect(markerOf('a --> <b>@octocat')).toBe('<!-- mcp-deploy-gate: a_--___b__octocat -->');
    return startGitHub().then((server) => {
      github = server;
    });
  });

  it('is created where there is none', async () => {
    expect(await write([comment(1), comment(2)])).toEqual({ kind: 'created' });
    expect(operations()).toEqual([LIST, CREATE]);
    expect(github.comments.at(-1)?.body).toBe(`${MARKER}\nnew`);
  });

  it('is found on the second page of 150, and updated', async () => {
    const others = Array.from({ length: 150 }, (_none, index) => comment(index + 1));
    others[130] = comment(131, OURS);
    expect(await write(others)).toEqual({ kind: 'updated' });
    expect(operations()).toEqual([LIST, LIST, UPDATE]);
    expect(github.seen.map(({ query }) => query)).toEqual([
      { per_page: '100' },
      { per_page: '100', page: '2' },
      {},
    ]);
    expect(github.comments.map(({ body }) => body).filter((body) => body !== 'LGTM')).toEqual([
      `${MARKER}\nnew`,
    ]);
  });

  it('is left alone when it says the same, line breaks aside', async () => {
    const same = comment(1, { ...OURS, body: `${MARKER}\r\nnew\r\nlines` });
    expect(await write([same], undefined, 'new\nlines\n')).toEqual({ kind: 'unchanged' });
    expect(operations()).toEqual([LIST]);
  });

  it('is not one that only quotes the marker', async () => {
    expect(await write([comment(1, { ...OURS, body: `> ${MARKER}` })])).toEqual({ kind: 'created' });
  });

  it('is not one that a stranger prepared, who could edit it afterwards', async () => {
    const bait = comment(1, { body: `${MARKER}\nAll green!`, association: 'FIRST_TIME_CONTRIBUTOR' });
    expect(await write([bait])).toEqual({ kind: 'created' });
    expect(github.comments[0]?.body).toBe(`${MARKER}\nAll green!`);
  });

  it('is the next one where the token may not edit the first', async () => {
    const theirs = comment(1, { body: OURS.body, association: 'MEMBER' });
    const result = await write([theirs, comment(2, OURS)], (seen) =>
      seen.parameters['comment_id'] === '1' ? forbidden : undefined,
    );
    expect(result).toEqual({ kind: 'updated' });
    expect(github.comments.map(({ body }) => body)).toEqual([OURS.body, `${MARKER}\nnew`]);
  });

  it('is created where the token may edit none with the marker', async () => {
    const result = await write([comment(1, OURS), comment(2, OURS)], (seen) =>
      seen.name === UPDATE ? forbidden : undefined,
    );
    expect(result).toEqual({ kind: 'created' });
    expect(operations()).toEqual([LIST, UPDATE, UPDATE, CREATE]);
  });

  it.each([
    ['403', forbidden],
    ['404', notFound],
  ])('is not permitted after %s', async (_status, answer) => {
    expect(await write([], (seen) => (seen.name === CREATE ? answer : undefined))).toEqual({
      kind: 'not-permitted',
      reason: expect.stringMatching(/^40[34] \(/u),
    });
  });

  it('is not repeated when the answer to its creation is lost', async () => {
    expect(
      await write([], (seen, nth) => (seen.name === CREATE && nth === 1 ? { lost: 'done' } : undefined)),
    ).toEqual({
      kind: 'unchanged',
    });
    expect(github.comments.length).toBe(1);
  });

  it('is tried again after a 502, then given up', async () => {
    expect(await write([], (seen) => (seen.name === CREATE ? unavailable : undefined))).toEqual({
      kind: 'failed',
      reason: '502 (Server Error)',
    });
    expect(operations()).toEqual([LIST, CREATE, LIST, CREATE]);
  });

  it('does not take a rate limit for a missing permission', async () => {
    expect((await write([], () => limited(403, 3600))).kind).toBe('failed');
  });

  it('may have 65,536 characters with its marker', async () => {
    const body = 'x'.repeat(65_536 - MARKER.length - 1);
    expect(await write([], undefined, body)).toEqual({ kind: 'created' });
    expect(github.comments[0]?.body.length).toBe(65_536);
  });
});
