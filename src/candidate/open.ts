/** Opens what a manifest names: the one way to a candidate, whatever it runs on. */
import type { ServerPlan } from '../manifest/plan.js';
import { HttpCandidate } from './http-candidate.js';
import { LaunchError, messageOf } from './launch-error.js';
import {
  type CandidateLimits,
  type CandidateOptions,
  defaultLimits,
  type OpenedCandidate,
} from './options.js';
import { StdioCandidate } from './stdio-candidate.js';
import { openUrl } from './url-candidate.js';

/**
 * Starts the candidate of a plan and waits until it answers (HTTP, SSE), or starts its first process and keeps it for
 * the first connection (stdio: nothing listens there, so the first connection finds out whether it answers).
 * Never throws; on failure nothing of the candidate is left behind. On success the caller must `dispose`.
 */
export async function openCandidate(plan: ServerPlan, options: CandidateOptions): Promise<OpenedCandidate> {
  const limits: CandidateLimits = { ...defaultLimits, ...options.limits };
  try {
    const { run } = plan;
    if (options.signal?.aborted === true)
      return failure('the run was cancelled before the candidate was started');
    if (run.kind === 'url') return await openUrl(run, plan.transport, options, limits);
    if (plan.transport.type === 'stdio') return await StdioCandidate.open(run, options, limits);
    return await HttpCandidate.open(run, plan.transport, options, limits);
  } catch (cause: unknown) {
    if (cause instanceof LaunchError) return failure(cause.message);
    return failure(`the candidate could not be opened: ${messageOf(cause)}`);
  }
}

function failure(reason: string): OpenedCandidate {
  return { ok: false, reason, outputTail: '' };
}
