/**
 * Bob, and alice through another client, at an issuer whose idea of users is not known beforehand.
 * What tells two tokens apart is read from the tokens, never assumed from having asked for two users.
 */
import { type Principal, unavailable } from '../principal.js';
import { reasonOf } from '../problem.js';
import { type Held, holder } from './held.js';
import type { Login, Visitor } from './visitor.js';

export interface Bob {
  readonly principal: Principal;
  /** Null when there is no bob. */
  readonly held: Held | null;
  /** How to log him in again. */
  readonly login: Login;
}

const THROUGH_A: Login = { client: 'A', user: 'bob' };
const THROUGH_B: Login = { client: 'B', user: 'bob' };

/** Another user through the same client; else through client B; else, where tokens name no user, client B itself. */
export async function castBob(visitor: Visitor, alice: Held, signal: AbortSignal): Promise<Bob> {
  // Where tokens carry no subject, a second login through client A would be alice again, for all a server can see.
  const logins = alice.standing.subject === null ? [THROUGH_B] : [THROUGH_A, THROUGH_B];
  const reasons: string[] = [];
  for (const login of logins) {
    try {
      const held = await visitor.logIn(login);
      const principal = asBob(alice, held, login);
      if (principal !== null) return { principal, held, login };
      reasons.push(`client ${login.client} logs everybody in as the same user`);
    } catch (cause: unknown) {
      signal.throwIfAborted();
      reasons.push(reasonOf(cause));
    }
  }
  return { principal: unavailable('bob', [...new Set(reasons)].join('; ')), held: null, login: THROUGH_A };
}

function asBob(alice: Held, held: Held, login: Login): Principal | null {
  const { subject, clientId } = held.standing;
  if (alice.standing.subject === null && subject === null) {
    if (clientId === alice.standing.clientId) return null;
    return holder('bob', held, {
      distinction: 'client',
      caveat: `tokens of this issuer name no user: bob is another registered client, and nothing else tells him from alice`,
    });
  }
  if (subject === null || subject === alice.standing.subject) return null;
  const caveat =
    login.client === 'A' ? null : 'bob came through client B, so he differs from alice in user and client';
  return holder('bob', held, { distinction: 'subject', caveat });
}

/** Alice through client B: only where tokens name a user can that be told from another user. */
export async function castOtherClient(
  visitor: Visitor,
  alice: Held,
  signal: AbortSignal,
): Promise<Principal> {
  const name = 'alice-other-client';
  if (alice.standing.subject === null) {
    return unavailable(
      name,
      'tokens of this issuer name no user, so another client is another principal (see bob)',
    );
  }
  try {
    const held = await visitor.logIn({ client: 'B', user: 'alice' });
    if (held.standing.subject !== alice.standing.subject) {
      return unavailable(name, 'the issuer gives the user another subject for each client');
    }
    if (held.standing.clientId === alice.standing.clientId) {
      return unavailable(name, 'both tokens name the same client');
    }
    return holder(name, held, { distinction: 'client' });
  } catch (cause: unknown) {
    signal.throwIfAborted();
    return unavailable(name, reasonOf(cause));
  }
}
