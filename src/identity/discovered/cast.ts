/** Who can be had from somebody else's issuer, one by one, each with the reason where it cannot. */
import { importJWK } from 'jose';
import type { PrincipalName } from '../cast.js';
import { readToken } from '../claims.js';
import { ANOTHER_RESOURCE } from '../defects.js';
import { createProofKey, dpopPrincipals } from '../dpop.js';
import type { Forgery } from '../forgery.js';
import { pemOf } from '../keys.js';
import type { Fetcher } from '../oauth/fetcher.js';
import type { AuthorizationServer } from '../oauth/server.js';
import { anonymous, type Distinction, invented, type Principal, unavailable } from '../principal.js';
import { IdentityProblem, reasonOf } from '../problem.js';
import { type Held, holder } from './held.js';
import { castBob, castOtherClient } from './others.js';
import type { Login, Visitor } from './visitor.js';

export interface Casting {
  readonly visitor: Visitor;
  readonly server: AuthorizationServer;
  readonly scopes: readonly string[];
  readonly fetcher: Fetcher;
  readonly forgery: Forgery;
  readonly signal: AbortSignal;
  mask(secret: string): void;
}

/** Everybody but those nobody could get here. Logs in one after the other: issuers limit the rate. */
export async function castDiscovered(casting: Casting): Promise<readonly Principal[]> {
  const { visitor, server, scopes, fetcher, forgery, signal, mask } = casting;
  const attempt = <T>(name: PrincipalName, work: () => Promise<T>): Promise<T | Principal> =>
    work().catch((cause: unknown) => {
      signal.throwIfAborted();
      return unavailable(name, reasonOf(cause));
    });

  const alice = await visitor.logIn({ client: 'A', user: 'alice' });
  const bob = await castBob(visitor, alice, signal);
  const refreshed = (name: PrincipalName, of: Held, login: Login, distinction: Distinction) =>
    attempt(name, async () => {
      const held = await visitor.logInAndRefresh(login);
      if (held.standing.subject !== of.standing.subject) {
        throw new IdentityProblem('the refreshed token has another subject than the first');
      }
      return holder(name, held, { distinction });
    });

  return [
    anonymous(),
    invented(mask),
    holder('alice', alice, { distinction: 'not' }),
    await refreshed('alice-refreshed', alice, { client: 'A', user: 'alice' }, 'not'),
    await castOtherClient(visitor, alice, signal),
    bob.principal,
    bob.held === null
      ? unavailable('bob-refreshed', 'there is no bob')
      : await refreshed('bob-refreshed', bob.held, bob.login, bob.principal.distinction),
    await attempt('low-scope', () => castLowScope(visitor, scopes)),
    ...(await forgery.principals(
      alice.grant.accessToken,
      await publicKeyOf(alice, { server, fetcher, signal }),
    )),
    await attempt('wrong-audience', () => castWrongAudience(visitor)),
    ...(await castDpop(casting)),
  ];
}

async function castLowScope(visitor: Visitor, wanted: readonly string[]): Promise<Principal> {
  if (wanted.length === 0) throw new IdentityProblem('neither the manifest nor the server names a scope');
  const held = await visitor.logIn({ client: 'A', user: 'alice', scopes: [] });
  const granted = held.standing.scopes ?? [];
  if (wanted.some((scope) => granted.includes(scope))) {
    throw new IdentityProblem('the issuer grants the scopes even to those who do not ask for them');
  }
  return holder('low-scope', held, { distinction: 'not' });
}

async function castWrongAudience(visitor: Visitor): Promise<Principal> {
  const held = await visitor.logIn({ client: 'A', user: 'alice', resource: ANOTHER_RESOURCE });
  const { audience } = held.standing;
  if (audience === null)
    throw new IdentityProblem('the token does not tell its audience, so nobody knows whom it is for');
  if (!audience.includes(ANOTHER_RESOURCE) || audience.length > 1) {
    throw new IdentityProblem('the issuer does not bind tokens to the resource that was asked for');
  }
  return holder('wrong-audience', held, { distinction: 'not' });
}

async function castDpop({ visitor, server, signal }: Casting): Promise<readonly Principal[]> {
  const names = [
    'alice-dpop',
    'alice-dpop-no-proof',
    'alice-dpop-as-bearer',
    'alice-dpop-other-key',
    'alice-dpop-replayed',
  ] as const;
  const none = (reason: string): readonly Principal[] => names.map((name) => unavailable(name, reason));
  if (!server.supportsDpop) return none('the issuer does not bind tokens to keys (DPoP with ES256)');
  try {
    const [own, other] = await Promise.all([createProofKey(), createProofKey()]);
    const { grant, standing } = await visitor.logIn({ client: 'A', user: 'alice', key: own });
    if (grant.type !== 'DPoP') return none('the issuer gave a bearer token for a DPoP proof');
    return dpopPrincipals(grant.accessToken, { own, other }, { standing, distinction: 'not' });
  } catch (cause: unknown) {
    signal.throwIfAborted();
    return none(reasonOf(cause));
  }
}

/** The RSA key that verifies alice's token, as text; null when there is none or it cannot be had. */
async function publicKeyOf(
  { grant }: Held,
  { server, fetcher, signal }: Pick<Casting, 'server' | 'fetcher' | 'signal'>,
): Promise<string | null> {
  const header = readToken(grant.accessToken)?.header;
  if (server.jwksUri === null || header?.alg === undefined) return null;
  try {
    const { keys } = await fetcher.document('key set', server.jwksUri);
    const all = Array.isArray(keys)
      ? keys.filter((key) => key?.kty === 'RSA' && typeof key.n === 'string')
      : [];
    const key = all.find(({ kid }) => kid === header.kid) ?? null;
    if (key === null) return null;
    const imported = await importJWK({ kty: 'RSA', n: key.n, e: key.e }, header.alg, { extractable: true });
    return imported instanceof Uint8Array ? null : await pemOf(imported);
  } catch {
    signal.throwIfAborted();
    return null;
  }
}
