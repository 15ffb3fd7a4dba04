/** What came of one attempt, as the entry of a table. */
import type { Entry } from './grid.js';

export interface Outcome {
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly errorCode?: number | null;
  readonly evidence: readonly string[];
}

/** What was served stands out, because that is what a reader looks for; whether it is wrong, findings say. */
export function outcome(one: Outcome): Entry {
  const numbers = [
    ...(one.httpStatus === null ? [] : [`HTTP ${one.httpStatus}`]),
    ...(typeof one.errorCode === 'number' ? [String(one.errorCode)] : []),
  ];
  return {
    text: numbers.length === 0 ? one.outcome : `${one.outcome} (${numbers.join(', ')})`,
    kind: one.outcome === 'accepted' ? 'loud' : 'own',
    evidence: one.evidence,
    telling: one.outcome !== 'refused' && one.outcome !== 'ignored',
  };
}
