/** Whose is a task, what becomes of it, and how long is it kept? The experiments with work that outlives its request. */
import type { TaskNegotiation, TasksFacts, TaskTrigger } from '../../facts/tasks.js';
import type { Principal } from '../../wire/exchange.js';
import { ANONYMOUS } from '../../wire/wire.js';
import { castOf } from '../cast.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { patiently } from '../patience.js';
import type { Probe, ProbeContext, ProbeOutcome } from '../probe.js';
import { errorCodeOf, outcomeOfReply } from '../reading.js';
import { discard, withOwner } from './client.js';
import { type Cancelled, cancelExperiment, type Watched, watchExperiment } from './course.js';
import type { Ground, Spoken, Trigger } from './ground.js';
import { accessExperiment, needsToken, type Speech, speechExperiment, triggersOf } from './learn.js';
import { grantExperiments, type Kept, retentionExperiment } from './lives.js';
import { forbiddenExperiment, strangerExperiment, unaskedExperiment } from './negotiation.js';
import { foreignExperiments } from './others.js';
import { samplingExperiment } from './sampling.js';
import type { Foreign, Visitor } from './scene.js';
import { createdIn, ledTo } from './view.js';

type Writable = { -readonly [K in keyof TasksFacts]: TasksFacts[K] };

/** Calls that led to a task whose tasks are looked into, in each era. */
const EXAMINED = 2;
const BEYOND = `only the tasks of the first ${EXAMINED} calls that lead to one are looked into`;

export const tasksProbe: Probe<TasksFacts> = {
  id: 'tasks',
  budgetMs: 180_000,

  async run(context, lab): Promise<ProbeOutcome<TasksFacts>> {
    const owner = context.identity.principals.get('alice')?.available === true ? 'alice' : ANONYMOUS;
    const [speech = null] = await lab.runInTurn(patiently([speechExperiment(context, lab, owner)]));
    if (speech === null) return { kind: 'facts', facts: nothing() };
    if (!concernsTasks(context, speech)) {
      const reason = 'the server offers no tasks, and the manifest expects none';
      return { kind: 'not-applicable', reason };
    }
    const cast = castOf(context.identity);
    const asked = await learnAuthenticated(context, lab, owner, speech);
    const { spoken, patienceMs } = speech;
    const common = { context, lab, owner, intruders: cast.intruders, spoken, patienceMs };
    const facts: Writable = { ...nothing(), offers: spoken.map(({ offer }) => offer) };
    const led = await pullTriggers({ ...common, authenticated: asked }, speech, facts);
    const authenticated = asked || (await turnsStrangersAway({ ...common, authenticated: asked }, led));
    const ground: Ground = { ...common, authenticated };
    facts.authenticated = authenticated;
    if (authenticated) facts.principalsMissing = [...cast.missing];
    for (const [index, one] of led.entries()) {
      await examine(ground, one, facts);
      // What does not depend on the call is tried once.
      if (led.findIndex(({ era }) => era.era === one.era.era) === index) await negotiate(ground, one, facts);
    }
    // At last, because a server that bounds the tasks of a user makes no more for a while.
    for (const one of led) await sample(ground, one, facts);
    return { kind: 'facts', facts };
  },
};

/** A call that led to a task, in the era in which it did. */
interface Led {
  readonly era: Spoken;
  readonly trigger: Trigger;
}

/** Whether anything says that there are tasks here: a declaration, or the manifest. */
function concernsTasks({ plan }: ProbeContext, { spoken }: Speech): boolean {
  const expected = plan.exercise !== 'auto' && plan.exercise.some(({ expect }) => expect === 'task');
  return expected || spoken.some(({ offer }) => offer.advertised);
}

async function learnAuthenticated(
  context: ProbeContext,
  lab: Lab,
  owner: Principal,
  { spoken }: Speech,
): Promise<boolean> {
  const [era] = spoken;
  if (owner === ANONYMOUS || era === undefined) return false;
  const names = [ANONYMOUS, 'invented'];
  const [nobody = null, invented = null] = await lab.runInTurn(
    patiently(names.map((name) => accessExperiment(context, lab, name, era))),
  );
  return needsToken(owner, nobody, invented);
}

