/** Alice's token with exactly one thing wrong: what a server must refuse, and what each refusal proves. */
import { randomUUID } from 'node:crypto';
import { base64url, type JWTPayload, SignJWT } from 'jose';
import type { PrincipalName } from './cast.js';
import type { ReadToken } from './claims.js';
import type { SigningKey } from './keys.js';

/** An audience that is certainly not the candidate's. */
export const ANOTHER_RESOURCE = 'https://another-server.example/mcp';

/** Two of them; a list of one would be as good as none. */
const OTHER_RESOURCES = [ANOTHER_RESOURCE, 'https://third-server.example/mcp'];

/** Seconds; far beyond the clock skew any verifier allows. */
const HOUR = 3600;

export interface ForeignIssuer {
  readonly issuer: string;
  readonly key: SigningKey;
}

/** Tokens that take no key of the issuer: anybody who has seen alice's token could have made them. */
export async function forgedTokens(
  alice: ReadToken,
  {
    stranger,
    foreign,
    publicPem,
  }: {
    /** A key that is published nowhere, of the algorithm of alice's token. */
    readonly stranger: SigningKey;
    readonly foreign: ForeignIssuer;
    /** The public RSA key that verifies alice's token; null when unknown. */
    readonly publicPem: string | null;
  },
): Promise<ReadonlyMap<PrincipalName, string>> {
  const kid = alice.header.kid;
  const tokens = new Map<PrincipalName, string>([
    ['bad-signature', await signed(alice, fresh(alice), { key: stranger, kid })],
    [
      'foreign-issuer',
      await signed(
        alice,
        { ...fresh(alice), iss: foreign.issuer },
        { key: foreign.key, kid: foreign.key.kid },
      ),
    ],
    ['alg-none', unsigned(alice)],
  ]);
  if (publicPem !== null) tokens.set('hs256-public-key', await signedWithPublicKey(alice, publicPem));
  return tokens;
}

/**
 * The URL of a resource beside `resource`, on the same origin: neither below it nor above, though its text begins like it.
 * Null where `resource` is no more than an origin, as a server may take every path for its own then.
 */
export function siblingOf(resource: string): string | null {
  if (!URL.canParse(resource)) return null;
  const { origin, pathname } = new URL(resource);
  const path = pathname.replace(/\/+$/, '');
  return path === '' ? null : `${origin}${path}-another-server`;
}

/** Tokens that only the issuer of alice's token can make: everything about them is right but one claim. */
export async function misissuedTokens(
  alice: ReadToken,
  {
    key,
    resource,
    foreignIssuer,
    now,
  }: {
    readonly key: SigningKey;
    /** Canonical URL of the MCP endpoint; one without a path has no sibling, so that this token is not made. */
    readonly resource: string;
    readonly foreignIssuer: string;
    readonly now: number;
  },
): Promise<ReadonlyMap<PrincipalName, string>> {
  const seconds = Math.floor(now / 1000);
  const { aud: _, ...withoutAudience } = fresh(alice);
  const sibling = siblingOf(resource);
  const altered: (readonly [PrincipalName, JWTPayload])[] = [
    ['wrong-audience', { ...fresh(alice), aud: ANOTHER_RESOURCE }],
    ['audience-list', { ...fresh(alice), aud: OTHER_RESOURCES }],
    ['missing-audience', withoutAudience],
    ['wrong-issuer', { ...fresh(alice), iss: foreignIssuer }],
    // A token that ended before it was issued would be wrong twice.
    ['expired', { ...fresh(alice), iat: seconds - 2 * HOUR, exp: seconds - HOUR }],
    ['not-yet-valid', { ...fresh(alice), nbf: seconds + HOUR, exp: seconds + 2 * HOUR }],
  ];
  if (sibling !== null) altered.push(['sibling-audience', { ...fresh(alice), aud: sibling }]);
  const tokens = await Promise.all(
    altered.map(
      async ([name, payload]) => [name, await signed(alice, payload, { key, kid: key.kid })] as const,
    ),
  );
  return new Map(tokens);
}

/** The claims under an id of their own: no server may refuse a token for having seen its `jti`. */
function fresh(alice: ReadToken): JWTPayload {
  return alice.payload.jti === undefined ? { ...alice.payload } : { ...alice.payload, jti: randomUUID() };
}

function headerOf(
  alice: ReadToken,
  alg: string,
  kid: string | undefined,
): { alg: string; kid?: string; typ?: string } {
  const { typ } = alice.header;
  return { alg, ...(typ === undefined ? {} : { typ }), ...(kid === undefined ? {} : { kid }) };
}

function signed(
  alice: ReadToken,
  payload: JWTPayload,
  { key, kid }: { readonly key: SigningKey; readonly kid: string | undefined },
): Promise<string> {
  return new SignJWT(payload).setProtectedHeader(headerOf(alice, key.algorithm, kid)).sign(key.privateKey);
}

/** The algorithm confusion of old verifiers: the public key's text taken for a shared secret. */
function signedWithPublicKey(alice: ReadToken, publicPem: string): Promise<string> {
  return new SignJWT(fresh(alice))
    .setProtectedHeader(headerOf(alice, 'HS256', alice.header.kid))
    .sign(new TextEncoder().encode(publicPem));
}

/** RFC 7515, appendix A.5. jose refuses to make one, rightly. */
function unsigned(alice: ReadToken): string {
  const part = (value: unknown): string => base64url.encode(JSON.stringify(value));
  return `${part(headerOf(alice, 'none', alice.header.kid))}.${part(fresh(alice))}.`;
}
