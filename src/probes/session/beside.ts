/** The deprecated transport beside the endpoint: its sessions are easily forgotten when the endpoint's are bound. */

import { outcomeOfReply } from '../reading.js';
import type { LegacyGround } from './ground.js';

/** Where SDKs put the event stream of the deprecated transport. */
const WELL_KNOWN_SSE = '/sse';

/** The ground as it is on the deprecated transport; null where that is not served to the owner. */
export async function foundBeside(ground: LegacyGround): Promise<LegacyGround | null> {
  const { context, lab, legacy, owner } = ground;
  const path = WELL_KNOWN_SSE;
  if (context.wire.path === path) return null;
  const name = `control${path}`;
  const found = await lab.run({
    name,
    run: async () => {
      const connection = await context.wire.deprecatedSse({
        experiment: lab.nameOf(name),
        principal: owner,
        path,
      });
      try {
        if (connection.details.endpoint?.kind !== 'own') return false;
        const { reply } = await connection.initialize(legacy.revision);
        return outcomeOfReply(reply) === 'accepted';
      } finally {
        await connection.close();
      }
    },
  });
  if (found !== true) return null;
  const wire: typeof context.wire = {
    ...context.wire,
    transport: 'sse',
    path,
    legacy: (how) => context.wire.deprecatedSse({ ...how, path }),
  };
  return {
    ...ground,
    context: { ...context, wire },
    legacy: { ...legacy, carrier: 'query', offersStream: false, lateHead: false },
  };
}
