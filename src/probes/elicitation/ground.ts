/** Learns the ground: in which eras the server is served, what tools it lists, and whether it asks before any is called. */
import type { Principal } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { demandHeard, isModern, NEWEST_LEGACY, NEWEST_MODERN } from '../eras.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import type { ProbeContext } from '../probe.js';
import { listTools } from '../toolList.js';
import { capabilitiesOf, TASKS_EXTENSION } from './declared.js';
import { responseTo } from './exchange/answering.js';
import { hashed } from './exchange/bench.js';
import { Inbox } from './exchange/inbox.js';
import { type CallRun, Collection } from './exchange/run.js';
import { type ListedTool, readTools } from './triggers.js';

const SETTLE_FACTOR = 4;

export interface Spoken {
  readonly revision: string;
  readonly tools: readonly ListedTool[];
  /** Calls can become tasks: `tasks.requests.tools.call`, or the Tasks extension. */
  readonly tasks: boolean;
}

export interface Ground {
  readonly legacy: (Spoken & { readonly unprompted: CallRun }) | null;
  readonly modern: Spoken | null;
}

/** How the owner is served in both eras. Untestable when in neither. */
export function groundExperiment(context: ProbeContext, lab: Lab, owner: Principal): Experiment<Ground> {
  const name = 'control';
  const experiment = lab.nameOf(name);
  return {
    name,
    budgetMs: 40_000,
    run: async () => {
      const legacy = await learnLegacy(context, experiment, owner);
      const modern = context.wire.transport === 'sse' ? null : await learnModern(context, experiment, owner);
      if (legacy === null && modern === null)
        throw new Untestable(`${owner} is served in neither era, so no tool can be called`);
      return { legacy, modern };
    },
  };
}

async function learnLegacy(
  context: ProbeContext,
  experiment: string,
  owner: Principal,
): Promise<Ground['legacy']> {
  const { limits, transcript, wire } = context;
  const plan = { lane: 'plain', principal: owner, declared: 'both', answer: 'decline' } as const;
  const inbox = new Inbox(() => transcript.now());
  const capabilities = capabilitiesOf('both', 'plain', 'legacy');
  const connection = await wire.legacy({ experiment, principal: owner, capabilities, openGetStream: true });
  connection.onServerMessage((message) => inbox.receive(message));
  try {
    const { negotiated, reply, sessionId } = await connection.handshake(NEWEST_LEGACY);
    demandHeard(reply);
    if (negotiated === null) return null;
    const { tools } = await listTools(connection);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_FACTOR * limits.lingerMs));
    const collection = new Collection();
    for (const request of inbox.take()) {
      await connection.respond(request.id, responseTo(request, 'both', 'decline'));
      if (request.method !== 'elicitation/create') continue;
      collection.rounds += 1;
      collection.add({
        at: request.at,
        params: request.params,
        channel: 'server-request',
        callId: null,
        requestId: String(request.id).slice(0, 256),
        taskId: null,
        exchange: request.exchange,
      });
    }
    const capabilitiesGiven =
      reply.kind === 'result' && isObject(reply.result) ? reply.result['capabilities'] : {};
    return {
      revision: negotiated,
      tools: readTools(tools),
      tasks: reach(capabilitiesGiven, ['tasks', 'requests', 'tools', 'call']) !== undefined,
      unprompted: {
        plan: { ...plan, era: 'legacy', params: {} },
        asked: collection.asked,
        omitted: collection.omitted + inbox.lost,
        rounds: collection.rounds,
        endless: false,
        end: { kind: 'pending' },
        httpStatus: null,
        revision: negotiated,
        sessionHash: hashed(sessionId),
        completed: new Set(inbox.completed),
        evidence: collection.asked.flatMap(({ exchange }) => exchange ?? []),
      },
    };
  } finally {
    await connection.close();
  }
}

async function learnModern(
  context: ProbeContext,
  experiment: string,
  owner: Principal,
): Promise<Spoken | null> {
  const capabilities = capabilitiesOf('both', 'plain', 'modern');
  const version = NEWEST_MODERN;
  const connection = await context.wire.modern({ experiment, principal: owner, capabilities, version });
  try {
    const { first, tools } = await listTools(connection);
    demandHeard(first);
    if (!isModern(first)) return null;
    const discovered = await connection.request('server/discover');
    const given = discovered.kind === 'result' ? discovered.result : {};
    const tasks = reach(given, ['capabilities', 'extensions', TASKS_EXTENSION]) !== undefined;
    return { revision: version, tools: readTools(tools), tasks };
  } finally {
    await connection.close();
  }
}

function reach(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, name) => (isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined),
    value,
  );
}
