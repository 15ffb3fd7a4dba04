/** Which rules there are: read from the sources when compiling, so that a policy cannot say it at run time. */
import { z } from 'zod';
import type { Annotation, Checked, RuleSource } from '../compiler/contract.js';
import { PolicyError, type PolicyProblem } from '../problem.js';
import { didYouMean } from '../spelling.js';
import { type Level, RULE_ID, type Rule, type Severity } from '../verdict.js';
import { WAIVER_RULES } from './waiver-rules.js';

/** A partial set whose members are findings. */
export interface FindingSet {
  /** As written after `package`: `mcp.protocol`. */
  readonly package: string;
  /** `deny`, `warn_big`, … */
  readonly name: string;
  readonly level: Level;
  readonly builtin: boolean;
  /** The rule of a finding that names none. */
  readonly rule: string;
  readonly file: string;
}

export interface Catalogue {
  readonly rules: readonly Rule[];
  readonly sets: readonly FindingSet[];
}

/** Built-in modules carry this before their file name, which no path of a user has. */
export const BUILTIN = 'mcp-gate:';

/** `<package>/<set>`, by which a set is known in answers. */
export const nameOf = (set: Pick<FindingSet, 'package' | 'name'>): string => `${set.package}/${set.name}`;

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** What a finding weighs when its rule does not say. */
export const DEFAULT_SEVERITY: Readonly<Record<Level, Severity>> = {
  deny: 'high',
  warn: 'medium',
  notice: 'low',
};

/**
 * The catalogue of everything that was checked, and of what the judge itself finds about waivers.
 * @throws PolicyError for a set of findings that is no set, METADATA that is wrong, and an id that is taken.
 */
export function readCatalogue(checked: Pick<Checked, 'rules' | 'annotations'>): Catalogue {
  const sources = checked.rules
    .filter((rule) => levelOf(rule.name) !== null && rule.kind !== 'function')
    .sort((a, b) => order(placeKey(a), placeKey(b)));
  const problems = [
    ...sources.filter((source) => source.kind !== 'set').map(notASet),
    ...checked.rules.filter(isException).map(notAnException),
  ];
  const rules = new Map<string, Rule>(Object.values(WAIVER_RULES).map((rule) => [rule.id, rule]));
  const sets: FindingSet[] = [];
  for (const [name, members] of grouped(sources)) {
    const [first] = members;
    const level = levelOf(first.name);
    if (level === null || problems.length > 0) continue;
    const ids: string[] = [];
    for (const source of members) {
      const annotation = checked.annotations.find((candidate) => describesRule(candidate, source));
      if (annotation?.custom?.['id'] === undefined) continue;
      const read = readRule(annotation, source, level);
      if ('problem' in read) {
        problems.push(read.problem);
        continue;
      }
      const taken = rules.get(read.rule.id);
      if (taken !== undefined) problems.push(duplicate(read.rule, source, taken));
      rules.set(read.rule.id, read.rule);
      ids.push(read.rule.id);
    }
    const [only, ...others] = ids;
    const derived = derivedId(name);
    const rule = only !== undefined && others.length === 0 ? only : derived;
    const builtin = first.file.startsWith(BUILTIN);
    const set = { package: packageOf(first), name: first.name, level, builtin, rule, file: first.file };
    sets.push(set);
    if (ids.length > 0 || builtin) continue;
    const titles = checked.annotations.filter((candidate) => describesSet(candidate, members));
    rules.set(derived, undescribed(derived, level, set, titles[0], first.row));
  }
  if (problems.length > 0) throw new PolicyError(problems);
  return {
    rules: [...rules.values()].sort((a, b) => order(a.id, b.id)),
    sets: sets.sort((a, b) => order(nameOf(a), nameOf(b))),
  };
}

/** A rule that has no METADATA of its own; everything in it says so. */
export function undescribed(
  id: string,
  level: Level,
  set: Pick<FindingSet, 'package' | 'file'>,
  annotation?: Annotation,
  line = 1,
): Rule {
  return {
    id,
    level,
    title: annotation?.title ?? id,
    description: annotation?.description ?? `A rule of the policy package ${set.package}, without METADATA.`,
    severity: DEFAULT_SEVERITY[level],
    remediation: `Ask whoever owns ${set.file}.`,
    references: annotation?.relatedResources?.map((resource) => resource.ref) ?? [],
    requirement: null,
    undecides: false,
    builtin: set.file.startsWith(BUILTIN),
    source: { file: set.file, line },
  };
}

