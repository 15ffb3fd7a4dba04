/** A time limit that does not fire leaves a run to the candidate's mercy. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { deadlineWithin, probeTime, runTime } from '../../src/probes/deadline.js';
import type { Exchange } from '../../src/wire/exchange.js';
import { DEFAULT_LIMITS, limitsWith } from '../../src/wire/limits.js';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const answers = (ending: string, ...durations: number[]): Exchange[] =>
  durations.map((durationMs) => ({ durationMs, answer: { ending } }) as unknown as Exchange);

describe('a deadline', () => {
  it('fires also after garbage was collected, for what was made of its signal too', async () => {
    const derived = AbortSignal.any([deadlineWithin(new AbortController().signal, 60).signal]);
    const within = AbortSignal.any([derived]);
    await sleep(1);
    collect();
    await sleep(150);
    collect();
    expect([derived.aborted, within.aborted]).toEqual([true, true]);
  });

  it('fires with the signal it lies within, also where that had fired before', () => {
    const run = new AbortController();
    const deadline = deadlineWithin(run.signal, 60_000);
    const before = deadline.signal.aborted;
    run.abort('over');
    const late = deadlineWithin(run.signal, 60_000);
    expect([before, deadline.signal.reason, late.signal.reason]).toEqual([false, 'over', 'over']);
    deadline.clear();
    late.clear();
  });

  it('can be put off, and done without', async () => {
    const never = new AbortController().signal;
    const put = deadlineWithin(never, 20);
    put.allow(60_000);
    const cleared = deadlineWithin(never, 20);
    cleared.clear();
    const kept = deadlineWithin(never, 20);
    await sleep(100);
    expect([put, cleared, kept].map(({ signal }) => signal.aborted)).toEqual([false, false, true]);
    put.clear();
  });
});

describe('the time for a candidate', () => {
  it('is the budget where nothing was answered yet', () => {
    const silence = answers('timeout', 5000, 5000);
    expect([
      probeTime(180_000, silence, DEFAULT_LIMITS),
      probeTime(180_000, [], DEFAULT_LIMITS),
      runTime(silence, DEFAULT_LIMITS),
    ]).toEqual([180_000, 180_000, 600_000]);
  });

  it('grows with what its answers take', () => {
    const slow = answers('answered', 100, 300);
    expect([probeTime(180_000, slow, DEFAULT_LIMITS), runTime(slow, DEFAULT_LIMITS)]).toEqual([
      580_000, 1_200_000,
    ]);
    expect(runTime(answers('answered', 100), DEFAULT_LIMITS)).toBe(1_000_000);
  });

  it('has a bound, and is never less than the budget', () => {
    const slow = answers('answered', 60_000);
    const limits = limitsWith({ probeMs: 1000, budgetMs: 60_000, longestRunMs: 1000 });
    expect([probeTime(180_000, slow, DEFAULT_LIMITS), runTime(slow, DEFAULT_LIMITS)]).toEqual([
      600_000, 1_200_000,
    ]);
    expect([probeTime(180_000, slow, limits), runTime(slow, limits)]).toEqual([180_000, 60_000]);
  });
});
