/** Opens and closes sessions one after another, to see what their ids are like. */
import type { Identifiers } from '../../facts/session.js';
import { ENOUGH_SAMPLES } from '../identifiers/entropy.js';
import { type Sample, structureOf } from '../identifiers/structure.js';
import { type Experiment, Untestable } from '../lab.js';
import type { LegacyGround } from './ground.js';
import { routeIdOf } from './owned.js';

const SESSIONS = 64;
/** After this, what there is has to do. */
const TIME_MS = 15_000;

/** Statistics of session ids, and of event ids where some came along. */
export function samplingExperiment(ground: LegacyGround): Experiment<Identifiers[]> {
  const name = 'identifiers';
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    budgetMs: TIME_MS + 15_000,
    run: async () => {
      const sessions: Sample[] = [];
      const events: Sample[] = [];
      const evidence: string[] = [];
      const deadline = performance.now() + TIME_MS;
      while (sessions.length < SESSIONS && performance.now() < deadline) {
        const taken = await sample(ground, experiment);
        if (taken === null) break;
        sessions.push(taken.session);
        events.push(...taken.events);
        evidence.push(taken.exchange);
      }
      if (sessions.length < ENOUGH_SAMPLES)
        throw new Untestable(`only ${sessions.length} sessions could be opened, too few to judge their ids`);
      const facts = [describe('session', sessions, evidence)];
      if (events.length >= ENOUGH_SAMPLES) facts.push(describe('event', events.slice(0, SESSIONS), evidence));
      return facts;
    },
  };
}

function describe(
  kind: Identifiers['kind'],
  samples: readonly Sample[],
  evidence: readonly string[],
): Identifiers {
  const ends = evidence.length > 2 ? [evidence[0] ?? '', evidence.at(-1) ?? ''] : [...evidence];
  return { kind, tool: null, ...structureOf(samples), evidence: ends };
}

/** One session; null when none was given. */
async function sample(
  { context, legacy, owner }: LegacyGround,
  experiment: string,
): Promise<{ readonly session: Sample; readonly events: Sample[]; readonly exchange: string } | null> {
  const connection = await context.wire.legacy({ experiment, principal: owner });
  try {
    const { sessionId, reply } = await connection.initialize(legacy.revision);
    const id = sessionId ?? routeIdOf(connection);
    if (id === null || reply.kind !== 'result') return null;
    const at = Date.now();
    const events = reply.exchange.answer.messages.flatMap(({ event }) =>
      event?.id ? [{ id: event.id, at }] : [],
    );
    return { session: { id, at }, events, exchange: reply.exchange.id };
  } finally {
    await connection.close();
  }
}
