/** Whether tasks are given to those alone who asked for them. 2025-11-25 "Tool-Level Negotiation"; the extension's "Capability Negotiation". */
import type { TaskNegotiation } from '../../facts/tasks.js';
import type { Reply } from '../../wire/exchange.js';
import { ANONYMOUS } from '../../wire/wire.js';
import type { Experiment } from '../lab.js';
import { demandOutcome, errorCodeOf, outcomeOfReply } from '../reading.js';
import { harmlessTools, type NamedTool } from '../tools.js';
import { discard, openClient, type TaskClient, withOwner } from './client.js';
import type { Ground, Spoken, Trigger } from './ground.js';
import { createdIn, ledTo } from './view.js';

const STRANGERS_LIFE_MS = 5000;

/** A client that asks for no task: it says nothing of them in the modern era, and calls plainly in the legacy one. */
export function unaskedExperiment(
  ground: Ground,
  spoken: Spoken,
  trigger: Trigger,
): Experiment<TaskNegotiation> {
  const name = `unasked/${spoken.era}/${trigger.tool}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwner(ground, spoken, { experiment, manner: 'unaware' }, async (client) => {
        const reply = await client.call(trigger);
        return negotiation(client, trigger, caseOf(spoken, trigger), reply);
      }),
  };
}

function caseOf({ era, supports }: Spoken, { tool }: Trigger): TaskNegotiation['case'] {
  if (era === 'modern') return 'client-without-tasks';
  return supports.get(tool) === 'required' ? 'required-plain-call' : 'plain-call';
}

/** A task asked of a tool that says it is none. Null where the manifest names no such tool. */
export function forbiddenExperiment(ground: Ground, spoken: Spoken): Experiment<TaskNegotiation> | null {
  if (spoken.era === 'modern' || !spoken.offer.toolsCall) return null;
  const tool = harmlessTools(ground.context.plan).find(({ tool: name }) => {
    if (!spoken.supports.has(name)) return false;
    const support = spoken.supports.get(name) ?? null;
    return support === null || support === 'forbidden';
  });
  if (tool === undefined) return null;
  const name = `forbidden/${tool.tool}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwner(ground, spoken, { experiment }, async (client) =>
        negotiation(client, tool, 'forbidden-tool', await client.start(tool, null)),
      ),
  };
}

/** Whether somebody without a token is turned away where the owner gets a task. */
export function strangerExperiment(ground: Ground, spoken: Spoken, trigger: Trigger): Experiment<boolean> {
  const name = `control/anonymous/${trigger.tool}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: async () => {
      const stranger = await openClient(ground, spoken, { experiment, principal: ANONYMOUS });
      try {
        const reply = await stranger.start(trigger, STRANGERS_LIFE_MS);
        const task = createdIn(reply, spoken.era);
        if (task !== null) await discard(stranger, task.id);
        const outcome = outcomeOfReply(reply);
        demandOutcome(outcome, reply.exchange);
        return outcome === 'refused';
      } finally {
        await stranger.close();
      }
    },
  };
}

async function negotiation(
  client: TaskClient,
  { tool }: NamedTool,
  what: TaskNegotiation['case'],
  reply: Reply,
): Promise<TaskNegotiation> {
  const { era } = client.spoken;
  const task = createdIn(reply, era);
  if (task !== null) await discard(client, task.id);
  return {
    era,
    tool,
    case: what,
    outcome: ledTo(reply, era),
    httpStatus: reply.exchange.answer.status,
    errorCode: errorCodeOf(reply),
    evidence: [reply.exchange.id],
  };
}
