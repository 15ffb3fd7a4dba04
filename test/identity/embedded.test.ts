import { createHash, createHmac } from 'node:crypto';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { checkResourceAllowed } from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import {
  compactVerify,
  createRemoteJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  exportSPKI,
  importJWK,
  type JWK,
} from 'jose';
import { siblingOf } from '../../src/identity/defects.js';
import { PRINCIPAL_NAMES, type PrincipalName } from '../../src/identity/identity.js';
import { failedChecks } from './checks.js';
import { availableIn, named, type Opened, open, planOf, RESOURCE, reasonsIn, tokenOf } from './kit.js';

let opened: Opened;
const variable = (name: 'issuer' | 'jwksUri'): string => opened.identity.variables[`identity.${name}`] ?? '';

beforeAll(async () => {
  opened = await open(planOf({ scopes: ['mcp:tools', 'mcp:admin'] }, 'http://127.0.0.1:1/mcp'));
  opened.identity.setResource(RESOURCE);
  await opened.identity.obtain();
});
afterAll(() => opened.identity.close());

describe('the cast of the embedded issuer', () => {
  it('is complete', () => {
    expect(availableIn(opened.identity)).toEqual(PRINCIPAL_NAMES);
  });

  const CLIENT_A = 'mcp-gate-client-a';
  const CLIENT_B = 'mcp-gate-client-b';
  const faults: readonly (readonly [PrincipalName, readonly string[]])[] = [
    ['alice', []],
    ['alice-refreshed', []],
    ['alice-other-client', ['client']],
    ['bob', ['subject']],
    ['bob-refreshed', ['subject']],
    ['wrong-audience', ['audience']],
    ['sibling-audience', ['audience']],
    ['audience-list', ['audience']],
    ['missing-audience', ['audience present']],
    ['wrong-issuer', ['issuer']],
    ['expired', ['expiry']],
    ['not-yet-valid', ['beginning']],
    ['bad-signature', ['signature']],
    ['alg-none', ['algorithm']],
    ['hs256-public-key', ['algorithm']],
    ['low-scope', ['scope']],
    ['alice-dpop', []],
    // Another issuer and its key are one defect: what is signed there cannot verify here.
    ['foreign-issuer', ['signature', 'kid known', 'issuer']],
  ];
  it.each(faults)('holds for %s a token that fails exactly %j', async (name, expected) => {
    const failed = await failedChecks(await tokenOf(opened.identity, name), {
      jwksUri: variable('jwksUri'),
      issuer: variable('issuer'),
      audience: RESOURCE,
      scope: 'mcp:tools',
      subject: 'alice',
      clientId: CLIENT_A,
    });
    expect(failed).toEqual(expected);
  });

  it('names a path beside the resource, and a list of others, as audiences', () => {
    expect(
      (['sibling-audience', 'audience-list'] as const).map((name) => named(opened.identity, name).audience),
    ).toEqual([
      ['http://127.0.0.1:4000/mcp-another-server'],
      ['https://another-server.example/mcp', 'https://third-server.example/mcp'],
    ]);
  });

  it.each([
    ['http://127.0.0.1:4000/mcp', 'http://127.0.0.1:4000/mcp-another-server'],
    ['https://mcp.example/tenants/7/mcp/?a=1', 'https://mcp.example/tenants/7/mcp-another-server'],
    ['http://127.0.0.1:4000', null],
    ['http://127.0.0.1:4000/', null],
    ['', null],
  ])('knows what stands beside %j: %j', (resource, sibling) => {
    expect(siblingOf(resource)).toBe(sibling);
    // Neither is within the other, by the comparison of the official SDKs.
    if (sibling === null) return;
    expect([
      checkResourceAllowed({ requestedResource: sibling, configuredResource: resource }),
      checkResourceAllowed({ requestedResource: resource, configuredResource: sibling }),
    ]).toEqual([false, false]);
  });

  it('holds no sibling of an origin, below which every path may be its own', async () => {
    const { identity } = await open(planOf({}, 'http://127.0.0.1:4000'));
    try {
      await identity.obtain();
      expect(reasonsIn(identity)).toEqual({
        'sibling-audience': 'the resource has no path that another one could stand beside',
      });
    } finally {
      await identity.close();
    }
  });

  it('has a token of its own for everybody but the DPoP variants', async () => {
    const names = PRINCIPAL_NAMES.filter((name) => name !== 'anonymous' && !name.startsWith('alice-dpop-'));
    const ids = await Promise.all(
      names.map(async (name) => {
        const token = await tokenOf(opened.identity, name);
        return name === 'invented' ? token : decodeJwt(token).jti;
      }),
    );
    expect(new Set(ids).size).toBe(names.length);
  });

  it('refreshes to a token with the same subject, client, scopes and audience', async () => {
    for (const name of ['alice', 'bob'] as const) {
      const { jti: first, iat: _, exp: __, ...before } = decodeJwt(await tokenOf(opened.identity, name));
      const {
        jti: second,
        iat: ___,
        exp: ____,
        ...after
      } = decodeJwt(await tokenOf(opened.identity, `${name}-refreshed`));
      expect(after).toEqual(before);
      expect(second).not.toBe(first);
    }
  });

  it('gives alice-other-client a token that differs from the one of alice in the client alone', async () => {
    const strip = async (name: PrincipalName): Promise<object> => {
      const { jti: _, iat: __, exp: ___, ...rest } = decodeJwt(await tokenOf(opened.identity, name));
      return rest;
    };
    expect(await strip('alice-other-client')).toEqual({ ...(await strip('alice')), client_id: CLIENT_B });
  });

  it('signs hs256-public-key with the text of the published key', async () => {
    const token = await tokenOf(opened.identity, 'hs256-public-key');
    const { keys } = (await (await fetch(variable('jwksUri'))).json()) as { keys: JWK[] };
    const key = await importJWK(keys[0] ?? {}, 'RS256', { extractable: true });
    if (key instanceof Uint8Array) throw new Error('the published key is symmetric');
    const [header, payload, signature] = token.split('.');
    const expected = createHmac('sha256', `${await exportSPKI(key)}\n`)
      .update(`${header}.${payload}`)
      .digest('base64url');
    expect({ alg: decodeProtectedHeader(token).alg, signature }).toEqual({
      alg: 'HS256',
      signature: expected,
    });
  });

  it('leaves alg-none without a signature', async () => {
    const token = await tokenOf(opened.identity, 'alg-none');
    expect([decodeProtectedHeader(token).alg, token.split('.')[2]]).toEqual(['none', '']);
  });

  it.each(['wrong-issuer', 'foreign-issuer'] as const)(
    'lets %s verify with the keys of the issuer it names',
    async (name) => {
      const token = await tokenOf(opened.identity, name);
      const issuer = decodeJwt(token).iss ?? '';
      const metadata = (await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()) as {
        issuer: string;
        jwks_uri: string;
      };
      expect(metadata.issuer).toBe(issuer);
      expect(issuer).not.toBe(variable('issuer'));
      await expect(
        compactVerify(token, createRemoteJWKSet(new URL(metadata.jwks_uri))),
      ).resolves.toBeDefined();
    },
  );

  it('says of everybody how a server can tell them from alice', () => {
    const distinctions = Object.fromEntries(
      [...opened.identity.principals.values()].map((p) => [p.name, p.distinction]),
    );
    expect(distinctions).toEqual({
      ...Object.fromEntries(PRINCIPAL_NAMES.map((name) => [name, 'not'])),
      'alice-other-client': 'client',
      bob: 'subject',
      'bob-refreshed': 'subject',
      anonymous: 'nobody',
      invented: 'nobody',
    });
  });

  it('tells the standing of a token', () => {
    const { issuer, subject, clientId, audience, scopes } = named(opened.identity, 'bob');
    expect({ issuer, subject, clientId, audience, scopes }).toEqual({
      issuer: variable('issuer'),
      subject: 'bob',
      clientId: CLIENT_A,
      audience: [RESOURCE],
      scopes: ['mcp:tools', 'mcp:admin'],
    });
  });

  it('masks every token and shows none, whatever is printed', async () => {
    const tokens = await Promise.all(
      PRINCIPAL_NAMES.filter((name) => name !== 'anonymous').map((name) => tokenOf(opened.identity, name)),
    );
    expect(tokens.filter((token) => !opened.masked.includes(token))).toEqual([]);
    const secret = opened.identity.variables['identity.clientSecret'] ?? '';
    expect(opened.masked).toContain(secret);
    const { variables: _, ...printable } = opened.identity;
    const shown = `${JSON.stringify([...opened.identity.principals])}${inspect(printable, { depth: 9, showHidden: true })}`;
    expect(opened.masked.filter((masked) => shown.includes(masked))).toEqual([]);
  });
});

