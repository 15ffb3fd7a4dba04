/** The tests' GitHub is itself a claim: it must see what GitHub would refuse. */
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type GitHub, startGitHub, TOKEN } from './openapi.js';

let github: GitHub;
beforeEach(async () => {
  github = await startGitHub();
});
afterEach(() => github.close());

const CREATE = '/repos/acme/billing/check-runs';
const GOOD = { name: 'gate', head_sha: '0'.repeat(40), status: 'in_progress' };
const ANNOTATION = {
  path: 'a',
  start_line: 1,
  end_line: 1,
  annotation_level: 'failure',
  title: 't',
  message: 'm',
};

async function send(
  path: string,
  body?: unknown,
  { method = 'POST', headers = {} }: { method?: string; headers?: Record<string, string> } = {},
): Promise<readonly string[]> {
  await fetch(github.url + path, {
    method,
    headers: {
      authorization: `token ${TOKEN}`,
      accept: 'application/vnd.github.v3+json',
      'content-type': 'application/json',
      'user-agent': 'test',
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return github.violations;
}

function withOutput(output: object): object {
  return { ...GOOD, output: { title: 't', summary: 's', ...output } };
}

describe("the tests' GitHub", () => {
  it('has nothing against a good request', async () => {
    expect(await send(CREATE, withOutput({ annotations: [ANNOTATION] }))).toEqual([]);
  });

  it.each([
    ['a missing member', { name: 'gate' }, /required property 'head_sha'/u],
    ['a misspelt member', { ...GOOD, detailsUrl: 'x' }, /unevaluated.*detailsUrl/u],
    [
      'a misspelt member of an annotation',
      withOutput({ annotations: [{ ...ANNOTATION, line: 1 }] }),
      /unevaluated/u,
    ],
    ['an unknown state', { ...GOOD, status: 'running' }, /\/status must be equal to one of/u],
    ['51 annotations', withOutput({ annotations: Array(51).fill(ANNOTATION) }), /more than 50 items/u],
    [
      'an unknown level',
      withOutput({ annotations: [{ ...ANNOTATION, annotation_level: 'error' }] }),
      /annotation_level/u,
    ],
    ['a long summary', withOutput({ summary: 'x'.repeat(65_536) }), /more than 65535 characters/u],
    [
      'a long title',
      withOutput({ annotations: [{ ...ANNOTATION, title: 'x'.repeat(256) }] }),
      /255 characters/u,
    ],
    [
      'a long message',
      withOutput({ annotations: [{ ...ANNOTATION, message: 'é'.repeat(40_000) }] }),
      /64 KB/u,
    ],
    ['a blank message', withOutput({ annotations: [{ ...ANNOTATION, message: '' }] }), /blank/u],
    ['half a character', withOutput({ annotations: [{ ...ANNOTATION, title: 'a\ud800' }] }), /not Unicode/u],
  ])('refuses %s', async (_name, body, wrong) => {
    const refused = (await send(CREATE, body)).filter((one) => !one.startsWith('the answer to'));
    expect(refused).toEqual([expect.stringMatching(wrong)]);
  });

  it('refuses to complete a run without a conclusion', async () => {
    await send(CREATE, GOOD);
    const violations = await send(`${CREATE}/4`, { status: 'completed' }, { method: 'PATCH' });
    expect(violations.join('\n')).toMatch(/required property 'conclusion'/u);
  });

  it.each([
    [
      'an unknown parameter',
      '/repos/acme/billing/issues/1/comments?perpage=100',
      /additional properties.*perpage/u,
    ],
    [
      'a page beyond the limit',
      '/repos/acme/billing/issues/1/comments?per_page=101',
      /per_page is more than 100/u,
    ],
    ['a page that is no number', '/repos/acme/billing/issues/1/comments?page=two', /\/page must be integer/u],
    ['an operation that is none', '/repos/acme/billing/checkruns', /GitHub has no such operation/u],
  ])('refuses %s', async (_name, path, wrong) => {
    expect(await send(path, undefined, { method: 'GET' })).toEqual([expect.stringMatching(wrong)]);
  });

  it.each([
    ['a wrong token', { authorization: 'token x' }, /authorization/u],
    ['another media type', { accept: 'text/html' }, /accept is text\/html/u],
    ['another encoding', { 'content-type': 'text/plain' }, /it is not JSON/u],
  ])('refuses %s', async (_name, headers, wrong) => {
    expect(await send(CREATE, GOOD, { headers })).toEqual([expect.stringMatching(wrong)]);
  });
});
