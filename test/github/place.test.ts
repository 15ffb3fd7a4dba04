import { describe, expect, it } from '@jest/globals';
import { whyNotPassed } from '../../src/candidate/environment.js';
import { placeOf } from '../../src/github/place.js';
import { isReserved } from '../../src/manifest/variables.js';

const MERGE = 'f'.repeat(40);
const HEAD = '0123456789abcdef0123456789abcdef01234567';
const RUNNER = {
  GITHUB_REPOSITORY: 'acme/billing',
  GITHUB_SHA: MERGE,
  GITHUB_RUN_ID: '7',
  GITHUB_RUN_ATTEMPT: '2',
  GITHUB_JOB: 'gate',
  GITHUB_ACTION: '__acme_gate',
};

describe('the place of a run', () => {
  it('is on the commit of the event, with the page of the attempt', () => {
    expect(placeOf(RUNNER, HEAD)).toEqual({
      kind: 'placed',
      place: {
        owner: 'acme',
        repo: 'billing',
        apiUrl: 'https://api.github.com',
        headSha: HEAD,
        runUrl: 'https://github.com/acme/billing/actions/runs/7/attempts/2',
        externalId: expect.stringMatching(/^7\/2\/gate\/__acme_gate\/[0-9a-f-]{36}$/u),
      },
    });
  });

  it("is on the run's commit when the event has none, on a server of one's own", () => {
    const env = {
      ...RUNNER,
      GITHUB_API_URL: 'https://github.acme.example/api/v3',
      GITHUB_SERVER_URL: 'https://github.acme.example',
    };
    expect(placeOf(env, undefined)).toMatchObject({
      place: {
        headSha: MERGE,
        apiUrl: 'https://github.acme.example/api/v3',
        runUrl: 'https://github.acme.example/acme/billing/actions/runs/7/attempts/2',
      },
    });
  });

  it('has an id that no other job of the matrix has', () => {
    const ids = [placeOf(RUNNER, HEAD), placeOf(RUNNER, HEAD)].map((placed) =>
      placed.kind === 'placed' ? placed.place.externalId : '',
    );
    expect(new Set(ids).size).toBe(2);
  });

  it.each([
    ['GITHUB_REPOSITORY', { GITHUB_REPOSITORY: 'acme' }],
    ['GITHUB_REPOSITORY', { GITHUB_REPOSITORY: 'a/b/c' }],
    ['GITHUB_SHA', { GITHUB_SHA: 'main' }],
    ['GITHUB_RUN_ID', { GITHUB_RUN_ID: '../7' }],
  ])('is nowhere without %s', (name, changes) => {
    expect(placeOf({ ...RUNNER, ...changes }, undefined)).toEqual({
      kind: 'nowhere',
      reason: expect.stringContaining(name),
    });
  });
});

describe("the job's token", () => {
  it.each([
    ['INPUT_TOKEN'],
    ['input_token'],
    ['INPUT_CHECK-NAME'],
    ['GITHUB_TOKEN'],
    ['ACTIONS_RUNTIME_TOKEN'],
  ])('cannot be given to a candidate as %s, neither by passEnv nor by a template', (name) => {
    expect([typeof whyNotPassed(name), isReserved(name)]).toEqual(['string', true]);
  });
});
