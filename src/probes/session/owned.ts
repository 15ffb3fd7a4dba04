/** A session of the owner's, alive for one experiment, and what it takes to name it in somebody else's request. */
import type { Reply } from '../../wire/exchange.js';
import type { LegacyConnection, LegacyOptions } from '../../wire/wire.js';
import { Untestable } from '../lab.js';
import { demand, outcomeOfReply } from '../reading.js';
import { callOf, textAt } from '../tools.js';
import type { Ground, Legacy } from './ground.js';

/** The ground as far as sessions can be opened on it. */
export type Openable = Pick<Ground, 'context' | 'lab' | 'owner' | 'patienceMs'> & {
  readonly legacy: Pick<Legacy, 'revision' | 'method' | 'tool' | 'lateHead'>;
};

export interface Owned {
  readonly connection: LegacyConnection;
  /** What stands for the session: the header's value, or the part of the message route that changes. */
  readonly id: string | null;
  /** The harmless request as the owner. */
  request(): Promise<Reply>;
  /** The named tool as the owner; the harmless request where none is named. */
  call(): Promise<Reply>;
  close(): Promise<void>;
}

/**
 * Opens a session and proves that it works.
 * @throws Untestable when the owner is not served
 */
export async function openOwned(
  ground: Openable,
  experiment: string,
  options: Partial<LegacyOptions> = {},
): Promise<Owned> {
  const { context, legacy, owner } = ground;
  const connection = await context.wire.legacy({ principal: owner, ...options, experiment });
  const owned: Owned = {
    connection,
    get id() {
      return connection.sessionId ?? routeIdOf(connection);
    },
    request: () => connection.request(legacy.method, {}),
    call: () => {
      const { tool } = legacy;
      return tool === null ? owned.request() : connection.request('tools/call', callOf(tool, 'control'));
    },
    close: () => connection.close(),
  };
  try {
    const opened = await connection.initialize(legacy.revision);
    demand(opened.reply, "the owner's initialize");
    await connection.initialized();
    demand(await owned.request(), `the owner's ${legacy.method}`);
    return owned;
  } catch (cause: unknown) {
    await connection.close();
    throw cause;
  }
}

/** Closes whatever happens. */
export async function withOwned<T>(
  ground: Openable,
  experiment: string,
  work: (owned: Owned) => Promise<T>,
  options: Partial<LegacyOptions> = {},
): Promise<T> {
  const owned = await openOwned(ground, experiment, options);
  try {
    return await work(owned);
  } finally {
    await owned.close();
  }
}

/**
 * Whether the owner lost the session: it is not served on it any more, while a new one works.
 * @throws Untestable when a new session does not work either, so that nothing can be concluded
 */
export async function isLost(ground: Openable, experiment: string, owned: Owned): Promise<boolean> {
  if (outcomeOfReply(await owned.request()) === 'accepted') return false;
  await withOwned(ground, experiment, async () => undefined);
  return true;
}

/** Whom the server took the caller for, told by a tool result; null where it does not tell. */
export function nameIn(reply: Reply, tool: Legacy['tool']): string | null {
  if (tool === null || tool.pointer === null || reply.kind !== 'result') return null;
  return textAt(reply.result, tool.pointer);
}

/** On HTTP+SSE the session id is the longest value in the query of the message route, or its last segment. */
export function routeIdOf(connection: LegacyConnection): string | null {
  const { endpoint } = connection.details;
  if (endpoint?.kind !== 'own') return null;
  return idInRoute(endpoint.path);
}

/** The part of a message route that stands for the session; null where there is none. */
export function idInRoute(path: string): string | null {
  const url = new URL(path, 'http://candidate.invalid');
  const values = [...url.searchParams.values()].sort((a, b) => b.length - a.length);
  const [longest] = values;
  if (longest !== undefined && longest !== '') return longest;
  const last = url.pathname.split('/').at(-1) ?? '';
  return last.length >= 8 ? last : null;
}

/** The message route with another id in the place of `id`. */
export function routeWith(path: string, id: string, other: string): string {
  const encoded = [id, encodeURIComponent(id)].find((text) => path.includes(text));
  if (encoded === undefined) throw new Untestable('the session id does not stand in the message route');
  const from = path.lastIndexOf(encoded);
  return `${path.slice(0, from)}${encodeURIComponent(other)}${path.slice(from + encoded.length)}`;
}
