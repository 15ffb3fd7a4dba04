/** One run of the gate, as the command line and the Action both do it: whose policies decide, then the pipeline. */
import { type GateOptions, type GateResult, gate } from '../gate.js';
import { type ExitCode, exitCode } from '../report/exitCode.js';
import type { Proposal } from '../report/impact/proposal.js';
import type { Report } from '../report/report.js';
import { type DecidingRequest, decidingPolicies } from './decidingPolicies.js';
import type { RunEvent } from './event.js';
import type { Terminal } from './terminal.js';

export interface GateRequest extends DecidingRequest {
  readonly mode: Report['mode'];
  readonly signal: AbortSignal;
}

type Hooks = Pick<GateOptions, 'onProgress' | 'onSecret'>;

/** @throws UsageError, ManifestError, PolicyError for the user's mistakes */
export async function runGate(
  request: GateRequest,
  event: RunEvent,
  terminal: Terminal,
  hooks: Hooks,
): Promise<GateResult> {
  const deciding = await decidingPolicies(request, event, terminal);
  try {
    return await gate({
      manifests: request.manifests,
      policies: deciding.deciding,
      policySource: deciding.source,
      proposed: deciding.proposed,
      mode: request.mode,
      cwd: terminal.cwd,
      env: terminal.env,
      startedAt: new Date(),
      signal: request.signal,
      ...hooks,
    });
  } finally {
    await deciding.dispose();
  }
}

/**
 * The report's own exit code; 2 where everything is allowed but the edited policies cannot be used: merged, they would
 * stop every run.
 */
export function exitCodeOf(report: Report, proposal: Proposal | null): ExitCode | 2 {
  const code = exitCode(report);
  return code === 0 && proposal !== null && proposal.problems.length > 0 ? 2 : code;
}
