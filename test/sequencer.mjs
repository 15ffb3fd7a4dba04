/** The longest test files first: one of them alone at the end would leave a runner's second core idle for minutes. */
import TestSequencer from '@jest/test-sequencer';

const LONGEST = [
  'gate/faults',
  'gate/hostile',
  'session/habits',
  'authorization/lateHead',
  'session/zoo',
  'tasks/zoo',
];

/** Place in the queue by the name of the file; everything else keeps jest's order. @param {{ path: string }} test */
const place = ({ path }) => {
  const index = LONGEST.findIndex((name) => path.endsWith(`/${name}.test.ts`));
  return index === -1 ? LONGEST.length : index;
};

export default class LongestFirst extends TestSequencer {
  /** @override @param {Parameters<TestSequencer['sort']>[0]} tests */
  async sort(tests) {
    const sorted = await super.sort(tests);
    return [...sorted].sort((a, b) => place(a) - place(b));
  }
}
