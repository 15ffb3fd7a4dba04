/** Who tries what belongs to the owner, and what each of them is to the owner. */
import type { Standing } from '../facts/session.js';
import { DEFECTIVE, type PrincipalName } from '../identity/cast.js';
import type { Identity } from '../identity/identity.js';
import type { Principal } from '../identity/principal.js';

export interface Intruder {
  readonly name: PrincipalName;
  readonly standing: Standing;
  readonly caveat: string | null;
}

export interface Cast {
  readonly intruders: readonly Intruder[];
  readonly missing: readonly { readonly name: string; readonly reason: string }[];
}

const PEOPLE: readonly PrincipalName[] = [
  'bob',
  'bob-refreshed',
  'anonymous',
  'invented',
  'alice-other-client',
  'alice-refreshed',
  'low-scope',
];

/** Everybody of the identity who can try, in a fixed order; the others with the reason why not. */
export function castOf(identity: Pick<Identity, 'principals'>): Cast {
  const alice = identity.principals.get('alice');
  const intruders: Intruder[] = [];
  const missing: { name: string; reason: string }[] = [];
  for (const name of [...PEOPLE, ...DEFECTIVE]) {
    const principal = identity.principals.get(name);
    if (principal === undefined || !principal.available) {
      missing.push({ name, reason: principal?.unavailableReason ?? 'nobody knows this principal' });
      continue;
    }
    const standing = standingOf(principal, alice);
    if (standing === null) missing.push({ name, reason: 'the token is of the same user as the owner' });
    else intruders.push({ name, standing, caveat: principal.caveat });
  }
  return { intruders, missing };
}

/** What somebody is to alice; null for somebody who should be another user and is not. */
export function standingOf(principal: Principal, alice: Principal | undefined): Standing | null {
  const { name, distinction } = principal;
  if (name === 'anonymous' || name === 'invented') return 'nobody';
  if ((DEFECTIVE as readonly PrincipalName[]).includes(name)) return 'defective';
  if (name === 'low-scope') return 'same-user-narrower';
  if (name === 'alice-refreshed') return 'same-user';
  if (name === 'alice-other-client') return 'same-user-other-client';
  if (distinction === 'not' || distinction === 'nobody') return null;
  // Where tokens name no user, the client is all there is to tell principals apart.
  if (distinction === 'client' && alice !== undefined && alice.subject !== null)
    return 'same-user-other-client';
  return 'other-principal';
}
