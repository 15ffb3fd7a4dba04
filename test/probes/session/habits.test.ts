import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { standIn } from '../authorization/stand-in.js';
import { type Probed, probeSession } from './candidate.js';

const SERVER = fileURLToPath(new URL('./fixtures/habits.mjs', import.meta.url));
const ENV = { ALICE_TOKEN: 'token-of-alice-0001', BOB_TOKEN: 'token-of-bob-000002' };
const TOKENS = { provider: 'tokens', tokens: { alice: 'ALICE_TOKEN', bob: 'BOB_TOKEN' } };
const LIMITED = 'the candidate limits the rate of requests (HTTP 429)';

/** The probe on the small server with one habit; `spec` adds to its manifest. */
function probe(habit: string, spec: Readonly<Record<string, unknown>> = {}): Promise<Probed> {
  const manifest = {
    apiVersion: 'mcp-gate/v1',
    kind: 'McpServerDeployment',
    metadata: { name: habit },
    spec: {
      run: { command: ['node', SERVER, habit, '$' + '{port}'], passEnv: Object.keys(ENV) },
      transport: { type: 'streamable-http', path: '/mcp' },
      authorization: TOKENS,
      ...spec,
    },
  };
  return probeSession(JSON.stringify(manifest), ENV);
}

const ASKING = { exercise: [{ tool: 'ask', arguments: {}, expect: 'elicitation' }] };
const TOUCHING = { exercise: [{ tool: 'touch', arguments: { word: '$' + '{canary}' }, expect: 'result' }] };
const HANDLES = {
  handles: [
    {
      mint: { tool: 'open_cart', arguments: {}, pointer: '/structuredContent/cart' },
      use: { tool: 'pay_cart', arguments: { cart: '$' + '{handle}' } },
    },
  ],
};

/** What bob got by one operation on alice's session. */
function bobs({ facts }: Probed, wanted: string): unknown {
  return facts?.attempts
    .filter(({ principal, operation }) => principal === 'bob' && operation === wanted)
    .map(({ outcome }) => outcome);
}

function untested({ record }: Probed): unknown {
  return record.untested.map(({ experiment, reason }) => [experiment, reason]);
}

describe('an era that is spoken', () => {
  it('is not passed over where the rate of its handshakes is limited', async () => {
    expect(untested(await probe('limits-initialize'))).toEqual([['session/control/owner', LIMITED]]);
  }, 60_000);

  it('is not passed over where nothing is served on its sessions', async () => {
    expect(untested(await probe('serves-nothing'))).toEqual([
      [
        'session/control/owner',
        'the control failed: alice opened a session, and neither tools/list nor ping was served on it',
      ],
    ]);
  }, 60_000);
});

describe('a server that holds one session for each user', () => {
  it('can be tried as any other', async () => {
    const { record, facts } = await probe('one-session');
    expect([
      record.status,
      facts?.fixation?.adopted,
      facts?.collisions.map(({ clients }) => clients),
    ]).toEqual(['completed', false, [2, 4]]);
  }, 60_000);
});

describe('a server that takes numbers alone for the ids of requests', () => {
  it.each([
    ['numbers-only', 'refused'],
    ['numbers-only-for-all', 'accepted'],
  ])(
    'is not taken for one that refuses other users: %s',
    async (habit, outcome) => {
      const run = await probe(habit);
      expect([run.record.status, bobs(run, 'request')]).toEqual(['completed', [outcome]]);
    },
    60_000,
  );
});

describe('a server that runs already', () => {
  it('is not taken for one without users because the manifest itself sends the credentials', async () => {
    const serverInfo = { name: 'stand-in', version: '1.0.0' };
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
    const server = await standIn(({ rpc, id }) =>
      rpc === 'initialize'
        ? { status: 200, headers: { 'mcp-session-id': randomUUID() }, body: { jsonrpc: '2.0', id, result } }
        : null,
    );
    const running = async (headers: object): Promise<unknown> => {
      const run = { url: server.url, headers };
      return untested(
        await probe('running', {
          run,
          transport: { type: 'streamable-http' },
          authorization: { provider: 'none' },
        }),
      );
    };
    try {
      const reason = 'run.headers of the manifest make the gate one user, and there is no other';
      expect(await running({ 'X-Api-Key': 'k' })).toEqual([['session/other-principal', reason]]);
      expect(await running({ 'X-Tenant': 't' })).toEqual([]);
    } finally {
      await server.close();
    }
  }, 60_000);
});

describe('whether requests need a token', () => {
  it('cannot be told where the calls of nobody are limited', async () => {
    const whoami = { tool: 'whoami', arguments: {}, pointer: '/structuredContent/user' };
    const run = await probe('limits-calls-of-nobody', { whoami });
    expect([run.facts?.authenticated, untested(run)]).toEqual([
      false,
      [
        ['session/control/anonymous', LIMITED],
        ['session/control/invented', LIMITED],
        ['session/authenticated', 'it could not be told whether requests without a token are served'],
      ],
    ]);
  }, 60_000);
});

