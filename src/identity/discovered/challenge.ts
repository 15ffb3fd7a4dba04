/** What a 401 tells a client: where the metadata of the resource is, and which scopes it wants. */

export interface Challenge {
  readonly resourceMetadata: string | null;
  readonly scopes: readonly string[] | null;
}

/** Reads `WWW-Authenticate` headers (RFC 6750, 3; RFC 9728, 5.1). Parameters of the first Bearer challenge that has them. */
export function readChallenge(headers: readonly string[]): Challenge {
  const bearer = headers
    .map((header) => header.slice(0, 8192))
    .filter((header) => /\bbearer\b/i.test(header));
  const scope = parameterOf(bearer, 'scope');
  return {
    resourceMetadata: parameterOf(bearer, 'resource_metadata'),
    scopes: scope === null ? null : scope.split(' ').filter((one) => one !== ''),
  };
}

function parameterOf(headers: readonly string[], name: string): string | null {
  const pattern = new RegExp(`(?:^|[\\s,])${name}\\s*=\\s*(?:"([^"]*)"|([^\\s,"]+))`, 'i');
  for (const header of headers) {
    const match = pattern.exec(header);
    if (match !== null) return match[1] ?? match[2] ?? null;
  }
  return null;
}
