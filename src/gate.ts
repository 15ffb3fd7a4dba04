/** The pipeline: manifest → plan → running candidate → facts → verdict → report. */

import type { ServerPlan } from './manifest/plan.js';
import { readPlan } from './manifest/read.js';
import { judge } from './policy/judge.js';
import { type LoadOptions, loadPolicy, type PolicySet } from './policy/load.js';
import type { Rule } from './policy/verdict.js';
import { type Examination, examine } from './probes/examine.js';
import { reportOf, serverReportOf } from './report/assemble.js';
import type { Report, ServerReport } from './report/report.js';
import { VERSION } from './version.js';
import type { Limits } from './wire/limits.js';

export interface GateOptions {
  readonly manifests: readonly string[];
  readonly policies: LoadOptions;
  readonly mode: Report['mode'];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly startedAt: Date;
  /** Aborting it ends the run; servers not yet judged are then undecided. */
  readonly signal: AbortSignal;
  /** Told of every secret of the run before anything could print it. */
  readonly onSecret?: (secret: string) => void;
  readonly limits?: Limits;
  readonly onProgress?: (event: Progress) => void;
}

export interface GateResult {
  readonly report: Report;
  /** Every rule that was evaluated. */
  readonly rules: readonly Rule[];
}

/** Where the run stands, for people who watch. */
export interface Progress {
  readonly server: string;
  readonly stage: 'start' | 'judged' | (string & {});
}

/**
 * Gates every server of the manifests.
 * @throws ManifestError, PolicyError: the user's mistakes, before any candidate is started
 */
export async function gate(options: GateOptions): Promise<GateResult> {
  const plan = await readPlan(options.manifests, { cwd: options.cwd, env: options.env });
  const policy = await loadPolicy(options.policies);
  const servers: ServerReport[] = [];
  for (const server of plan.servers) servers.push(await gateServer(server, policy, options));
  return { report: reportOf({ servers, mode: options.mode, policy, version: VERSION }), rules: policy.rules };
}

async function gateServer(plan: ServerPlan, policy: PolicySet, options: GateOptions): Promise<ServerReport> {
  const started = performance.now();
  const examination: Examination = await examine(plan, {
    version: VERSION,
    startedAt: options.startedAt,
    signal: options.signal,
    env: options.env,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.onSecret === undefined ? {} : { onSecret: options.onSecret }),
    onStage: (stage) => options.onProgress?.({ server: plan.name, stage }),
  });
  const verdict = await judge({ facts: examination.facts, policy });
  options.onProgress?.({ server: plan.name, stage: 'judged' });
  return serverReportOf({ plan, examination, verdict, durationMs: Math.round(performance.now() - started) });
}
