/** The pipeline: manifest → plan → running candidate → facts → verdict → report. */

import { resolve } from 'node:path';
import { type Before, compareServers, labelsBefore, type Placed } from './manifest/labels.js';
import type { ServerPlan } from './manifest/plan.js';
import { readPlan } from './manifest/read.js';
import { reviewedOrigins } from './policy/data/elicitationOrigins.js';
import { impactOf } from './policy/impact/impact.js';
import { judge } from './policy/judging/judge.js';
import { type LoadOptions, loadPolicy, type PolicySet } from './policy/load.js';
import { PolicyError, type PolicyProblem, reasonOf } from './policy/problem.js';
import type { Rule, Verdict } from './policy/verdict.js';
import { type Examination, examine } from './probes/examine.js';
import { reportOf, serverReportOf } from './report/assemble.js';
import { type Proposal, proposalOf } from './report/impact/proposal.js';
import type { PolicySource, Report, Review, ServerReport } from './report/report.js';
import { VERSION } from './version.js';
import type { Limits } from './wire/limits.js';

/** Policies that are under review, tried on the same facts; they decide nothing. */
export interface Proposed {
  readonly policies: LoadOptions;
  /** What the deciding commit says of the servers of the manifests. It chooses the environment. */
  readonly labels: Before;
  /** The same of the base of the change under review; null where nothing is, or the base is not known. */
  readonly base: Before | null;
  /** Why nobody can tell what labels there were; null where that is known, or nothing is under review. */
  readonly labelsUnknown: string | null;
}

export interface GateOptions {
  readonly manifests: readonly string[];
  readonly policies: LoadOptions;
  /** Where the deciding policies are from. */
  readonly policySource: PolicySource;
  /** Null where the policies at hand decide themselves. */
  readonly proposed: Proposed | null;
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
  /** What the policies under review would change; null where there are none. */
  readonly proposal: Proposal | null;
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
  const unknown = options.proposed?.labelsUnknown ?? null;
  // Without environments no label decides anything.
  if (unknown !== null && policy.environments.size > 0)
    throw new PolicyError([{ file: '', row: 0, col: 0, message: unknown }]);
  const proposed = await loadProposed(options.proposed);
  const judged: Judged[] = [];
  for (const server of plan.servers) {
    const labels = labelsBeforeOf(server, plan.servers, options) ?? server.labels;
    judged.push(await gateServer(server, { policy, proposed: proposed.policy, labels }, options));
  }
  return {
    report: reportOf({
      servers: judged.map(({ report }) => report),
      mode: options.mode,
      policy,
      source: options.policySource,
      review: reviewOf(plan.servers, options),
      version: VERSION,
    }),
    rules: policy.rules,
    proposal: options.proposed === null ? null : proposalFrom(policy, proposed, judged),
  };
}

interface LoadedProposal {
  readonly policy: PolicySet | null;
  readonly problems: readonly PolicyProblem[];
}

/** What is wrong with policies under review is shown, and does not stop those that decide; neither does what breaks the compiler. */
async function loadProposed(proposed: Proposed | null): Promise<LoadedProposal> {
  if (proposed === null) return { policy: null, problems: [] };
  try {
    return { policy: await loadPolicy(proposed.policies), problems: [] };
  } catch (cause: unknown) {
    if (cause instanceof PolicyError) return { policy: null, problems: cause.problems };
    return { policy: null, problems: [{ file: '', row: 0, col: 0, message: reasonOf(cause) }] };
  }
}

/** The labels that choose a server's environment: a change under review cannot move a server to a laxer one. */
function labelsBeforeOf(
  server: ServerPlan,
  all: readonly ServerPlan[],
  { proposed, cwd }: GateOptions,
): ServerPlan['labels'] | null {
  if (proposed === null) return null;
  return labelsBefore(proposed.labels, placed(server, cwd), placedOf(all, cwd));
}

/** What nobody may overlook: who is new chooses a name and an environment, and who is gone is not judged. */
function reviewOf(servers: readonly ServerPlan[], options: GateOptions): Review | null {
  const { proposed, cwd } = options;
  if (proposed === null || proposed.base === null) return null;
  const { added, removed } = compareServers(proposed.base, placedOf(servers, cwd));
  const files = new Map(servers.map(({ manifest }) => [resolve(cwd, manifest), manifest]));
  return {
    added: servers
      .filter(({ name }) => added.includes(name))
      .map((server) => ({
        server: server.name,
        line: server.locate('/metadata/name').line,
        environment: labelsBeforeOf(server, servers, options) === null ? 'own' : 'kept',
      })),
    removed: removed.map(({ name, path }) => ({ server: name, manifest: files.get(path) ?? path })),
  };
}

function placedOf(servers: readonly ServerPlan[], cwd: string): readonly Placed[] {
  return servers.map((server) => placed(server, cwd));
}

function placed({ name, manifest }: ServerPlan, cwd: string): Placed {
  return { name, path: resolve(cwd, manifest) };
}

interface Judged {
  readonly report: ServerReport;
  readonly verdict: Verdict;
  readonly proposed: Verdict | null;
}

interface Judges {
  readonly policy: PolicySet;
  readonly proposed: PolicySet | null;
  readonly labels: ServerPlan['labels'];
}

async function gateServer(
  plan: ServerPlan,
  { policy, proposed, labels }: Judges,
  options: GateOptions,
): Promise<Judged> {
  const started = performance.now();
  const examination: Examination = await examine(plan, {
    version: VERSION,
    startedAt: options.startedAt,
    signal: options.signal,
    env: options.env,
    reviewedOrigins: reviewedOrigins(policy.for(labels).data),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.onSecret === undefined ? {} : { onSecret: options.onSecret }),
    onStage: (stage) => options.onProgress?.({ server: plan.name, stage }),
  });
  const { facts } = examination;
  const verdict = await judge({ facts, policy, labels });
  options.onProgress?.({ server: plan.name, stage: 'judged' });
  const durationMs = Math.round(performance.now() - started);
  return {
    report: serverReportOf({ plan, examination, verdict, durationMs }),
    verdict,
    proposed: proposed === null ? null : await judge({ facts, policy: proposed }),
  };
}

function proposalFrom(
  policy: PolicySet,
  { policy: edited, problems }: LoadedProposal,
  judged: readonly Judged[],
): Proposal {
  if (edited === null) return { problems, impact: null, lines: new Map() };
  const verdicts = (pick: (one: Judged) => Verdict | null): ReadonlyMap<string, Verdict> =>
    new Map(
      judged.flatMap((one) => {
        const verdict = pick(one);
        return verdict === null ? [] : [[one.report.name, verdict] as const];
      }),
    );
  const impact = impactOf(
    { policy, verdicts: verdicts(({ verdict }) => verdict) },
    { policy: edited, verdicts: verdicts(({ proposed }) => proposed) },
  );
  return proposalOf(impact, policy, edited);
}