/** Where anybody may look at the list of tools, tasks may still be for those alone who have a token. */
async function turnsStrangersAway(ground: Ground, [first]: readonly Led[]): Promise<boolean> {
  const { lab, owner } = ground;
  if (first === undefined || owner === ANONYMOUS) return false;
  const [away = null] = await lab.runInTurn(
    patiently([strangerExperiment(ground, first.era, first.trigger)]),
  );
  return away === true;
}

/** Calls what may lead to a task, in every era that is spoken. */
async function pullTriggers(ground: Ground, { harmless }: Speech, facts: Writable): Promise<Led[]> {
  const led: Led[] = [];
  const expected = new Set<string>();
  const fulfilled = new Set<string>();
  for (const era of ground.spoken) {
    let examined = 0;
    for (const trigger of triggersOf(ground.context.plan, era, harmless)) {
      if (examined >= EXAMINED && !trigger.expected) continue;
      if (trigger.expected) expected.add(trigger.tool);
      const pulled = await ground.lab.run(triggerExperiment(ground, era, trigger));
      if (pulled === null) continue;
      facts.triggers.push(pulled);
      if (pulled.outcome !== 'task') continue;
      fulfilled.add(trigger.tool);
      examined += 1;
      if (examined <= EXAMINED) led.push({ era, trigger });
      else facts.notTried.push({ what: `tasks of ${trigger.tool}`, reason: BEYOND });
      if (!era.offer.toolsCall) facts.negotiations.push(withoutOffer(pulled));
    }
  }
  for (const tool of expected) {
    const failed = facts.triggers.filter((one) => one.tool === tool);
    if (!fulfilled.has(tool) && failed.length > 0)
      ground.lab.cannotTell(`trigger/${tool}`, whyNoTask(tool, failed));
  }
  if (facts.triggers.length === 0)
    facts.notTried.push({ what: 'tasks', reason: 'the manifest names no call that leads to a task' });
  return led;
}

