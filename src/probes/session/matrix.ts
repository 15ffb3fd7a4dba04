/** Everybody tries everything on a session of the owner's: each attempt on a session of its own, between two controls. */
import type { Attempt, BindingOutcome, Operation, SessionFacts } from '../../facts/session.js';
import type { Exchange, Reply } from '../../wire/exchange.js';
import type { Intruder } from '../cast.js';
import { type Experiment, Untestable } from '../lab.js';
import {
  demand,
  demandOutcome,
  describeReply,
  isSuccess,
  outcomeOfPost,
  outcomeOfReply,
  outcomeOfStream,
  seenIn,
} from '../reading.js';
import { callOf } from '../tools.js';
import { freshId } from './freshId.js';
import type { LegacyGround, OwnAccess } from './ground.js';
import { demandHead, openStream } from './listening.js';
import { ownEvents } from './ownEvents.js';
import { isLost, nameIn, type Owned, withOwned } from './owned.js';
import { type Visit, visit } from './visit.js';

type Rebinding = NonNullable<SessionFacts['rebinding']>;

/** What one attempt tells: the fact, and whether the owner was taken for somebody else afterwards. */
export interface Tried {
  readonly attempt: Attempt;
  readonly rebinding: Rebinding | null;
}

/** A harmless notification that every server has to take. Source: 2025-11-25 basic/utilities/cancellation: unknown requests are ignored. */
const NOTIFICATION = 'notifications/cancelled';

/** One experiment for each principal and each operation that is offered to the owner. */
export function matrixExperiments(
  ground: LegacyGround,
  operations: readonly Operation[],
): Experiment<Tried>[] {
  return ground.intruders.flatMap((who) => {
    const own = ground.own.get(who.name);
    if (own === undefined || !isFairTest(who, own)) return [];
    const tried = who.standing === 'defective' ? operations.filter((one) => one === 'request') : operations;
    return tried.map((operation) => attemptExperiment(ground, who, own, operation));
  });
}

/** Whether a refusal on the owner's session would mean anything: a valid principal must be served on their own. */
export function isFairTest({ standing }: Intruder, { ownRequest }: OwnAccess): boolean {
  const invalid = standing === 'nobody' || standing === 'defective' || standing === 'same-user-narrower';
  return invalid || ownRequest === 'accepted';
}

