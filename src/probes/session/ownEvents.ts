/** The owner's events with their ids: on the answers to requests, or on the GET stream, where the owner's tools cause them. */
import { randomUUID } from 'node:crypto';
import type { Exchange } from '../../wire/exchange.js';
import { demand } from '../reading.js';
import { callOf, harmlessTools } from '../tools.js';
import { freshId } from './freshId.js';
import type { LegacyGround } from './ground.js';
import { openStream } from './listening.js';
import type { Owned } from './owned.js';

/** How long an event on the GET stream may take to arrive. */
const EVENT_MS = 250;
/** What comes after an event is what a stream resumed from it brings. */
const ROUNDS = 2;
const TOOLS = 4;

export interface OwnEvents {
  /** Words in events that nobody else can have chosen. */
  readonly words: readonly string[];
  readonly eventIds: readonly string[];
  /** Where they were seen. */
  readonly exchange: Exchange;
}

/**
 * Makes the owner ask twice, and where the answers carry no event ids, looks for them on the GET stream.
 * @throws Untestable when the owner is not served
 */
export async function ownEvents(ground: LegacyGround, owned: Owned): Promise<OwnEvents> {
  const ids = [freshId(), freshId()];
  const eventIds: string[] = [];
  let last: Exchange | null = null;
  for (const id of ids) {
    const reply = await owned.connection.request(ground.legacy.method, {}, { id });
    demand(reply, "the owner's request");
    last = reply.exchange;
    eventIds.push(...idsIn(last.answer.messages));
  }
  const onAnswers = { words: ids.map(String), eventIds, exchange: last ?? (await owned.request()).exchange };
  if (eventIds.length > 0 || !ground.legacy.offersStream) return onAnswers;
  const onStream = await streamEvents(ground, owned);
  return onStream.eventIds.length > 0 ? onStream : onAnswers;
}

async function streamEvents(ground: LegacyGround, owned: Owned): Promise<OwnEvents> {
  const stream = await openStream(ground, owned.connection);
  const words: string[] = [];
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const tool of harmlessTools(ground.context.plan).slice(0, TOOLS)) {
        const canary = `mcp-gate-${randomUUID()}`;
        const _meta = { progressToken: `${canary}-progress` };
        words.push(canary);
        await owned.connection.request('tools/call', { ...callOf(tool, canary), _meta });
      }
      const deadline = performance.now() + EVENT_MS;
      for (let left = EVENT_MS; left > 0; left = deadline - performance.now())
        if ((await stream.next(left)) === null) break;
    }
    return { words, eventIds: idsIn(stream.messages), exchange: stream.exchange };
  } finally {
    // Some servers have one stream for each session.
    await stream.close();
  }
}

function idsIn(messages: Exchange['answer']['messages']): string[] {
  return messages.flatMap(({ event }) => (event?.id ? [event.id] : []));
}
