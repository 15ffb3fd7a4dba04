/** How the faults of the area `transport` show, save those of whole processes. */
import type { Peer } from './peer.js';
import { asForeigner, foreign, modern, negotiated } from './questions.js';
import type { Symptom } from './symptom.js';

const ORIGIN = 'http://rebind.example';

const foreignOrigin = (peer: Peer): Promise<unknown> => asForeigner(peer, { origin: ORIGIN });
const foreignHost = (peer: Peer): Promise<unknown> => asForeigner(peer, { host: 'rebind.example:80' });
const rebinding = (peer: Peer): Promise<unknown> =>
  asForeigner(peer, { host: 'rebind.example:80', origin: `${ORIGIN}:80` });
const crossSite = (peer: Peer): Promise<unknown> => asForeigner(peer, { 'content-type': 'text/plain' });

/** Every way to be foreign at once, so that a fault shows in its own place and nowhere else. */
const foreigners = async (peer: Peer): Promise<unknown[]> => [
  await foreignOrigin(peer),
  await asForeigner(peer, { origin: 'null' }),
  await foreignHost(peer),
  await rebinding(peer),
  await crossSite(peer),
];
const FOREIGN_RIGHT = [403, 403, 403, 403, 415];

const cors = async (peer: Peer): Promise<unknown> => {
  const { headers } = await foreign(peer, { origin: ORIGIN });
  return [
    headers['access-control-allow-origin'] ?? null,
    headers['access-control-allow-credentials'] ?? null,
  ];
};

const deprecatedStream =
  (path: string) =>
  async (peer: Peer): Promise<boolean> =>
    (
      await peer.send(undefined, { method: 'GET', path, headers: { accept: 'text/event-stream' } })
    ).text.includes('event: endpoint');

const reachable = async (peer: Peer): Promise<boolean> => {
  try {
    return (await peer.send(undefined, { method: 'GET', path: '/', address: '127.0.0.2' })).status !== null;
  } catch {
    return false;
  }
};

export const TRANSPORT_SYMPTOMS: readonly [string, Symptom][] = [
  ['transport/deprecated-http-sse', { ask: deprecatedStream('/sse'), right: false, wrong: true }],
  ['transport/deprecated-http-sse:on-mcp-path', { ask: deprecatedStream('/mcp'), right: false, wrong: true }],
  [
    'transport/origin-not-validated',
    { ask: foreigners, right: FOREIGN_RIGHT, wrong: ['served', 'served', 403, 403, 415] },
  ],
  [
    'transport/origin-not-validated:null',
    { ask: foreigners, right: FOREIGN_RIGHT, wrong: [403, 'served', 403, 403, 415] },
  ],
  [
    'transport/origin-not-validated:deprecated-face',
    {
      ask: async (peer) => [
        ...(await foreigners(peer)),
        (await peer.send(undefined, { method: 'GET', path: '/sse', headers: { origin: ORIGIN } })).status,
      ],
      right: [...FOREIGN_RIGHT, 403],
      wrong: [...FOREIGN_RIGHT, 200],
    },
  ],
  [
    'transport/host-not-validated',
    { ask: foreigners, right: FOREIGN_RIGHT, wrong: [403, 403, 'served', 403, 415] },
  ],
  [
    'transport/dns-rebinding',
    { ask: foreigners, right: FOREIGN_RIGHT, wrong: [403, 403, 403, 'served', 415] },
  ],
  [
    'transport/cross-site-post',
    { ask: foreigners, right: FOREIGN_RIGHT, wrong: [403, 403, 403, 403, 'served'] },
  ],
  ['transport/permissive-cors', { ask: cors, right: [null, null], wrong: [ORIGIN, 'true'] }],
  ['transport/permissive-cors:star', { ask: cors, right: [null, null], wrong: ['*', 'true'] }],
  ['transport/permissive-cors:null', { ask: cors, right: [null, null], wrong: ['null', 'true'] }],
  ['transport/listens-on-all-interfaces', { ask: reachable, right: false, wrong: true }],
  ['transport/listens-on-all-interfaces:ipv6', { ask: reachable, right: false, wrong: true }],
  ['transport/stdout-noise', { ask: noiseAfterOne, right: [], wrong: ['zoo server listening on stdio'] }],
  [
    'transport/stdout-noise:per-message',
    { ask: noiseAfterOne, right: [], wrong: ['DEBUG sending an answer'] },
  ],
  [
    'transport/stdout-noise:json',
    { ask: noiseAfterOne, right: [], wrong: ['{"level":"info","msg":"started"}'] },
  ],
];

async function noiseAfterOne(peer: Peer): Promise<string[]> {
  await (peer.era === 'modern' ? modern(peer, 'server/discover') : negotiated(peer, '2025-11-25'));
  return peer.noise();
}
