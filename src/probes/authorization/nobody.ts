/** A caller without credentials, also where the manifest sends some with every request. */
import type { ServerPlan } from '../../manifest/plan.js';
import { ANONYMOUS } from '../../wire/wire.js';
import type { Visitor } from './operation.js';

/** Header names that hold credentials wherever they are used. */
const CREDENTIAL = /auth|cookie|credential|key|password|secret|session|token/i;

/**
 * Names of the headers that the manifest of a running server sends as credentials: by their name, or because their value
 * came from the environment. Others (a tenant, a route) stay, or an open server would look guarded.
 */
export function credentialHeaders({ run, secrets }: ServerPlan): readonly string[] {
  if (run.kind !== 'url') return [];
  return Object.entries(run.headers)
    .filter(([name, value]) => CREDENTIAL.test(name) || secrets.some((secret) => value.includes(secret)))
    .map(([name]) => name);
}

export function nobody(plan: ServerPlan): Visitor {
  const removed = credentialHeaders(plan).map((name) => [name, null] as const);
  return { principal: ANONYMOUS, headers: Object.fromEntries(removed) };
}
