/** Somebody sends on a session: with the header on Streamable HTTP, to the message route on HTTP+SSE. */
import type { BindingOutcome } from '../../facts/session.js';
import type { Exchange, Principal, Reply } from '../../wire/exchange.js';
import type { EventStream } from '../../wire/stream.js';
import type { LegacyConnection } from '../../wire/wire.js';
import { Untestable } from '../lab.js';
import { errorCodeOf, outcomeOfPost, outcomeOfReply } from '../reading.js';
import { openStream } from './listening.js';
import { type Openable, type Owned, routeWith } from './owned.js';

/** What came back on one message. */
export interface Seen {
  readonly outcome: BindingOutcome;
  readonly exchange: Exchange;
  readonly errorCode: number | null;
  /** Null where the answer goes another way than the request. */
  readonly reply: Reply | null;
}

export type Params = Readonly<Record<string, unknown>>;

/** One visitor on one session. */
export interface Visit {
  ask(method: string, params: Params, id: number, control?: Reply): Promise<Seen>;
  notify(method: string, params: Params): Promise<Seen>;
  /** Sends a JSON-RPC response. */
  answer(message: Params): Promise<Seen>;
  /** GET. @throws Untestable on HTTP+SSE, where a stream is a session of its own */
  stream(lastEventId?: string): Promise<EventStream>;
  end(): Promise<Seen>;
  close(): Promise<void>;
}

export interface VisitOptions {
  readonly principal: Principal;
  readonly experiment: string;
  /** Another id than the session's; null: none at all. */
  readonly id?: string | null;
}

/** Opens a visit to a session of the owner's. */
export async function visit(ground: Openable, owned: Owned, options: VisitOptions): Promise<Visit> {
  if (ground.context.wire.transport === 'sse') return visitRoute(ground, owned, options);
  const connection = await ground.context.wire.legacy({
    principal: options.principal,
    experiment: options.experiment,
  });
  return visitEndpoint(ground, connection, owned, options);
}

function visitEndpoint(
  { context, legacy, patienceMs }: Openable,
  connection: LegacyConnection,
  owned: Owned,
  { id = owned.id, principal, experiment }: VisitOptions,
): Visit {
  const headers: Record<string, string | null> = {
    'mcp-session-id': id,
    'mcp-protocol-version': owned.connection.negotiated ?? legacy.revision,
  };
  const seen = (exchange: Exchange): Seen => ({
    outcome: outcomeOfPost(exchange),
    exchange,
    errorCode: null,
    reply: null,
  });
  return {
    ask: async (method, params, rpcId, control) => {
      const reply = await connection.request(method, params, { headers, id: rpcId, timeoutMs: patienceMs });
      return {
        outcome: outcomeOfReply(reply, control),
        exchange: reply.exchange,
        errorCode: errorCodeOf(reply),
        reply,
      };
    },
    notify: async (method, params) =>
      seen(await connection.notify(method, params, { headers, timeoutMs: patienceMs })),
    answer: async (message) => seen(await connection.sendRaw(message, { headers, timeoutMs: patienceMs })),
    stream: (lastEventId) =>
      openStream({ legacy, patienceMs }, connection, {
        headers,
        timeoutMs: patienceMs,
        ...(lastEventId === undefined ? {} : { lastEventId }),
      }),
    end: async () =>
      seen(
        await context.wire.http({
          experiment,
          principal,
          method: 'DELETE',
          path: context.wire.path,
          headers,
          timeoutMs: patienceMs,
        }),
      ),
    close: () => connection.close(),
  };
}

/** Whatever the message route takes has its effect, and its answer goes to the owner: a 2xx is all there is to get. */
function visitRoute(
  { context, patienceMs }: Openable,
  owned: Owned,
  { id = owned.id, principal, experiment }: VisitOptions,
): Visit {
  const { endpoint } = owned.connection.details;
  const post = async (message: Params): Promise<Seen> => {
    if (endpoint?.kind !== 'own') throw new Untestable('the candidate named no message route');
    const exchange = await context.wire.http({
      experiment,
      principal,
      method: 'POST',
      path:
        owned.id === null || id === owned.id ? endpoint.path : routeWith(endpoint.path, owned.id, id ?? ''),
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify(message),
      timeoutMs: patienceMs,
    });
    return { outcome: outcomeOfPost(exchange), exchange, errorCode: null, reply: null };
  };
  const none = async (): Promise<never> => {
    throw new Untestable('HTTP+SSE has no such operation');
  };
  return {
    ask: (method, params, rpcId) => post({ jsonrpc: '2.0', id: rpcId, method, params }),
    notify: (method, params) => post({ jsonrpc: '2.0', method, params }),
    answer: (message) => post(message),
    stream: none,
    end: none,
    close: async () => undefined,
  };
}
