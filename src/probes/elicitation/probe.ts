/** What would the server put before a user, and does it take no for an answer? The experiments with elicitation, over every channel. */
import type { ElicitationCall, ElicitationFacts } from '../../facts/elicitation.js';
import type { ServerPlan } from '../../manifest/plan.js';
import type { Principal } from '../../wire/exchange.js';
import { ANONYMOUS, CONFIGURED } from '../../wire/wire.js';
import { standingOf } from '../cast.js';
import type { Lab } from '../lab.js';
import { patiently } from '../patience.js';
import type { Probe, ProbeContext, ProbeOutcome } from '../probe.js';
import { comparisons } from './compare.js';
import { Bench } from './exchange/bench.js';
import type { CallRun } from './exchange/run.js';
import { type Exercised, exercise, type Lane, type Stage } from './exercise.js';
import { type Ground, groundExperiment } from './ground.js';
import { outcomeOf } from './outcome.js';
import { urlIn } from './pages.js';
import { answerFacts } from './reactions.js';
import { Requests } from './requests.js';
import { askingAmong, merged, TRIGGERS, type Trigger, triggersOf } from './triggers.js';

export const elicitationProbe: Probe<ElicitationFacts> = {
  id: 'elicitation',
  budgetMs: 240_000,

  async run(context, lab): Promise<ProbeOutcome<ElicitationFacts>> {
    const { plan } = context;
    const reviewed = [...new Set([...context.reviewedOrigins, ...plan.declares.elicitationOrigins])];
    const book = new Book(reviewed);
    const owner = ownerOf(context);
    const [ground = null] = await lab.runInTurn(patiently([groundExperiment(context, lab, owner)]));
    if (ground === null) return { kind: 'facts', facts: factsOf(plan, book, []) };
    const { legacy, modern } = ground;
    if (legacy !== null) book.requests.add(legacy.unprompted, { tool: '', at: '/spec' });

    const tools = merged(legacy?.tools ?? [], modern?.tools ?? []);
    const { triggers, beyond } = triggersOf(plan, tools);
    if (beyond > 0)
      lab.cannotTell('triggers', `the manifest names ${beyond} calls beyond the ${TRIGGERS} that are tried`);
    const other = otherOf(context, owner);
    const bench = new Bench(context, legacy?.revision ?? '', modern?.revision ?? '');
    try {
      for (const trigger of triggers)
        await tryOut({ context, lab, bench, owner, other: other.name }, ground, trigger, book);
    } finally {
      await bench.close();
    }
    if (other.reason !== null && book.ledToPage)
      lab.cannotTell('comparison', `there is no other user to compare pages with: ${other.reason}`);
    return { kind: 'facts', facts: factsOf(plan, book, askingAmong(tools)) };
  },
};

/** Everything learnt so far. */
class Book {
  readonly calls: ElicitationFacts['calls'] = [];
  readonly answers: ElicitationFacts['answers'] = [];
  readonly comparisons: ElicitationFacts['comparisons'] = [];
  readonly requests: Requests;
  ledToPage = false;

  constructor(readonly reviewed: readonly string[]) {
    this.requests = new Requests(reviewed);
  }

  add(lab: Lab, trigger: Trigger, exercised: Exercised): void {
    const { answered, byOther, declined } = exercised;
    for (const run of new Set([...declined, ...answered.values(), ...(byOther === null ? [] : [byOther])])) {
      this.requests.add(run, trigger);
      this.ledToPage ||= urlIn(run) !== null;
    }
    this.calls.push(...declined.map((run) => callFact(trigger, run)));
    this.answers.push(...answerFacts(trigger, answered));
    this.comparisons.push(...comparisons(lab, trigger, exercised));
  }
}

async function tryOut(stage: Stage, ground: Ground, trigger: Trigger, book: Book): Promise<void> {
  let refused = false;
  for (const lane of lanesOf(trigger, ground)) {
    // A tool that is only served as a task is tried whole as one.
    const whole: Lane = lane.lane === 'task' && refused ? { ...lane, extent: 'full' } : lane;
    const exercised = await exercise(stage, trigger, whole);
    if (exercised === null) continue;
    book.add(stage.lab, trigger, exercised);
    const [control] = exercised.declined;
    refused = control !== undefined && outcomeOf(control) === 'refused';
  }
}

