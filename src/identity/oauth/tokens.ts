/** The token endpoint (RFC 6749, 3.2) as a client sees it, with DPoP (RFC 9449, 5) where a key is given. */
import { scopesOf } from '../claims.js';
import type { ProofKey } from '../dpop.js';
import { errorCodeOf, IdentityProblem } from '../problem.js';
import type { OAuthClient } from './client.js';
import { type Fetcher, type Incoming, jsonObject } from './fetcher.js';
import type { AuthorizationServer } from './server.js';

export interface Grant {
  readonly accessToken: string;
  readonly type: 'Bearer' | 'DPoP';
  readonly refreshToken: string | null;
  /** As the answer says; null when it does not, which means what was asked for (RFC 6749, 5.1). */
  readonly scopes: readonly string[] | null;
  /** Milliseconds since 1970, from `expires_in`. */
  readonly expiresAt: number | null;
}

/** Who asks whom, the same for every grant of one client. */
export interface TokenContext {
  readonly fetcher: Fetcher;
  readonly server: AuthorizationServer;
  readonly client: OAuthClient;
  mask(secret: string): void;
}

/** Exchanges a grant for tokens. Every token is masked before it is returned. Throws IdentityProblem. */
export async function requestToken(
  context: TokenContext,
  parameters: Readonly<Record<string, string>>,
  key: ProofKey | null,
): Promise<Grant> {
  const first = await post(context, parameters, key, undefined);
  const [nonce] = first.header('dpop-nonce');
  const wantsNonce =
    key !== null && nonce !== undefined && jsonObject(first.text)?.['error'] === 'use_dpop_nonce';
  return readGrant(context, wantsNonce ? await post(context, parameters, key, nonce) : first);
}

/** Another access token for the same user and client (RFC 6749, 6). */
export function refreshGrant(
  context: TokenContext,
  refreshToken: string,
  { resource, key = null }: { readonly resource: string; readonly key?: ProofKey | null },
): Promise<Grant> {
  return requestToken(context, { grant_type: 'refresh_token', refresh_token: refreshToken, resource }, key);
}

async function post(
  { fetcher, server, client }: TokenContext,
  parameters: Readonly<Record<string, string>>,
  key: ProofKey | null,
  dpopNonce: string | undefined,
): Promise<Incoming> {
  const body = new URLSearchParams(parameters);
  const headers: Record<string, string> = { 'content-type': 'application/x-www-form-urlencoded' };
  if (client.authentication === 'client_secret_basic') headers['authorization'] = basic(client);
  else body.set('client_id', client.id);
  if (client.authentication === 'client_secret_post') body.set('client_secret', client.secret ?? '');
  if (key !== null) {
    const request = { method: 'POST', url: server.tokenEndpoint.href };
    headers['dpop'] = await key.prove(dpopNonce === undefined ? request : { ...request, dpopNonce });
  }
  return fetcher.exchange({ method: 'POST', url: server.tokenEndpoint, headers, body: body.toString() });
}

function readGrant({ server, mask }: TokenContext, answer: Incoming): Grant {
  const body = jsonObject(answer.text);
  for (const field of ['access_token', 'refresh_token', 'id_token']) {
    const secret = body?.[field];
    if (typeof secret === 'string' && secret !== '') mask(secret);
  }
  const accessToken = body?.['access_token'];
  if (answer.status !== 200 || body === null || typeof accessToken !== 'string' || !isToken(accessToken)) {
    throw new IdentityProblem(
      `${server.name} gave no token: status ${answer.status}, ${errorCodeOf(body?.['error'])}`,
    );
  }
  const expiresIn = body['expires_in'];
  const refreshToken = body['refresh_token'];
  return {
    accessToken,
    type: typeOf(body['token_type']),
    refreshToken: typeof refreshToken === 'string' && refreshToken !== '' ? refreshToken : null,
    scopes: scopesOf(body['scope']),
    expiresAt:
      typeof expiresIn === 'number' && Number.isFinite(expiresIn) ? Date.now() + expiresIn * 1000 : null,
  };
}

function typeOf(tokenType: unknown): 'Bearer' | 'DPoP' {
  const type = typeof tokenType === 'string' ? tokenType.toLowerCase() : '';
  if (type === 'bearer') return 'Bearer';
  if (type === 'dpop') return 'DPoP';
  throw new IdentityProblem('the token is of a type other than Bearer and DPoP');
}

/** RFC 6750, 2.1, b64token; anything else could not be sent in a header. */
export function isToken(value: string): boolean {
  return value.length <= 16_384 && /^[A-Za-z0-9\-._~+/]+=*$/.test(value);
}

/** RFC 6749, 2.3.1: both halves are form-encoded first. */
function basic({ id, secret }: OAuthClient): string {
  const encode = (text: string): string => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret ?? '')}`).toString('base64')}`;
}
