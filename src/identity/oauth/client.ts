/** OAuth clients of the gate: registered beforehand, or by RFC 7591 on the spot. */
import { errorCodeOf, IdentityProblem } from '../problem.js';
import { type Fetcher, jsonObject } from './fetcher.js';
import type { AuthorizationServer } from './server.js';

export interface OAuthClient {
  readonly id: string;
  readonly secret: string | null;
  readonly authentication: 'none' | 'client_secret_post' | 'client_secret_basic';
}

/**
 * Nobody listens there: the flow stops at the redirect that would go to it, so the code never leaves the gate.
 * Loopback with a free port, as native applications have it (RFC 8252, 7.3).
 */
export const REDIRECT_URI = 'http://127.0.0.1/callback';

/** Registers a public client. Throws IdentityProblem when the issuer does not. */
export async function registerClient(
  fetcher: Fetcher,
  server: AuthorizationServer,
  {
    name,
    grantTypes,
    mask,
  }: { readonly name: string; readonly grantTypes: readonly string[]; mask(secret: string): void },
): Promise<OAuthClient> {
  if (server.registrationEndpoint === null) {
    throw new IdentityProblem(
      `${server.name} does not register clients; name the variables with the credentials of two clients in the manifest`,
    );
  }
  const isPublic = grantTypes.includes('authorization_code');
  const answer = await fetcher.exchange({
    method: 'POST',
    url: server.registrationEndpoint,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_name: name,
      application_type: 'native',
      redirect_uris: [REDIRECT_URI],
      grant_types: grantTypes,
      response_types: isPublic ? ['code'] : [],
      token_endpoint_auth_method: isPublic ? 'none' : secretMethodOf(server),
    }),
  });
  const registered = jsonObject(answer.text);
  const id = registered?.['client_id'];
  if ((answer.status !== 201 && answer.status !== 200) || typeof id !== 'string' || id === '') {
    throw new IdentityProblem(
      `${server.name} did not register a client: status ${answer.status}, ${errorCodeOf(registered?.['error'])}`,
    );
  }
  return clientOf(id, registered?.['client_secret'], registered?.['token_endpoint_auth_method'], mask);
}

/** How a client with a secret should authenticate; Basic is the default (RFC 8414, 2). */
export function secretMethodOf({
  authentications,
}: AuthorizationServer): 'client_secret_basic' | 'client_secret_post' {
  const onlyPost =
    authentications?.includes('client_secret_post') && !authentications.includes('client_secret_basic');
  return onlyPost === true ? 'client_secret_post' : 'client_secret_basic';
}

/** A client with what is known of it; its secret is masked. */
export function clientOf(
  id: string,
  secret: unknown,
  authentication: unknown,
  mask: (secret: string) => void,
): OAuthClient {
  if (typeof secret !== 'string' || secret === '') return { id, secret: null, authentication: 'none' };
  mask(secret);
  return {
    id,
    secret,
    authentication: authentication === 'client_secret_post' ? 'client_secret_post' : 'client_secret_basic',
  };
}