describe('an answer in the place of the owner', () => {
  it('is none where the call goes on without any answer', async () => {
    const run = await probe('asks-in-passing', ASKING);
    expect([run.record.status, bobs(run, 'response')]).toEqual(['completed', []]);
  }, 60_000);

  it('is seen where it only leads to a further question', async () => {
    const run = await probe('asks-twice-of-all', ASKING);
    expect([run.record.status, bobs(run, 'response')]).toEqual(['completed', ['accepted', 'ignored']]);
  }, 60_000);

  it('is refused where every question is for the owner, and there are two', async () => {
    const run = await probe('asks-twice', ASKING);
    expect([run.record.status, bobs(run, 'response')]).toEqual(['completed', ['refused', 'ignored']]);
  }, 60_000);
});

describe('the stream of the owner', () => {
  it("is another user's too where everybody gets streams that end at once", async () => {
    expect(bobs(await probe('polls-for-all'), 'stream')).toEqual(['accepted']);
    expect(bobs(await probe('polls'), 'stream')).toEqual(['refused']);
  }, 60_000);

  it('is refused by an event that says so', async () => {
    expect(bobs(await probe('refuses-in-stream'), 'stream')).toEqual(['refused']);
  }, 60_000);

  it.each([
    ['late-head', 'refused'],
    ['late-head-for-all-told', 'accepted'],
  ])(
    'whose head comes with the first event is told by what happens on it: %s',
    async (habit, outcome) => {
      const run = await probe(habit, TOUCHING);
      expect([run.record.status, untested(run), bobs(run, 'stream')]).toEqual(['completed', [], [outcome]]);
    },
    60_000,
  );

  it('is not refused by a silence that is all the owner gets too', async () => {
    const run = await probe('late-head-for-all');
    const reason =
      'GET is neither refused nor answered, as for the owner, and no event could be caused: nobody can tell whether the stream was opened';
    expect([bobs(run, 'stream'), untested(run)]).toEqual([[], [['session/stream/bob/mcp', reason]]]);
  }, 60_000);

  it('hears what another user caused, also where its head comes with that', async () => {
    const { facts } = await probe('late-head-told', TOUCHING);
    expect(facts?.injections.map(({ via, outcome }) => [via, outcome])).toEqual([
      ['own-session', 'accepted'],
      ['foreign-session', 'refused'],
    ]);
  }, 60_000);

  it.each([
    ['ids-on-get', 'refused'],
    ['ids-on-get-for-all', 'accepted'],
  ])(
    'is resumed with ids that are on its events alone: %s',
    async (habit, outcome) => {
      const run = await probe(habit, TOUCHING);
      const foreign = run.facts?.streams.filter((one) => one.case === 'foreign-events');
      expect([
        run.record.status,
        bobs(run, 'resume'),
        foreign?.map((one) => one.outcome),
        run.facts?.notTried.filter(({ what }) => what === 'resume'),
      ]).toEqual(['completed', [outcome], [outcome], []]);
    },
    60_000,
  );

  it('is not passed over by a limit on the rate of streams', async () => {
    expect(untested(await probe('limits-streams'))).toEqual([['session/control/owner', LIMITED]]);
  }, 60_000);

  it('is not refused by a limit on the rate of resumptions', async () => {
    const run = await probe('limits-resumption');
    expect(untested(run)).toContainEqual(['session/stream/foreign-events/bob', LIMITED]);
    expect(run.facts?.streams.map((one) => one.case)).toEqual(['owner-displaced']);
  }, 60_000);
});

describe('a request state', () => {
  it('is not passed over where the rate of calls is limited', async () => {
    expect(untested(await probe('limits-calls', ASKING))).toContainEqual([
      'session/request-state/ask',
      LIMITED,
    ]);
  }, 60_000);
});

describe('a handle that is good for one use', () => {
  it.each([
    ['single-use', 'refused'],
    ['single-use-for-all', 'accepted'],
  ])(
    'is tried while it is good: %s',
    async (habit, outcome) => {
      const run = await probe(habit, HANDLES);
      expect([
        run.record.status,
        run.facts?.handles.map((handle) => [handle.principal, handle.outcome]),
      ]).toEqual([
        'completed',
        [
          ['bob', outcome],
          ['anonymous', 'refused'],
        ],
      ]);
    },
    60_000,
  );
});

describe('a token that is bound to a key', () => {
  it('is tried with the nonce that the server wants in a proof', async () => {
    const { facts } = await probe('wants-a-nonce', { authorization: { provider: 'embedded' } });
    expect([
      facts?.confirmation?.supported,
      facts?.confirmation?.attempts
        .filter(({ where }) => where === 'initialize')
        .map(({ principal, outcome }) => [principal, outcome]),
    ]).toEqual([
      true,
      [
        ['alice-dpop-no-proof', 'refused'],
        ['alice-dpop-as-bearer', 'accepted'],
        ['alice-dpop-other-key', 'accepted'],
        ['alice-dpop-replayed', 'accepted'],
      ],
    ]);
  }, 60_000);
});
