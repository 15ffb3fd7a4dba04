/**
 * The reference server: correct in everything the probe catalogue asks for, or wrong in exactly one thing.
 *
 *     node test/zoo/server.mjs --transport stdio|streamable-http|sse --era legacy|modern|both --port N --fault <id>
 */

import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { FAULTS, faultId, UNJUDGED_FAULTS } from './faults.mjs';
import { serveOverHttp } from './http.mjs';
import { serveOverStdio } from './stdio.mjs';
import { FAULTLESS } from './switches.mjs';

/** How long a child that outlives the server stays, should nobody end it. */
const LEFTOVER_MS = 120_000;

const { values } = parseArgs({
  options: {
    transport: { type: 'string', default: 'stdio' },
    era: { type: 'string', default: 'both' },
    port: { type: 'string', default: process.env['PORT'] ?? '0' },
    fault: { type: 'string', default: 'none' },
  },
});

const transport = oneOf('--transport', values.transport, ['stdio', 'streamable-http', 'sse']);
const era = transport === 'sse' ? 'legacy' : oneOf('--era', values.era, ['legacy', 'modern', 'both']);
const switches = { ...FAULTLESS, ...switchesOf(values.fault) };

if (switches.leaves !== 'none') leaveChild(switches.leaves);
if (switches.onSigterm === 'ignored') process.on('SIGTERM', () => undefined);

if (transport === 'stdio') {
  await serveOverStdio(era, switches);
} else {
  const { port } = await serveOverHttp(
    { transport, era, port: Number(values.port), oauth: oauthOf(process.env) },
    switches,
  );
  process.stderr.write(`zoo: listening on ${port}\n`);
}

/** The issuer to trust, from the variables a manifest gives; null when it gives none. @param {NodeJS.ProcessEnv} env */
function oauthOf({ OAUTH_ISSUER: issuer, OAUTH_JWKS_URI: jwksUri, OAUTH_AUDIENCE: audience }) {
  if (!issuer && !jwksUri && !audience) return null;
  if (issuer && jwksUri && audience) return { issuer, jwksUri, audience };
  return usage('OAUTH_ISSUER, OAUTH_JWKS_URI and OAUTH_AUDIENCE: expected all three or none');
}

/** @param {string} id */
function switchesOf(id) {
  if (id === 'none') return {};
  const fault = [...FAULTS, ...UNJUDGED_FAULTS].find((entry) => faultId(entry) === id);
  if (fault !== undefined) return fault.set;
  return usage(`--fault ${id}: expected one of the ids in test/zoo/faults.mjs`);
}

/** @template {string} T @param {string} name @param {string} value @param {T[]} allowed @returns {T} */
function oneOf(name, value, allowed) {
  const found = allowed.find((entry) => entry === value);
  return found ?? usage(`${name} ${value}: expected ${allowed.join(', ')}`);
}

/** @param {string} message @returns {never} */
function usage(message) {
  process.stderr.write(`zoo: ${message}\n`);
  process.exit(2);
}

/** @param {'detached' | 'same-group'} how */
function leaveChild(how) {
  const script = `process.on('SIGTERM', () => {}); process.on('SIGHUP', () => {}); setTimeout(() => {}, ${LEFTOVER_MS});`;
  spawn(process.execPath, ['-e', script, 'zoo-leftover'], {
    detached: how === 'detached',
    stdio: 'ignore',
  }).unref();
}
