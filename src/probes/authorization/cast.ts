/** Who the gate could be at this candidate, and what could therefore not be tried: facts, so that nothing is passed over in silence. */
import type {
  AuthorizationFacts,
  AuthorizationServerFact,
  MetadataDocument,
  PrincipalFact,
} from '../../facts/authorization.js';
import type { PrincipalName } from '../../identity/cast.js';
import type { Identity } from '../../identity/identity.js';
import { placeOf, webUrl } from '../../identity/oauth/loopback.js';
import { DEFECTS } from './tokens.js';

type NotTested = AuthorizationFacts['notTested'];

/** The whole cast in the order of the catalogue; never a token. */
export function principalFacts(identity: Identity): PrincipalFact[] {
  return [...identity.principals.values()].map((principal) => ({
    name: principal.name,
    available: principal.available,
    reason: principal.unavailableReason,
    distinction: principal.distinction,
    subjectKnown: principal.subject !== null,
    audienceKnown: principal.audience !== null,
    scopes: principal.scopes === null ? null : [...principal.scopes],
    caveat: principal.caveat,
  }));
}

/**
 * Defects that may be none at this server: where it publishes a path above the endpoint as its resource, a token for
 * something beside the endpoint is one for something within the resource. Servers that compare audiences by their
 * paths accept it rightly, as they accept alice's.
 */
export function rightDefects(
  identity: Identity,
  documents: readonly MetadataDocument[],
): ReadonlySet<PrincipalName> {
  const used = documents.find((document) => document.used && document.outcome === 'document');
  const resource = webUrl(used?.resource);
  const sibling = webUrl(identity.principals.get('sibling-audience')?.audience?.[0]);
  const covered = resource !== null && sibling !== null && isWithin(sibling, resource);
  return new Set(covered ? ['sibling-audience'] : []);
}

function isWithin(inner: URL, outer: URL): boolean {
  const folder = outer.pathname.endsWith('/') ? outer.pathname : `${outer.pathname}/`;
  return placeOf(inner) === placeOf(outer) && inner.pathname.startsWith(folder);
}

/** The defects that were not tried and that may be right. */
export function untriedDefects(right: ReadonlySet<PrincipalName>): NotTested {
  const reason =
    'the metadata names a path above the endpoint as the resource, and this is a token for something in it';
  return [...right].map((what) => ({ what, reason }));
}

/** The defects that nobody could make here, each by name. */
export function missingTokens(identity: Identity): NotTested {
  return [...DEFECTS, 'low-scope' as const].flatMap((name) => {
    const principal = identity.principals.get(name);
    return principal?.available === false
      ? [{ what: name, reason: principal.unavailableReason ?? 'there is no such token' }]
      : [];
  });
}

/** Authorization servers that were left alone. */
export function unaskedServers(servers: readonly AuthorizationServerFact[]): NotTested {
  return servers
    .filter(({ outcome }) => outcome === 'not-asked')
    .map(({ issuer, reason }) => ({ what: `metadata of ${issuer}`, reason: reason ?? 'it was not asked' }));
}

/** The bearer token of a principal for a request to `url`; null where there is none, or it is bound to a key. */
export async function bearerTokenOf(
  identity: Identity,
  name: PrincipalName,
  url: string,
): Promise<string | null> {
  const principal = identity.principals.get(name);
  if (principal?.available !== true) return null;
  const headers = await principal.authorize({ method: 'POST', url });
  return /^Bearer (\S+)$/.exec(headers['Authorization'] ?? '')?.[1] ?? null;
}
