/** Puts plan, facts and verdict together into the report. The verdict is copied, never touched. */
import type { Facts } from '../facts/facts.js';
import type { Decision, Finding, Verdict } from '../policy/verdict.js';
import type { PolicySource, Report, ReportFinding, Review, ServerReport } from './report.js';

/** What the report needs of a plan, an examination and an exchange; the stages themselves are none of its business. */
export interface Located {
  readonly name: string;
  readonly manifest: string;
  locate(pointer: string): ReportFinding['location'];
}

export interface Examined {
  readonly facts: Facts;
  readonly exchanges: readonly { readonly id: string }[];
  readonly output: string;
}

/** What of one exchange goes into the report; whole bodies stay in the transcript. */
const MESSAGE_LIMIT = 10;

/** One server's part of the report, with the exchanges that its findings name. */
export function serverReportOf(given: {
  plan: Located;
  examination: Examined;
  verdict: Verdict;
  durationMs: number;
}): ServerReport {
  const { plan, examination, verdict, durationMs } = given;
  const findings = verdict.findings.map((finding) => place(finding, plan));
  const named = new Set(findings.flatMap((finding) => finding.evidence));
  return {
    name: plan.name,
    manifest: plan.manifest,
    decision: verdict.decision,
    environment: verdict.environment === null ? null : { ...verdict.environment },
    durationMs,
    findings,
    indecisions: verdict.indecisions.map(({ code, message }) => ({ code, message })),
    probes: examination.facts.probes.map(({ id, status, reason, durationMs: took }) => ({
      id,
      status,
      reason,
      durationMs: took,
    })),
    facts: examination.facts,
    transcript: examination.exchanges.filter((exchange) => named.has(exchange.id)).map(excerpt),
    output: examination.output,
  };
}

function place({ source, ...finding }: Finding, plan: Located): ReportFinding {
  return {
    ...finding,
    references: [...finding.references],
    evidence: [...finding.evidence],
    location: source === null ? plan.locate(finding.at) : { ...source },
  };
}

function excerpt(exchange: { readonly id: string }): Record<string, unknown> {
  const copy: Record<string, unknown> = JSON.parse(JSON.stringify(exchange));
  const { answer } = copy;
  if (
    typeof answer === 'object' &&
    answer !== null &&
    'messages' in answer &&
    Array.isArray(answer.messages)
  ) {
    answer.messages = answer.messages.slice(0, MESSAGE_LIMIT);
  }
  return copy;
}

/** The whole report. The worst of its servers decides; no server at all is undecided, because nothing was tested. */
export function reportOf(given: {
  servers: readonly ServerReport[];
  mode: Report['mode'];
  policy: { readonly digest: string; readonly rules: readonly unknown[] };
  source: PolicySource;
  review: Review | null;
  version: string;
}): Report {
  return {
    schemaVersion: 1,
    decision: worst(given.servers.map((server) => server.decision)),
    mode: given.mode,
    servers: [...given.servers],
    policy: {
      digest: given.policy.digest,
      rules: given.policy.rules.length,
      source: given.source,
      review: given.review,
    },
    gate: { version: given.version },
  };
}

function worst(decisions: readonly Decision[]): Decision {
  if (decisions.includes('deny')) return 'deny';
  return decisions.length === 0 || decisions.includes('undecided') ? 'undecided' : 'allow';
}
