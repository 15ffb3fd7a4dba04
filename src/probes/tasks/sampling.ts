/** Has a few tasks made, to see what their ids are like. */
import type { TaskIdentifiers } from '../../facts/tasks.js';
import { type Sample, structureOf } from '../identifiers/structure.js';
import type { Experiment } from '../lab.js';
import { discard, withOwner } from './client.js';
import type { Ground, Spoken, Trigger } from './ground.js';
import { createdIn } from './view.js';

const TASKS = 16;
const LIFE_MS = 5000;
/** After this, what there is has to do. */
const TIME_MS = 12_000;

/** Stops where the server makes no more: a limit on tasks is a good thing. */
export function samplingExperiment(
  ground: Ground,
  spoken: Spoken,
  trigger: Trigger,
): Experiment<TaskIdentifiers> {
  const name = `identifiers/${spoken.era}/${trigger.tool}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    budgetMs: TIME_MS + 20_000,
    run: () =>
      withOwner(ground, spoken, { experiment }, async (client) => {
        const samples: Sample[] = [];
        const evidence: string[] = [];
        const deadline = performance.now() + TIME_MS;
        while (samples.length < TASKS && performance.now() < deadline) {
          const reply = await client.start(trigger, LIFE_MS);
          const task = createdIn(reply, spoken.era);
          if (task === null) break;
          samples.push({ id: task.id, at: Date.now() });
          evidence.push(reply.exchange.id);
          await discard(client, task.id);
        }
        return {
          era: spoken.era,
          tool: trigger.tool,
          ...structureOf(samples),
          evidence: evidence.length > 2 ? [evidence[0] ?? '', evidence.at(-1) ?? ''] : evidence,
        };
      }),
  };
}
