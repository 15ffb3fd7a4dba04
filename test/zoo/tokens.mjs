/** Access tokens (RFC 9068), verified as a resource server must; each fault forgets one check. */
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, exportSPKI, importJWK, jwtVerify } from 'jose';

/** @typedef {import('jose').JWTPayload} Claims */

const ALGORITHMS = ['RS256', 'ES256'];
/** Seconds by which clocks may differ. */
const CLOCK_TOLERANCE = 5;
/** The faults that trust whatever issuer a token names. */
const ISSUER_UNCHECKED = new Set(['issuer-ignored', 'any-issuer']);

/**
 * A verifier with the keys of one issuer, fetched when they are first needed.
 * @param {import('./resourceServer.mjs').Resource} resource
 * @param {import('./switches.mjs').Switches} switches
 * @returns {(token: string) => Promise<Claims | null>} null: the token is not valid here
 */
export function tokenVerifier(resource, switches) {
  const keys = createRemoteJWKSet(new URL(resource.jwksUri));
  return async (token) => {
    try {
      return await verify(token, keys, resource, switches.tokenCheck);
    } catch {
      return null;
    }
  };
}

/**
 * @param {string} token
 * @param {ReturnType<typeof createRemoteJWKSet>} keys
 * @param {import('./resourceServer.mjs').Resource} resource
 * @param {import('./switches.mjs').Switches['tokenCheck']} check
 * @returns {Promise<Claims>}
 */
async function verify(token, keys, resource, check) {
  if (check === 'any-string' && token.split('.').length !== 3)
    return { iss: resource.issuer, sub: 'guest', scope: 'mcp:tools' };
  const claimed = decodeJwt(token);
  const { alg } = decodeProtectedHeader(token);
  if (check === 'signature-ignored' || (check === 'alg-none' && alg === 'none'))
    return checked(claimed, resource);
  const options = {
    ...(!ISSUER_UNCHECKED.has(check) && { issuer: resource.issuer }),
    ...(!isAudienceUnchecked(claimed, check) && { audience: audiencesFor(claimed, resource, check) }),
    algorithms: ALGORITHMS,
    typ: 'at+jwt',
    clockTolerance: CLOCK_TOLERANCE,
    requiredClaims: ['iss', 'sub', 'exp', 'iat', 'client_id'],
    currentDate: timeFor(claimed, check),
  };
  if (check === 'hs256-public-key' && alg === 'HS256') {
    const secret = await publicKeyText(resource.jwksUri);
    return (await jwtVerify(token, secret, { ...options, algorithms: ['HS256'] })).payload;
  }
  const trusted = check === 'any-issuer' ? await keysOf(String(claimed.iss)) : keys;
  return (await jwtVerify(token, trusted, options)).payload;
}

/** @param {Claims} claimed @param {import('./switches.mjs').Switches['tokenCheck']} check */
function isAudienceUnchecked(claimed, check) {
  if (check === 'audience-optional') return claimed.aud === undefined;
  if (check === 'audience-list-ignored') return Array.isArray(claimed.aud);
  return check === 'audience-ignored';
}

/** The audiences that are taken for this resource. @param {Claims} claimed @param {import('./resourceServer.mjs').Resource} resource @param {import('./switches.mjs').Switches['tokenCheck']} check */
function audiencesFor(claimed, { audience }, check) {
  if (check !== 'audience-origin') return audience;
  const { origin } = new URL(audience);
  return [claimed.aud ?? []].flat().filter((each) => URL.canParse(each) && new URL(each).origin === origin);
}

/** The time by which a token is judged: now, or one that suits the token. @param {Claims} claimed @param {import('./switches.mjs').Switches['tokenCheck']} check */
function timeFor(claimed, check) {
  const now = Date.now();
  if (check === 'expiry-ignored') return new Date(Math.min(now, ((claimed.exp ?? 0) - 1) * 1000));
  if (check === 'beginning-ignored') return new Date(Math.max(now, (claimed.nbf ?? 0) * 1000));
  return new Date(now);
}

/** The claims of a token nobody verified, held against everything but the signature. @param {Claims} claims @param {import('./resourceServer.mjs').Resource} resource */
function checked(claims, resource) {
  const now = Date.now() / 1000;
  const audiences = [claims.aud ?? []].flat();
  const valid =
    claims.iss === resource.issuer &&
    audiences.includes(resource.audience) &&
    (claims.exp ?? 0) > now &&
    (claims.nbf ?? 0) <= now;
  if (!valid) throw new Error('the claims do not hold');
  return claims;
}

/** The keys that the token's own issuer publishes, whoever that is. @param {string} issuer */
async function keysOf(issuer) {
  const answer = await fetch(`${issuer}/.well-known/openid-configuration`, { redirect: 'error' });
  const { jwks_uri: uri } = /** @type {{ jwks_uri: string }} */ (await answer.json());
  return createRemoteJWKSet(new URL(uri));
}

/** The classic mistake: the public key's text, as it stands in a file, taken for a shared secret. @param {string} jwksUri */
async function publicKeyText(jwksUri) {
  const { keys } = /** @type {{ keys: import('jose').JWK[] }} */ (await (await fetch(jwksUri)).json());
  const key = await importJWK({ ...keys[0], ext: true }, 'RS256', { extractable: true });
  return new TextEncoder().encode(`${(await exportSPKI(/** @type {any} */ (key))).trimEnd()}\n`);
}
