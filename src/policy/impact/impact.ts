/** What an edit of the policies changes: the same facts judged by both versions, and every difference between the two. */
import canonicalize from 'canonicalize';
import type { DataTree } from '../data/data.js';
import type { Decision, Finding, Level, Rule, Verdict } from '../verdict.js';

/** As much of a policy set as a comparison needs. */
export interface ComparedPolicy {
  readonly digest: string;
  readonly rules: readonly Rule[];
  readonly data: DataTree;
}

/** One side of a comparison: a policy, and its verdict on each server. */
export interface Side {
  readonly policy: ComparedPolicy;
  readonly verdicts: ReadonlyMap<string, Verdict>;
}

/** What a finding comes to; a waived one blocks nothing, whatever its level. */
export type Weight = Level | 'waived';

export interface ChangedFinding {
  readonly rule: string;
  readonly at: string;
  readonly title: string;
  /** Null on the side where the finding does not stand. */
  readonly before: Weight | null;
  readonly after: Weight | null;
}

export interface ServerImpact {
  readonly server: string;
  readonly before: Decision;
  readonly after: Decision;
  readonly findings: readonly ChangedFinding[];
}

export interface ChangedRule {
  readonly rule: string;
  /** Level of its own; null where the rule does not exist. */
  readonly before: Level | null;
  readonly after: Level | null;
}

export interface ChangedData {
  /** Keys from the top: `["mcp", "config", "minimumProtocolVersion"]`. */
  readonly path: readonly string[];
  /** JSON values; undefined on the side where there is none. For lists, the members that only one side has. */
  readonly before: unknown;
  readonly after: unknown;
}

export interface PolicyImpact {
  readonly digests: { readonly before: string; readonly after: string };
  /** Servers for which anything changes, the most dangerous first. */
  readonly servers: readonly ServerImpact[];
  /** Servers on which both versions were tried. */
  readonly compared: number;
  readonly rules: readonly ChangedRule[];
  readonly data: readonly ChangedData[];
}

/** Compares two versions on the servers that both have judged. */
export function impactOf(before: Side, after: Side): PolicyImpact {
  const names = [...before.verdicts.keys()].filter((name) => after.verdicts.has(name));
  const servers = names.flatMap((name) => {
    const [old, now] = [before.verdicts.get(name), after.verdicts.get(name)];
    return old === undefined || now === undefined ? [] : [serverImpact(name, old, now)];
  });
  return {
    digests: { before: before.policy.digest, after: after.policy.digest },
    servers: servers
      .filter((one) => one.before !== one.after || one.findings.length > 0)
      .sort((a, b) => danger(a) - danger(b)),
    compared: names.length,
    rules: changedRules(before.policy.rules, after.policy.rules),
    data: changedData(before.policy.data, after.policy.data),
  };
}

/** Whether the decision about a server is another one. */
export function flips({ before, after }: ServerImpact): boolean {
  return before !== after;
}

/** What would let something through that is blocked now comes first, then other flips, then the rest. */
function danger({ before, after }: ServerImpact): number {
  if (before === 'deny' && after === 'allow') return 0;
  if (before === 'undecided' && after === 'allow') return 1;
  if (before === 'deny' && after === 'undecided') return 2;
  return before === after ? 4 : 3;
}

function serverImpact(server: string, before: Verdict, after: Verdict): ServerImpact {
  return {
    server,
    before: before.decision,
    after: after.decision,
    findings: changedFindings(before.findings, after.findings),
  };
}

/** Findings are the same when rule and place are; of several such, those of equal weight are paired first. */
function changedFindings(before: readonly Finding[], after: readonly Finding[]): readonly ChangedFinding[] {
  const keys = [...new Set([...before, ...after].map(keyOf))];
  return keys.flatMap((key) => {
    const [old, now] = withoutEqual(
      before.filter((one) => keyOf(one) === key),
      after.filter((one) => keyOf(one) === key),
    );
    return Array.from({ length: Math.max(old.length, now.length) }, (_, index) =>
      pair(old[index], now[index]),
    );
  });
}

function pair(old: Finding | undefined, now: Finding | undefined): ChangedFinding {
  const { rule = '', at = '', title = '' } = now ?? old ?? {};
  return {
    rule,
    at,
    title,
    before: old === undefined ? null : weightOf(old),
    after: now === undefined ? null : weightOf(now),
  };
}

function withoutEqual(
  before: readonly Finding[],
  after: readonly Finding[],
): readonly [readonly Finding[], readonly Finding[]] {
  const left = [...after];
  const old = before.filter((one) => {
    const twin = left.findIndex((other) => weightOf(other) === weightOf(one));
    if (twin < 0) return true;
    left.splice(twin, 1);
    return false;
  });
  return [old, left];
}

const keyOf = ({ rule, at }: Finding): string => JSON.stringify([rule, at]);

function weightOf({ level, waiver }: Finding): Weight {
  return waiver === null ? level : 'waived';
}

function changedRules(before: readonly Rule[], after: readonly Rule[]): readonly ChangedRule[] {
  const [old, now] = [levelsOf(before), levelsOf(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((rule) => ({ rule, before: old.get(rule) ?? null, after: now.get(rule) ?? null }))
    .filter((one) => one.before !== one.after)
    .sort((a, b) => (a.rule < b.rule ? -1 : 1));
}

function levelsOf(rules: readonly Rule[]): ReadonlyMap<string, Level> {
  return new Map(rules.map(({ id, level }) => [id, level]));
}

function changedData(before: unknown, after: unknown, path: readonly string[] = []): readonly ChangedData[] {
  if (isTree(before) && isTree(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const [old, now] = [new Map(Object.entries(before)), new Map(Object.entries(after))];
    return keys.flatMap((key) => changedData(old.get(key), now.get(key), [...path, key]));
  }
  if (canonicalize(before) === canonicalize(after)) return [];
  if (Array.isArray(before) && Array.isArray(after))
    return [{ path, before: onlyIn(before, after), after: onlyIn(after, before) }];
  return [{ path, before, after }];
}

function onlyIn(these: readonly unknown[], those: readonly unknown[]): readonly unknown[] {
  const known = new Set(those.map((one) => canonicalize(one)));
  return these.filter((one) => !known.has(canonicalize(one)));
}

function isTree(value: unknown): value is DataTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
