/** GET streams of the owner and of others, also where the head of an answer comes only with the first event. */
import { randomUUID } from 'node:crypto';
import type { StreamOptions } from '../../wire/legacy.js';
import type { EventStream, LegacyConnection } from '../../wire/wire.js';
import { Untestable } from '../lab.js';
import { callOf, harmlessTools } from '../tools.js';
import type { Legacy } from './ground.js';
import type { Openable, Owned } from './owned.js';

/** How long such a stream is held: less than an experiment may take. */
const HOLD_MS = 15_000;
/** How long an event may take to arrive. */
const EVENT_MS = 400;
/** Tools called as the owner; each may cause an event. */
const TOOLS = 4;

/** What an experiment has to know to open a stream. */
export type Listening = Pick<Openable, 'patienceMs'> & { readonly legacy: Pick<Legacy, 'lateHead'> };

/** Opens a stream. Where heads are late it is handed over once it was not refused for as long as an attack is waited for. */
export function openStream(
  { legacy, patienceMs }: Listening,
  connection: LegacyConnection,
  options: StreamOptions = {},
): Promise<EventStream> {
  const late = legacy.lateHead ? { headMs: patienceMs, timeoutMs: HOLD_MS } : {};
  return connection.openStream({ ...options, ...late });
}

/** Whether a stream was neither refused nor answered so far. */
export function isUntold(stream: EventStream): boolean {
  return stream.open && stream.status === null;
}

/**
 * Demands that it can be told whether somebody's stream on the owner's session was opened. Where its head is as late as the
 * owner's, the owner acts, so that the server has something to say.
 * @throws Untestable when it says nothing: such silence is no refusal
 */
export async function demandHead(ground: Openable, owned: Owned, stream: EventStream): Promise<void> {
  const canary = `mcp-gate-${randomUUID()}`;
  for (const tool of harmlessTools(ground.context.plan).slice(0, TOOLS)) {
    if (!isUntold(stream)) return;
    const _meta = { progressToken: `${canary}-progress` };
    await owned.connection.request('tools/call', { ...callOf(tool, canary), _meta });
  }
  const deadline = performance.now() + EVENT_MS;
  while (isUntold(stream)) {
    const left = deadline - performance.now();
    if (left > 0 && (await stream.next(left)) !== null) continue;
    if (!isUntold(stream)) return;
    await stream.close();
    throw new Untestable(
      'GET is neither refused nor answered, as for the owner, and no event could be caused: nobody can tell whether the stream was opened',
    );
  }
}
