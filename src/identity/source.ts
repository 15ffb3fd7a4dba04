/** Where principals come from: the one shape of the four providers. */
import type { IdentityVariables } from './plan.js';
import type { Principal } from './principal.js';

export interface Source {
  /** A name that is missing has no value with this provider. */
  variables(resource: string): IdentityVariables;
  /** Those of the cast this source can speak of. Names it leaves out get `otherwise` as their reason. */
  cast(resource: string): Promise<readonly Principal[]>;
  readonly otherwise: string;
  /** Idempotent. */
  close(): Promise<void>;
}