function attemptExperiment(
  ground: LegacyGround,
  who: Intruder,
  own: OwnAccess,
  operation: Operation,
): Experiment<Tried> {
  const { path } = ground.context.wire;
  const name = `${operation}/${who.name}${path}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const visitor = await visit(ground, owned, { principal: who.name, experiment });
        try {
          const seen = await OPERATIONS[operation]({ ground, experiment, owned, visitor, own });
          demandOutcome(seen.outcome, seen.exchange);
          return {
            attempt: {
              face: ground.context.wire.path,
              principal: who.name,
              standing: who.standing,
              operation,
              ownRight: hasOwnRight(operation, own),
              outcome: seen.outcome,
              servedAs: seen.servedAs ?? null,
              sessionLost: seen.sessionLost,
              ...seenIn([seen.exchange], seen.errorCode ?? null),
              evidence: seen.exchanges.map(({ id }) => id),
            },
            rebinding: seen.rebound === undefined ? null : { ...seen.rebound, by: who.name },
          };
        } finally {
          await visitor.close();
        }
      }),
  };
}

function hasOwnRight(operation: Operation, own: OwnAccess): boolean {
  if (operation === 'call') return own.ownCall === 'accepted';
  return own.ownRequest === 'accepted';
}

interface Stage {
  readonly ground: LegacyGround;
  readonly experiment: string;
  readonly owned: Owned;
  readonly visitor: Visit;
  readonly own: OwnAccess;
}

interface Happened {
  readonly outcome: BindingOutcome;
  /** The attempt itself. */
  readonly exchange: Exchange;
  /** With its controls. */
  readonly exchanges: readonly Exchange[];
  readonly errorCode?: number | null;
  readonly servedAs?: Attempt['servedAs'];
  readonly sessionLost: boolean;
  readonly rebound?: Omit<Rebinding, 'by'>;
}

const OPERATIONS: Readonly<Record<Operation, (stage: Stage) => Promise<Happened>>> = {
  request: async (stage) => {
    const { ground, owned, visitor } = stage;
    const control = await owned.request();
    demand(control, `the owner's ${ground.legacy.method}`);
    const seen = await visitor.ask(ground.legacy.method, {}, freshId(), control);
    return { ...seen, exchanges: [control.exchange, seen.exchange], sessionLost: await lostTo(stage) };
  },

  call: async (stage) => {
    const { ground, owned, visitor, own } = stage;
    const { tool } = ground.legacy;
    if (tool === null) throw new Untestable('the manifest names no tool that may be called');
    const before = await owned.call();
    demand(before, `the owner's call of ${tool.tool}`);
    const seen = await visitor.ask('tools/call', { ...callOf(tool, 'visitor') }, freshId(), before);
    const after = await owned.call();
    const happened = { ...seen, exchanges: [before.exchange, seen.exchange, after.exchange] };
    const servedAs =
      seen.outcome === 'accepted' ? whoIn(seen.reply, nameIn(before, tool), own.name, tool) : null;
    if (outcomeOfReply(after) !== 'accepted') {
      if (await lostTo(stage)) return { ...happened, servedAs, sessionLost: true };
      throw new Untestable(
        `the control failed: the owner's second call of ${tool.tool} got ${describeReply(after)}`,
      );
    }
    const [first, last] = [nameIn(before, tool), nameIn(after, tool)];
    const told = first !== null && last !== null;
    const evidence = happened.exchanges.map(({ id }) => id);
    // The owner under another name than before: a name that just varies would differ from the visitor's too.
    const rebound = told && first !== last && last === own.name;
    return { ...happened, servedAs, sessionLost: false, ...(told ? { rebound: { rebound, evidence } } : {}) };
  },

  notification: async (stage) => {
    const { owned, visitor } = stage;
    const control = await owned.connection.notify(NOTIFICATION, cancelled());
    if (outcomeOfPost(control) !== 'accepted')
      throw new Untestable(`the control failed: the owner's notification got HTTP ${control.answer.status}`);
    const seen = await visitor.notify(NOTIFICATION, cancelled());
    return { ...seen, exchanges: [control, seen.exchange], sessionLost: await lostTo(stage) };
  },

  stream: async (stage) => {
    const { ground, visitor, owned } = stage;
    const stream = await visitor.stream();
    await demandHead(ground, owned, stream);
    // What ends with its first event ends right after it.
    if ((await stream.next(SETTLE_MS)) !== null) await stream.next(SETTLE_MS);
    const outcome = outcomeOfStream(stream);
    await stream.close();
    const { exchange } = stream;
    const sessionLost = await lostTo(stage);
    if (outcome !== 'ignored' || sessionLost)
      return { outcome, exchange, exchanges: [exchange], sessionLost };
    // Some servers end every stream at once, and let their clients come back for more: then it is all that the owner gets.
    const own = await openStream(ground, owned.connection);
    await own.next(SETTLE_MS);
    await own.close();
    const exchanges = [exchange, own.exchange];
    return {
      outcome: outcomeOfStream(own) === 'ignored' ? 'accepted' : outcome,
      exchange,
      exchanges,
      sessionLost,
    };
  },

  resume: async (stage) => {
    const { ground, owned, visitor } = stage;
    const { eventIds, exchange: seen } = await ownEvents(ground, owned);
    const [eventId] = eventIds;
    if (eventId === undefined)
      throw new Untestable('the control failed: the owner got no event with an id this time');
    const stream = await visitor.stream(eventId);
    await demandHead(ground, owned, stream);
    await stream.next(SETTLE_MS);
    const outcome = outcomeOfStream(stream);
    await stream.close();
    const exchanges = [seen, stream.exchange];
    return { outcome, exchange: stream.exchange, exchanges, sessionLost: await lostTo(stage) };
  },

  delete: async (stage) => {
    const { ground, experiment, owned, visitor } = stage;
    const control = await owned.request();
    demand(control, "the owner's request");
    const seen = await visitor.end();
    const lost = await isLost(ground, experiment, owned);
    const exchanges = [control.exchange, seen.exchange];
    // The end of the session is the effect, whatever the answer said.
    if (lost) return { ...seen, outcome: 'accepted', exchanges, sessionLost: true };
    const { status } = seen.exchange.answer;
    const outcome = isSuccess(status) ? 'ignored' : seen.outcome;
    return { ...seen, outcome, exchanges, sessionLost: false };
  },

  response: async () => {
    throw new Untestable('responses are tried where the server has asked for one');
  },
};

/** A stream that is to be refused at once, or to say something, does so within this. */
const SETTLE_MS = 150;

function lostTo({ ground, experiment, owned }: Stage): Promise<boolean> {
  return isLost(ground, experiment, owned);
}

function cancelled(): Record<string, unknown> {
  return { requestId: freshId(), reason: 'a request that was never sent' };
}

/** Whom the server took the visitor for. */
function whoIn(
  reply: Reply | null,
  owner: string | null,
  visitor: string | null,
  tool: LegacyGround['legacy']['tool'],
): Attempt['servedAs'] {
  const told = reply === null ? null : nameIn(reply, tool);
  if (told === null || owner === null || owner === visitor) return null;
  if (told === owner) return 'owner';
  return told === visitor ? 'caller' : 'other';
}
