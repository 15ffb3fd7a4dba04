/** Credentials that the manifest itself sends: whoever holds them is one user, and nobody can be another beside. */
import type { ServerPlan } from '../manifest/plan.js';

/** Header names that hold credentials wherever they are used. */
const CREDENTIAL = /auth|cookie|credential|key|password|secret|session|token/i;

/**
 * Names of the headers that the manifest of a running server sends as credentials: by their name, or because their value
 * came from the environment. Others (a tenant, a route) stay, or an open server would look guarded.
 */
export function credentialHeaders({ run, secrets }: Pick<ServerPlan, 'run' | 'secrets'>): readonly string[] {
  if (run.kind !== 'url') return [];
  return Object.entries(run.headers)
    .filter(([name, value]) => CREDENTIAL.test(name) || secrets.some((secret) => value.includes(secret)))
    .map(([name]) => name);
}
