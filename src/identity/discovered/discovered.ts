/** Provider `discovered`: the candidate names its own issuer, and the gate goes there like any MCP client. */
import { PRINCIPAL_NAMES } from '../cast.js';
import { forgeFrom } from '../forgery.js';
import { createFetcher } from '../oauth/fetcher.js';
import type { IdentityOptions, IdentityPlan } from '../plan.js';
import { anonymous, invented, unavailable } from '../principal.js';
import { reasonOf } from '../problem.js';
import type { Source } from '../source.js';
import { castDiscovered } from './cast.js';
import { discover } from './discovery.js';
import { visit } from './visitor.js';

/** Sends nothing before the cast is asked for: the candidate has to run by then. */
export function openDiscovered(
  { authorization }: IdentityPlan,
  { signal, mask, fetchLimits }: IdentityOptions,
): Source {
  const fetcher = createFetcher({ limits: fetchLimits, signal });
  const forgery = forgeFrom(mask);
  for (const { secret } of authorization.clients) if (secret !== null) mask(secret.value);

  return {
    otherwise: "it takes the issuer's own key to make one",
    variables: (audience) => ({
      'identity.audience': audience,
      'identity.scopes': authorization.scopes.join(' '),
    }),
    cast: async (resource) => {
      try {
        const endpoint = new URL(resource);
        const found = await discover(fetcher, { endpoint, issuers: authorization.issuers });
        const scopes = authorization.scopes.length > 0 ? authorization.scopes : (found.scopes ?? []);
        const visitor = visit({ ...found, scopes }, { fetcher, mask, clients: authorization.clients });
        return await castDiscovered({
          visitor,
          server: found.server,
          scopes,
          fetcher,
          forgery,
          signal,
          mask,
        });
      } catch (cause: unknown) {
        signal.throwIfAborted();
        const reason = reasonOf(cause);
        const others = PRINCIPAL_NAMES.filter((name) => name !== 'anonymous' && name !== 'invented');
        return [anonymous(), invented(mask), ...others.map((name) => unavailable(name, reason))];
      }
    },
    close: async () => {
      await Promise.all([fetcher.close(), forgery.close()]);
    },
  };
}
