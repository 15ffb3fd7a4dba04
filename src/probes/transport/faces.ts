/** Finds every route by which the candidate can be reached: the deprecated transport often stays open beside the new one. */
import type { TransportFacts } from '../../facts/transport.js';
import type { Exchange } from '../../wire/exchange.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';

type Http = NonNullable<TransportFacts['http']>;
export type Face = Http['faces'][number];

export interface Faces {
  readonly faces: Face[];
  readonly deprecatedSse: Http['deprecatedSse'];
}

/** Where SDKs put the event stream of the deprecated transport. */
const WELL_KNOWN_SSE = '/sse';

/** Source: 2024-11-05 basic/transports, "HTTP with SSE": the first event is `endpoint` and names the message route. */
export function facesExperiment(wire: Wire, lab: Lab): Experiment<Faces> {
  const name = 'faces';
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
        const exchange = await wire.http({
          experiment: lab.nameOf(name),
          method: 'GET',
          path,
          headers: { accept: 'text/event-stream' },
          readStream: 'until-quiet',
        });
        if (exchange.answer.status === 429)
          throw new Untestable('the candidate limits the rate of requests (HTTP 429)');
        const endpoint = endpointOf(exchange);
        deprecated = { ...deprecated, evidence: [...deprecated.evidence, exchange.id] };
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
