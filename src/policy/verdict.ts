/** The judge's answer: computed once, rendered many times, changed by nobody. */

export type Decision = 'allow' | 'deny' | 'undecided';
export type Level = 'deny' | 'warn' | 'notice';
export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** What a rule's METADATA says about it. */
export interface Rule {
  /** `<area>/<slug>` */
  readonly id: string;
  readonly level: Level;
  readonly title: string;
  readonly description: string;
  readonly severity: Severity;
  readonly remediation: string;
  readonly references: readonly string[];
  /** Whether its findings say "this could not be judged" rather than "this is bad". */
  readonly undecides: boolean;
  /** Whether it belongs to the pack that ships with the gate. */
  readonly builtin: boolean;
  readonly source: { readonly file: string; readonly line: number };
}

export interface Waiver {
  readonly owner: string;
  readonly reason: string;
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

export interface Verdict {
  readonly decision: Decision;
  readonly findings: readonly Finding[];
  readonly indecisions: readonly Indecision[];
}
