/**
 * The part that vulnerable.mjs and bound.mjs share, and that is right in both: who sent this request?
 * Every request is asked, whatever its route and method; only the metadata is for everybody.
 */
import { localhostHostValidation, localhostOriginValidation } from '@modelcontextprotocol/node';
import { createRemoteJWKSet, jwtVerify } from 'jose';

const { OAUTH_ISSUER, OAUTH_JWKS_URI, OAUTH_AUDIENCE } = process.env;
const SCOPE = 'mcp:tools';

const keys = createRemoteJWKSet(new URL(OAUTH_JWKS_URI));
const metadataUrl = new URL(
  `/.well-known/oauth-protected-resource${new URL(OAUTH_AUDIENCE).pathname}`,
  OAUTH_AUDIENCE,
);
const hostIsOurs = localhostHostValidation();
const originIsOurs = localhostOriginValidation();

/** The user, as "issuer subject"; null when the request is already answered. */
export async function authenticate(request, response) {
  if (!hostIsOurs(request, response) || !originIsOurs(request, response)) return null;
  if (request.method === 'GET' && request.url === metadataUrl.pathname) return describe(response);

  const [, token] = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (token === undefined) return refuse(response, 401, `scope="${SCOPE}"`);
  const claims = await verify(token);
  if (claims === null) return refuse(response, 401, 'error="invalid_token"');
  if (!String(claims.scope).split(' ').includes(SCOPE))
    return refuse(response, 403, `error="insufficient_scope", scope="${SCOPE}"`);
  return `${claims.iss} ${claims.sub}`;
}

async function verify(token) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: OAUTH_ISSUER,
      audience: OAUTH_AUDIENCE,
      algorithms: ['RS256', 'ES256'],
      typ: 'at+jwt',
      requiredClaims: ['sub', 'exp'],
    });
    // A token that is bound to a key proves nothing without a proof of that key, which nobody checks here.
    return payload.cnf === undefined ? payload : null;
  } catch {
    return null;
  }
}

function refuse(response, status, parameters) {
  const challenge = `Bearer ${parameters}, resource_metadata="${metadataUrl}"`;
  response.writeHead(status, { 'WWW-Authenticate': challenge }).end();
  return null;
}

function describe(response) {
  const document = {
    resource: OAUTH_AUDIENCE,
    authorization_servers: [OAUTH_ISSUER],
    scopes_supported: [SCOPE],
    bearer_methods_supported: ['header'],
  };
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(document));
  return null;
}
