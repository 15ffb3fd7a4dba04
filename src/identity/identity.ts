/** Opens the identities of one run: who the gate can be towards the candidate, whatever the manifest's provider. */
import { PRINCIPAL_NAMES, type PrincipalName } from './cast.js';
import { openDiscovered } from './discovered/discovered.js';
import { openEmbedded } from './embedded/embedded.js';
import { openNone } from './none.js';
import type { IdentityOptions, IdentityPlan, IdentityVariables } from './plan.js';
import { anonymous, type Principal, unavailable } from './principal.js';
import type { Source } from './source.js';
import { openTokens } from './tokens.js';

export { PRINCIPAL_NAMES, PRINCIPALS, type PrincipalName } from './cast.js';
export type { FetchLimits } from './oauth/fetcher.js';
export type { IdentityOptions, IdentityPlan, IdentityVariable, IdentityVariables } from './plan.js';
export type { AuthorizableRequest, Distinction, Principal, Standing } from './principal.js';
export { IdentityProblem } from './problem.js';

/**
 * In this order: `openIdentity`, `setResource` if the port was not known, start the candidate with `variables`,
 * `obtain`, use the principals, `close`.
 */
export interface Identity {
  readonly provider: IdentityPlan['authorization']['provider'];
  /** What the candidate can be told, by the names `fillTemplate` takes. All seven for `embedded`, fewer otherwise. */
  readonly variables: IdentityVariables;
  /** Canonical URL of the MCP endpoint. Throws after `obtain`, since tokens are bound to what it was. */
  setResource(url: string): void;
  /**
   * Gets the tokens; `discovered` needs the candidate running. Whoever cannot be had is unavailable with the reason.
   * Rejects when the signal aborts or the embedded issuer itself fails. Later calls return the first one's promise.
   */
  obtain(): Promise<void>;
  /** The whole cast by name, in the order of the catalogue. Nobody but anonymous is available before `obtain`. */
  readonly principals: ReadonlyMap<PrincipalName, Principal>;
  /** Stops every issuer of the gate and closes all connections. Idempotent; never throws. */
  close(): Promise<void>;
}

/** Starts what the provider needs before the candidate: the issuers of `embedded`, nothing for the others. */
export async function openIdentity(plan: IdentityPlan, options: IdentityOptions): Promise<Identity> {
  const source = await openSource(plan, options);
  let resource = plan.resource;
  let obtaining: Promise<void> | null = null;
  let principals = complete([anonymous()], 'the tokens have not been obtained yet');

  const obtain = async (): Promise<void> => {
    options.signal.throwIfAborted();
    principals = complete(await source.cast(resource), source.otherwise);
  };
  return {
    provider: plan.authorization.provider,
    get variables() {
      return source.variables(resource);
    },
    setResource(url) {
      if (obtaining !== null)
        throw new Error('the resource was set after tokens for the former one were obtained');
      resource = url;
    },
    obtain: () => {
      obtaining ??= obtain();
      return obtaining;
    },
    get principals() {
      return principals;
    },
    close: () => source.close().catch(() => {}),
  };
}

async function openSource(plan: IdentityPlan, options: IdentityOptions): Promise<Source> {
  switch (plan.authorization.provider) {
    case 'embedded':
      return openEmbedded(plan, options);
    case 'discovered':
      return openDiscovered(plan, options);
    case 'tokens':
      return openTokens(plan, options);
    case 'none':
      return openNone();
  }
}

function complete(known: readonly Principal[], otherwise: string): ReadonlyMap<PrincipalName, Principal> {
  const byName = new Map(known.map((principal) => [principal.name, principal]));
  return new Map(PRINCIPAL_NAMES.map((name) => [name, byName.get(name) ?? unavailable(name, otherwise)]));
}
