/** An authorization server as its metadata describes it (RFC 8414, OpenID Connect Discovery 1.0). */
import { IdentityProblem } from '../problem.js';
import type { Fetcher } from './fetcher.js';
import { shown, webUrl } from './loopback.js';

export interface AuthorizationServer {
  /** As the server writes it. */
  readonly issuer: string;
  /** As it is shown to people. */
  readonly name: string;
  readonly authorizationEndpoint: URL | null;
  readonly tokenEndpoint: URL;
  readonly registrationEndpoint: URL | null;
  readonly introspectionEndpoint: URL | null;
  readonly jwksUri: URL | null;
  /** Null where the metadata does not say. */
  readonly grantTypes: readonly string[] | null;
  readonly scopes: readonly string[] | null;
  /** How clients may authenticate at the token endpoint; null where the metadata does not say. */
  readonly authentications: readonly string[] | null;
  /** Promises `iss` in authorization responses (RFC 9207). */
  readonly namesIssuer: boolean;
  readonly supportsDpop: boolean;
}

/**
 * Asks the well-known places in the order of the MCP specification (basic/authorization, "Authorization Server
 * Metadata Discovery"). Throws IdentityProblem with the reason of each place that failed.
 */
export async function discoverServer(
  fetcher: Fetcher,
  issuer: URL,
  named: string,
): Promise<AuthorizationServer> {
  const reasons: string[] = [];
  for (const url of wellKnownPlaces(issuer)) {
    try {
      return readMetadata(fetcher, named, await fetcher.document('authorization server metadata', url));
    } catch (cause: unknown) {
      if (!(cause instanceof IdentityProblem)) throw cause;
      reasons.push(cause.message);
    }
  }
  throw new IdentityProblem(reasons.join('; '));
}

function wellKnownPlaces(issuer: URL): readonly URL[] {
  const path = issuer.pathname.replace(/\/+$/, '');
  const places = [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
  ];
  if (path !== '') places.push(`${path}/.well-known/openid-configuration`);
  return places.map((place) => new URL(place, issuer.origin));
}

function readMetadata(
  fetcher: Fetcher,
  named: string,
  metadata: Readonly<Record<string, unknown>>,
): AuthorizationServer {
  const { issuer } = metadata;
  if (typeof issuer !== 'string' || webUrl(issuer) === null || !isSameIssuer(issuer, named)) {
    throw new IdentityProblem(`the metadata found for ${new URL(named).origin} is of another issuer`);
  }
  const methods = list(metadata['code_challenge_methods_supported']);
  if (methods !== null && !methods.includes('S256')) {
    throw new IdentityProblem(`${shown(new URL(issuer))} does not support PKCE with S256`);
  }
  const tokenEndpoint = endpoint(fetcher, metadata, 'token_endpoint');
  if (tokenEndpoint === null)
    throw new IdentityProblem(`the metadata of ${shown(new URL(issuer))} names no token endpoint`);
  return {
    issuer,
    name: shown(new URL(issuer)),
    authorizationEndpoint: endpoint(fetcher, metadata, 'authorization_endpoint'),
    tokenEndpoint,
    registrationEndpoint: endpoint(fetcher, metadata, 'registration_endpoint'),
    introspectionEndpoint: endpoint(fetcher, metadata, 'introspection_endpoint'),
    jwksUri: endpoint(fetcher, metadata, 'jwks_uri'),
    grantTypes: list(metadata['grant_types_supported']),
    scopes: list(metadata['scopes_supported']),
    authentications: list(metadata['token_endpoint_auth_methods_supported']),
    namesIssuer: metadata['authorization_response_iss_parameter_supported'] === true,
    supportsDpop: list(metadata['dpop_signing_alg_values_supported'])?.includes('ES256') ?? false,
  };
}

function endpoint(fetcher: Fetcher, metadata: Readonly<Record<string, unknown>>, field: string): URL | null {
  const value = metadata[field];
  if (value === undefined || value === null) return null;
  const url = webUrl(value);
  if (url === null) throw new IdentityProblem(`${field} of the issuer's metadata is no web address`);
  if (!fetcher.allows(url)) {
    throw new IdentityProblem(`${field} of the issuer's metadata lies elsewhere, at ${url.origin}`);
  }
  return url;
}

function list(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}

/** RFC 8414, 3.3 wants them identical. A final slash is forgiven here; the probes judge it. */
export function isSameIssuer(left: string, right: string): boolean {
  const trimmed = (issuer: string): string => issuer.replace(/\/$/, '');
  return trimmed(left) === trimmed(right);
}
