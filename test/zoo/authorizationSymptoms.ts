/** How the faults of the area `authorization` show to somebody who asks directly. */
import type { PrincipalName } from '../../src/identity/identity.js';
import { type Channel, exchange } from './channel.js';
import { initialize } from './questions.js';
import { AUDIENCE, askModern, openSession, type Stage, verdict } from './stage.js';

/** A question to a server on a stage; what the faultless one says, and what the faulty one. */
export interface StageSymptom {
  ask(stage: Stage): Promise<unknown>;
  readonly right: unknown;
  readonly wrong: unknown;
}

/** What a client of the era says first; over sse the stream that it opens. */
export async function knock(stage: Stage, name: PrincipalName, path?: string): Promise<Channel> {
  const at = path === undefined ? {} : { path };
  if (stage.transport === 'sse') return stage.send(name, undefined, at);
  if (stage.era === 'modern') return askModern(stage, name, 'server/discover', at);
  return stage.send(name, initialize('2025-11-25'), at);
}

const DEFECTS: readonly PrincipalName[] = [
  'anonymous',
  'wrong-audience',
  'sibling-audience',
  'audience-list',
  'missing-audience',
  'wrong-issuer',
  'foreign-issuer',
  'expired',
  'not-yet-valid',
  'bad-signature',
  'alg-none',
  'hs256-public-key',
  'invented',
  'low-scope',
];

/** Whoever is let in and should not be. */
async function intruders(stage: Stage): Promise<PrincipalName[]> {
  const served: PrincipalName[] = [];
  for (const name of DEFECTS) {
    const channel = await knock(stage, name);
    if (verdict(channel) === 'served') served.push(name);
    channel.close();
  }
  return served;
}

const lets = (...wrong: PrincipalName[]): StageSymptom => ({ ask: intruders, right: [], wrong });

/** Status and parameters of a challenge. */
async function challenged(stage: Stage, name: PrincipalName): Promise<unknown[]> {
  const channel = await knock(stage, name);
  channel.close();
  const header = String(channel.headers['www-authenticate'] ?? '');
  const parameter = (key: string): string | null => header.match(new RegExp(`${key}="([^"]*)"`))?.[1] ?? null;
  return [channel.status, parameter('error'), parameter('scope'), parameter('resource_metadata') !== null];
}

const lowScope = (wrong: unknown[]): StageSymptom => ({
  ask: (stage) => challenged(stage, 'low-scope'),
  right: [403, 'insufficient_scope', 'mcp:tools', true],
  wrong,
});

interface Document {
  readonly resource?: string;
  readonly authorization_servers?: readonly string[];
}

/** What stands at both well-known places. */
async function metadata(stage: Stage): Promise<unknown> {
  const [, , , announced] = await challenged(stage, 'anonymous');
  const path = stage.transport === 'sse' ? '/sse' : '/mcp';
  const well = '/.well-known/oauth-protected-resource';
  const places = await Promise.all(
    [well, `${well}${path}`].map(async (place) => {
      const channel = await exchange(stage.port, { method: 'GET', path: place, headers: {} });
      await channel.ended;
      if (channel.status !== 200) return 'absent';
      if (!channel.headers['content-type']?.includes('application/json')) return 'no document';
      const document = JSON.parse(channel.text()) as Document;
      const server = new URL(document.authorization_servers?.[0] ?? '').pathname;
      return [document.resource, server];
    }),
  );
  return { announced, places };
}

const RIGHT_DOCUMENT = [AUDIENCE, '/'];
const metadataSymptom = (announced: boolean, place: unknown): StageSymptom => ({
  ask: metadata,
  right: { announced: true, places: [RIGHT_DOCUMENT, RIGHT_DOCUMENT] },
  wrong: { announced, places: [place, place] },
});

