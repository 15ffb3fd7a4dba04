/** Manifests for zoo servers, so that a test can run the whole gate on any fault, transport and era. */
import { fileURLToPath } from 'node:url';
import { faultId } from './faults.mjs';

const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));
const HOSTILE = fileURLToPath(new URL('./hostile/', import.meta.url));
/** Filled in by the gate. @param {string} name */
const variable = (name) => `\u0024{${name}}`;
const PORT = variable('port');
const OAUTH_ENV = {
  OAUTH_ISSUER: variable('identity.issuer'),
  OAUTH_JWKS_URI: variable('identity.jwksUri'),
  OAUTH_AUDIENCE: variable('identity.audience'),
};
/** What the tools are for; see tools.mjs. */
const TOOL_USE = {
  exercise: [
    { tool: 'ask', arguments: { question: 'Go on?' }, expect: 'elicitation' },
    { tool: 'announce', arguments: { text: variable('canary') }, expect: 'result' },
    { tool: 'echo', arguments: { text: variable('canary') }, expect: 'result' },
  ],
  handles: [
    {
      mint: { tool: 'open_cart', arguments: {}, pointer: '/structuredContent/cartId' },
      use: { tool: 'add_item', arguments: { cartId: variable('handle'), item: 'apple' } },
    },
  ],
  whoami: { tool: 'whoami', arguments: {}, pointer: '/structuredContent/subject' },
};
const PATHS = { stdio: null, 'streamable-http': '/mcp', sse: '/sse' };

/**
 * The manifest of the faultless server, or of one with a fault.
 * With 'oauth' it is a resource server of the embedded issuer, and the manifest says what its tools are for.
 * @param {{ fault?: import('./faults.mjs').Fault | null, transport: 'stdio' | 'streamable-http' | 'sse', era: 'legacy' | 'modern' | 'both', authorization?: 'none' | 'oauth' }} options
 * @returns {string} YAML
 */
export function zooManifest({
  fault = null,
  transport,
  era,
  authorization = fault?.authorization ?? 'oauth',
}) {
  const id = fault === null ? 'none' : faultId(fault);
  const command = ['node', SERVER, '--transport', transport, '--era', era, '--fault', id];
  return manifest({
    name: `zoo ${id}`.replace(/[^a-z0-9]+/g, '-'),
    command: transport === 'stdio' ? command : [...command, '--port', PORT],
    transport,
    declares: fault?.manifest ?? {},
    authorization: transport === 'stdio' ? 'none' : authorization,
    // What is done with tools takes time, and only faults of sessions need it.
    exercised:
      fault === null || fault.id.startsWith('session/') || fault.id === 'authorization/no-scope-challenge',
  });
}

/**
 * The manifest of a hostile server.
 * @param {{ id: string, transport: 'stdio' | 'streamable-http' | 'sse' }} options
 * @returns {string} YAML
 */
export function hostileManifest({ id, transport }) {
  const command = ['node', `${HOSTILE}server.mjs`, '--transport', transport, '--behaviour', id];
  return manifest({
    name: `hostile-${id}`,
    command: transport === 'stdio' ? command : [...command, '--port', PORT],
    transport,
    declares: {},
    authorization: 'none',
    exercised: false,
  });
}

/** @param {{ name: string, command: string[], transport: 'stdio' | 'streamable-http' | 'sse', declares: object, authorization: 'none' | 'oauth', exercised: boolean }} parts */
function manifest({ name, command, transport, declares, authorization, exercised }) {
  const oauth = authorization === 'oauth';
  const path = PATHS[transport];
  const lines = [
    'apiVersion: mcp-gate/v1',
    'kind: McpServerDeployment',
    `metadata: { name: ${name} }`,
    'spec:',
    '  run:',
    '    command:',
    ...command.map((word) => `      - ${JSON.stringify(word)}`),
    ...(oauth ? [`    env: ${JSON.stringify(OAUTH_ENV)}`] : []),
    '  transport:',
    `    type: ${transport}`,
    ...(path === null ? [] : [`    path: ${path}`]),
    '  authorization:',
    ...(oauth ? ['    provider: embedded', '    scopes: ["mcp:tools"]'] : ['    provider: none']),
    ...(oauth && exercised
      ? Object.entries(TOOL_USE).map(([key, use]) => `  ${key}: ${JSON.stringify(use)}`)
      : []),
    ...(Object.keys(declares).length === 0 ? [] : [`  declares: ${JSON.stringify(declares)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
