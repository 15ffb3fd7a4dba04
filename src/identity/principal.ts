/** Somebody who can send requests: what is known about them is open, what they hold stays in a closure. */
import { randomBytes } from 'node:crypto';
import { PRINCIPALS, type PrincipalName } from './cast.js';
import { IdentityProblem } from './problem.js';

/** The request to authorize. A DPoP proof covers both parts, and the nonce the server asked for (RFC 9449, 9). */
export interface AuthorizableRequest {
  readonly method: string;
  readonly url: string;
  readonly dpopNonce?: string;
}

/**
 * How a server can tell this principal from alice.
 * `not`: it is alice, or claims to be. `subject`: another user. `client`: nothing but the client differs.
 * `nobody`: it stands for no one. `unproven`: the token does not tell, and neither did its issuer.
 */
export type Distinction = 'not' | 'subject' | 'client' | 'nobody' | 'unproven';

/** What is known about a token. Null where neither the token nor the issuer told. */
export interface Standing {
  readonly issuer: string | null;
  readonly subject: string | null;
  readonly clientId: string | null;
  readonly audience: readonly string[] | null;
  readonly scopes: readonly string[] | null;
  /** Milliseconds since 1970. */
  readonly expiresAt: number | null;
}

export const NOTHING_KNOWN: Standing = {
  issuer: null,
  subject: null,
  clientId: null,
  audience: null,
  scopes: null,
  expiresAt: null,
};

export interface Principal extends Standing {
  readonly name: PrincipalName;
  readonly description: string;
  readonly available: boolean;
  /** Why there is no token; null when available. */
  readonly unavailableReason: string | null;
  readonly distinction: Distinction;
  /** What an experiment with this principal does not prove, for people; null when it is all its name says. */
  readonly caveat: string | null;
  /**
   * Headers that make a request this principal's own: none, `Authorization`, or `Authorization` and `DPoP`.
   * Throws an IdentityProblem for a principal that is not available, and for a replay before there was a use.
   */
  authorize(request: AuthorizableRequest): Promise<Record<string, string>>;
}

export interface Particulars {
  readonly standing?: Standing;
  readonly distinction: Distinction;
  readonly caveat?: string | null;
}

/** A principal whose headers come from `authorize`. */
export function principal(
  name: PrincipalName,
  { standing = NOTHING_KNOWN, distinction, caveat = null }: Particulars,
  authorize: Principal['authorize'],
): Principal {
  return {
    name,
    description: PRINCIPALS[name],
    ...standing,
    available: true,
    unavailableReason: null,
    distinction,
    caveat,
    authorize,
  };
}

/** A principal that holds a bearer token (RFC 6750, 2.1). */
export function bearer(name: PrincipalName, token: string, particulars: Particulars): Principal {
  return principal(name, particulars, async () => ({ Authorization: `Bearer ${token}` }));
}

/** The principal without a token. */
export function anonymous(): Principal {
  return principal('anonymous', { distinction: 'nobody' }, async () => ({}));
}

/** A principal with a token that is nobody's. */
export function invented(mask: (secret: string) => void): Principal {
  const token = randomBytes(32).toString('base64url');
  mask(token);
  return bearer('invented', token, { distinction: 'nobody' });
}

/** A principal that could not be had; `reason` completes "could not test as …:". */
export function unavailable(name: PrincipalName, reason: string): Principal {
  return {
    name,
    description: PRINCIPALS[name],
    ...NOTHING_KNOWN,
    available: false,
    unavailableReason: reason,
    distinction: 'unproven',
    caveat: null,
    authorize: async () => {
      throw new IdentityProblem(`${name} is not available: ${reason}`);
    },
  };
}
