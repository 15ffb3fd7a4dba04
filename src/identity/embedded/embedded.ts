/** Provider `embedded`: the gate is the issuer, so that every principal and every defect is to be had. */
import type { JWK } from 'jose';
import { openForeignIssuer } from '../foreign.js';
import { createFetcher } from '../oauth/fetcher.js';
import type { IdentityOptions, IdentityPlan } from '../plan.js';
import type { Source } from '../source.js';
import { castEmbedded, UNRELATED_SCOPE } from './cast.js';
import { openIssuer } from './issuer.js';

/** Starts both issuers; the candidate may fetch metadata and keys as soon as this resolves. */
export async function openEmbedded(
  plan: IdentityPlan,
  { signal, mask, fetchLimits }: IdentityOptions,
): Promise<Source> {
  const { scopes } = plan.authorization;
  let resource = plan.resource;
  let shared: readonly JWK[] = [];
  // Side by side, since making the keys is what takes the time.
  const [opening, openingForeign] = await Promise.allSettled([
    openIssuer({
      host: plan.issuerHost ?? '127.0.0.1',
      scopes: [...new Set([...scopes, UNRELATED_SCOPE])],
      resource: () => resource,
    }),
    openForeignIssuer(() => shared),
  ]);
  if (opening.status === 'rejected' || openingForeign.status === 'rejected') {
    if (opening.status === 'fulfilled') await opening.value.close();
    if (openingForeign.status === 'fulfilled') await openingForeign.value.close();
    throw opening.status === 'rejected' ? opening.reason : (openingForeign as PromiseRejectedResult).reason;
  }
  const [issuer, foreign] = [opening.value, openingForeign.value];
  shared = [issuer.key.publicJwk];
  const { resourceServer, jwksUri, introspectionEndpoint } = issuer;
  const secret = resourceServer.secret ?? '';
  mask(secret);
  const fetcher = createFetcher({ limits: fetchLimits, signal });

  return {
    otherwise: 'the embedded issuer does not make this one',
    variables: (audience) => ({
      'identity.issuer': issuer.issuer,
      'identity.jwksUri': jwksUri,
      'identity.audience': audience,
      'identity.introspectionEndpoint': introspectionEndpoint,
      'identity.clientId': resourceServer.id,
      'identity.clientSecret': secret,
      'identity.scopes': scopes.join(' '),
    }),
    cast: (wanted) => {
      resource = wanted;
      return castEmbedded({ issuer, foreign, fetcher, resource, scopes, mask });
    },
    close: async () => {
      await Promise.all([issuer.close(), foreign.close(), fetcher.close()]);
    },
  };
}