/** Something on alice's session without a token. */
const onSession = (method: 'GET' | 'DELETE'): StageSymptom => ({
  ask: async (stage) => {
    const session = await openSession(stage, 'alice');
    const channel = await session.send('anonymous', undefined, { method });
    channel.close();
    return verdict(channel);
  },
  right: 401,
  wrong: 'served',
});

const inQuery: StageSymptom = {
  ask: async (stage) => {
    const path = stage.transport === 'sse' ? '/sse' : '/mcp';
    const probe = await knock(stage, 'alice');
    probe.close();
    const token = await stage.token('alice');
    const channel = await knock(stage, 'anonymous', `${path}?access_token=${token}`);
    channel.close();
    return [verdict(probe), verdict(channel)];
  },
  right: ['served', 401],
  wrong: ['served', 'served'],
};

const deprecatedRoute: StageSymptom = {
  ask: async (stage) => {
    const channel = await stage.send('anonymous', undefined, { path: '/sse' });
    channel.close();
    return verdict(channel);
  },
  right: 401,
  wrong: 'served',
};

const listedForAll: StageSymptom = {
  ask: async (stage) => {
    const discovered = await askModern(stage, 'anonymous', 'server/discover');
    return [verdict(discovered), verdict(await askModern(stage, 'anonymous', 'tools/list'))];
  },
  right: [401, 401],
  wrong: [401, 'served'],
};

export const AUTHORIZATION_SYMPTOMS: readonly [string, StageSymptom][] = [
  ['authorization/none-required', lets(...DEFECTS)],
  ['authorization/unprotected-route', onSession('GET')],
  ['authorization/unprotected-route:delete', onSession('DELETE')],
  ['authorization/unprotected-route:deprecated-transport', deprecatedRoute],
  ['authorization/unprotected-route:tools-list', listedForAll],
  ['authorization/unprotected-route:initialize', lets('anonymous')],
  ['authorization/no-resource-metadata', metadataSymptom(false, 'absent')],
  ['authorization/no-resource-metadata:html', metadataSymptom(true, 'no document')],
  ['authorization/metadata-mismatch', metadataSymptom(true, ['https://another-server.example/mcp', '/'])],
  ['authorization/metadata-mismatch:origin', metadataSymptom(true, [new URL(AUDIENCE).origin, '/'])],
  ['authorization/metadata-mismatch:authorization-server', metadataSymptom(true, [AUDIENCE, '/other'])],
  [
    'authorization/wrong-audience-accepted',
    lets('wrong-audience', 'sibling-audience', 'audience-list', 'missing-audience'),
  ],
  ['authorization/wrong-audience-accepted:missing-audience', lets('missing-audience')],
  ['authorization/wrong-audience-accepted:sibling-audience', lets('sibling-audience')],
  ['authorization/wrong-audience-accepted:audience-list', lets('audience-list')],
  ['authorization/invalid-token-accepted:wrong-issuer', lets('wrong-issuer')],
  ['authorization/invalid-token-accepted:foreign-issuer', lets('wrong-issuer', 'foreign-issuer')],
  ['authorization/invalid-token-accepted:expired', lets('expired')],
  ['authorization/invalid-token-accepted:not-yet-valid', lets('not-yet-valid')],
  [
    'authorization/invalid-token-accepted:bad-signature',
    lets('bad-signature', 'alg-none', 'hs256-public-key'),
  ],
  ['authorization/invalid-token-accepted:alg-none', lets('alg-none')],
  ['authorization/invalid-token-accepted:hs256-public-key', lets('hs256-public-key')],
  ['authorization/invalid-token-accepted:invented', lets('invented')],
  ['authorization/token-in-query', inQuery],
  ['authorization/no-scope-challenge', lowScope([403, null, null, false])],
  ['authorization/no-scope-challenge:unnamed', lowScope([403, 'insufficient_scope', null, true])],
  ['authorization/no-scope-challenge:served', lets('low-scope')],
  ['authorization/scopes-untested', lets('low-scope')],
];
