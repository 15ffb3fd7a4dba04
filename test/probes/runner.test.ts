/** A probe's record says what happened, whatever the probe itself made of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { type Lab, Untestable } from '../../src/probes/lab.js';
import type { ProbeContext, ProbeOutcome } from '../../src/probes/probe.js';
import { runProbe } from '../../src/probes/runner.js';
import { DEFAULT_LIMITS } from '../../src/wire/limits.js';
import { createTranscript } from '../../src/wire/transcript.js';

type Run = (lab: Lab) => Promise<ProbeOutcome<{ readonly seen: number }>>;

const CONTEXT = {
  signal: new AbortController().signal,
  limits: DEFAULT_LIMITS,
  transcript: createTranscript({ startedAt: performance.now() }),
} as unknown as ProbeContext;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function record(run: Run, context: ProbeContext = CONTEXT, budgetMs = 5000) {
  const probe = { id: 'test', budgetMs, run: (_context: ProbeContext, lab: Lab) => run(lab) };
  const { record: found, facts } = await runProbe(probe, context);
  return { status: found.status, reason: found.reason, untested: found.untested.length, facts };
}

const NONE: ProbeOutcome<never> = { kind: 'not-applicable', reason: 'there is nothing of the kind' };

describe('a probe', () => {
  it('is not applicable when it says so and nothing was left untested', async () => {
    expect(await record(async () => NONE)).toEqual({
      status: 'not-applicable',
      reason: 'there is nothing of the kind',
      untested: 0,
      facts: null,
    });
  });

  it('that could not tell something does not get away with being not applicable', async () => {
    const run: Run = async (lab) => {
      await lab.run({ name: 'learn', run: () => Promise.reject(new Untestable('nobody answered')) });
      return NONE;
    };
    expect(await record(run)).toEqual({
      status: 'inconclusive',
      reason: 'test/learn: nobody answered',
      untested: 1,
      facts: null,
    });
  });

  it('that broke does not get away with being not applicable', async () => {
    const run: Run = async (lab) => {
      await lab.run({ name: 'learn', run: () => Promise.reject(new TypeError('oops')) });
      return NONE;
    };
    expect(await record(run)).toEqual({
      status: 'failed',
      reason: 'the gate failed here: TypeError: oops',
      untested: 1,
      facts: null,
    });
  });

  it('whose time is up tells nothing more, also after garbage was collected', async () => {
    const { signal: _signal, ...rest } = CONTEXT;
    const run: Run = async (lab) => {
      await sleep(1);
      collect();
      await sleep(100);
      await lab.run({ name: 'one', run: async () => 1 });
      return { kind: 'facts', facts: { seen: 0 } };
    };
    const signal = AbortSignal.any([new AbortController().signal]);
    expect(await record(run, { ...rest, signal }, 50)).toEqual({
      status: 'inconclusive',
      reason: 'test/one: the time for this run was used up before it began',
      untested: 1,
      facts: { seen: 0 },
    });
  });

  it('whose time is up before it begins tells nothing', async () => {
    const context = { ...CONTEXT, signal: AbortSignal.abort() };
    const run: Run = async (lab) => {
      await lab.runAll([{ name: 'one', run: async () => 1 }]);
      return { kind: 'facts', facts: { seen: 0 } };
    };
    expect(await record(run, context)).toEqual({
      status: 'inconclusive',
      reason: 'test/one: the time for this run was used up before it began',
      untested: 1,
      facts: { seen: 0 },
    });
  });

  it.each(['a text', { not: 'an error' }, null])('that throws %p has failed', async (thrown) => {
    const { status, facts } = await record(() => Promise.reject(thrown));
    expect({ status, facts }).toEqual({ status: 'failed', facts: null });
  });
});
