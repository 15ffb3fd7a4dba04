/** The cast of the experiments by name: who could hold a token, and what is odd about it. */

export const PRINCIPALS = {
  alice: 'the legitimate user, through client A',
  'alice-refreshed': 'alice after a refresh: a new token of the same subject and client',
  'alice-other-client': 'alice through client B',
  bob: 'another user, through client A',
  'bob-refreshed': 'bob after a refresh',
  anonymous: 'no token at all',
  'wrong-audience': "alice's token, issued for another resource",
  'sibling-audience': "alice's token, issued for another path of the same origin",
  'audience-list': "alice's token, issued for two other resources",
  'missing-audience': "alice's token without an audience",
  'wrong-issuer': "alice's token naming another issuer that shares the signing key",
  'foreign-issuer': "alice's claims, signed by an issuer nobody told the server about",
  expired: "alice's token, an hour past its end",
  'not-yet-valid': "alice's token, an hour before its beginning",
  'bad-signature': "alice's token, signed by a key that is not published, under the published key's id",
  'alg-none': "alice's token without a signature, algorithm none",
  'hs256-public-key': "alice's token signed with HS256, the issuer's public key as the secret",
  'low-scope': "alice's token with none of the scopes the manifest names",
  invented: 'a random string that nobody issued',
  'alice-dpop': 'alice with a token bound to a key, and a valid proof for each request',
  'alice-dpop-no-proof': 'the same token under the scheme DPoP, without a proof',
  'alice-dpop-as-bearer': 'the same token under the scheme Bearer, without a proof',
  'alice-dpop-other-key': "the same token with another key's proof",
  'alice-dpop-replayed': 'the same token with a proof that alice-dpop has used before',
} as const;

export type PrincipalName = keyof typeof PRINCIPALS;

export const PRINCIPAL_NAMES = Object.keys(PRINCIPALS) as readonly PrincipalName[];

/** The members whose token is a real one with exactly one thing wrong. */
export const DEFECTIVE = [
  'wrong-audience',
  'sibling-audience',
  'audience-list',
  'missing-audience',
  'wrong-issuer',
  'foreign-issuer',
  'expired',
  'not-yet-valid',
  'bad-signature',
  'alg-none',
  'hs256-public-key',
] as const satisfies readonly PrincipalName[];

/** True when `name` is one of the cast. */
export function isPrincipalName(name: string): name is PrincipalName {
  return Object.hasOwn(PRINCIPALS, name);
}
