/** The authorization code flow with PKCE, walked without a person: it ends where one would have to act. */
import { createHash, randomBytes } from 'node:crypto';
import type { ProofKey } from '../dpop.js';
import { errorCodeOf, IdentityProblem } from '../problem.js';
import { REDIRECT_URI } from './client.js';
import { createJar } from './cookies.js';
import { redirectOf } from './fetcher.js';
import { placeOf } from './loopback.js';
import { type Grant, requestToken, type TokenContext } from './tokens.js';

export interface Wish {
  readonly scopes: readonly string[];
  /** RFC 8707. */
  readonly resource: string;
  /** Tells an issuer that has several users, and lets one in without a password, which of them is meant. */
  readonly loginHint: string | null;
  /** Binds the token to this key. */
  readonly key?: ProofKey | null;
}

/** Tokens for one user. Throws IdentityProblem where the issuer refuses, leaves its origin or shows a page. */
export async function authorizeByCode(context: TokenContext, wish: Wish): Promise<Grant> {
  const { server, client, mask } = context;
  if (server.authorizationEndpoint === null) {
    throw new IdentityProblem(`the metadata of ${server.name} names no authorization endpoint`);
  }
  const verifier = randomBytes(32).toString('base64url');
  const state = randomBytes(16).toString('base64url');
  const start = new URL(server.authorizationEndpoint);
  const query: Record<string, string> = {
    response_type: 'code',
    client_id: client.id,
    redirect_uri: REDIRECT_URI,
    resource: wish.resource,
    state,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...(wish.scopes.length === 0 ? {} : { scope: wish.scopes.join(' ') }),
    ...(wish.loginHint === null ? {} : { login_hint: wish.loginHint }),
  };
  for (const [name, value] of Object.entries(query)) start.searchParams.set(name, value);

  const code = readCode(await walk(context, start), { context, state });
  mask(code);
  return requestToken(
    context,
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
      resource: wish.resource,
    },
    wish.key ?? null,
  );
}

/** Tokens for the client itself (RFC 6749, 4.4), for issuers that want a person in every other flow. */
export function authorizeAsClient(context: TokenContext, { scopes, resource, key }: Wish): Promise<Grant> {
  const scope = scopes.length === 0 ? {} : { scope: scopes.join(' ') };
  return requestToken(context, { grant_type: 'client_credentials', resource, ...scope }, key ?? null);
}

/** Follows redirects like a browser until one leads to the client; it returns that address. */
async function walk({ fetcher, server }: TokenContext, start: URL): Promise<URL> {
  const jar = createJar();
  // A flow has a redirect to the login, back from it, and to the client, before any of the issuer's own.
  const most = fetcher.limits.maxRedirects + 3;
  let url = start;
  for (let hop = 0; hop < most; hop += 1) {
    const cookie = jar.header();
    const answer = await fetcher.exchange({
      method: 'GET',
      url,
      headers: { accept: 'text/html, */*', ...(cookie === '' ? {} : { cookie }) },
    });
    jar.keep(answer.header('set-cookie'));
    const next = redirectOf(answer);
    if (next === null) {
      throw new IdentityProblem(
        answer.status === 200
          ? `${server.name} shows a page, so a person would have to log in or consent`
          : `${server.name} answered the authorization request with status ${answer.status}`,
      );
    }
    if (isClient(next)) return next;
    if (placeOf(next) !== placeOf(start)) {
      throw new IdentityProblem(`${server.name} sends its users on to ${next.origin}`);
    }
    url = next;
  }
  throw new IdentityProblem(`${server.name} redirects more than ${most} times without an answer`);
}

function isClient(url: URL): boolean {
  const client = new URL(REDIRECT_URI);
  return url.origin === client.origin && url.pathname === client.pathname;
}

function readCode(
  response: URL,
  { context: { server }, state }: { readonly context: TokenContext; readonly state: string },
): string {
  const { searchParams } = response;
  if (searchParams.get('state') !== state)
    throw new IdentityProblem(`${server.name} did not return the state it was given`);
  const issuer = searchParams.get('iss');
  if (issuer === null ? server.namesIssuer : issuer !== server.issuer) {
    throw new IdentityProblem(
      `the authorization response does not name ${server.name} as its issuer (RFC 9207)`,
    );
  }
  const code = searchParams.get('code');
  if (code !== null && code !== '') return code;
  throw new IdentityProblem(
    `${server.name} refused the authorization: ${errorCodeOf(searchParams.get('error'))}`,
  );
}