/** Built-in rules first, so that an id taken twice is the user's mistake. */
const placeKey = ({ file, row }: RuleSource): string =>
  `${file.startsWith(BUILTIN) ? 0 : 1} ${file} ${String(row).padStart(7, '0')}`;

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Conftest's names count too, and `limits.deny`: a `violation` or a `deny_root` that nobody asks would be a hole. */
function levelOf(name: string): Level | null {
  const word = /^(?:.+\.)?(deny|violation|warn|notice)(_\w+)?$/.exec(name)?.[1];
  if (word === undefined) return null;
  return word === 'warn' || word === 'notice' ? word : 'deny';
}

const packageOf = (source: RuleSource): string => source.package.replace(/^data\./, '');

function grouped(
  sources: readonly RuleSource[],
): ReadonlyMap<string, readonly [RuleSource, ...RuleSource[]]> {
  const groups = new Map<string, [RuleSource, ...RuleSource[]]>();
  for (const source of sources) {
    const name = `${packageOf(source)}/${source.name}`;
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [source]);
    else group.push(source);
  }
  return groups;
}

function derivedId(name: string): string {
  const [area = '', set = ''] = name.split('/');
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^[^a-z0-9]+|-+$/g, '');
  return `${plain(area.replace(/^mcp\./, ''))}/${plain(set)}`;
}

function describesRule(annotation: Annotation, source: RuleSource): boolean {
  return annotation.scope === 'rule' && annotation.file === source.file && annotation.row === source.row;
}

function describesSet(annotation: Annotation, members: readonly RuleSource[]): boolean {
  if (annotation.scope === 'rule') return members.some((source) => describesRule(annotation, source));
  return (
    annotation.scope === 'document' &&
    members.some((source) => annotation.path === `${source.package}.${source.name}`)
  );
}

const custom = z.looseObject({
  id: z.string().regex(RULE_ID),
  severity: z.enum(SEVERITIES).optional(),
  remediation: z.string().min(1).optional(),
  requirement: z.string().min(1).max(80).optional(),
  undecides: z.boolean().optional(),
});

function readRule(
  annotation: Annotation,
  source: RuleSource,
  level: Level,
): { rule: Rule } | { problem: PolicyProblem } {
  const parsed = custom.safeParse(annotation.custom);
  if (!parsed.success) return { problem: badMetadata(source, annotation, parsed.error.issues[0]?.path[0]) };
  const { id, severity, remediation, requirement, undecides } = parsed.data;
  const base = undescribed(
    id,
    level,
    { package: packageOf(source), file: source.file },
    annotation,
    source.row,
  );
  return {
    rule: {
      ...base,
      severity: severity ?? base.severity,
      remediation: remediation ?? base.remediation,
      requirement: requirement ?? null,
      undecides: undecides ?? false,
    },
  };
}

function badMetadata(
  source: RuleSource,
  annotation: Annotation,
  key: PropertyKey | undefined,
): PolicyProblem {
  const seen = annotation.custom?.[String(key)];
  const expected: Readonly<Record<string, string>> = {
    id: 'an id like "acme/no-secrets": lower case, one slash',
    severity: `one of ${SEVERITIES.join(', ')}.${typeof seen === 'string' ? didYouMean(seen, SEVERITIES) : ''}`,
    remediation: 'a sentence that says what to do',
    requirement: 'MUST, SHOULD, or a few words of your own, like "ACME security standard 7.2"',
    undecides: 'true or false',
  };
  const message = `METADATA custom.${String(key)} is ${JSON.stringify(seen)}; expected ${expected[String(key)] ?? 'something else'}`;
  return { file: source.file, row: source.row, col: source.col, message };
}

function notASet(source: RuleSource): PolicyProblem {
  const message = `${source.name} must be a set of findings: write "${source.name} contains finding if { … }".`;
  return { file: source.file, row: source.row, col: source.col, message };
}

/** Conftest exempts rules by them; here a finding would count all the same, and nobody would know why. */
function isException({ package: path, name, file }: RuleSource): boolean {
  return path === 'data.main' && /^exception(_\w+)?$/.test(name) && !file.startsWith(BUILTIN);
}

function notAnException({ file, row, col }: RuleSource): PolicyProblem {
  const message =
    "Conftest's exceptions do not count here: write a waiver, which has an owner and an end, into mcp.waivers.";
  return { file, row, col, message };
}

function duplicate(rule: Rule, source: RuleSource, taken: Rule): PolicyProblem {
  const message = `The rule id ${rule.id} is taken by ${taken.source.file}:${taken.source.line}; choose another one.`;
  return { file: source.file, row: source.row, col: source.col, message };
}
