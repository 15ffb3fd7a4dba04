/** What a token says about itself. Read without verification: it tells principals apart, it grants nothing. */
import { decodeJwt, decodeProtectedHeader, type JWTPayload, type ProtectedHeaderParameters } from 'jose';
import { NOTHING_KNOWN, type Standing } from './principal.js';

export interface ReadToken {
  readonly header: ProtectedHeaderParameters;
  readonly payload: JWTPayload;
}

/** Header and claims of a signed JWT; null for a token of any other form. */
export function readToken(token: string): ReadToken | null {
  try {
    return { header: decodeProtectedHeader(token), payload: decodeJwt(token) };
  } catch {
    return null;
  }
}

/** The standing that the claims of an access token (RFC 9068) or of an introspection answer (RFC 7662) describe. */
export function standingOf(claims: Readonly<Record<string, unknown>>): Standing {
  const { aud, exp } = claims;
  return {
    issuer: text(claims['iss']),
    subject: text(claims['sub']),
    clientId: text(claims['client_id']) ?? text(claims['azp']) ?? text(claims['cid']),
    audience: typeof aud === 'string' ? [aud] : Array.isArray(aud) ? aud.filter(isText).slice(0, 100) : null,
    scopes: scopesOf(claims['scope'] ?? claims['scp']),
    expiresAt: typeof exp === 'number' && Number.isFinite(exp) ? exp * 1000 : null,
  };
}

/** The standing of any access token; all null when it is opaque. */
export function standingOfToken(token: string): Standing {
  const read = readToken(token);
  return read === null ? NOTHING_KNOWN : standingOf(read.payload);
}

/** True when the token is bound to a key (RFC 7800), so that it is of no use without it. */
export function isBoundToKey(token: string): boolean {
  return readToken(token)?.payload['cnf'] !== undefined;
}

/** Scopes as one string (RFC 6749, 3.3) or, as some issuers have them, as a list; the first hundred. */
export function scopesOf(value: unknown): readonly string[] | null {
  const list = typeof value === 'string' ? value.split(' ') : value;
  return Array.isArray(list) ? list.filter(isText).slice(0, 100) : null;
}

function text(value: unknown): string | null {
  return isText(value) ? value : null;
}

/** Longer values tell principals apart no better, and end up in facts. */
function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '' && value.length <= 1024;
}
