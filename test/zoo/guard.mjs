/** What a request must satisfy before any route sees it: Host, Origin and content type. Specification: 2025-11-25 basic/transports, "Security Warning". */

/** @typedef {{ status: number, code: number, message: string, headers?: Record<string, string> }} Refusal */

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {number} port
 * @param {import('./switches.mjs').Switches} switches
 * @returns {Refusal | null}
 */
export function guard(request, port, switches) {
  const names = [`127.0.0.1:${port}`, `localhost:${port}`];
  const host = request.headers.host ?? '';
  const origin = request.headers.origin;
  if (switches.rebinding === 'passes' && origin !== undefined && origin === `http://${host}`) return null;
  if (switches.host === 'validated' && !names.includes(host))
    return forbidden(`Host ${host} is not served here`);
  if (!originAllowed(origin, names, switches)) return forbidden(`Origin ${origin} is not allowed`);
  return null;
}

/** @param {string | undefined} origin @param {string[]} names @param {import('./switches.mjs').Switches} switches */
function originAllowed(origin, names, switches) {
  if (origin === undefined || switches.origin === 'ignored') return true;
  if (switches.origin === 'null-allowed' && origin === 'null') return true;
  return names.some((name) => origin === `http://${name}`);
}

/**
 * Anything but JSON is refused: `text/plain` is what a page of another site may send without asking.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('./switches.mjs').Switches} switches
 * @returns {Refusal | null}
 */
export function guardContentType(request, switches) {
  if (request.method !== 'POST') return null;
  if (switches.contentType === 'any') {
    request.headers['content-type'] = 'application/json';
    return null;
  }
  const essence = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase();
  if (essence === 'application/json') return null;
  return { status: 415, code: -32600, message: 'Content-Type must be application/json' };
}

/**
 * The faultless server answers no preflight and allows no origin; the faulty ones do both, as CORS middleware in front does.
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:http').ServerResponse} response
 * @param {import('./switches.mjs').Switches} switches
 * @returns {boolean} true when the request was a preflight and is answered
 */
export function applyCors(request, response, switches) {
  const { origin } = request.headers;
  if (switches.cors === 'none' || origin === undefined) return false;
  const allowed = { reflect: origin, star: '*', null: 'null' }[switches.cors];
  response.setHeader('access-control-allow-origin', allowed);
  response.setHeader('access-control-allow-credentials', 'true');
  if (request.method !== 'OPTIONS') return false;
  response.setHeader('access-control-allow-methods', 'GET, POST, DELETE');
  response.setHeader(
    'access-control-allow-headers',
    request.headers['access-control-request-headers'] ?? '*',
  );
  response.writeHead(204).end();
  return true;
}

/** @param {string} message @returns {Refusal} */
function forbidden(message) {
  return { status: 403, code: -32600, message };
}