function triggerExperiment(ground: Ground, era: Spoken, trigger: Trigger): Experiment<TaskTrigger> {
  const name = `trigger/${era.era}/${trigger.tool}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwner(ground, era, { experiment }, async (client) => {
        const reply = await client.start(trigger, 60_000);
        const outcome = outcomeOfReply(reply);
        if (outcome === 'inconclusive')
          throw new Untestable(`the control failed: the call of ${trigger.tool} ended with no answer`);
        const task = createdIn(reply, era.era);
        if (task !== null) await discard(client, task.id);
        return {
          era: era.era,
          tool: trigger.tool,
          support: era.supports.get(trigger.tool) ?? null,
          expected: trigger.expected,
          outcome: ledTo(reply, era.era),
          httpStatus: reply.exchange.answer.status,
          errorCode: errorCodeOf(reply),
          evidence: [reply.exchange.id],
        };
      }),
  };
}

function withoutOffer({ support: _, expected: __, ...pulled }: TaskTrigger): TaskNegotiation {
  return { ...pulled, case: 'server-without-tasks' };
}

const WORDS: Readonly<Record<TaskTrigger['outcome'], string>> = {
  task: 'a task',
  result: 'a plain result',
  failure: 'a result that says it failed',
  error: 'error',
  nothing: 'no answer',
};

function whyNoTask(tool: string, triggers: readonly TaskTrigger[]): string {
  const told = triggers.map(
    ({ era, outcome, errorCode }) =>
      `${WORDS[outcome]}${errorCode === null ? '' : ` ${errorCode}`} in the ${era} era`,
  );
  return `the manifest expects a task of ${tool}, which led to ${told.join(' and to ')}`;
}

/** Everything about the tasks of one call: its course first, what its owner may do side by side, attacks at last. */
async function examine(ground: Ground, { era, trigger }: Led, facts: Writable): Promise<void> {
  const { lab } = ground;
  const watched = await lab.run(watchExperiment(ground, era, trigger));
  noteWatched(watched, era, trigger, facts);
  const tookMs = watched?.tookMs ?? null;
  const [cancelled, kept, unasked] = await Promise.all([
    era.offer.cancel ? lab.run(cancelExperiment(ground, era, trigger, tookMs)) : null,
    lab.run(retentionExperiment(ground, era, trigger)),
    lab.run(unaskedExperiment(ground, era, trigger)),
  ]);
  noteCancelled(cancelled, facts);
  noteKept(kept, facts);
  facts.grants.push(...present(await lab.runAll(grantExperiments(ground, era, trigger))));
  if (unasked !== null) facts.negotiations.push(unasked);
  if (!era.offer.cancel)
    facts.notTried.push({ what: 'cancel', reason: `tasks/cancel is not declared in the ${era.era} era` });
  const foreign = await lab.runInTurn(
    patiently(visitorsOf(ground, era).flatMap((who) => foreignExperiments(ground, era, trigger, who))),
  );
  for (const found of present(foreign)) noteForeign(found, facts);
}

async function sample(ground: Ground, { era, trigger }: Led, facts: Writable): Promise<void> {
  const sampled = await ground.lab.run(samplingExperiment(ground, era, trigger));
  if (sampled === null) return;
  facts.identifiers.push(sampled);
  if (sampled.randomBits === null)
    facts.notTried.push({
      what: `identifiers of ${trigger.tool}`,
      reason: `only ${sampled.sampled} tasks were made, too few to judge their ids`,
    });
}

/** Who tries: another user, and nobody, where requests need a token; the owner in another session, where there are such. */
function visitorsOf({ lab, context, authenticated, intruders, owner }: Ground, { era }: Spoken): Visitor[] {
  if (context.wire.transport === 'stdio') return [];
  const second: Visitor[] = era === 'legacy' ? [{ name: owner, standing: 'same-user' }] : [];
  if (!authenticated) return second;
  const other = intruders.filter(({ standing }) => standing === 'other-principal').slice(0, 1);
  if (other.length === 0) lab.cannotTell(`foreign/${era}`, 'there is no other user who could ask for a task');
  const nobody = intruders.filter(({ name }) => name === ANONYMOUS);
  return [...other, ...nobody, ...second];
}

/** What does not depend on which task it is. */
async function negotiate(ground: Ground, { era }: Led, facts: Writable): Promise<void> {
  const forbidden = forbiddenExperiment(ground, era);
  const seen = forbidden === null ? null : await ground.lab.run(forbidden);
  if (seen !== null) facts.negotiations.push(seen);
}

function noteWatched(watched: Watched | null, { era }: Spoken, { tool }: Trigger, facts: Writable): void {
  if (watched === null) return;
  const { course, cancellation, related, grant, tookMs } = watched;
  facts.courses.push(course);
  facts.related.push(...related);
  facts.grants.push(grant);
  if (cancellation !== null) facts.cancellations.push(cancellation);
  if (tookMs === null)
    facts.notTried.push({
      what: `end of ${tool}`,
      reason: `the task of the ${era} era did not end while it was watched`,
    });
}

function noteCancelled(cancelled: Cancelled | null, facts: Writable): void {
  if (cancelled === null) return;
  facts.courses.push(cancelled.course);
  facts.cancellations.push(cancelled.cancellation);
}

function noteKept(kept: Kept | null, facts: Writable): void {
  if (kept === null) return;
  facts.grants.push(kept.grant);
  if (kept.retention !== null) facts.retentions.push(kept.retention);
}

function noteForeign({ attempts, listing, notTried }: Foreign, facts: Writable): void {
  facts.attempts.push(...attempts);
  if (listing !== null) facts.listings.push(listing);
  facts.notTried.push(...notTried.map((reason) => ({ what: 'foreign', reason })));
}

function nothing(): Writable {
  return {
    authenticated: false,
    offers: [],
    triggers: [],
    courses: [],
    cancellations: [],
    attempts: [],
    listings: [],
    identifiers: [],
    grants: [],
    retentions: [],
    related: [],
    negotiations: [],
    principalsMissing: [],
    notTried: [],
  };
}

function present<T>(results: readonly (T | null)[]): T[] {
  return results.filter((result): result is T => result !== null);
}
