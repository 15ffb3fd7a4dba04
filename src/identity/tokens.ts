/** Provider `tokens`: access tokens that a pipeline got from its own identity provider, in named variables. */
import type { NamedSecret } from '../manifest/plan.js';
import type { PrincipalName } from './cast.js';
import { isBoundToKey, standingOfToken } from './claims.js';
import { forgeFrom } from './forgery.js';
import { isToken } from './oauth/tokens.js';
import type { IdentityOptions, IdentityPlan } from './plan.js';
import {
  anonymous,
  bearer,
  type Distinction,
  invented,
  type Principal,
  type Standing,
  unavailable,
} from './principal.js';
import type { Source } from './source.js';

/** Masks the tokens at once, before anything runs. */
export function openTokens({ authorization }: IdentityPlan, { mask }: IdentityOptions): Source {
  const given = readTokens(authorization.tokens, mask);
  const forgery = forgeFrom(mask);

  return {
    otherwise: 'the manifest names no variable with a token for it',
    variables: (audience) => ({
      'identity.audience': audience,
      'identity.scopes': authorization.scopes.join(' '),
    }),
    cast: async () => {
      const token = given.get('alice')?.token;
      const alice = token === undefined ? null : standingOfToken(token);
      const holders = [...given].map(([name, entry]) => holder(name, entry, alice));
      const forged = token === undefined ? [] : await forgery.principals(token, null);
      // A token that the user supplied for a defect goes before one the gate forged.
      return [anonymous(), invented(mask), ...forged.filter(({ name }) => !given.has(name)), ...holders];
    },
    close: () => forgery.close(),
  };
}

/** What a variable held: a token, or the reason why it is of no use. */
type Entry =
  | { readonly token: string; readonly reason?: never }
  | { readonly token?: never; readonly reason: string };

function readTokens(
  secrets: ReadonlyMap<PrincipalName, NamedSecret>,
  mask: (secret: string) => void,
): ReadonlyMap<PrincipalName, Entry> {
  const entries = new Map<PrincipalName, Entry>();
  const variables = new Map<string, string>();
  for (const [name, { variable, value }] of secrets) {
    const token = value.trim();
    if (token !== '') mask(token);
    const twin = variables.get(token);
    entries.set(
      name,
      twin === undefined
        ? entryOf(variable, token)
        : { reason: `${variable} holds the same token as ${twin}` },
    );
    variables.set(token, twin ?? variable);
  }
  return entries;
}

function entryOf(variable: string, token: string): Entry {
  if (token === '') return { reason: `the environment variable ${variable} is empty` };
  if (!isToken(token))
    return { reason: `the environment variable ${variable} holds no token that fits in a header` };
  if (isBoundToKey(token))
    return { reason: `the token in ${variable} is bound to a key that the gate does not have` };
  return { token };
}

function holder(name: PrincipalName, { token, reason }: Entry, alice: Standing | null): Principal {
  if (token === undefined) return unavailable(name, reason);
  const standing = standingOfToken(token);
  const contradiction = contradictionOf(name, standing, alice);
  if (contradiction !== null) return unavailable(name, contradiction);
  return bearer(name, token, {
    standing,
    distinction: distinctionOf(name, standing, alice),
    caveat:
      standing.subject === null ? 'the token does not tell its subject, so the manifest is believed' : null,
  });
}

/** Why the token cannot be what the manifest calls it; null when nothing speaks against it. */
function contradictionOf(name: PrincipalName, standing: Standing, alice: Standing | null): string | null {
  if (standing.subject === null || alice?.subject == null) return null;
  const isAlice = standing.subject === alice.subject && standing.issuer === alice.issuer;
  if (name === 'bob' || name === 'bob-refreshed') {
    return isAlice ? `the tokens of alice and ${name} have the same subject` : null;
  }
  if (
    name === 'alice-other-client' &&
    isAlice &&
    standing.clientId !== null &&
    standing.clientId === alice.clientId
  ) {
    return 'the tokens of alice and alice-other-client are of the same client';
  }
  if (isAlice || name === 'wrong-issuer' || name === 'foreign-issuer') return null;
  return `the tokens of alice and ${name} have different subjects`;
}

function distinctionOf(name: PrincipalName, standing: Standing, alice: Standing | null): Distinction {
  if (name === 'alice') return 'not';
  if (standing.subject === null || alice?.subject == null) return 'unproven';
  if (standing.subject !== alice.subject || standing.issuer !== alice.issuer) return 'subject';
  return standing.clientId === alice.clientId ? 'not' : 'client';
}
