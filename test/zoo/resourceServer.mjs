/** What an OAuth resource server says about itself: its metadata (RFC 9728) and its challenges (RFC 6750, RFC 9449). */

/**
 * @typedef {object} Resource
 * @property {string} issuer
 * @property {string} jwksUri
 * @property {string} audience Canonical URL of the endpoint: the audience of its tokens and the `resource` of its metadata.
 * @property {string} path Path of the endpoint.
 */

/** Every request needs it. */
export const SCOPE = 'mcp:tools';

const WELL_KNOWN = '/.well-known/oauth-protected-resource';
const PROOF_ALGORITHMS = ['ES256', 'RS256'];

/**
 * The metadata document, for whoever asks; null for any other path.
 * @param {string} pathname
 * @param {Resource} resource
 * @param {import('./switches.mjs').Switches} switches
 * @returns {Response | null}
 */
export function resourceMetadata(pathname, resource, switches) {
  if (pathname !== WELL_KNOWN && pathname !== `${WELL_KNOWN}${resource.path}`) return null;
  if (switches.metadata === 'missing') return null;
  if (switches.metadata === 'html')
    return new Response('<!doctype html><title>Zoo</title>', { headers: { 'content-type': 'text/html' } });
  const { origin } = new URL(resource.audience);
  const others = { 'other-resource': 'https://another-server.example/mcp', origin };
  const published = others[/** @type {keyof typeof others} */ (switches.metadata)] ?? resource.audience;
  return Response.json({
    resource: published,
    authorization_servers: [
      switches.metadata === 'other-issuer' ? `${resource.issuer}/other` : resource.issuer,
    ],
    scopes_supported: [SCOPE],
    bearer_methods_supported: ['header'],
    dpop_signing_alg_values_supported: PROOF_ALGORITHMS,
  });
}

/**
 * A refusal with its challenge. Without `error` nothing was presented (RFC 6750, 3.1).
 * @param {{ status: number, message: string, error?: string, scheme?: 'Bearer' | 'DPoP' }} what
 * @param {Resource} resource
 * @param {import('./switches.mjs').Switches} switches
 * @returns {{ refusal: import('./guard.mjs').Refusal }}
 */
export function challenge({ status, message, error, scheme = 'Bearer' }, resource, switches) {
  const url = new URL(`${WELL_KNOWN}${resource.path}`, resource.audience).href;
  const parameters = [
    ...(error === undefined ? [] : [`error="${error}"`]),
    ...(error === undefined || error === 'insufficient_scope' ? [`scope="${SCOPE}"`] : []),
    ...(scheme === 'DPoP' ? [`algs="${PROOF_ALGORITHMS.join(' ')}"`] : []),
    ...(switches.metadata === 'missing' ? [] : [`resource_metadata="${url}"`]),
  ];
  const header = withoutScope(error, parameters, switches);
  return {
    refusal: {
      status,
      code: -32600,
      message,
      ...(header.length > 0 && { headers: { 'www-authenticate': `${scheme} ${header.join(', ')}` } }),
    },
  };
}

/** Faults in what a token with too little scope is told. @param {string | undefined} error @param {string[]} parameters @param {import('./switches.mjs').Switches} switches */
function withoutScope(error, parameters, switches) {
  if (error !== 'insufficient_scope') return parameters;
  if (switches.scope === 'silent') return [];
  if (switches.scope === 'unnamed') return parameters.filter((parameter) => !parameter.startsWith('scope='));
  return parameters;
}
