/** A resource server's checks one by one, so that a test can tell exactly which of them a token fails. */
import { compactVerify, createRemoteJWKSet, decodeJwt, decodeProtectedHeader } from 'jose';

export interface Expectations {
  readonly jwksUri: string;
  readonly issuer: string;
  readonly audience: string;
  readonly scope: string;
  readonly subject: string;
  readonly clientId: string;
}

/** Names of the checks that `token` fails; a missing claim fails under its own name. */
export async function failedChecks(token: string, expected: Expectations): Promise<readonly string[]> {
  const header = decodeProtectedHeader(token);
  const claims = decodeJwt(token);
  const now = Date.now() / 1000;
  const keys = createRemoteJWKSet(new URL(expected.jwksUri));
  const verified = await compactVerify(token, keys, { algorithms: ['RS256'] }).then(
    () => true,
    () => false,
  );
  const checks: Record<string, boolean> = {
    algorithm: header.alg === 'RS256',
    signature: verified || header.alg !== 'RS256',
    'kid known': header.kid !== undefined && (await isPublished(expected.jwksUri, header.kid)),
    type: header.typ === 'at+jwt',
    issuer: claims.iss === expected.issuer,
    'audience present': claims.aud !== undefined,
    audience: claims.aud === undefined || [claims.aud].flat().includes(expected.audience),
    expiry: claims.exp !== undefined && claims.exp > now,
    beginning: claims.nbf === undefined || claims.nbf <= now,
    'issued before now': claims.iat !== undefined && claims.iat <= now + 1,
    'issued before its end': (claims.iat ?? 0) < (claims.exp ?? 0),
    id: typeof claims.jti === 'string',
    scope: String(claims['scope']).split(' ').includes(expected.scope),
    subject: claims.sub === expected.subject,
    client: claims['client_id'] === expected.clientId,
  };
  return Object.keys(checks).filter((name) => !checks[name]);
}

async function isPublished(jwksUri: string, kid: string): Promise<boolean> {
  const { keys } = (await (await fetch(jwksUri)).json()) as { keys: { kid: string }[] };
  return keys.some((key) => key.kid === kid);
}
