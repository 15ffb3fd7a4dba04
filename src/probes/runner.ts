/** Runs one probe and turns whatever happens into a record: a probe can fail, but it cannot go missing. */
import type { ProbeRecord, ProbeStatus } from '../facts/facts.js';
import { Lab, reasonOf } from './lab.js';
import type { Probe, ProbeContext } from './probe.js';

export interface ProbeRun<F> {
  readonly record: ProbeRecord;
  readonly facts: F | null;
}

/** How many experiments run side by side: the runners this is built for have two cores. */
const WIDTH = 3;

/**
 * Runs `probe` within its budget. Never throws: an exception is the status `failed`, an experiment without a fact
 * makes the status `inconclusive`.
 */
export async function runProbe<F>(probe: Probe<F>, context: ProbeContext): Promise<ProbeRun<F>> {
  const started = performance.now();
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(probe.budgetMs)]);
  const lab = new Lab({ probe: probe.id, signal, width: WIDTH });
  const finish = (status: ProbeStatus, reason: string | null, facts: F | null): ProbeRun<F> => ({
    record: {
      id: probe.id,
      status,
      reason,
      untested: [...lab.untested],
      durationMs: Math.round(performance.now() - started),
    },
    facts,
  });
  try {
    const outcome = await probe.run({ ...context, signal }, lab);
    if (outcome.kind === 'not-applicable') return finish('not-applicable', outcome.reason, null);
    const [first] = lab.untested;
    if (lab.broken) return finish('failed', first?.reason ?? null, outcome.facts);
    if (first === undefined) return finish('completed', null, outcome.facts);
    const others = lab.untested.length - 1;
    return finish(
      'inconclusive',
      `${first.experiment}: ${first.reason}${others > 0 ? ` (and ${others} more)` : ''}`,
      outcome.facts,
    );
  } catch (cause: unknown) {
    return finish('failed', reasonOf(cause), null);
  }
}
