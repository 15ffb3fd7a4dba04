/** The owner's events in other hands: a stream taken over, and a stream resumed from somebody else's session. */
import type { SessionFacts } from '../../facts/session.js';
import type { Principal } from '../../wire/exchange.js';
import type { Experiment } from '../lab.js';
import { demand, demandOutcome, outcomeOfStream } from '../reading.js';
import type { LegacyGround } from './ground.js';
import { isUntold, openStream } from './listening.js';
import { ownEvents } from './ownEvents.js';
import { type Owned, withOwned } from './owned.js';
import { visit } from './visit.js';

type StreamFact = SessionFacts['streams'][number];

/** How long a stream gets to show whether it stays open, or an event to arrive. */
const SETTLE_MS = 250;
/** A replay comes at once: the events are there already. */
const REPLAY_MS = 500;

/** GET with the owner's session while the owner holds a stream: is it cut off? Null where streams end by themselves. */
export function displacementExperiment(
  ground: LegacyGround,
  principal: Principal,
): Experiment<StreamFact | null> {
  const name = `stream/owner-displaced/${principal}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const held = await openStream(ground, owned.connection);
        await held.next(SETTLE_MS);
        if (!held.open) return null;
        const visitor = await visit(ground, owned, { principal, experiment });
        try {
          const stream = await visitor.stream();
          // The attempt of the matrix finds out what such a stream is.
          if (isUntold(stream)) return null;
          await stream.next(SETTLE_MS);
          const outcome = outcomeOfStream(stream);
          demandOutcome(outcome, stream.exchange);
          const ownerStreamEnded = !held.open;
          await stream.close();
          // The control: a stream that nobody touches stays open as long.
          if (ownerStreamEnded && !(await staysOpen(ground, experiment))) return null;
          return {
            case: 'owner-displaced',
            principal,
            outcome,
            ownerStreamEnded,
            httpStatus: stream.status,
            evidence: [held.exchange.id, stream.exchange.id],
          };
        } finally {
          await visitor.close();
          await held.close();
        }
      }),
  };
}

/** Whether a stream of the owner's, left alone, lasts as long as an attempt takes. */
function staysOpen(ground: LegacyGround, experiment: string): Promise<boolean> {
  return withOwned(ground, experiment, async ({ connection }) => {
    const stream = await openStream(ground, connection);
    await stream.next(3 * SETTLE_MS);
    const { open } = stream;
    await stream.close();
    return open;
  });
}

/** An event id of the owner named from a session of one's own. Null where the server offers nothing to resume. */
export function foreignEventsExperiment(
  ground: LegacyGround,
  principal: Principal,
): Experiment<StreamFact | null> {
  const name = `stream/foreign-events/${principal}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const { words, eventIds } = await ownEvents(ground, owned);
        const resumable = await firstResumable(ground, owned, eventIds, words);
        if (resumable === null) return null;
        return withOwned({ ...ground, owner: principal }, experiment, async (own) => {
          const stream = await own.connection.openStream({
            lastEventId: resumable.eventId,
            timeoutMs: ground.patienceMs,
          });
          await untilFound(stream, words);
          await stream.close();
          demandOutcome(outcomeOfStream(stream), stream.exchange);
          const leaked = stream.messages.some(({ text }) => words.some((word) => text.includes(word)));
          demand(await owned.request(), "the owner's request after the attempt");
          return {
            case: 'foreign-events',
            principal,
            outcome: leaked ? 'accepted' : 'refused',
            ownerStreamEnded: false,
            httpStatus: stream.status,
            evidence: [resumable.exchange, stream.exchange.id],
          };
        });
      }),
  };
}

/** Whether the owner gets event ids at all. */
export async function seesEventIds(ground: LegacyGround, experiment: string): Promise<boolean> {
  return withOwned(ground, experiment, async (owned) => (await ownEvents(ground, owned)).eventIds.length > 0);
}

/** The first event id after which the owner gets own events again: only with it does somebody else's failure prove something. */
async function firstResumable(
  ground: LegacyGround,
  owned: Owned,
  eventIds: readonly string[],
  words: readonly string[],
): Promise<{ readonly eventId: string; readonly exchange: string } | null> {
  for (const eventId of eventIds.slice(0, 4)) {
    const stream = await openStream(ground, owned.connection, { lastEventId: eventId });
    await untilFound(stream, words);
    await stream.close();
    const replayed = stream.messages.some(({ text }) => words.some((word) => text.includes(word)));
    if (replayed) return { eventId, exchange: stream.exchange.id };
  }
  return null;
}

async function untilFound(
  stream: Awaited<ReturnType<Owned['connection']['openStream']>>,
  words: readonly string[],
): Promise<void> {
  const deadline = performance.now() + REPLAY_MS;
  for (;;) {
    const message = await stream.next(Math.max(1, deadline - performance.now()));
    if (message === null || words.some((word) => message.text.includes(word))) return;
  }
}
