/** The verdict: what the policy found, and whether it was in a position to find anything. */
import type { Facts } from '../../facts/facts.js';
import type { WaiverEntry, WaiverTerms } from '../data/waiver.js';
import { reasonOf } from '../problem.js';
import type { Decision, Environment, Indecision, Verdict } from '../verdict.js';
import { type Attributed, type Expected, ordered, readAnswer } from './answer.js';
import type { Evaluate, Evaluation } from './evaluate.js';
import { waive } from './waive.js';

/** What one server is judged by. */
export interface JudgingPolicy extends Expected {
  readonly environment: Environment | null;
  readonly waivers: readonly WaiverEntry[];
  readonly terms: WaiverTerms;
  readonly evaluate: Evaluate;
}

/** As much of a policy set as a verdict needs. */
export interface JudgingPolicies {
  /** @param labels of the manifest */
  for(labels: Readonly<Record<string, string>>): JudgingPolicy;
}

/**
 * Judges one candidate; never rejects. Deny needs one finding at level deny that no waiver covers. Allow needs a policy
 * with rules, a candidate that started, a report of every expected probe, and a complete answer; else it is undecided.
 */
export async function judge({
  facts,
  policy: policies,
  labels = facts.candidate.labels,
}: {
  readonly facts: Facts;
  readonly policy: JudgingPolicies;
  /** Choose the environment; those of the candidate unless the change under review could have changed them. */
  readonly labels?: Readonly<Record<string, string>>;
}): Promise<Verdict> {
  const policy = policies.for(labels);
  const evaluation = await evaluated(facts, policy);
  const { found: raw, indecisions } =
    evaluation.kind === 'answered'
      ? readAnswer(evaluation.answer, policy)
      : { found: [], indecisions: [evaluation.indecision] };
  const reasons = [...unfounded(facts, policy), ...indecisions];
  const found = ordered(
    waive({
      found: raw,
      complete: reasons.length === 0 && !raw.some(({ rule }) => rule.undecides),
      waivers: policy.waivers,
      terms: policy.terms,
      rules: policy.rules,
      levels: policy.levels,
      server: facts.candidate.name,
      now: facts.gate.startedAtMs,
    }),
  );
  return {
    environment: policy.environment,
    decision: decide(found, reasons),
    findings: found.map(({ finding }) => finding),
    indecisions: reasons,
  };
}

async function evaluated(facts: Facts, { evaluate }: JudgingPolicy): Promise<Evaluation> {
  try {
    return await evaluate(facts);
  } catch (cause) {
    return {
      kind: 'failed',
      indecision: {
        code: 'evaluation-failed',
        message: `The policy could not be evaluated: ${reasonOf(cause)}`,
      },
    };
  }
}

function decide(found: readonly Attributed[], indecisions: readonly Indecision[]): Decision {
  const blocking = found.filter(({ finding }) => finding.level === 'deny' && finding.waiver === null);
  if (blocking.some(({ rule }) => !rule.undecides)) return 'deny';
  return blocking.length > 0 || indecisions.length > 0 ? 'undecided' : 'allow';
}

/** Reasons to distrust silence, whatever the policy makes of the same facts. */
function unfounded(facts: Facts, { rules, sets }: JudgingPolicy): readonly Indecision[] {
  const nothing: Indecision[] = [];
  if (rules.length === 0 || sets.length === 0)
    nothing.push({ code: 'no-rules', message: 'There is no rule to judge by.' });
  if (!facts.candidate.started) {
    const why = facts.candidate.failure ?? 'no reason is known';
    return [...nothing, { code: 'candidate-did-not-start', message: `The candidate did not start: ${why}` }];
  }
  if (facts.gate.probes.length === 0)
    nothing.push({ code: 'no-probes', message: 'No probe was expected to report.' });
  return [...nothing, ...facts.gate.probes.flatMap((id) => unreported(facts, id))];
}

function unreported(facts: Facts, id: string): readonly Indecision[] {
  const [record, ...more] = facts.probes.filter((probe) => probe.id === id);
  const missing = (message: string): readonly Indecision[] => [{ code: 'probe-missing', message }];
  if (record === undefined) return missing(`The probe ${id} did not report.`);
  if (more.length > 0) return missing(`The probe ${id} reported ${more.length + 1} times.`);
  if (record.status !== 'completed') return [];
  const given = new Map<string, unknown>(Object.entries(facts)).get(id) ?? null;
  return given === null ? missing(`The probe ${id} reported no facts.`) : [];
}
