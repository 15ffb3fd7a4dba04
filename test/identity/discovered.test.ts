import { describe, expect, it } from '@jest/globals';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader } from 'jose';
import type { Identity } from '../../src/identity/identity.js';
import type { AuthorizationPlan } from '../../src/manifest/plan.js';
import { startDemoServer } from './demo-server.js';
import { availableIn, named, open, planOf, reasonsIn, tokenOf } from './kit.js';
import { json, metadataOf, type StandIn, startStandIn, type Traits } from './stand-in.js';

/** Obtains the principals of a stand-in, lets `look` see them and closes everything. */
async function discovering(
  traits: Traits,
  look: (identity: Identity, standIn: StandIn, masked: readonly string[]) => Promise<void> | void,
  authorization: Partial<AuthorizationPlan> = {},
): Promise<void> {
  const standIn = await startStandIn(traits);
  const { identity, masked } = await open(
    planOf({ provider: 'discovered', scopes: [], ...authorization }, standIn.endpoint),
  );
  try {
    await identity.obtain();
    await look(identity, standIn, masked);
  } finally {
    await identity.close();
    await standIn.close();
  }
}

const ISSUER_ONLY = "it takes the issuer's own key to make one";
const NO_DPOP = 'the issuer does not bind tokens to keys (DPoP with ES256)';
const withoutDpop = Object.fromEntries(
  ['', '-no-proof', '-as-bearer', '-other-key', '-replayed'].map((variant) => [
    `alice-dpop${variant}`,
    NO_DPOP,
  ]),
);

describe('the example server of the TypeScript SDK', () => {
  it('yields alice and bob, who are told apart by their clients alone', async () => {
    const demo = await startDemoServer('--oauth');
    // By its number, though it calls itself localhost: the gate may have found the server under either.
    const { identity } = await open(
      planOf({ provider: 'discovered', scopes: [] }, demo.endpoint.replace('localhost', '127.0.0.1')),
    );
    try {
      await identity.obtain();
      const opaque = 'the token is opaque, so there are no claims and no signature to forge';
      const noRefresh = `${demo.issuer} gave no refresh token`;
      expect(availableIn(identity)).toEqual(['alice', 'bob', 'anonymous', 'low-scope', 'invented']);
      expect(reasonsIn(identity)).toEqual({
        'alice-refreshed': noRefresh,
        'alice-other-client':
          'tokens of this issuer name no user, so another client is another principal (see bob)',
        'bob-refreshed': noRefresh,
        'wrong-audience': 'the token does not tell its audience, so nobody knows whom it is for',
        'sibling-audience': ISSUER_ONLY,
        'audience-list': ISSUER_ONLY,
        'missing-audience': ISSUER_ONLY,
        'wrong-issuer': ISSUER_ONLY,
        'foreign-issuer': opaque,
        expired: ISSUER_ONLY,
        'not-yet-valid': ISSUER_ONLY,
        'bad-signature': opaque,
        'alg-none': opaque,
        'hs256-public-key': opaque,
        ...withoutDpop,
      });
      const { subject, distinction, caveat, clientId, scopes } = named(identity, 'bob');
      expect({ subject, distinction, caveat, scopes }).toEqual({
        subject: null,
        distinction: 'client',
        caveat:
          'tokens of this issuer name no user: bob is another registered client, and nothing else tells him from alice',
        scopes: ['mcp:tools'],
      });
      expect(clientId).not.toBe(named(identity, 'alice').clientId);
      expect([
        await initialize(demo.endpoint, identity, 'alice'),
        await initialize(demo.endpoint, identity, 'bob'),
      ]).toEqual([200, 200]);
      expect([
        await initialize(demo.endpoint, identity, 'anonymous'),
        await initialize(demo.endpoint, identity, 'invented'),
      ]).toEqual([401, 500]);
    } finally {
      await identity.close();
      await demo.stop();
    }
  });

  it('refuses tokens for another resource when it is strict', async () => {
    const demo = await startDemoServer('--oauth-strict');
    const { identity } = await open(planOf({ provider: 'discovered' }, demo.endpoint));
    try {
      await identity.obtain();
      expect(reasonsIn(identity)['wrong-audience']).toBe(
        `${demo.issuer} gave no token: status 500, server_error`,
      );
      expect(await initialize(demo.endpoint, identity, 'alice')).toBe(200);
    } finally {
      await identity.close();
      await demo.stop();
    }
  });
});

async function initialize(
  endpoint: string,
  identity: Identity,
  name: 'alice' | 'bob' | 'anonymous' | 'invented',
): Promise<number> {
  const headers = await named(identity, name).authorize({ method: 'POST', url: endpoint });
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2025-11-25', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }),
  });
  await response.body?.cancel();
  return response.status;
}

