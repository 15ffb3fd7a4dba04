/** Runs one probe and turns whatever happens into a record: a probe can fail, but it cannot go missing. */
import type { ProbeRecord, ProbeStatus } from '../facts/facts.js';
import { deadlineWithin, probeTime } from './deadline.js';
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
  const { limits, transcript } = context;
  const deadline = deadlineWithin(context.signal, probeTime(probe.budgetMs, transcript.all(), limits));
  const { signal } = deadline;
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
    const facts = outcome.kind === 'facts' ? outcome.facts : null;
    const [first] = lab.untested;
    if (lab.broken) return finish('failed', first?.reason ?? null, facts);
    // What could not be told may be the very thing that would have made it applicable.
    if (first !== undefined) {
      const others = lab.untested.length - 1;
      const more = others > 0 ? ` (and ${others} more)` : '';
      return finish('inconclusive', `${first.experiment}: ${first.reason}${more}`, facts);
    }
    return outcome.kind === 'facts'
      ? finish('completed', null, facts)
      : finish('not-applicable', outcome.reason, null);
  } catch (cause: unknown) {
    return finish('failed', reasonOf(cause), null);
  } finally {
    deadline.clear();
  }
}