describe('an embedded identity', () => {
  it('has values for all seven variables', () => {
    const { 'identity.clientSecret': secret, ...rest } = opened.identity.variables;
    const issuer = variable('issuer');
    expect(rest).toEqual({
      'identity.issuer': expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      'identity.jwksUri': `${issuer}/jwks`,
      'identity.audience': RESOURCE,
      'identity.introspectionEndpoint': `${issuer}/token/introspection`,
      'identity.clientId': 'mcp-gate-candidate',
      'identity.scopes': 'mcp:tools mcp:admin',
    });
    expect(secret).toMatch(/^[\w-]{43}$/);
  });

  it('refuses another resource once the tokens are there', () => {
    expect(() => opened.identity.setResource('http://127.0.0.1:2/mcp')).toThrow(
      'the resource was set after tokens for the former one were obtained',
    );
  });

  it('has nobody but a reason before the tokens are obtained, and no low scope without scopes', async () => {
    const { identity } = await open({ ...planOf({ scopes: [] }), issuerHost: 'localhost' });
    try {
      expect(new Set(Object.values(reasonsIn(identity)))).toEqual(
        new Set(['the tokens have not been obtained yet']),
      );
      await identity.obtain();
      expect(reasonsIn(identity)).toEqual({ 'low-scope': 'the manifest names no scopes' });
      await expect(named(identity, 'low-scope').authorize({ method: 'GET', url: RESOURCE })).rejects.toThrow(
        'low-scope is not available: the manifest names no scopes',
      );
      expect(named(identity, 'alice').issuer).toMatch(/^http:\/\/localhost:\d+$/);
    } finally {
      await identity.close();
    }
  });

  it('stops listening when it is closed, twice if need be', async () => {
    const { identity } = await open(planOf({}));
    const jwks = identity.variables['identity.jwksUri'] ?? '';
    expect((await fetch(jwks)).status).toBe(200);
    await identity.close();
    await identity.close();
    await expect(fetch(jwks)).rejects.toThrow('fetch failed');
  });

  it('rejects with the reason of the signal when the run is cancelled', async () => {
    const controller = new AbortController();
    const { identity } = await open(planOf({}), { signal: controller.signal });
    controller.abort(new Error('the run was cancelled'));
    await expect(identity.obtain()).rejects.toThrow('the run was cancelled');
    await identity.close();
  });

  it('hashes the token into the proof of alice-dpop', async () => {
    const request = { method: 'GET', url: `${RESOURCE}?cursor=1#top`, dpopNonce: 'n-1' };
    const { Authorization = '', DPoP = '' } = await named(opened.identity, 'alice-dpop').authorize(request);
    const token = Authorization.replace(/^DPoP /, '');
    const { jti: _, iat, ...claims } = decodeJwt(DPoP);
    expect(claims).toEqual({
      htm: 'GET',
      htu: RESOURCE,
      ath: createHash('sha256').update(token).digest('base64url'),
      nonce: 'n-1',
    });
    expect(Math.abs((iat ?? 0) - Date.now() / 1000)).toBeLessThan(60);
  });
});
