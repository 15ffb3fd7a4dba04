import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { type Probed, probeSession } from './candidate.js';

const SERVER = fileURLToPath(new URL('./fixtures/server.mjs', import.meta.url));
const ENV = { ALICE_TOKEN: 'token-of-alice-0001', BOB_TOKEN: 'token-of-bob-000002' };

/** The probe on the small server with one oddity. */
function probe(behaviour: string): Promise<Probed> {
  const manifest = {
    apiVersion: 'mcp-gate/v1',
    kind: 'McpServerDeployment',
    metadata: { name: behaviour },
    spec: {
      run: { command: ['node', SERVER, behaviour, '$' + '{port}'], passEnv: Object.keys(ENV) },
      transport: { type: 'streamable-http', path: '/mcp' },
      authorization: { provider: 'tokens', tokens: { alice: 'ALICE_TOKEN', bob: 'BOB_TOKEN' } },
    },
  };
  return probeSession(JSON.stringify(manifest), ENV);
}

/** What bob got on alice's session. */
function bobs({ facts }: Probed): unknown {
  return facts?.attempts
    .filter(({ principal }) => principal === 'bob')
    .map(({ operation, outcome, sessionLost }) => [operation, outcome, sessionLost]);
}

describe('the session probe', () => {
  it.each(['bound', 'fails', 'error-in-200', 'login-page', 'hangs'])(
    'takes whatever gives nothing away for a refusal: %s',
    async (behaviour) => {
      const run = await probe(behaviour);
      expect([run.record.status, bobs(run)]).toEqual([
        'completed',
        [
          ['request', 'refused', false],
          ['notification', 'refused', false],
        ],
      ]);
    },
    60_000,
  );

  it('tells of a session that a refused attempt ended', async () => {
    const run = await probe('ends-session');
    expect([run.record.status, bobs(run)]).toEqual([
      'completed',
      [
        ['request', 'refused', true],
        ['notification', 'refused', true],
      ],
    ]);
  }, 60_000);

  it('takes a request that was taken without an answer for accepted', async () => {
    expect(bobs(await probe('takes-silently'))).toEqual([
      ['request', 'accepted', false],
      ['notification', 'accepted', false],
    ]);
  }, 60_000);

  it('never reads a limit on the rate as a refusal', async () => {
    const { record, facts } = await probe('limits');
    const reason = 'the candidate limits the rate of requests (HTTP 429)';
    expect([record.status, facts?.attempts.filter(({ principal }) => principal === 'bob')]).toEqual([
      'inconclusive',
      [],
    ]);
    expect(record.untested.filter(({ experiment }) => experiment.includes('/bob'))).toEqual([
      { experiment: 'session/request/bob/mcp', reason },
      { experiment: 'session/notification/bob/mcp', reason },
    ]);
  }, 60_000);

  it('is inconclusive where the other user is refused everywhere', async () => {
    const { record, facts } = await probe('refuses-bob');
    expect([
      record.status,
      record.untested,
      facts?.attempts.filter(({ principal }) => principal === 'bob'),
    ]).toEqual([
      'inconclusive',
      [
        {
          experiment: 'session/other-principal',
          reason: "bob is refused in a session of their own too, so a refusal on the owner's proves nothing",
        },
      ],
      [],
    ]);
  }, 60_000);

  it('is inconclusive where the other user is refused everywhere after the attacks', async () => {
    const { record } = await probe('locks-out');
    expect(record.status).toBe('inconclusive');
    expect(record.untested.at(-1)).toEqual({
      experiment: 'session/control/bob/after',
      reason:
        "the control failed: bob was served in a session of their own before the attacks, and is refused there after them (HTTP 401): the token may have expired, or the server may have locked bob out, so being refused on the owner's session proves nothing",
    });
  }, 60_000);

  it('says what there was nothing to try of, and who was missing', async () => {
    const { facts } = await probe('bound');
    expect(facts?.notTried).toEqual([
      { what: 'delete', reason: 'the owner cannot end a session by DELETE' },
      { what: 'stream', reason: 'GET opens no stream for the owner' },
      { what: 'resume', reason: 'the server puts no ids on its events' },
      { what: 'call', reason: 'the manifest names no tool in whoami or exercise that works for the owner' },
      { what: 'response', reason: 'no call in exercise makes the server ask its client for something' },
    ]);
    expect(facts?.principalsMissing.map(({ name }) => name)).toContain('bob-refreshed');
  }, 60_000);

  it('keeps tokens and session ids out of its facts', async () => {
    const { facts, transcript } = await probe('bound');
    const text = JSON.stringify(facts);
    const ids = transcript.all().flatMap(({ answer }) => answer.headers['mcp-session-id'] ?? []);
    expect(ids.length).toBeGreaterThan(64);
    expect([...ids, ...Object.values(ENV)].filter((secret) => text.includes(secret))).toEqual([]);
  }, 60_000);
});
