/** How long tasks are kept: what life is granted to what is asked, and whether a short one is kept to. */
import type { TaskGrant, TaskRetention } from '../../facts/tasks.js';
import type { Reply } from '../../wire/exchange.js';
import { type Experiment, Untestable } from '../lab.js';
import { demandOutcome, outcomeOfReply } from '../reading.js';
import { demandTask, discard, type Started, withOwner } from './client.js';
import type { Ground, Spoken, Trigger } from './ground.js';
import { toldIn } from './view.js';

/** Short enough to be waited for. */
const SHORT_LIFE_MS = 1200;
const LONGEST_WAIT_MS = 5000;
/** Twenty days: nobody needs that, and it still fits the timers of JavaScript, which end at once past 24 days. */
const LONG_LIFE_MS = 1_728_000_000;
/** Some servers count the life of a task from its end. */
const GRACE_MS = 1000;

export function grantOf(
  { era }: Spoken,
  { tool }: Trigger,
  askedMs: number | null,
  { task, reply }: Started,
): TaskGrant {
  return {
    era,
    tool,
    askedMs: era === 'legacy' ? askedMs : null,
    grantedMs: task.lifeMs,
    unlimited: task.unlimited,
    evidence: [reply.exchange.id],
  };
}

/** Asks for a very long life, and for none in particular. The modern era has no way to ask. */
export function grantExperiments(ground: Ground, spoken: Spoken, trigger: Trigger): Experiment<TaskGrant>[] {
  if (spoken.era === 'modern') return [];
  return [LONG_LIFE_MS, null].map((askedMs) => {
    const name = `life/${trigger.tool}/${askedMs === null ? 'unasked' : 'long'}`;
    const experiment = ground.lab.nameOf(name);
    return {
      name,
      run: () =>
        withOwner(ground, spoken, { experiment }, async (client) => {
          const began = await demandTask(client, trigger, askedMs);
          await discard(client, began.task.id);
          return grantOf(spoken, trigger, askedMs, began);
        }),
    };
  });
}

export interface Kept {
  readonly grant: TaskGrant;
  readonly retention: TaskRetention | null;
}

/** Asks for a short life and, where it is granted, waits until it is over. */
export function retentionExperiment(ground: Ground, spoken: Spoken, trigger: Trigger): Experiment<Kept> {
  const name = `life/${trigger.tool}/short/${spoken.era}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    budgetMs: 3 * LONGEST_WAIT_MS + 20_000,
    run: () =>
      withOwner(ground, spoken, { experiment }, async (client) => {
        const since = performance.now();
        const began = await demandTask(client, trigger, SHORT_LIFE_MS);
        const grant = grantOf(spoken, trigger, SHORT_LIFE_MS, began);
        const { id, lifeMs } = began.task;
        if (lifeMs === null || lifeMs > LONGEST_WAIT_MS) {
          await discard(client, id);
          return { grant, retention: null };
        }
        await until(since + lifeMs / 2);
        const inTime = performance.now() < since + lifeMs;
        const early = told(await client.get(id));
        await until(since + 2 * lifeMs + GRACE_MS);
        const late = told(await client.get(id));
        return {
          grant,
          retention: {
            era: spoken.era,
            tool: trigger.tool,
            grantedMs: lifeMs,
            // Where making it took longer than its life, nobody was early.
            lostEarly: inTime && toldIn(early) === null,
            keptMs: toldIn(late) === null ? null : Math.round(performance.now() - since),
            evidence: [began.reply.exchange.id, early.exchange.id, late.exchange.id],
          },
        };
      }),
  };
}

/** No answer, or that it was asked too often, tells nothing of what is kept. @throws Untestable */
function told(reply: Reply): Reply {
  demandOutcome(outcomeOfReply(reply), reply.exchange);
  if (reply.kind === 'none') throw new Untestable(`tasks/get of a short-lived task got ${reply.ending}`);
  return reply;
}

async function until(at: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, Math.max(0, at - performance.now())));
}
