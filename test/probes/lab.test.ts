/** The laboratory: what an experiment cannot tell is noted, and spoils nothing beside it. */
import { describe, expect, it } from '@jest/globals';
import { Lab } from '../../src/probes/lab.js';

function lab(signal: AbortSignal = new AbortController().signal): Lab {
  return new Lab({ probe: 'test', signal, width: 2 });
}

const never = (): Promise<never> => new Promise(() => undefined);

describe('an experiment', () => {
  it('that does not end is given up, is no fault of the gate, and lets the others go on', async () => {
    const own = lab();
    const found = await own.runAll([
      { name: 'stuck', budgetMs: 20, run: never },
      { name: 'one', run: async () => 1 },
      { name: 'two', run: async () => 2 },
    ]);
    expect([found, own.untested, own.broken]).toEqual([
      [null, 1, 2],
      [{ experiment: 'test/stuck', reason: 'no fact within 20 ms' }],
      false,
    ]);
  });

  it('that is under way when the run ends tells nothing', async () => {
    const ending = new AbortController();
    const own = lab(ending.signal);
    const found = own.runInTurn([
      { name: 'first', run: never },
      { name: 'second', run: async () => 2 },
    ]);
    ending.abort();
    expect(await found).toEqual([null, null]);
    expect(own.untested.map(({ experiment }) => experiment)).toEqual(['test/first', 'test/second']);
  });

  it('that finds nothing to say is no gap', async () => {
    const own = lab();
    expect([await own.run({ name: 'none', run: async () => null }), own.untested]).toEqual([null, []]);
  });
});
