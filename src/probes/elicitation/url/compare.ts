/** Compares the URLs of two users, or of two calls: whether anything in them tells one from the other. */
import type { ElicitationComparison } from '../../../facts/elicitation.js';
import { partsOf } from './parts.js';
import { read } from './reading.js';
import { isCalledState, type State, stateOf } from './state.js';

export type UrlComparison = Pick<
  ElicitationComparison,
  'sameUrl' | 'sharedState' | 'stateParameters' | 'stateBits'
>;

/** `stateParameters` and `stateBits` (the largest estimate) are those of the first. Never throws. */
export function compareUrls(first: string, second: string): UrlComparison {
  const [a, b] = [read(first), read(second)];
  const [looking, theirs] = [stateOf(partsOf(a).all), stateOf(partsOf(b).all)];
  const isShared = (state: State): boolean =>
    theirs.some(
      ({ name, where, hash }) => name === state.name && where === state.where && hash === state.hash,
    );
  // Beside a state of their own, what is the same for both and not called as state is belongs to the page: a plan, a document.
  const apart = looking.some((state) => !isShared(state));
  const ours = looking.filter((state) => !(apart && isShared(state) && !isCalledState(state)));
  const shared = ours.filter(isShared);
  return {
    sameUrl: first === second || (!a.cut && !b.cut && a.url !== null && a.url.href === b.url?.href),
    sharedState: [...new Set(shared.map(({ name }) => name))],
    stateParameters: ours.length,
    stateBits: ours.length === 0 ? null : Math.max(...ours.map(({ bits }) => bits)),
  };
}
