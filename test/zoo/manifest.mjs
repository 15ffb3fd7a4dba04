/** Manifests for zoo servers, so that a test can run the whole gate on any fault, transport and era. */
import { fileURLToPath } from 'node:url';
import { ORIGIN } from './elicitation.mjs';
import { faultId } from './faults.mjs';

/** In tests one file, which starts in half the time; see bundle.mjs. */
const SERVER = process.env['ZOO_SERVER'] ?? fileURLToPath(new URL('./server.mjs', import.meta.url));
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
/** Tasks are there on every transport, with users or without. */
const TASK_USE = { exercise: [{ tool: 'export_ledger', arguments: {}, expect: 'task' }] };
/** The tools that ask the user, which are there on every transport too. */
const TRIGGERS = ['connect_account', 'sync_ledger', 'choose_plan'];
/** @param {readonly string[]} tools */
const asking = (tools) => tools.map((tool) => ({ tool, arguments: {}, expect: 'elicitation' }));
/** What the security team of the zoo has reviewed. */
const REVIEWED = {
  origin: ORIGIN,
  reviewedBy: 'security@larkspur.example',
  reason: 'Users connect their accounts there.',
  expires: '2099-12-31',
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
    declares: fault === null ? { elicitationOrigins: [ORIGIN] } : (fault.manifest ?? {}),
    authorization: transport === 'stdio' ? 'none' : authorization,
    use: useFor(fault, transport === 'stdio' ? 'none' : authorization),
  });
}

/** What is done with tools takes time, so that only the faults that need it get it. @param {import('./faults.mjs').Fault | null} fault @param {'none' | 'oauth'} authorization */
function useFor(fault, authorization) {
  if (fault?.id.startsWith('tasks/')) return TASK_USE;
  if (isElicitation(fault)) return { exercise: asking(fault?.triggers ?? []) };
  if (fault === null) {
    const known = authorization === 'oauth' ? TOOL_USE : { exercise: [] };
    return { ...known, exercise: [...known.exercise, ...asking(TRIGGERS)] };
  }
  const named = fault.id.startsWith('session/') || fault.id === 'authorization/no-scope-challenge';
  return named && authorization === 'oauth' ? TOOL_USE : {};
}

/** @param {import('./faults.mjs').Fault | null} fault */
const isElicitation = (fault) => fault?.id.startsWith('elicitation/') === true;

/**
 * The policy data under which a fault is one, and the faultless server has none.
 * @param {import('./faults.mjs').Fault | null} fault
 * @returns {Record<string, string>} Text by file name.
 */
export function zooPolicies(fault) {
  const allowed = fault === null || isElicitation(fault) ? (fault?.listed ?? [REVIEWED]) : [];
  const config = fault?.policyConfig;
  if (config === undefined && allowed.length === 0) return {};
  const mcp = { ...(config && { config }), allowedElicitationOrigins: allowed };
  return { 'data.yaml': `mcp: ${JSON.stringify(mcp)}\n` };
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
    use: {},
  });
}

/** @param {{ name: string, command: string[], transport: 'stdio' | 'streamable-http' | 'sse', declares: object, authorization: 'none' | 'oauth', use: object }} parts */
function manifest({ name, command, transport, declares, authorization, use }) {
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
    ...Object.entries(use).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}`),
    ...(Object.keys(declares).length === 0 ? [] : [`  declares: ${JSON.stringify(declares)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