describe('an issuer that knows several users', () => {
  it('yields bob through the client of alice, and alice through another', () =>
    discovering({ users: 'hinted' }, (identity, { candidate, clients }) => {
      expect(reasonsIn(identity)).toEqual({
        'sibling-audience': ISSUER_ONLY,
        'audience-list': ISSUER_ONLY,
        'missing-audience': ISSUER_ONLY,
        'wrong-issuer': ISSUER_ONLY,
        expired: ISSUER_ONLY,
        'not-yet-valid': ISSUER_ONLY,
        ...withoutDpop,
      });
      const facts = (['alice', 'alice-refreshed', 'alice-other-client', 'bob', 'bob-refreshed'] as const).map(
        (name) => {
          const { subject, clientId, distinction, audience, caveat } = named(identity, name);
          return [subject, clientId, distinction, audience, caveat];
        },
      );
      expect(facts).toEqual([
        ['alice', 'client-1', 'not', [`${candidate}/mcp`], null],
        ['alice', 'client-1', 'not', [`${candidate}/mcp`], null],
        ['alice', 'client-2', 'client', [`${candidate}/mcp`], null],
        ['bob', 'client-1', 'subject', [`${candidate}/mcp`], null],
        ['bob', 'client-1', 'subject', [`${candidate}/mcp`], null],
      ]);
      expect([...clients.values()].map((client) => client['application_type'])).toEqual(['native', 'native']);
    }));

  it('yields a token for another resource and one without scopes', () =>
    discovering({ users: 'hinted' }, (identity) => {
      expect(named(identity, 'wrong-audience').audience).toEqual(['https://another-server.example/mcp']);
      expect(named(identity, 'low-scope').scopes).toEqual([]);
      expect(named(identity, 'alice').scopes).toEqual(['mcp:tools']);
    }));

  it('leaves forging to those who have seen a token', () =>
    discovering({ users: 'hinted' }, async (identity) => {
      const { jti: _, ...claims } = decodeJwt(await tokenOf(identity, 'alice'));
      const algorithms = await Promise.all(
        (['bad-signature', 'foreign-issuer', 'alg-none', 'hs256-public-key'] as const).map(async (name) => {
          const token = await tokenOf(identity, name);
          const { jti: __, ...forged } = decodeJwt(token);
          const iss = name === 'foreign-issuer' ? expect.stringMatching(/^http:\/\/127/) : claims.iss;
          expect(forged).toEqual({ ...claims, iss });
          return decodeProtectedHeader(token).alg;
        }),
      );
      expect(algorithms).toEqual(['RS256', 'RS256', 'none', 'HS256']);
    }));

  it('binds tokens to a key, with the nonce it asks for', () =>
    discovering({ users: 'hinted', dpop: 'with-nonce' }, async (identity, { endpoint, requests }) => {
      const request = { method: 'POST', url: endpoint };
      const { Authorization = '', DPoP = '' } = await named(identity, 'alice-dpop').authorize(request);
      const { jwk } = decodeProtectedHeader(DPoP);
      expect(decodeJwt(Authorization.split(' ')[1] ?? '')['cnf']).toEqual({
        jkt: await calculateJwkThumbprint(jwk ?? {}),
      });
      expect(requests.slice(-3)).toEqual(['GET /authorize', 'POST /token', 'POST /token']);
      expect(reasonsIn(identity)).not.toHaveProperty('alice-dpop-replayed');
    }));

  it('masks every token it gives', () =>
    discovering({ users: 'hinted' }, async (identity, _, masked) => {
      const names = availableIn(identity).filter((name) => name !== 'anonymous');
      const tokens = await Promise.all(names.map((name) => tokenOf(identity, name)));
      expect(tokens.filter((token) => !masked.includes(token))).toEqual([]);
      expect(masked.filter((secret) => JSON.stringify([...identity.principals]).includes(secret))).toEqual(
        [],
      );
    }));
});

describe('an issuer that falls short', () => {
  it('yields no bob when everybody is the same user', () =>
    discovering({ users: 'one', refresh: 'none' }, (identity) => {
      const reasons = reasonsIn(identity);
      expect([reasons['bob'], reasons['bob-refreshed'], reasons['alice-refreshed']]).toEqual([
        'client A logs everybody in as the same user; client B logs everybody in as the same user',
        'there is no bob',
        expect.stringMatching(/ gave no refresh token$/),
      ]);
      expect(named(identity, 'alice-other-client').distinction).toBe('client');
    }));

  it.each<readonly [Partial<Traits>, 'wrong-audience' | 'low-scope' | 'alice-refreshed', string]>([
    [
      { audience: 'ignored' },
      'wrong-audience',
      'the issuer does not bind tokens to the resource that was asked for',
    ],
    [{ scopes: 'all' }, 'low-scope', 'the issuer grants the scopes even to those who do not ask for them'],
    [{ refresh: 'same' }, 'alice-refreshed', 'answered the refresh with the same access token'],
  ])('with %j does not pass for %s', (traits, name, reason) =>
    discovering({ users: 'hinted', ...traits }, (identity) => {
      expect(reasonsIn(identity)[name]).toContain(reason);
    }),
  );

  it('gives clients tokens of their own where users would need a browser', () =>
    discovering({ users: 'hinted', grantTypes: ['client_credentials'], refresh: 'none' }, (identity) => {
      const facts = (['alice', 'bob'] as const).map((name) => {
        const { subject, distinction, caveat } = named(identity, name);
        return [subject, distinction, caveat];
      });
      expect(facts).toEqual([
        ['client-1', 'not', null],
        ['client-2', 'subject', 'bob came through client B, so he differs from alice in user and client'],
      ]);
      expect(reasonsIn(identity)['alice-other-client']).toBe(
        'the issuer gives the user another subject for each client',
      );
    }));

  it('is served with the clients of the manifest when it registers none', async () => {
    const supplied = (id: string) => ({
      id: { variable: `${id}_ID`, value: id },
      secret: { variable: `${id}_KEY`, value: `key-of-${id}` },
    });
    await discovering(
      {
        users: 'hinted',
        routes: {
          'GET /.well-known/oauth-authorization-server': (_, response, { issuer }) =>
            json(response, 200, { ...metadataOf(issuer), registration_endpoint: undefined }),
        },
      },
      (identity, { requests }, masked) => {
        expect([named(identity, 'alice').clientId, named(identity, 'alice-other-client').clientId]).toEqual([
          'one',
          'two',
        ]);
        expect(requests).not.toContain('POST /register');
        expect(masked).toEqual(expect.arrayContaining(['key-of-one', 'key-of-two']));
      },
      { clients: [supplied('one'), supplied('two')] },
    );
  });
});
