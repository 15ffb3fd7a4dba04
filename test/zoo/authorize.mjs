/** Who is calling: decided for every route and method from the token of that request and nothing else. Specification: basic/authorization. */
import { createHash } from 'node:crypto';
import { proofVerifier } from './dpop.mjs';
import { challenge, SCOPE } from './resourceServer.mjs';
import { tokenVerifier } from './tokens.mjs';

/**
 * @typedef {object} Caller
 * @property {string} subject Stable name of the user; 'anonymous' without a token.
 * @property {string | null} issuer Who vouches for the subject; null without a token.
 * @property {string | null} client
 * @property {string | null} tokenDigest Tells tokens apart without keeping them.
 * @property {boolean} renewed Another token of this user was seen before this one.
 */

/** @typedef {{ request: import('node:http').IncomingMessage, url: URL, message: any }} Incoming */
/** @typedef {{ caller: Caller } | { refusal: import('./guard.mjs').Refusal }} Decision */

/** @type {Readonly<Caller>} */
export const ANONYMOUS = Object.freeze({
  subject: 'anonymous',
  issuer: null,
  client: null,
  tokenDigest: null,
  renewed: false,
});

/**
 * Without a resource to protect everybody is anonymous.
 * @param {import('./resourceServer.mjs').Resource | null} resource
 * @param {import('./switches.mjs').Switches} switches
 * @returns {(incoming: Incoming) => Promise<Decision>}
 */
export function authorizer(resource, switches) {
  if (resource === null || switches.authorization === 'none') return async () => ({ caller: ANONYMOUS });
  const verifyToken = tokenVerifier(resource, switches);
  const verifyProof = proofVerifier(switches);
  /** The first token of each user, by its digest. @type {Map<string, string>} */
  const first = new Map();
  const refuse = (/** @type {Parameters<typeof challenge>[0]} */ what) => challenge(what, resource, switches);

  return async (incoming) => {
    const { request, url } = incoming;
    if (request.method === 'OPTIONS' || isUnchecked(incoming, switches)) return { caller: ANONYMOUS };
    const given = credentials(request, url, switches);
    if (given === 'ambiguous')
      return refuse({ status: 400, error: 'invalid_request', message: 'Send one Authorization header' });
    if (given === null) {
      if (isOpen(incoming, switches)) return { caller: ANONYMOUS };
      return refuse({ status: 401, message: 'An access token is required' });
    }
    const claims = await verifyToken(given.token);
    if (claims === null)
      return refuse({ status: 401, error: 'invalid_token', message: 'The access token is not valid here' });
    const jkt = /** @type {{ jkt?: string } | undefined} */ (claims['cnf'])?.jkt;
    const proven = await isProven({ ...given, thumbprint: jkt ?? null, request, url }, verifyProof, switches);
    if (!proven)
      return refuse({
        status: 401,
        error: 'invalid_dpop_proof',
        scheme: 'DPoP',
        message: 'The token needs a proof of its key',
      });
    const scopes = String(claims['scope'] ?? '').split(' ');
    if (!scopes.includes(SCOPE) && switches.scope !== 'ignored')
      return refuse({ status: 403, error: 'insufficient_scope', message: `The scope ${SCOPE} is required` });
    return { caller: callerFrom(claims, given.token, first) };
  };
}

/** @param {import('jose').JWTPayload} claims @param {string} token @param {Map<string, string>} first @returns {Caller} */
function callerFrom(claims, token, first) {
  const tokenDigest = createHash('sha256').update(token).digest('base64url');
  const caller = {
    subject: String(claims.sub),
    issuer: String(claims.iss),
    client: String(claims['client_id'] ?? ''),
    tokenDigest,
  };
  const user = userOf(caller);
  if (!first.has(user)) first.set(user, tokenDigest);
  return { ...caller, renewed: first.get(user) !== tokenDigest };
}

/**
 * The token of a request: in one Authorization header and nowhere else.
 * @param {import('node:http').IncomingMessage} request @param {URL} url @param {import('./switches.mjs').Switches} switches
 * @returns {{ scheme: string, token: string } | 'ambiguous' | null}
 */
function credentials(request, url, switches) {
  const { rawHeaders } = request;
  const headers = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'authorization',
  );
  if (headers.length > 1) return 'ambiguous';
  const [, scheme, token] = /^(Bearer|DPoP) +(\S+)$/i.exec(headers[0] ?? '') ?? [];
  if (scheme !== undefined && token !== undefined) return { scheme: scheme.toLowerCase(), token };
  const inQuery = switches.tokenInQuery === 'honoured' ? url.searchParams.get('access_token') : null;
  return inQuery === null ? null : { scheme: 'bearer', token: inQuery };
}

/**
 * A bound token needs its proof; any other token needs the scheme Bearer.
 * @param {{ scheme: string, token: string, thumbprint: string | null, request: import('node:http').IncomingMessage, url: URL }} given
 * @param {ReturnType<typeof proofVerifier>} verifyProof
 * @param {import('./switches.mjs').Switches} switches
 */
async function isProven({ scheme, token, thumbprint, request, url }, verifyProof, switches) {
  if (thumbprint === null) return scheme === 'bearer';
  if (switches.confirmation === 'ignored') return true;
  if (scheme === 'bearer') return switches.confirmation === 'bearer-accepted';
  const proof = /** @type {string | undefined} */ (request.headers['dpop']);
  const target = `http://${request.headers.host}${url.pathname}`;
  return verifyProof({ token, thumbprint, proof, method: request.method ?? '', url: target });
}

/** Whether a fault takes a session id for proof enough, whatever token comes with it. @param {Incoming} incoming @param {import('./switches.mjs').Switches} switches */
function isUnchecked({ request }, switches) {
  return switches.binding === 'initialize-only' && request.headers['mcp-session-id'] !== undefined;
}

/** Whether a fault leaves this request open to everybody. @param {Incoming} incoming @param {import('./switches.mjs').Switches} switches */
function isOpen({ request, url, message }, switches) {
  switch (switches.open) {
    case 'get':
      return request.method === 'GET' && url.pathname === '/mcp';
    case 'delete':
      return request.method === 'DELETE';
    case 'deprecated-routes':
      return url.pathname === '/sse' || url.pathname === '/messages';
    case 'tools-list':
      return message?.method === 'tools/list';
    case 'initialize':
      return message?.method === 'initialize';
    case 'with-session':
      return request.headers['mcp-session-id'] !== undefined || url.searchParams.has('sessionId');
    default:
      return false;
  }
}

/** What the SDKs carry to a tool as `authInfo`. @param {Caller} caller */
export function authInfoOf(caller) {
  return { token: '', clientId: '', scopes: [], extra: { caller } };
}

/** The way back from `authInfo`. @param {unknown} authInfo @returns {Caller} */
export function callerOf(authInfo) {
  const caller = /** @type {{ extra?: { caller?: Caller } } | undefined} */ (authInfo)?.extra?.caller;
  return caller ?? ANONYMOUS;
}

/** One user, whatever token or client: issuer and subject. @param {Pick<Caller, 'issuer' | 'subject'>} caller */
export function userOf(caller) {
  return JSON.stringify([caller.issuer, caller.subject]);
}
