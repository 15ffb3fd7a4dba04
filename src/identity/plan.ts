/** What opening an identity takes: the manifest's wishes, the endpoint the tokens are for, and the limits. */
import type { AuthorizationPlan } from '../manifest/plan.js';
import type { FetchLimits } from './oauth/fetcher.js';

export interface IdentityPlan {
  readonly authorization: AuthorizationPlan;
  /** Canonical URL of the MCP endpoint; the audience of the tokens. */
  readonly resource: string;
  /** Host name in the embedded issuer's URL. It listens on 127.0.0.1 either way. */
  readonly issuerHost?: '127.0.0.1' | 'localhost';
}

export interface IdentityOptions {
  readonly signal: AbortSignal;
  /** Told of every secret as soon as it exists, before anything could print it. */
  mask(secret: string): void;
  readonly fetchLimits?: Partial<FetchLimits>;
}

/** What a candidate can be told of its issuer, by the names manifests use: `${identity.issuer}`. */
export type IdentityVariable =
  | 'identity.issuer'
  | 'identity.jwksUri'
  | 'identity.audience'
  | 'identity.introspectionEndpoint'
  | 'identity.clientId'
  | 'identity.clientSecret'
  | 'identity.scopes';

export type IdentityVariables = Readonly<Partial<Record<IdentityVariable, string>>>;