/** The ways in which a trigger is called: plainly, and as a task where the server makes tasks of calls. */
function lanesOf({ asTask, tool }: Trigger, { legacy, modern }: Ground): readonly Lane[] {
  const lanes: Lane[] = [];
  const support = legacy?.tools.find(({ name }) => name === tool)?.taskSupport ?? 'forbidden';
  const whole = asTask ? 'full' : 'brief';
  if (legacy !== null) {
    const { revision } = legacy;
    const needsTask = legacy.tasks && support === 'required';
    if (!asTask && !needsTask) lanes.push({ era: 'legacy', lane: 'plain', revision, extent: 'full' });
    if (legacy.tasks && support !== 'forbidden')
      lanes.push({ era: 'legacy', lane: 'task', revision, extent: needsTask ? 'full' : whole });
  }
  if (modern !== null) {
    const { revision } = modern;
    if (!asTask) lanes.push({ era: 'modern', lane: 'plain', revision, extent: 'full' });
    if (modern.tasks) lanes.push({ era: 'modern', lane: 'task', revision, extent: whole });
  }
  return lanes;
}

/** Alice where there is one, else whoever the manifest's headers stand for, else nobody. */
function ownerOf({ identity, plan }: ProbeContext): Principal {
  if (identity.principals.get('alice')?.available === true) return 'alice';
  return plan.run.kind === 'url' && Object.keys(plan.run.headers).length > 0 ? CONFIGURED : ANONYMOUS;
}

/** Another user, or why there is none although the server knows users. */
function otherOf(
  { identity, wire }: ProbeContext,
  owner: Principal,
): { readonly name: Principal | null; readonly reason: string | null } {
  if (wire.transport === 'stdio' || identity.provider === 'none') return { name: null, reason: null };
  const alice = identity.principals.get('alice');
  if (owner !== 'alice') return { name: null, reason: alice?.unavailableReason ?? 'there is no alice' };
  const bob = identity.principals.get('bob');
  if (bob === undefined || !bob.available)
    return { name: null, reason: bob?.unavailableReason ?? 'there is no bob' };
  if (standingOf(bob, alice) === 'other-principal') return { name: 'bob', reason: null };
  return { name: null, reason: "bob's token is of the same user" };
}

function callFact({ tool, at, source, expected }: Trigger, run: CallRun): ElicitationCall {
  const { declared, era, principal } = run.plan;
  return {
    tool,
    at,
    source,
    expected,
    era,
    principal,
    declared,
    outcome: outcomeOf(run),
    elicited: run.asked.length + run.omitted,
    httpStatus: run.httpStatus,
    errorCode: run.end.kind === 'error' ? run.end.code : null,
    evidence: [...run.evidence],
  };
}

function factsOf(plan: ServerPlan, book: Book, askingTools: readonly string[]): ElicitationFacts {
  const { answers, calls, comparisons, requests, reviewed } = book;
  return {
    exercised: calls.length > 0,
    couldElicit: reasons(plan, askingTools, requests),
    reviewed: [...reviewed],
    askingTools: [...askingTools],
    calls,
    requests: requests.facts,
    omitted: requests.omitted,
    answers,
    comparisons,
  };
}

function reasons(
  { declares, exercise }: ServerPlan,
  askingTools: readonly string[],
  { facts, omitted }: Requests,
): ElicitationFacts['couldElicit'] {
  const found = new Set<ElicitationFacts['couldElicit'][number]>();
  if (exercise !== 'auto' && exercise.some(({ expect }) => expect === 'elicitation'))
    found.add('manifest-expects');
  if (declares.elicitationOrigins.length > 0) found.add('manifest-declares-origins');
  if (askingTools.length > 0) found.add('tool-text');
  if (facts.length + omitted > 0) found.add('seen');
  return [...found];
}
