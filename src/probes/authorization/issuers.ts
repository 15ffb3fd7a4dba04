/** The metadata of the authorization servers that the candidate names: asked only where the manifest allows it. RFC 8414 section 3; 2025-11-25 basic/authorization. */
import type { AuthorizationServerFact, MetadataDocument } from '../../facts/authorization.js';
import { createFetcher, type Fetcher, jsonObject } from '../../identity/oauth/fetcher.js';
import { isLoopback, placeOf, webUrl } from '../../identity/oauth/loopback.js';
import { isSameIssuer } from '../../identity/oauth/server.js';
import { IdentityProblem } from '../../identity/problem.js';
import type { Experiment } from '../lab.js';
import type { ProbeContext } from '../probe.js';

const LONGEST_TEXT = 2048;
const ENDPOINTS = [
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'introspection_endpoint',
  'revocation_endpoint',
  'jwks_uri',
] as const;

/** Asks each authorization server of the document a client would use. */
export function issuersExperiment(
  context: ProbeContext,
  endpoint: URL,
  document: MetadataDocument,
): Experiment<readonly AuthorizationServerFact[]> {
  return {
    name: 'authorization-servers',
    budgetMs: 60_000,
    run: async (signal) => {
      const fetcher = createFetcher({ limits: { maxRedirects: 0 }, signal });
      try {
        const facts: AuthorizationServerFact[] = [];
        for (const issuer of new Set(document.authorizationServers)) {
          facts.push(await askIssuer(context, fetcher, endpoint, issuer, document.evidence));
        }
        return facts;
      } finally {
        await fetcher.close();
      }
    },
  };
}

async function askIssuer(
  context: ProbeContext,
  fetcher: Fetcher,
  endpoint: URL,
  issuer: string,
  evidence: readonly string[],
): Promise<AuthorizationServerFact> {
  const url = webUrl(issuer);
  const names = namedIssuers(context);
  const named = names.some((name) => isSameIssuer(name, issuer));
  const unknown: AuthorizationServerFact = {
    issuer,
    https: url?.protocol === 'https:',
    loopback: url !== null && isLoopback(url),
    named,
    outcome: 'not-asked',
    reason: null,
    metadataUrl: null,
    announcedIssuer: null,
    issuerMatch: null,
    s256: null,
    insecureEndpoints: [],
    evidence: [...evidence],
  };
  if (url === null) return { ...unknown, reason: 'it is no web address' };
  if (!mayAsk(context, endpoint, url, names)) {
    return { ...unknown, reason: 'it is neither at the candidate nor at an issuer that the manifest names' };
  }
  fetcher.allow(url);
  return { ...unknown, ...(await readMetadata(fetcher, url, issuer)) };
}

function namedIssuers({ identity, plan }: ProbeContext): readonly string[] {
  const own = identity.variables['identity.issuer'];
  return [...plan.authorization.issuers, ...(own === undefined ? [] : [own])];
}

/** The candidate itself, a named issuer's host, and with `discovered` a neighbour on this machine: the gate logged in there. */
function mayAsk({ plan }: ProbeContext, endpoint: URL, url: URL, names: readonly string[]): boolean {
  const places = [endpoint, ...names.flatMap((name) => webUrl(name) ?? [])].map(placeOf);
  if (places.includes(placeOf(url))) return true;
  return plan.authorization.provider === 'discovered' && isLoopback(endpoint) && isLoopback(url);
}

type Answer = Pick<
  AuthorizationServerFact,
  'outcome' | 'reason' | 'metadataUrl' | 'announcedIssuer' | 'issuerMatch' | 's256' | 'insecureEndpoints'
>;

async function readMetadata(fetcher: Fetcher, url: URL, issuer: string): Promise<Answer> {
  let answered = false;
  let reason: string | null = null;
  for (const place of wellKnownPlaces(url)) {
    try {
      const answer = await fetcher.exchange({ method: 'GET', url: place });
      answered = true;
      const value = answer.status === 200 ? jsonObject(answer.text) : null;
      if (value !== null) return describe(value, place, issuer);
    } catch (cause: unknown) {
      if (!(cause instanceof IdentityProblem)) throw cause;
      reason ??= cause.message;
    }
  }
  return {
    outcome: answered ? 'none' : 'unreachable',
    reason: answered ? 'no well-known place holds a JSON document' : reason,
    metadataUrl: null,
    announcedIssuer: null,
    issuerMatch: null,
    s256: null,
    insecureEndpoints: [],
  };
}

function describe(metadata: Readonly<Record<string, unknown>>, place: URL, issuer: string): Answer {
  const announced = metadata['issuer'];
  const methods = metadata['code_challenge_methods_supported'];
  return {
    outcome: 'document',
    reason: null,
    metadataUrl: place.href.slice(0, LONGEST_TEXT),
    announcedIssuer: typeof announced === 'string' ? announced.slice(0, LONGEST_TEXT) : null,
    issuerMatch: matchOf(announced, issuer),
    s256: Array.isArray(methods) && methods.includes('S256'),
    insecureEndpoints: ENDPOINTS.filter((member) => isInsecure(metadata[member])),
  };
}

function matchOf(announced: unknown, issuer: string): NonNullable<AuthorizationServerFact['issuerMatch']> {
  if (typeof announced !== 'string') return 'missing';
  if (announced === issuer) return 'exact';
  return isSameIssuer(announced, issuer) ? 'trailing-slash' : 'different';
}

/** "All authorization server endpoints MUST be served over HTTPS", but for this machine's own. */
function isInsecure(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const url = webUrl(value);
  return url === null || (url.protocol !== 'https:' && !isLoopback(url));
}

/** In the order in which clients must try them. */
function wellKnownPlaces(issuer: URL): readonly URL[] {
  const path = issuer.pathname.replace(/\/+$/, '');
  const places = [
    `/.well-known/oauth-authorization-server${path}`,
    `/.well-known/openid-configuration${path}`,
    ...(path === '' ? [] : [`${path}/.well-known/openid-configuration`]),
  ];
  return places.map((place) => new URL(place, issuer.origin));
}
