/** An open identity with everything it masked, and the token a principal sends. */
import {
  type Identity,
  type IdentityPlan,
  openIdentity,
  type PrincipalName,
} from '../../src/identity/identity.js';
import type { Principal } from '../../src/identity/principal.js';
import type { AuthorizationPlan } from '../../src/manifest/plan.js';

export const RESOURCE = 'http://127.0.0.1:4000/mcp';
export const REQUEST = { method: 'POST', url: RESOURCE } as const;

export interface Opened {
  readonly identity: Identity;
  readonly masked: readonly string[];
}

export function planOf(authorization: Partial<AuthorizationPlan>, resource: string = RESOURCE): IdentityPlan {
  return {
    authorization: {
      provider: 'embedded',
      scopes: ['mcp:tools'],
      issuers: [],
      tokens: new Map(),
      clients: [],
      ...authorization,
    },
    resource,
  };
}

export async function open(
  plan: IdentityPlan,
  { fetchLimits, signal }: { fetchLimits?: object; signal?: AbortSignal } = {},
): Promise<Opened> {
  const masked: string[] = [];
  const identity = await openIdentity(plan, {
    signal: signal ?? new AbortController().signal,
    mask: (secret) => masked.push(secret),
    ...(fetchLimits === undefined ? {} : { fetchLimits }),
  });
  return { identity, masked };
}

export function named(identity: Identity, name: PrincipalName): Principal {
  const principal = identity.principals.get(name);
  if (principal === undefined) throw new Error(`no principal ${name}`);
  return principal;
}

/** The token of an Authorization header, whatever its scheme. */
export async function tokenOf(identity: Identity, name: PrincipalName): Promise<string> {
  const { Authorization = '' } = await named(identity, name).authorize(REQUEST);
  return Authorization.split(' ')[1] ?? '';
}

/** Names of those who can be had. */
export function availableIn(identity: Identity): readonly PrincipalName[] {
  return [...identity.principals.values()].filter(({ available }) => available).map(({ name }) => name);
}

/** Reasons by name of those who cannot. */
export function reasonsIn(identity: Identity): Readonly<Record<string, string | null>> {
  const missing = [...identity.principals.values()].filter(({ available }) => !available);
  return Object.fromEntries(missing.map(({ name, unavailableReason }) => [name, unavailableReason]));
}
