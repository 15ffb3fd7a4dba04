/** Finds every route by which the candidate can be reached: the deprecated transport often stays open beside the new one. */
import type { TransportFacts } from '../../facts/transport.js';
import type { Exchange } from '../../wire/exchange.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { isEventStream } from '../reading.js';
import { demandRate } from './attempt.js';

type Http = NonNullable<TransportFacts['http']>;
export type Face = Http['faces'][number];

export interface Faces {
  readonly faces: Face[];
  readonly deprecatedSse: Http['deprecatedSse'];
}

/** Where SDKs put the event stream of the deprecated transport. */
const WELL_KNOWN_SSE = '/sse';
/** How long an open stream may take to say where to post. One of the newer transport says nothing, and is waited for as long. */
const PATIENTLY = { readStream: 'until-answer', isAnswer: () => true, timeoutMs: 1500 } as const;

/** Source: 2024-11-05 basic/transports, "HTTP with SSE": the first event is `endpoint` and names the message route. */
export function facesExperiment(wire: Wire, lab: Lab): Experiment<Faces> {
  const name = 'faces';
  const get = async (path: string, how: typeof PATIENTLY | { readStream: 'until-quiet' }) => {
    const headers = { accept: 'text/event-stream' };
    const exchange = await wire.http({ experiment: lab.nameOf(name), method: 'GET', path, headers, ...how });
    demandRate(exchange);
    return exchange;
  };
  return {
    name,
    run: async () => {
      const own: Face = {
        path: wire.path,
        kind: wire.transport === 'sse' ? 'sse' : 'mcp',
        announcedBy: 'manifest',
        evidence: [],
      };
      const faces: Face[] = [own];
      let deprecated: Http['deprecatedSse'] = { offered: false, path: null, evidence: [] };
      for (const path of new Set([wire.path, WELL_KNOWN_SSE])) {
        const quick = await get(path, { readStream: 'until-quiet' });
        // Silence is no refusal: whoever looks up a session first is slow to say where to post.
        const silent = isEventStream(quick) && quick.answer.messages.length === 0;
        const exchange = silent ? await get(path, PATIENTLY) : quick;
        const endpoint = endpointOf(exchange);
        deprecated = { ...deprecated, evidence: [...deprecated.evidence, exchange.id] };
        // Its own transport has a message route, and what was not named was not attacked.
        if (endpoint === null && own.kind === 'sse' && path === own.path)
          throw new Untestable(`the event stream at ${path} did not say in time where to post`);
        if (endpoint === null) continue;
        if (!deprecated.offered) deprecated = { ...deprecated, offered: true, path };
        if (path !== wire.path)
          faces.push({ path, kind: 'sse', announcedBy: 'well-known-path', evidence: [exchange.id] });
        faces.push({ path: endpoint, kind: 'messages', announcedBy: 'server', evidence: [exchange.id] });
      }
      return { faces, deprecatedSse: deprecated };
    },
  };
}

const PATH_LIMIT = 500;

/** Path of the announced message route without its session; null when no `endpoint` event came. */
function endpointOf(exchange: Exchange): string | null {
  const event = exchange.answer.messages.find((message) => message.event?.name === 'endpoint');
  if (event === undefined) return null;
  try {
    return new URL(event.text.trim(), 'http://candidate.invalid').pathname.slice(0, PATH_LIMIT);
  } catch {
    return null;
  }
}
