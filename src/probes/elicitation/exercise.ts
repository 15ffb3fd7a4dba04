/** Exercises one trigger in one era: as clients of every declaration, with every answer, and as another user. */
import type { DeclaredElicitation } from '../../facts/elicitation.js';
import type { Era } from '../../facts/revisions.js';
import type { Principal } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { brokenContentFor } from '../answers.js';
import type { Experiment, Lab } from '../lab.js';
import { Busy, patiently } from '../patience.js';
import type { ProbeContext } from '../probe.js';
import { declarationsOf } from './declared.js';
import type { AnswerKind } from './exchange/answering.js';
import type { Bench } from './exchange/bench.js';
import { callLegacy } from './exchange/legacyCall.js';
import { callModern } from './exchange/modernCall.js';
import { EXPERIMENT_MS } from './exchange/patience.js';
import type { CallPlan, CallRun } from './exchange/run.js';
import { leadingTo } from './pages.js';
import { modeOf } from './shape.js';
import type { Trigger } from './triggers.js';

export interface Stage {
  readonly context: ProbeContext;
  readonly lab: Lab;
  readonly bench: Bench;
  readonly owner: Principal;
  /** Another user; null where there is none. */
  readonly other: Principal | null;
}

export interface Lane {
  readonly era: Era;
  readonly lane: CallPlan['lane'];
  readonly revision: string;
  /** brief: the same tool is tried whole in another way. */
  readonly extent: 'full' | 'brief';
}

/** Everything one trigger did in one lane. */
export interface Exercised {
  /** Calls whose questions were declined: one for each declaration, and that of the other user. */
  readonly declined: readonly CallRun[];
  /** One run for each answer, where there was a question. */
  readonly answered: ReadonlyMap<AnswerKind, CallRun>;
  readonly byOther: CallRun | null;
}

/** Runs the experiments of one trigger in one lane, in turn. Null when the control gave nothing. */
export async function exercise(stage: Stage, trigger: Trigger, lane: Lane): Promise<Exercised | null> {
  const { owner } = stage;
  // A client that can do everything is the control; what it gets, others are compared with.
  const control = await call(stage, trigger, lane, { principal: owner, declared: 'both', answer: 'decline' });
  if (control === null) return null;
  if (control.end.kind === 'silent' || isRepetition(lane, control)) return only(control);

  const declined = [control];
  for (const declared of declarations(trigger, lane, control)) {
    const run = await call(stage, trigger, lane, { principal: owner, declared, answer: 'decline' });
    if (run !== null) declined.push(run);
  }
  const asking = declined.find(({ asked }) => asked.length > 0);
  const answered = asking === undefined ? new Map() : await answer(stage, trigger, lane, asking);
  const byOther = await callAs(stage, trigger, lane, leadingTo(answered));
  const refused = byOther === null || byOther.plan.answer !== 'decline' ? [] : [byOther];
  return { declined: [...declined, ...refused], answered, byOther };
}

/** It made no task of the call, so this was tried before. */
function isRepetition({ extent, lane }: Lane, { asked }: CallRun): boolean {
  return lane === 'task' && extent === 'brief' && !asked.some(({ channel }) => channel === 'task');
}

function only(control: CallRun): Exercised {
  return { declined: [control], answered: new Map(), byOther: null };
}

/** The other declarations to try. A tool nobody expects to ask is spared most of them. */
function declarations(trigger: Trigger, lane: Lane, control: CallRun): readonly DeclaredElicitation[] {
  const others = declarationsOf(lane.revision).filter((declared) => declared !== 'both');
  const brief = lane.extent === 'brief' || (trigger.source === 'auto' && control.asked.length === 0);
  return brief ? others.filter((declared) => declared === 'none') : others;
}

async function answer(
  stage: Stage,
  trigger: Trigger,
  lane: Lane,
  asking: CallRun,
): Promise<Map<AnswerKind, CallRun>> {
  const { declared, principal } = asking.plan;
  const answered = new Map<AnswerKind, CallRun>([['decline', asking]]);
  for (const kind of answersTo(asking)) {
    const run = await call(stage, trigger, lane, { principal, declared, answer: kind });
    if (run !== null) answered.set(kind, run);
  }
  demandOutcome(stage.lab, trigger, answered.get('accept'));
  return answered;
}

/** What a refusal leads to can only be told beside what an accepted form leads to. */
function demandOutcome(lab: Lab, trigger: Trigger, accepted: CallRun | undefined): void {
  const waits = accepted?.end.kind === 'pending' && !accepted.endless;
  if (waits && accepted.asked.every(({ params }) => modeOf(params).mode === 'form'))
    lab.cannotTell(
      `answers/${trigger.tool}/${accepted.plan.era}`,
      'the call did not end after its form was accepted, so nothing tells what a refusal changes',
    );
}

/** Content can only be wrong, or other, where there is a form. */
function answersTo({ asked }: CallRun): readonly AnswerKind[] {
  const schemas = asked.flatMap(({ params }) =>
    isObject(params) && modeOf(params).mode === 'form' ? [params['requestedSchema']] : [],
  );
  const breakable = schemas.some((schema) => brokenContentFor(schema) !== null);
  return breakable ? ['accept', 'accept-other', 'accept-invalid', 'cancel'] : ['accept', 'cancel'];
}

async function callAs(
  stage: Stage,
  trigger: Trigger,
  lane: Lane,
  answer: AnswerKind,
): Promise<CallRun | null> {
  if (stage.other === null || lane.extent === 'brief') return null;
  return call(stage, trigger, lane, { principal: stage.other, declared: 'both', answer });
}

async function call(
  stage: Stage,
  trigger: Trigger,
  { era, lane }: Lane,
  how: Pick<CallPlan, 'principal' | 'declared' | 'answer'>,
): Promise<CallRun | null> {
  const { lab } = stage;
  const plan: CallPlan = { era, lane, params: trigger.params, ...how };
  const step = trigger.source === 'auto' ? trigger.tool : (trigger.at.split('/').at(-1) ?? '');
  const name = ['call', step, era, lane, how.principal, how.declared, how.answer].join('/');
  const [run] = await lab.runInTurn(patiently([experimentOf(stage, name, plan)]));
  if (run === null || run === undefined) return null;
  if (run.end.kind === 'silent' && !isUnvisited(run)) lab.cannotTell(name, run.end.reason);
  return run;
}

/** After `accept` in URL mode a server may wait for the page, which nobody visits. */
function isUnvisited({ asked, plan }: CallRun): boolean {
  return plan.answer === 'accept' && asked.length > 0;
}

function experimentOf(stage: Stage, name: string, plan: CallPlan): Experiment<CallRun> {
  const { bench, context, lab } = stage;
  const experiment = lab.nameOf(name);
  return {
    name,
    budgetMs: EXPERIMENT_MS,
    run: async () => {
      const run =
        plan.era === 'legacy'
          ? await callLegacy(context, bench, experiment, plan)
          : await callModern(context, bench, experiment, plan);
      if (run.end.kind === 'silent' && run.end.retryAfter !== undefined) throw new Busy(run.end.retryAfter);
      return run;
    },
  };
}
