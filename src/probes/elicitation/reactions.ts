/** What the server did with each answer, told by comparing where the calls ended. 2026-07-28 client/elicitation, "Response Actions". */
import type { ElicitationAnswer } from '../../facts/elicitation.js';
import type { AnswerKind } from './exchange/answering.js';
import { isUrlRequired } from './exchange/ending.js';
import type { CallRun } from './exchange/run.js';
import { hasEnded, sameEnd, succeeded } from './outcome.js';
import { modeOf } from './shape.js';
import type { Trigger } from './triggers.js';

/** One run for each kind of answer, by clients that declared the same. */
export type Answered = ReadonlyMap<AnswerKind, CallRun>;

type Reaction = ElicitationAnswer['reaction'];
const JUDGED = ['accept', 'accept-invalid', 'decline', 'cancel'] as const;
const REFUSALS = ['decline', 'cancel'] as const;

/** Facts about every answer that reached the server. */
export function answerFacts(trigger: Trigger, runs: Answered): ElicitationAnswer[] {
  const distinguishable = isDistinguishable(runs);
  return JUDGED.flatMap((answer): ElicitationAnswer[] => {
    const run = runs.get(answer);
    const mode = run === undefined ? null : modeIn(run);
    if (run === undefined || mode === null || !wasAnswered(run)) return [];
    const unvisited = mode === 'url' && answer === 'accept';
    return [
      {
        tool: trigger.tool,
        at: trigger.at,
        era: run.plan.era,
        principal: run.plan.principal,
        mode,
        answer,
        reaction: reactionTo(answer, run, runs),
        distinguishable,
        rounds: run.rounds,
        endless: run.endless && !unvisited,
        evidence: [...run.evidence],
      },
    ];
  });
}

/** The mode of the first elicitation; null where there was none, or of no known mode. */
export function modeIn({ asked: [first] }: Pick<CallRun, 'asked'>): 'form' | 'url' | null {
  if (first === undefined) return null;
  const { mode } = modeOf(first.params);
  return mode === 'other' ? null : mode;
}

/** To error -32042 there is no answer but trying again, and an answer after the end of a call changes nothing of it. */
function wasAnswered({ asked, plan }: CallRun): boolean {
  const intime = asked.filter(({ late }) => late !== true);
  return intime.some(({ channel }) => channel !== 'error' || plan.answer === 'accept');
}

function isDistinguishable(runs: Answered): boolean {
  const accepted = runs.get('accept');
  if (accepted === undefined) return false;
  const others = (['accept-other', ...REFUSALS] as const).flatMap((kind) => runs.get(kind) ?? []);
  return others.some(({ end }) => hasEnded(end) && !sameEnd(end, accepted.end));
}

function reactionTo(answer: (typeof JUDGED)[number], run: CallRun, runs: Answered): Reaction {
  const { end } = run;
  if (end.kind === 'silent') return 'inconclusive';
  if (end.kind === 'pending') return run.rounds > 1 ? 'asked-again' : 'inconclusive';
  if (end.kind === 'error') return isUrlRequired(end.code) ? 'asked-again' : 'rejected';
  if (!succeeded(end)) return 'stopped';
  if (answer === 'accept') return 'went-on';
  const accepted = runs.get('accept');
  if (answer === 'accept-invalid') return afterBroken(run, runs);
  if (accepted !== undefined && sameEnd(end, accepted.end)) return 'went-on';
  return run.rounds > 1 ? 'asked-again' : 'stopped';
}

/** Broken content may be echoed, so that the result differs from the right one: only a refusal's result is a refusal. */
function afterBroken(run: CallRun, runs: Answered): Reaction {
  const accepted = runs.get('accept');
  if (run.rounds > (accepted?.rounds ?? 1)) return 'asked-again';
  const right = accepted !== undefined && sameEnd(run.end, accepted.end);
  const refused = REFUSALS.some((kind) => {
    const refusal = runs.get(kind);
    return refusal !== undefined && sameEnd(run.end, refusal.end);
  });
  return refused && !right ? 'stopped' : 'went-on';
}
