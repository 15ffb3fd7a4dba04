import { describe, expect, it } from '@jest/globals';
import { decodeJwt, SignJWT } from 'jose';
import type { Identity } from '../../src/identity/identity.js';
import type { NamedSecret, SuppliedPrincipal } from '../../src/manifest/plan.js';
import { availableIn, named, open, planOf, reasonsIn, tokenOf } from './kit.js';

const SECRET = new TextEncoder().encode('a key of an identity provider, long enough for HS256');
const jwt = (claims: Record<string, unknown>): Promise<string> =>
  new SignJWT({ iss: 'https://idp.example', aud: 'x', ...claims })
    .setProtectedHeader({ alg: 'HS256', kid: 'k' })
    .sign(SECRET);

async function withTokens(
  tokens: Partial<Record<SuppliedPrincipal, string>>,
  look: (identity: Identity, masked: readonly string[]) => Promise<void> | void,
): Promise<void> {
  const secrets = Object.entries(tokens).map(([name, value]): [SuppliedPrincipal, NamedSecret] => [
    name as SuppliedPrincipal,
    { variable: `TOKEN_${name.toUpperCase().replaceAll('-', '_')}`, value },
  ]);
  const { identity, masked } = await open(planOf({ provider: 'tokens', tokens: new Map(secrets) }));
  try {
    await identity.obtain();
    await look(identity, masked);
  } finally {
    await identity.close();
  }
}

describe('tokens of the pipeline', () => {
  it('are sent as they are, and told apart by what they say', async () => {
    const alice = await jwt({ sub: 'a', azp: 'client-a', scope: 'mcp:tools' });
    const other = await jwt({ sub: 'a', azp: 'client-b' });
    const bob = await jwt({ sub: 'b', azp: 'client-a' });
    await withTokens({ alice, 'alice-other-client': other, bob: `${bob}\n` }, async (identity, masked) => {
      expect(await tokenOf(identity, 'alice')).toBe(alice);
      expect(await tokenOf(identity, 'bob')).toBe(bob);
      const facts = (['alice', 'alice-other-client', 'bob'] as const).map((name) => {
        const { subject, clientId, issuer, distinction, caveat } = named(identity, name);
        return { subject, clientId, issuer, distinction, caveat };
      });
      const issuer = 'https://idp.example';
      expect(facts).toEqual([
        { subject: 'a', clientId: 'client-a', issuer, distinction: 'not', caveat: null },
        { subject: 'a', clientId: 'client-b', issuer, distinction: 'client', caveat: null },
        { subject: 'b', clientId: 'client-a', issuer, distinction: 'subject', caveat: null },
      ]);
      expect(masked).toEqual(expect.arrayContaining([alice, other, bob]));
    });
  });

  it('that are opaque are believed, and said to be', async () => {
    await withTokens({ alice: 'opaque-a', bob: 'opaque-b' }, (identity) => {
      const { distinction, caveat } = named(identity, 'bob');
      expect({ distinction, caveat }).toEqual({
        distinction: 'unproven',
        caveat: 'the token does not tell its subject, so the manifest is believed',
      });
      expect(availableIn(identity)).toEqual(['alice', 'bob', 'anonymous', 'invented']);
    });
  });

  it('that contradict their names are not used', async () => {
    const alice = await jwt({ sub: 'a', client_id: 'client-a' });
    await withTokens(
      {
        alice,
        'alice-refreshed': await jwt({ sub: 'b' }),
        'alice-other-client': await jwt({ sub: 'a', client_id: 'client-a', jti: '1' }),
        bob: await jwt({ sub: 'a', jti: '2' }),
        'bob-refreshed': alice,
        expired: await jwt({ sub: 'b', exp: 1 }),
        'low-scope': 'not a token',
        'not-yet-valid': await jwt({ sub: 'a', cnf: { jkt: 'x' } }),
        'wrong-audience': ' ',
      },
      (identity) => {
        expect(reasonsIn(identity)).toMatchObject({
          'alice-refreshed': 'the tokens of alice and alice-refreshed have different subjects',
          'alice-other-client': 'the tokens of alice and alice-other-client are of the same client',
          bob: 'the tokens of alice and bob have the same subject',
          'bob-refreshed': 'TOKEN_BOB_REFRESHED holds the same token as TOKEN_ALICE',
          expired: 'the tokens of alice and expired have different subjects',
          'low-scope': 'the environment variable TOKEN_LOW_SCOPE holds no token that fits in a header',
          'not-yet-valid': 'the token in TOKEN_NOT_YET_VALID is bound to a key that the gate does not have',
          'wrong-audience': 'the environment variable TOKEN_WRONG_AUDIENCE is empty',
        });
      },
    );
  });

  it('lend their claims to forgeries, but not to what only their issuer could make', async () => {
    await withTokens({ alice: await jwt({ sub: 'a' }), bob: await jwt({ sub: 'b' }) }, async (identity) => {
      expect(reasonsIn(identity)).toMatchObject({
        'hs256-public-key': "the issuer's public RSA key is not known",
        'bad-signature': 'the token is signed with an algorithm of shared secrets, so no key can pass for it',
        'wrong-issuer': "it takes the issuer's own key to make one",
        'alice-refreshed': 'the manifest names no variable with a token for it',
      });
    });
    const { identity } = await open(planOf({ provider: 'embedded' }));
    await identity.obtain();
    const alice = await tokenOf(identity, 'alice');
    await identity.close();
    await withTokens({ alice, bob: 'opaque' }, async (supplied) => {
      expect(availableIn(supplied)).toEqual([
        'alice',
        'bob',
        'anonymous',
        'foreign-issuer',
        'bad-signature',
        'alg-none',
        'invented',
      ]);
      expect(decodeJwt(await tokenOf(supplied, 'bad-signature')).sub).toBe('alice');
    });
  });

  it('are never part of a reason', async () => {
    const secret = 'se cret';
    await withTokens({ alice: secret, bob: secret }, (identity) => {
      expect(JSON.stringify([...identity.principals])).not.toContain(secret);
    });
  });
});

describe('a server without authorization', () => {
  it('is met by nobody but anonymous', async () => {
    const { identity, masked } = await open(planOf({ provider: 'none' }));
    await identity.obtain();
    expect(availableIn(identity)).toEqual(['anonymous']);
    expect(new Set(Object.values(reasonsIn(identity)))).toEqual(
      new Set(['the manifest declares that the server has no authorization (provider: none)']),
    );
    expect([identity.variables, masked]).toEqual([{}, []]);
    expect(await named(identity, 'anonymous').authorize({ method: 'GET', url: 'http://127.0.0.1/' })).toEqual(
      {},
    );
    await identity.close();
  });
});
