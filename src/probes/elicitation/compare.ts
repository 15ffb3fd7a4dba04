/** Whether the pages two calls lead to know whom they are for: one user twice, and two users. 2025-11-25 client/elicitation, "Phishing". */
import type { ElicitationComparison } from '../../facts/elicitation.js';
import type { Lab } from '../lab.js';
import type { CallRun } from './exchange/run.js';
import type { Exercised } from './exercise.js';
import { leadingTo, urlIn } from './pages.js';
import type { Trigger } from './triggers.js';
import { compareUrls } from './url/compare.js';

/** Compares the first URLs of the calls of one trigger. */
export function comparisons(lab: Lab, trigger: Trigger, exercised: Exercised): ElicitationComparison[] {
  const { answered, byOther } = exercised;
  const leading = leadingTo(answered);
  const first = answered.get(leading);
  const again = answered.get(leading === 'decline' ? 'cancel' : 'accept-other');
  if (first === undefined || urlIn(first) === null) return [];
  if (byOther !== null && urlIn(byOther) === null && byOther.end.kind !== 'silent')
    lab.cannotTell(
      `comparison/${trigger.tool}`,
      `${byOther.plan.principal} was led to no page, so it cannot be told whether two users get pages of their own`,
    );
  return [
    ...(again === undefined ? [] : compared(trigger, 'calls', first, again)),
    ...(byOther === null ? [] : compared(trigger, 'principals', first, byOther)),
  ];
}

function compared(
  { tool, at }: Trigger,
  between: ElicitationComparison['between'],
  a: CallRun,
  b: CallRun,
): ElicitationComparison[] {
  const urls = [urlIn(a), urlIn(b)] as const;
  if (urls[0] === null || urls[1] === null) return [];
  return [
    {
      tool,
      at,
      era: a.plan.era,
      between,
      principals: [a.plan.principal, b.plan.principal],
      ...compareUrls(urls[0], urls[1]),
      evidence: [...new Set([...a.evidence, ...b.evidence])],
    },
  ];
}
