/** What a page of another site can do without asking: plain posts, and answers it is allowed to read. */
import type { TransportFacts } from '../../facts/transport.js';
import type { Exchange } from '../../wire/exchange.js';
import type { LegacyConnection, Wire } from '../../wire/wire.js';
import type { Experiment, Lab } from '../lab.js';
import { demandControl, demandRate, FOREIGN_NAME, outcomeOfAttack } from './attempt.js';
import type { Face } from './faces.js';
import type { Speech } from './speech.js';

type Http = NonNullable<TransportFacts['http']>;
type CrossSitePost = Http['crossSitePosts'][number];
type Cors = Http['cors'][number];

/** The revision that had the deprecated transport. */
const DEPRECATED_REVISION = '2024-11-05';

const FOREIGN_ORIGIN = `https://${FOREIGN_NAME}`;

/** Content types that need no preflight. Source: Fetch standard, "CORS-safelisted request-header". */
const UNASKED_TYPES = ['text/plain;charset=UTF-8', 'application/x-www-form-urlencoded'] as const;

/** `initialize` with a content type that a browser sends across sites unasked; alone, and with the other site's Origin. */
export function crossSiteExperiments(
  wire: Wire,
  lab: Lab,
  faces: readonly Face[],
  speech: Speech,
): Experiment<CrossSitePost>[] {
  return faces
    .flatMap((face) => posterOf(wire, face, speech) ?? [])
    .flatMap((poster) =>
      UNASKED_TYPES.flatMap((contentType) =>
        [null, FOREIGN_ORIGIN].map((origin) => crossSiteExperiment(lab, poster, contentType, origin, speech)),
      ),
    );
}

/** How to send `initialize` to a route that takes posts. */
interface Poster {
  readonly path: string;
  readonly revision: string;
  connect(experiment: string): Promise<LegacyConnection>;
}

function posterOf(wire: Wire, face: Face, { legacy, deprecatedPath }: Speech): Poster | null {
  // The modern era is out of a page's reach: it needs headers that a browser asks about first.
  if (face.kind === 'mcp' && legacy !== null) {
    return { path: face.path, revision: legacy, connect: (experiment) => wire.legacy({ experiment }) };
  }
  if (face.kind !== 'messages' || deprecatedPath === null) return null;
  const path = deprecatedPath;
  return {
    path: face.path,
    revision: DEPRECATED_REVISION,
    connect: (experiment) => wire.deprecatedSse({ experiment, path }),
  };
}

function crossSiteExperiment(
  lab: Lab,
  poster: Poster,
  contentType: string,
  origin: string | null,
  speech: Speech,
): Experiment<CrossSitePost> {
  const name = `cross-site-post/${contentType.split(';')[0]}${origin === null ? '' : '/foreign-origin'}${poster.path}`;
  const experiment = lab.nameOf(name);
  return {
    name,
    run: async () => {
      const control = await poster.connect(experiment);
      const attacker = await poster.connect(experiment);
      try {
        demandControl((await control.initialize(poster.revision)).reply, 'a right initialize');
        const headers = { 'content-type': contentType, ...(origin === null ? {} : { origin }) };
        const { reply } = await attacker.initialize(poster.revision, { headers });
        return {
          face: poster.path,
          contentType,
          origin,
          outcome: outcomeOfAttack(reply),
          httpStatus: reply.exchange.answer.status,
          authenticated: !speech.withoutToken,
          evidence: [reply.exchange.id],
        };
      } finally {
        await attacker.close();
        await control.close();
      }
    },
  };
}

/** A preflight of another site on every face, and the request that would follow it where one is bound to be answered. */
export function corsExperiments(
  wire: Wire,
  lab: Lab,
  faces: readonly Face[],
  { legacy, modern }: Pick<Speech, 'legacy' | 'modern'>,
): Experiment<Cors>[] {
  return faces.flatMap((face) => {
    const method = face.kind === 'sse' ? 'GET' : 'POST';
    const experiments = [corsExperiment(lab, face, 'OPTIONS', (name) => preflight(wire, name, face, method))];
    if (face.kind === 'sse') {
      experiments.push(corsExperiment(lab, face, 'GET', (name) => openStream(wire, name, face)));
    }
    if (face.kind === 'mcp' && legacy !== null) {
      experiments.push(corsExperiment(lab, face, 'POST', (name) => initialize(wire, name, legacy)));
    } else if (face.kind === 'mcp' && modern !== null) {
      experiments.push(corsExperiment(lab, face, 'POST', (name) => askModern(wire, name, modern)));
    }
    return experiments;
  });
}

function corsExperiment(
  lab: Lab,
  face: Face,
  method: Cors['method'],
  send: (experiment: string) => Promise<Exchange>,
): Experiment<Cors> {
  const name = `cors/${method}${face.path}`;
  return {
    name,
    run: async () => {
      const exchange = await send(lab.nameOf(name));
      const { status, headers } = exchange.answer;
      demandRate(exchange);
      // No answer gives no page anything to read.
      const allowOrigin = headers['access-control-allow-origin'] ?? null;
      return {
        face: face.path,
        method,
        httpStatus: status,
        allowOrigin: allowOrigin === null ? null : allowOrigin.slice(0, 200),
        reflectsOrigin: allowOrigin === FOREIGN_ORIGIN,
        allowCredentials: headers['access-control-allow-credentials']?.trim().toLowerCase() === 'true',
        evidence: [exchange.id],
      };
    },
  };
}

function preflight(wire: Wire, experiment: string, face: Face, method: string): Promise<Exchange> {
  return wire.http({
    experiment,
    method: 'OPTIONS',
    path: face.path,
    headers: {
      origin: FOREIGN_ORIGIN,
      'access-control-request-method': method,
      'access-control-request-headers': 'content-type,mcp-session-id',
    },
    readStream: 'headers-only',
  });
}

function openStream(wire: Wire, experiment: string, face: Face): Promise<Exchange> {
  const headers = { origin: FOREIGN_ORIGIN, accept: 'text/event-stream' };
  return wire.http({ experiment, method: 'GET', path: face.path, headers, readStream: 'headers-only' });
}

async function askModern(
  wire: Wire,
  experiment: string,
  { version, method }: NonNullable<Speech['modern']>,
): Promise<Exchange> {
  const connection = await wire.modern({ experiment, version });
  try {
    return (await connection.request(method, {}, { headers: { origin: FOREIGN_ORIGIN } })).exchange;
  } finally {
    await connection.close();
  }
}

async function initialize(wire: Wire, experiment: string, revision: string): Promise<Exchange> {
  const connection = await wire.legacy({ experiment });
  try {
    return (await connection.initialize(revision, { headers: { origin: FOREIGN_ORIGIN } })).reply.exchange;
  } finally {
    await connection.close();
  }
}
