/** Handles that tools give out for state they keep: are they worth anything in other hands? 2026-07-28 security best practices, "State Handle Hijacking". */
import type { Identifiers, SessionFacts } from '../../../facts/session.js';
import type { HandlePlan } from '../../../manifest/plan.js';
import type { Principal, Reply } from '../../../wire/exchange.js';
import type { Intruder } from '../../cast.js';
import { type Sample, structureOf } from '../../identifiers/structure.js';
import { type Experiment, Untestable } from '../../lab.js';
import { demand, demandOutcome, describeReply, errorCodeOf, outcomeOfReply, seenIn } from '../../reading.js';
import { callOf, textAt, useOf } from '../../tools.js';
import type { Ground } from '../ground.js';
import { isFairTest } from '../matrix.js';

type HandleFact = SessionFacts['handles'][number];

const MINTED = 16;

/** Somebody who can call tools, in whatever era the candidate speaks. */
export interface Caller {
  call(params: Readonly<Record<string, unknown>>): Promise<Reply>;
  close(): Promise<void>;
}

/** Opens a caller in the modern era where it is spoken, else in a legacy session of its own. */
export async function openCaller(ground: Ground, experiment: string, principal: Principal): Promise<Caller> {
  const { wire } = ground.context;
  const { legacy, modern } = ground;
  if (modern !== null) {
    const connection = await wire.modern({ experiment, principal, version: modern.version });
    await connection.request('tools/list');
    return {
      call: (params) => connection.request('tools/call', params, { timeoutMs: ground.patienceMs }),
      close: () => connection.close(),
    };
  }
  if (legacy === null) throw new Untestable('the candidate is served in neither era');
  const connection = await wire.legacy({ experiment, principal });
  const opened = await connection.initialize(legacy.revision);
  if (opened.reply.kind === 'result') await connection.initialized();
  return {
    call: (params) => connection.request('tools/call', params, { timeoutMs: ground.patienceMs }),
    close: () => connection.close(),
  };
}

/** One experiment for each declared handle and everybody who could hold it. */
export function handleExperiments(ground: Ground): Experiment<HandleFact>[] {
  if (!ground.authenticated) return [];
  const others = ground.intruders.filter(
    ({ name, standing }) => (standing === 'other-principal' || name === 'anonymous') && canCall(ground, name),
  );
  return ground.context.plan.handles.flatMap((plan) =>
    others.map((who) => handleExperiment(ground, plan, who)),
  );
}

/** Who gets no session cannot call anything in the legacy era. */
function canCall({ modern, own }: Ground, name: string): boolean {
  return modern !== null || own.get(name)?.initialize === 'accepted';
}

function handleExperiment(ground: Ground, plan: HandlePlan, who: Intruder): Experiment<HandleFact> {
  const name = `handle/${plan.mint.tool}/${who.name}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: async () => {
      const owner = await openCaller(ground, experiment, ground.owner);
      const other = await openCaller(ground, experiment, who.name);
      try {
        const used = await mint(owner, plan);
        const control = await owner.call({ ...useOf(plan, used.handle) });
        demand(control, `the owner's call of ${plan.use.tool}`);
        await demandOwnHandle(ground, other, plan, who);
        // Another one, because some are good for one use only.
        const { handle } = await mint(owner, plan);
        const reply = await other.call({ ...useOf(plan, handle) });
        const outcome = outcomeOfReply(reply, control);
        demandOutcome(outcome, reply.exchange);
        const after = await owner.call({ ...useOf(plan, handle) });
        if (outcome !== 'accepted' && outcomeOfReply(after, control) !== 'accepted')
          throw new Untestable(
            `the control failed: the owner's handle got ${describeReply(after)} afterwards`,
          );
        return {
          tool: plan.mint.tool,
          principal: who.name,
          standing: who.standing,
          outcome,
          ...seenIn([control.exchange, reply.exchange], errorCodeOf(reply)),
        };
      } finally {
        await other.close();
        await owner.close();
      }
    },
  };
}

/** Somebody whose own handle does not work either proves nothing by failing with another's. */
async function demandOwnHandle(
  ground: Ground,
  other: Caller,
  plan: HandlePlan,
  who: Intruder,
): Promise<void> {
  const own = ground.own.get(who.name);
  if (own === undefined || who.standing !== 'other-principal' || !isFairTest(who, own)) return;
  const { handle } = await mint(other, plan);
  demand(await other.call({ ...useOf(plan, handle) }), `${who.name}'s call with a handle of their own`);
}

async function mint(
  caller: Caller,
  plan: HandlePlan,
): Promise<{ readonly handle: string; readonly reply: Reply }> {
  const reply = await caller.call({ ...callOf({ ...plan.mint }, 'control') });
  demand(reply, `the call of ${plan.mint.tool}`);
  const handle = reply.kind === 'result' ? textAt(reply.result, plan.mint.pointer) : null;
  if (handle === null)
    throw new Untestable(
      `the control failed: the result of ${plan.mint.tool} has no text at ${plan.mint.pointer}`,
    );
  return { handle, reply };
}

/** What handles are like, from a few of them. */
export function handleSamplingExperiments(ground: Ground): Experiment<Identifiers>[] {
  return ground.context.plan.handles.map((plan) => {
    const name = `identifiers/${plan.mint.tool}`;
    const experiment = ground.lab.nameOf(name);
    return {
      name,
      run: async () => {
        const owner = await openCaller(ground, experiment, ground.owner);
        try {
          const samples: Sample[] = [];
          const evidence: string[] = [];
          for (let count = 0; count < MINTED; count += 1) {
            const { handle, reply } = await mint(owner, plan);
            samples.push({ id: handle, at: Date.now() });
            evidence.push(reply.exchange.id);
          }
          const ends = [evidence[0] ?? '', evidence.at(-1) ?? ''];
          return { kind: 'handle', tool: plan.mint.tool, ...structureOf(samples), evidence: ends };
        } finally {
          await owner.close();
        }
      },
    };
  });
}
