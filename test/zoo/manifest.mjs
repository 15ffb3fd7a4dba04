/** Manifests for zoo servers, so that a test can run the whole gate on any fault, transport and era. */
import { fileURLToPath } from 'node:url';
import { faultId } from './faults.mjs';

const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));
const HOSTILE = fileURLToPath(new URL('./hostile/', import.meta.url));
/** Filled in by the gate. */
const PORT = ['$', '{port}'].join('');
const PATHS = { stdio: null, 'streamable-http': '/mcp', sse: '/sse' };

/**
 * The manifest of the faultless server, or of one with a fault.
 * @param {{ fault?: import('./faults.mjs').Fault | null, transport: 'stdio' | 'streamable-http' | 'sse', era: 'legacy' | 'modern' | 'both' }} options
 * @returns {string} YAML
 */
export function zooManifest({ fault = null, transport, era }) {
  const id = fault === null ? 'none' : faultId(fault);
  const command = ['node', SERVER, '--transport', transport, '--era', era, '--fault', id];
  return manifest({
    name: `zoo ${id}`.replace(/[^a-z0-9]+/g, '-'),
    command: transport === 'stdio' ? command : [...command, '--port', PORT],
    transport,
    declares: fault?.manifest ?? {},
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
  });
}

/** @param {{ name: string, command: string[], transport: 'stdio' | 'streamable-http' | 'sse', declares: object }} parts */
function manifest({ name, command, transport, declares }) {
  const path = PATHS[transport];
  const lines = [
    'apiVersion: mcp-gate/v1',
    'kind: McpServerDeployment',
    `metadata: { name: ${name} }`,
    'spec:',
    '  run:',
    '    command:',
    ...command.map((word) => `      - ${JSON.stringify(word)}`),
    '  transport:',
    `    type: ${transport}`,
    ...(path === null ? [] : [`    path: ${path}`]),
    '  authorization:',
    '    provider: none',
    ...(Object.keys(declares).length === 0 ? [] : [`  declares: ${JSON.stringify(declares)}`]),
  ];
  return `${lines.join('\n')}\n`;
}
