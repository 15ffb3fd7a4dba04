/** `subscriptions/listen`: does one user hear what only concerns another? 2026-07-28 basic/patterns/subscriptions. */
import { randomUUID } from 'node:crypto';
import type { SessionFacts } from '../../../facts/session.js';
import type { Principal } from '../../../wire/exchange.js';
import type { Experiment } from '../../lab.js';
import { demandOutcome, isEventStream, outcomeOfStream } from '../../reading.js';
import { callOf, harmlessTools, tracesOf } from '../../tools.js';
import type { Ground } from '../ground.js';
import { openCaller } from './handles.js';

type StreamFact = SessionFacts['streams'][number];

const SETTLE_MS = 400;
const TOOLS = 4;
const FILTER = { toolsListChanged: true, promptsListChanged: true, resourcesListChanged: true } as const;

/** The owner acts while the other one listens. Null where no subscription is offered, or nothing arrives at the owner's own. */
export function listenExperiment(ground: Ground, other: Principal): Experiment<StreamFact | null> {
  const name = `stream/foreign-subscription/${other}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: async () => {
      const { wire, plan } = ground.context;
      const mine = await wire.modern({ experiment, principal: ground.owner });
      const theirs = await wire.modern({ experiment, principal: other });
      const owner = await openCaller(ground, experiment, ground.owner);
      try {
        const own = await mine.listen({ notifications: FILTER });
        demandOutcome(outcomeOfStream(own), own.exchange);
        if (!isEventStream(own.exchange)) return null;
        const foreign = await theirs.listen({ notifications: FILTER });
        demandOutcome(outcomeOfStream(foreign), foreign.exchange);
        await foreign.next(SETTLE_MS);
        await own.next(SETTLE_MS);
        const tools = harmlessTools(plan).slice(0, TOOLS);
        const canary = `mcp-gate-${randomUUID()}`;
        const words = [canary, ...tools.flatMap((tool) => tracesOf(tool, canary))];
        for (const tool of tools) {
          await owner.call({ ...callOf(tool, canary), _meta: { progressToken: `${canary}-progress` } });
        }
        await Promise.all([drain(own), drain(foreign)]);
        const heard = (stream: typeof own): boolean =>
          stream.messages.some(({ text }) => words.some((word) => text.includes(word)));
        // The control: there was something to hear.
        if (!heard(own) && !heard(foreign)) return null;
        return {
          case: 'foreign-subscription',
          principal: other,
          outcome: heard(foreign) ? 'accepted' : 'refused',
          ownerStreamEnded: false,
          httpStatus: foreign.status,
          evidence: [own.exchange.id, foreign.exchange.id],
        };
      } finally {
        await owner.close();
        await theirs.close();
        await mine.close();
      }
    },
  };
}

async function drain(stream: { next(timeoutMs?: number): Promise<unknown> }): Promise<void> {
  const deadline = performance.now() + SETTLE_MS;
  while (performance.now() < deadline) {
    if ((await stream.next(Math.max(1, deadline - performance.now()))) === null) return;
  }
}
