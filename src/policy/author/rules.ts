/** The catalogue as the gate will apply it: every rule with the level that data leaves it. */
import type { PolicySet } from '../load.js';
import type { Level, Rule, Severity } from '../verdict.js';

export interface CatalogueEntry {
  readonly id: string;
  /** With the data applied. */
  readonly level: Level | 'off';
  /** Where the level comes from. */
  readonly levelFrom: 'rule' | 'data';
  readonly severity: Severity;
  /** MUST or SHOULD of the specification, advice, or what METADATA says. */
  readonly requirement: string | null;
  readonly title: string;
  readonly description: string;
  readonly remediation: string;
  readonly references: readonly string[];
  readonly builtin: boolean;
  readonly source: { readonly file: string; readonly line: number };
}

/** @param environment whose data applies too; null for what holds for all */
export function catalogueOf(policy: PolicySet, environment: string | null): readonly CatalogueEntry[] {
  const { levels } = environment === null ? policy.general : policy.for({ environment });
  return policy.rules.map((rule) => entry(rule, levels.get(rule.id)));
}

function entry(rule: Rule, level: Level | 'off' | undefined): CatalogueEntry {
  const { id, severity, requirement, title, description, remediation, references, builtin, source } = rule;
  const changed = level !== undefined && level !== rule.level;
  return {
    id,
    level: level ?? rule.level,
    levelFrom: changed ? 'data' : 'rule',
    severity,
    requirement,
    title,
    description,
    remediation,
    references,
    builtin,
    source,
  };
}
