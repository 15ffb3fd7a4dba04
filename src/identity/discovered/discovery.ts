/** From the candidate's endpoint to its authorization server, the way an MCP client goes (basic/authorization). */
import { LEGACY_REVISIONS } from '../../facts/revisions.js';
import type { Fetcher } from '../oauth/fetcher.js';
import { isLoopback, placeOf, webUrl } from '../oauth/loopback.js';
import { type AuthorizationServer, discoverServer, isSameIssuer } from '../oauth/server.js';
import { IdentityProblem } from '../problem.js';
import { type Challenge, readChallenge } from './challenge.js';

export interface Discovery {
  readonly server: AuthorizationServer;
  /** What to ask tokens for: the candidate's own name for itself. */
  readonly resource: string;
  /** The scopes that the candidate asks for; null when it says nothing of them. */
  readonly scopes: readonly string[] | null;
}

/**
 * Asks the candidate, then the issuer it names. `issuers` are the manifest's; any other must be on
 * loopback, and the candidate too: a remote server must not point the gate at what listens beside it. Throws IdentityProblem.
 */
export async function discover(
  fetcher: Fetcher,
  { endpoint, issuers }: { readonly endpoint: URL; readonly issuers: readonly string[] },
): Promise<Discovery> {
  fetcher.allow(endpoint);
  const challenge = await provoke(fetcher, endpoint);
  const metadata = await resourceMetadata(fetcher, { endpoint, challenge });
  const named = metadata === null ? [endpoint.origin] : issuersOf(metadata);
  const issuer = choose(named, { endpoint, issuers });
  fetcher.allow(issuer.url);
  const server = await discoverServer(fetcher, issuer.url, issuer.name);
  return {
    server,
    resource: resourceOf(metadata, endpoint),
    scopes: challenge.scopes ?? stringsOf(metadata?.['scopes_supported']),
  };
}

/** A request without a token, to be told what is missing. Any answer will do; most of it is left unread. */
async function provoke(fetcher: Fetcher, endpoint: URL): Promise<Challenge> {
  const answer = await fetcher.exchange({
    method: 'POST',
    url: endpoint,
    want: 'headers',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: LEGACY_REVISIONS.at(-1),
        capabilities: {},
        clientInfo: { name: 'mcp-deploy-gate', version: '1' },
      },
    }),
  });
  return readChallenge(answer.header('www-authenticate'));
}

type Metadata = Readonly<Record<string, unknown>>;

/** The protected resource metadata (RFC 9728); null when the candidate has none, as before revision 2025-06-18. */
async function resourceMetadata(
  fetcher: Fetcher,
  { endpoint, challenge }: { readonly endpoint: URL; readonly challenge: Challenge },
): Promise<Metadata | null> {
  const announced = challenge.resourceMetadata;
  if (announced !== null) {
    const url = webUrl(announced);
    if (url === null) throw new IdentityProblem('resource_metadata of the 401 answer is no web address');
    if (!fetcher.allows(url)) {
      throw new IdentityProblem(`resource_metadata of the 401 answer lies elsewhere, at ${url.origin}`);
    }
    return fetcher.document('protected resource metadata', url);
  }
  const path = endpoint.pathname === '/' ? '' : endpoint.pathname;
  const places = new Set([
    `/.well-known/oauth-protected-resource${path}`,
    '/.well-known/oauth-protected-resource',
  ]);
  for (const place of places) {
    const found = await fetcher
      .document('protected resource metadata', new URL(place, endpoint))
      .catch(absent);
    if (found !== null) return found;
  }
  return null;
}

function absent(cause: unknown): null {
  if (cause instanceof IdentityProblem) return null;
  throw cause;
}

function issuersOf(metadata: Metadata): readonly string[] {
  const issuers = stringsOf(metadata['authorization_servers']) ?? [];
  if (issuers.length === 0)
    throw new IdentityProblem('the protected resource metadata names no authorization server');
  return issuers;
}

function choose(
  named: readonly string[],
  { endpoint, issuers }: { readonly endpoint: URL; readonly issuers: readonly string[] },
): { readonly name: string; readonly url: URL } {
  for (const name of named) {
    const url = webUrl(name);
    if (url === null) continue;
    const isNamed = issuers.some((issuer) => isSameIssuer(issuer, name));
    if (isNamed || (isLoopback(endpoint) && isLoopback(url))) return { name, url };
  }
  const origins = named.map((name) => webUrl(name)?.origin ?? 'no web address').slice(0, 5);
  throw new IdentityProblem(
    `the server names an authorization server that the gate may not use (${origins.join(', ')}); authorization.issuers of the manifest lists those beyond this machine`,
  );
}

/** RFC 9728, 3.3: metadata that speaks of another resource must not be used. */
function resourceOf(metadata: Metadata | null, endpoint: URL): string {
  if (metadata === null) return endpoint.href;
  const { resource } = metadata;
  const url = webUrl(resource);
  if (url === null || typeof resource !== 'string') {
    throw new IdentityProblem('the protected resource metadata names no resource');
  }
  const path = url.pathname.replace(/\/$/, '');
  const covers = placeOf(url) === placeOf(endpoint) && `${endpoint.pathname}/`.startsWith(`${path}/`);
  if (!covers)
    throw new IdentityProblem(`the protected resource metadata is of another resource, at ${url.origin}`);
  return resource;
}

function stringsOf(value: unknown): readonly string[] | null {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : null;
}
