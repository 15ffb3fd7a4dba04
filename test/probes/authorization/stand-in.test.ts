import { afterEach, describe, expect, it } from '@jest/globals';
import { DEFECTS } from '../../../src/probes/authorization/tokens.js';
import { factsOf, type Probed, probeText } from './kit.js';
import {
  type Answer,
  type Asked,
  REFUSED,
  rpcError,
  runningManifest,
  type StandIn,
  standIn,
} from './stand-in.js';

const ALICE = 'alice-token-of-the-test';
const BOB = 'bob-token-of-the-test';
const TOKENS = '{ provider: tokens, tokens: { alice: TEST_ALICE, bob: TEST_BOB } }';
const NONE = '{ provider: none }';

const open: StandIn[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function serve(first: (asked: Asked, port: number) => Answer | null): Promise<StandIn> {
  const server = await standIn(first);
  open.push(server);
  return server;
}

function probe(server: StandIn, authorization = TOKENS): Promise<Probed> {
  return probeText(runningManifest(server.url, authorization), { TEST_ALICE: ALICE, TEST_BOB: BOB });
}

/** Serves whoever has a token of the test at the endpoint; other routes are left to it. */
const guarded = ({ token, path }: Asked): Answer | null =>
  path.startsWith('/mcp') && token !== ALICE && token !== BOB ? REFUSED : null;

const WELL_KNOWN = '/.well-known/oauth-protected-resource';

/** A guarded server with metadata at one of the well-known paths. */
const publishing =
  (document: (port: number) => unknown, at = `${WELL_KNOWN}/mcp`) =>
  (asked: Asked, port: number): Answer | null =>
    asked.path === at ? { status: 200, body: document(port) } : guarded(asked);

describe('with tokens of somebody else', () => {
  it('tells by name what nobody could make, without being inconclusive', async () => {
    const probed = await probe(await serve(guarded));
    const facts = factsOf(probed);

    expect(probed.record).toMatchObject({ status: 'completed', untested: [] });
    expect(facts.notTested.map(({ what }) => what)).toEqual([
      ...DEFECTS.filter((name) => name !== 'invented'),
      'low-scope',
    ]);
    expect(facts.defects.map(({ principal, operation, outcome }) => [principal, operation, outcome])).toEqual(
      [
        ['invented', 'initialize', 'refused'],
        ['invented', 'request', 'refused'],
      ],
    );
    expect(facts.principals.find(({ name }) => name === 'alice')).toMatchObject({
      available: true,
      subjectKnown: false,
      scopes: null,
    });
  });

  it('says what a server does not offer to anybody', async () => {
    const { anonymous } = factsOf(await probe(await serve(guarded)));
    expect(anonymous.map(({ operation, outcome }) => [operation, outcome])).toEqual([
      ['initialize', 'refused'],
      ['request', 'refused'],
      ['notification', 'refused'],
      ['stream', 'not-offered'],
      ['delete', 'not-offered'],
    ]);
  });
});

describe('a server that takes numbers alone for the ids of requests', () => {
  it('is not taken for one that refuses whoever has no token', async () => {
    const server = await serve(({ rpc, id }) =>
      rpc !== null && typeof (id ?? 0) !== 'number' ? { status: 400, body: {} } : null,
    );
    const { required } = factsOf(await probe(server));
    expect(required).toBe('none');
  });
});

describe('a request that names no session', () => {
  const ID = { 'mcp-session-id': 'a-session-of-the-test' };
  const sessions = (beside: (asked: Asked) => Answer | null) => (asked: Asked) => {
    if (asked.path !== '/mcp' || asked.method !== 'POST') return guarded(asked);
    if (asked.rpc !== 'initialize') return asked.session === null ? beside(asked) : guarded(asked);
    const serverInfo = { name: 'stand-in', version: '1.0.0' };
    const result = { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo };
    const body = { jsonrpc: '2.0', id: asked.id, result };
    return guarded(asked) ?? { status: 200, headers: ID, body };
  };
  const beside = async (answer: (asked: Asked) => Answer | null): Promise<unknown> => {
    const { anonymous, required } = factsOf(await probe(await serve(sessions(answer))));
    const found = anonymous.filter(({ method }) => method === 'tools/list without a session id');
    return [required, found.map(({ outcome, httpStatus }) => [outcome, httpStatus])];
  };

  it.each([
    ['is served to anybody', () => null, ['some', [['accepted', 200]]]],
    ['is guarded as any other', guarded, ['all', [['refused', 401]]]],
    ['is served to nobody', () => ({ status: 400, body: {} }), ['all', [['not-offered', 400]]]],
  ] as const)('%s', async (_, answer, expected) => {
    expect(await beside(answer)).toEqual(expected);
  });
});

describe('without a token that works', () => {
  it('cannot tell, and still says what the server told', async () => {
    const probed = await probe(await serve(guarded), NONE);
    const facts = factsOf(probed);

    expect(probed.record.status).toBe('inconclusive');
    expect(probed.record.untested.map(({ experiment }) => experiment)).toEqual([
      'authorization/control',
      'authorization/control',
    ]);
    expect(probed.record.reason).toContain('there is no token for alice');
    expect([facts.required, facts.bearer, facts.tokenTests.applicable]).toEqual(['unknown', true, false]);
    expect(facts.anonymous.map(({ outcome, httpStatus }) => [outcome, httpStatus])).toEqual([
      ['inconclusive', 401],
      ['inconclusive', 401],
      ['inconclusive', 401],
    ]);
    expect(facts.documents.map(({ outcome }) => outcome)).toEqual(['absent', 'absent']);
  });

  it('cannot tell when the server refuses everybody', async () => {
    const probed = await probe(await serve(({ path }) => (path === '/mcp' ? REFUSED : null)));
    expect(probed.record.status).toBe('inconclusive');
    expect(probed.record.reason).toContain('initialize by alice got HTTP 401');
  });
});

describe('on a server that limits the rate', () => {
  it('waits as long as it is told, once', async () => {
    let refusals = 0;
    const server = await serve((asked) => {
      if (asked.token !== null || asked.rpc !== 'initialize') return guarded(asked);
      refusals += 1;
      return refusals === 1 ? { status: 429, headers: { 'retry-after': '1' }, body: {} } : guarded(asked);
    });
    const probed = await probe(server);

    expect(probed.record.status).toBe('completed');
    expect(factsOf(probed).anonymous[0]).toMatchObject({
      operation: 'initialize',
      outcome: 'refused',
      httpStatus: 401,
    });
  });

  it('takes 429 for no refusal, and stops asking', async () => {
    let strangers = 0;
    const server = await serve((asked) => {
      if (!asked.path.startsWith('/mcp') || asked.token === ALICE) return null;
      strangers += 1;
      return strangers > 2 ? { status: 429, body: {} } : REFUSED;
    });
    const probed = await probe(server);
    const facts = factsOf(probed);

    expect(probed.record.status).toBe('inconclusive');
    expect(new Set(probed.record.untested.map(({ reason }) => reason))).toEqual(
      new Set(['the candidate limits the rate of requests (HTTP 429)']),
    );
    expect([...facts.anonymous, ...facts.defects].filter(({ httpStatus }) => httpStatus === 429)).toEqual([]);
    expect(strangers).toBe(3);
  });
});

describe('what is odd', () => {
  it('is kept apart from what was refused and accepted', async () => {
    const server = await serve((asked) => {
      if (asked.path === `${WELL_KNOWN}/mcp`)
        return { status: 302, headers: { location: '/elsewhere' }, body: '' };
      if (asked.path === WELL_KNOWN) {
        return { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' };
      }
      if (!asked.path.startsWith('/mcp') || asked.token === ALICE) return null;
      if (asked.token !== null) return { status: 500, body: {} };
      if (asked.rpc === 'tools/list') return rpcError(asked.id, -32001);
      if (asked.rpc === 'notifications/cancelled') {
        return { status: 202, headers: { 'www-authenticate': 'Bearer realm="a" error="b"' } };
      }
      return REFUSED;
    });
    const { oddities, anonymous } = factsOf(await probe(server));

    expect(oddities.map(({ kind, where }) => [kind, where.replace(/:\d+/, '')])).toEqual([
      ['error-instead-of-status', 'tools/list with no token at /mcp'],
      ['challenge-with-success', 'notifications/cancelled with no token at /mcp'],
      ['malformed-challenge', 'notifications/cancelled with no token at /mcp'],
      ['server-error-for-token', 'initialize with invented at /mcp'],
      ['server-error-for-token', 'tools/list with invented at /mcp'],
      ['redirect-at-well-known', `http://127.0.0.1${WELL_KNOWN}/mcp`],
      ['html-at-well-known', `http://127.0.0.1${WELL_KNOWN}`],
    ]);
    expect(anonymous.find(({ operation }) => operation === 'request')?.outcome).toBe('refused');
    expect(anonymous.find(({ operation }) => operation === 'notification')?.outcome).toBe('accepted');
    expect(server.asked.filter(({ path }) => path === '/elsewhere')).toEqual([]);
  });
});

describe('the metadata of the resource', () => {
  it.each([
    ['exact', (port: number) => `http://127.0.0.1:${port}/mcp`],
    ['loopback-alias', (port: number) => `http://localhost:${port}/mcp`],
    ['trailing-slash', (port: number) => `http://127.0.0.1:${port}/mcp/`],
    ['parent', (port: number) => `http://127.0.0.1:${port}`],
    ['different', (port: number) => `http://127.0.0.1:${port}/mcp2`],
    ['different', (port: number) => `http://127.0.0.1:${port}/mcp?tenant=1`],
    ['different', (port: number) => `http://127.0.0.1:${port + 1}/mcp`],
    ['different', () => 'https://mcp.example/mcp'],
    ['different', () => 'no address'],
    ['missing', () => undefined],
  ])('fits the endpoint: %s', async (expected, resource) => {
    const server = await serve(publishing((port) => ({ resource: resource(port) })));
    const [document] = factsOf(await probe(server)).documents;
    expect(document).toMatchObject({
      place: 'path',
      used: true,
      outcome: 'document',
      resourceMatch: expected,
    });
  });

  it('may speak of the root where it lies at the root', async () => {
    const server = await serve(publishing((port) => ({ resource: `http://127.0.0.1:${port}` }), WELL_KNOWN));
    const { documents } = factsOf(await probe(server));
    expect(
      documents.map(({ place, used, outcome, resourceMatch }) => [place, used, outcome, resourceMatch]),
    ).toEqual([
      ['path', false, 'absent', null],
      ['root', true, 'document', 'exact'],
    ]);
  });

  it('is not fetched from anywhere but the candidate', async () => {
    const stranger = await serve(() => null);
    const server = await serve((asked) =>
      guarded(asked) === null
        ? null
        : { ...REFUSED, headers: { 'www-authenticate': `Bearer resource_metadata="${stranger.url}"` } },
    );
    const { documents, oddities } = factsOf(await probe(server));

    expect(documents[0]).toMatchObject({
      place: 'other',
      url: stranger.url,
      used: true,
      outcome: 'elsewhere',
    });
    expect(oddities.map(({ kind }) => kind)).toEqual(['metadata-elsewhere']);
    expect(stranger.asked).toEqual([]);
  });

  it('names authorization servers that are asked only where the manifest allows it', async () => {
    const stranger = await serve(() => null);
    const own = { authorization_endpoint: 'http://idp.example/a', token_endpoint: 'https://idp.example/t' };
    const server = await serve((asked, port) => {
      if (asked.path === '/.well-known/oauth-authorization-server/as') {
        return { status: 200, body: { ...own, issuer: `http://127.0.0.1:${port}/as/` } };
      }
      const servers = [
        `http://127.0.0.1:${port}/as`,
        `http://127.0.0.1:${port}/none`,
        new URL(stranger.url).origin,
      ];
      return publishing(() => ({ resource: `http://127.0.0.1:${port}/mcp`, authorization_servers: servers }))(
        asked,
        port,
      );
    });
    const { authorizationServers, notTested } = factsOf(await probe(server));

    expect(
      authorizationServers.map(({ outcome, issuerMatch, s256, insecureEndpoints }) => [
        outcome,
        issuerMatch,
        s256,
        insecureEndpoints,
      ]),
    ).toEqual([
      ['document', 'trailing-slash', false, ['authorization_endpoint']],
      ['none', null, null, []],
      ['not-asked', null, null, []],
    ]);
    expect(notTested.at(-1)).toEqual({
      what: `metadata of ${new URL(stranger.url).origin}`,
      reason: 'it is neither at the candidate nor at an issuer that the manifest names',
    });
    expect(stranger.asked).toEqual([]);
  });

  it('may name many authorization servers, and none of them is passed over', async () => {
    const servers = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `http://${name}.example`);
    const server = await serve(
      publishing((port) => ({ resource: `http://127.0.0.1:${port}/mcp`, authorization_servers: servers })),
    );
    const { authorizationServers } = factsOf(await probe(server));
    expect(authorizationServers.map(({ issuer, https }) => [issuer, https])).toEqual(
      servers.map((issuer) => [issuer, false]),
    );
  });
});
