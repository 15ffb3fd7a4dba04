/** The judge's answer: computed once, rendered many times, changed by nobody. */

export type Decision = 'allow' | 'deny' | 'undecided';
export type Level = 'deny' | 'warn' | 'notice';
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** `<area>/<slug>` */
export const RULE_ID = /^[a-z0-9][a-z0-9._-]*\/[a-z0-9][a-z0-9._-]*$/;

/** What a rule's METADATA says about it. */
export interface Rule {
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly remediation: string;
  readonly references: readonly string[];
  /** How binding what it checks is, as METADATA says: MUST or SHOULD of the specification, or advice. */
  readonly requirement: string | null;
  /** Whether its findings say "this could not be judged" rather than "this is bad". */
  readonly undecides: boolean;
  /** Whether it belongs to the pack that ships with the gate. */
  readonly builtin: boolean;
  readonly source: { readonly file: string; readonly line: number };
}

export interface Waiver {
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string | null;
  /** As the data says it: a day, or an RFC 3339 instant. */
  readonly expires: string;
}

/** One rule that fired for one server. */
export interface Finding {
  readonly rule: string;
  readonly level: Level;
  readonly title: string;
  readonly message: string;
  readonly severity: Severity;
  readonly remediation: string;
  readonly references: readonly string[];
  /** JSON pointer into the manifest; becomes the line in `gate.ts`. */
  readonly at: string;
  readonly evidence: readonly string[];
  readonly waiver: Waiver | null;
  /** The line of policy data that it is about; null when it is about the manifest. */
  readonly source: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** Why no decision could be reached by the policy itself. */
export interface Indecision {
  readonly code:
    | 'candidate-did-not-start'
    | 'no-rules'
    | 'no-probes'
    | 'evaluation-failed'
    | 'malformed-answer'
    | 'missing-builtin'
    | 'probe-missing'
    | 'internal';
  readonly message: string;
}

/** The environment that a manifest's label names. */
export interface Environment {
  readonly name: string;
  /** Whether policy data has something to say for it; else the server was judged by what holds for all. */
  readonly applied: boolean;
}

export interface Verdict {
  readonly decision: Decision;
  /** null when the manifest names none, or the policy data knows no environments at all. */
  readonly environment: Environment | null;
  readonly findings: readonly Finding[];
  readonly indecisions: readonly Indecision[];
}
