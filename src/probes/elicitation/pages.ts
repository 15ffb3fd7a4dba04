/** Which calls lead to a page, and by which answer. */
import type { AnswerKind } from './exchange/answering.js';
import type { CallRun } from './exchange/run.js';
import { urlsOf } from './shape.js';

/** The answer that leads to a page: no, where pages come first; yes, where one only comes after a form. */
export function leadingTo(answered: ReadonlyMap<AnswerKind, CallRun>): 'decline' | 'accept' {
  const [declined, accepted] = [answered.get('decline'), answered.get('accept')];
  if (declined !== undefined && urlIn(declined) !== null) return 'decline';
  return accepted !== undefined && urlIn(accepted) !== null ? 'accept' : 'decline';
}

/** The first URL a call led to. */
export function urlIn({ asked }: CallRun): string | null {
  return asked.flatMap(({ params }) => urlsOf(params))[0] ?? null;
}
