/** Everybody, from the embedded issuer: real grants for the people, and the issuer's own key for the defects. */

import type { PrincipalName } from '../cast.js';
import { type ReadToken, readToken, standingOfToken } from '../claims.js';
import { type ForeignIssuer, forgedTokens, misissuedTokens, siblingOf } from '../defects.js';
import { createProofKey, dpopPrincipals, type ProofKey } from '../dpop.js';
import { authorizeByCode } from '../oauth/authorize.js';
import type { OAuthClient } from '../oauth/client.js';
import type { Fetcher } from '../oauth/fetcher.js';
import { discoverServer } from '../oauth/server.js';
import { type Grant, refreshGrant } from '../oauth/tokens.js';
import { anonymous, bearer, type Distinction, invented, type Principal, unavailable } from '../principal.js';
import { IdentityProblem } from '../problem.js';
import type { Issuer, User } from './issuer.js';

/** Known to the issuer, and none of the manifest's: what a token has instead, as the library grants none without any. */
export const UNRELATED_SCOPE = 'mcp-gate:unrelated';

export interface Casting {
  readonly issuer: Issuer;
  readonly foreign: ForeignIssuer;
  readonly fetcher: Fetcher;
  readonly resource: string;
  /** Of the manifest. */
  readonly scopes: readonly string[];
  mask(secret: string): void;
}

/** The whole cast. Throws IdentityProblem when the issuer does not do as it should, which is a fault of the gate. */
export async function castEmbedded(casting: Casting): Promise<readonly Principal[]> {
  const { issuer, fetcher, scopes, resource, mask } = casting;
  const url = new URL(issuer.issuer);
  fetcher.allow(url);
  const server = await discoverServer(fetcher, url, issuer.issuer);

  const usual = scopes.length === 0 ? [UNRELATED_SCOPE] : scopes;
  const contextOf = (client: OAuthClient) => ({ fetcher, server, client, mask });
  const logIn = (
    user: User,
    { client = issuer.clientA, wanted = usual, key = null }: Login = {},
  ): Promise<Grant> => {
    const loginHint = issuer.ticket(user);
    mask(loginHint);
    return authorizeByCode(contextOf(client), { scopes: wanted, resource, loginHint, key });
  };
  const refresh = (grant: Grant): Promise<Grant> => {
    if (grant.refreshToken === null) throw new IdentityProblem('the embedded issuer gave no refresh token');
    return refreshGrant(contextOf(issuer.clientA), grant.refreshToken, { resource });
  };

  const [own, other] = await Promise.all([createProofKey(), createProofKey()]);
  const [alice, otherClient, bob, lowScope, bound] = await Promise.all([
    logIn('alice'),
    logIn('alice', { client: issuer.clientB }),
    logIn('bob'),
    scopes.length === 0 ? null : logIn('alice', { wanted: [UNRELATED_SCOPE] }),
    logIn('alice', { key: own }),
  ]);
  const [aliceRefreshed, bobRefreshed] = await Promise.all([refresh(alice), refresh(bob)]);

  const read = readToken(alice.accessToken);
  if (read === null) throw new IdentityProblem('the embedded issuer gave a token that is no JWT');
  const defects = await defective(casting, read);

  return [
    holder('alice', alice.accessToken, 'not'),
    holder('alice-refreshed', aliceRefreshed.accessToken, 'not'),
    holder('alice-other-client', otherClient.accessToken, 'client'),
    holder('bob', bob.accessToken, 'subject'),
    holder('bob-refreshed', bobRefreshed.accessToken, 'subject'),
    lowScope === null
      ? unavailable('low-scope', 'the manifest names no scopes')
      : holder('low-scope', lowScope.accessToken, 'not'),
    ...(siblingOf(resource) === null
      ? [unavailable('sibling-audience', 'the resource has no path that another one could stand beside')]
      : []),
    anonymous(),
    invented(mask),
    ...[...defects].map(([name, token]) => holder(name, token, 'not')),
    ...dpopPrincipals(
      bound.accessToken,
      { own, other },
      { standing: standingOfToken(bound.accessToken), distinction: 'not' },
    ),
  ];
}

interface Login {
  readonly client?: OAuthClient;
  readonly wanted?: readonly string[];
  readonly key?: ProofKey | null;
}

function holder(name: PrincipalName, token: string, distinction: Distinction): Principal {
  return bearer(name, token, { standing: standingOfToken(token), distinction });
}

async function defective(
  { issuer, foreign, resource, mask }: Casting,
  alice: ReadToken,
): Promise<ReadonlyMap<PrincipalName, string>> {
  const { key } = issuer;
  const [forged, misissued] = await Promise.all([
    // To the embedded issuer the foreign one's key is a stranger's: it publishes it nowhere.
    forgedTokens(alice, { stranger: foreign.key, foreign, publicPem: key.publicPem }),
    misissuedTokens(alice, { key, resource, foreignIssuer: foreign.issuer, now: Date.now() }),
  ]);
  const tokens = new Map([...forged, ...misissued]);
  for (const token of tokens.values()) mask(token);
  return tokens;
}
