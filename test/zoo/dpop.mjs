/** DPoP (RFC 9449): a token bound to a key counts only with a fresh proof of that key, made for this very request. */
import { createHash } from 'node:crypto';
import { calculateJwkThumbprint, EmbeddedJWK, jwtVerify } from 'jose';

/** Seconds a proof is good for. */
const MAX_AGE = 300;

/**
 * @param {import('./switches.mjs').Switches} switches
 * @returns {(request: { token: string, thumbprint: string, proof: string | undefined, method: string, url: string }) => Promise<boolean>}
 */
export function proofVerifier(switches) {
  /** Ids of proofs seen, with the time after which they are too old anyway. @type {Map<string, number>} */
  const used = new Map();
  return async ({ token, thumbprint, proof, method, url }) => {
    if (proof === undefined) return false;
    try {
      const { payload, protectedHeader } = await jwtVerify(proof, EmbeddedJWK, {
        typ: 'dpop+jwt',
        algorithms: ['ES256', 'RS256'],
        maxTokenAge: MAX_AGE,
        clockTolerance: 5,
        requiredClaims: ['jti', 'htm', 'htu', 'ath', 'iat'],
      });
      const key = protectedHeader.jwk;
      if (key === undefined) return false;
      const ownKey = (await calculateJwkThumbprint(key)) === thumbprint;
      if (!ownKey && switches.confirmation !== 'any-key') return false;
      if (payload['htm'] !== method || payload['htu'] !== withoutQuery(url)) return false;
      if (payload['ath'] !== createHash('sha256').update(token).digest('base64url')) return false;
      return firstUse(used, String(payload.jti)) || switches.confirmation === 'replayable';
    } catch {
      return false;
    }
  };
}

/** @param {Map<string, number>} used @param {string} id */
function firstUse(used, id) {
  const now = Date.now();
  for (const [seen, until] of used) {
    if (until < now) used.delete(seen);
  }
  if (used.has(id)) return false;
  used.set(id, now + (MAX_AGE + 10) * 1000);
  return true;
}

/** @param {string} url */
function withoutQuery(url) {
  const parsed = new URL(url);
  parsed.search = '';
  parsed.hash = '';
  return parsed.href;
}
