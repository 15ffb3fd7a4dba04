/** A caller without credentials, also where the manifest sends some with every request. */
import type { ServerPlan } from '../../manifest/plan.js';
import { ANONYMOUS } from '../../wire/wire.js';
import { credentialHeaders } from '../credentials.js';
import type { Visitor } from './operation.js';

export function nobody(plan: ServerPlan): Visitor {
  const removed = credentialHeaders(plan).map((name) => [name, null] as const);
  return { principal: ANONYMOUS, headers: Object.fromEntries(removed) };
}
