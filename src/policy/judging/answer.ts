/** What a policy answered, parsed strictly: a finding that cannot be read must not become no finding. */
import { z } from 'zod';
import type { Levels } from '../data/config.js';
import { type FindingSet, nameOf, undescribed } from '../pack/catalogue.js';
import { type Finding, type Indecision, type Level, RULE_ID, type Rule } from '../verdict.js';

const MESSAGE_LIMIT = 600;
const POINTER_LIMIT = 400;
const EVIDENCE_LIMIT = 20;
/** As many as a probe keeps, so that the audit log misses none. */
const ELICITATION_LIMIT = 1_000;

const envelope = z.strictObject({
  findings: z.array(z.strictObject({ set: z.string(), finding: z.unknown() })),
  evaluated: z.array(z.string()),
});

const text = z.string().refine((value) => value.trim() !== '', 'must say something');

const fields = {
  rule: z.string().regex(RULE_ID, 'must look like "acme/no-secrets"').optional(),
  at: z
    .string()
    .max(POINTER_LIMIT)
    .regex(/^(\/([^~/\p{Cc}]|~[01])*)*$/u, 'must be a JSON pointer into the manifest, like /spec/transport')
    .default('/metadata/name'),
  evidence: z
    .array(z.string().regex(/^[xe]\d{1,9}$/, 'must be ids of exchanges or elicitations, like x41 or e1'))
    .default([]),
  message: text.optional(),
  detail: text.optional(),
  msg: text.optional(),
};

type Texts = { readonly [key in 'message' | 'detail' | 'msg']?: string | undefined };
const saysOnce = ({ message, detail, msg }: Texts): boolean =>
  [message, detail, msg].filter((each) => each !== undefined).length === 1;
const ONCE = { message: 'must have exactly one of message, detail and msg' };

const rawFinding = z.strictObject(fields).refine(saysOnce, ONCE);
/** Conftest passes on whatever stands beside `msg` ("details", …); here it is let in and left out. */
const conftestFinding = z.object(fields).refine(saysOnce, ONCE);

/** A finding with the rule that made it. */
export interface Attributed {
  readonly finding: Finding;
  readonly rule: Rule;
}

export interface Reading {
  readonly found: readonly Attributed[];
  readonly indecisions: readonly Indecision[];
}

export interface Expected {
  readonly rules: readonly Rule[];
  readonly sets: readonly FindingSet[];
  readonly levels: Levels;
}

const malformed = (message: string): Indecision => ({ code: 'malformed-answer', message: cut(message) });

/** Reads the collector's answer. What can be read is kept beside the reasons why the rest could not. */
export function readAnswer(answer: unknown, { rules, sets, levels }: Expected): Reading {
  const parsed = envelope.safeParse(answer);
  if (!parsed.success)
    return {
      found: [],
      indecisions: [malformed(`The policy's answer has the wrong shape: ${firstIssue(parsed.error)}`)],
    };
  const expected = new Map(sets.map((set) => [nameOf(set), set]));
  const catalogue = new Map(rules.map((rule) => [rule.id, rule]));
  const found: Attributed[] = [];
  const indecisions = incomplete(parsed.data.evaluated, expected);
  for (const { set: name, finding } of parsed.data.findings) {
    const set = expected.get(name);
    const read =
      set === undefined
        ? malformed(`A finding came from ${quote(name)}, which is no set of findings.`)
        : readFinding(finding, set, catalogue);
    if ('code' in read) indecisions.push(read);
    else found.push(...withLevel(read, levels));
  }
  return { found: ordered(unique(found)), indecisions };
}

function incomplete(evaluated: readonly string[], expected: ReadonlyMap<string, FindingSet>): Indecision[] {
  const seen = new Set(evaluated);
  const missing = [...expected.keys()].filter((name) => !seen.has(name));
  const extra = evaluated.filter((name) => !expected.has(name));
  return [
    ...missing.map((name) => malformed(`${name} was not evaluated.`)),
    ...extra.map((name) => malformed(`${quote(name)} was evaluated, and is not known.`)),
  ];
}

function readFinding(
  value: unknown,
  set: FindingSet,
  catalogue: ReadonlyMap<string, Rule>,
): Attributed | Indecision {
  const form = !set.builtin && isConftest(value) ? conftestFinding : rawFinding;
  const parsed = form.safeParse(typeof value === 'string' ? { message: value } : value);
  if (!parsed.success)
    return malformed(`A finding of ${nameOf(set)} cannot be read: ${firstIssue(parsed.error)}`);
  const { at, evidence, message, detail, msg } = parsed.data;
  const id = parsed.data.rule ?? set.rule;
  const rule = catalogue.get(id) ?? (set.builtin ? null : undescribed(id, set.level, set));
  if (rule === null)
    return malformed(`A finding of ${nameOf(set)} names the rule ${id}, which does not exist.`);
  if (rule.builtin !== set.builtin)
    return malformed(`A finding of ${nameOf(set)} names ${id}, a rule of the built-in pack.`);
  return {
    rule,
    finding: {
      rule: id,
      level: set.level,
      title: rule.title,
      message: cut(message ?? detail ?? msg ?? ''),
      severity: rule.severity,
      remediation: rule.remediation,
      references: rule.references,
      at,
      evidence: [...kept('x', evidence, EVIDENCE_LIMIT), ...kept('e', evidence, ELICITATION_LIMIT)],
      waiver: null,
      source: null,
    },
  };
}

const isConftest = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'msg');

function withLevel({ rule, finding }: Attributed, levels: Levels): readonly Attributed[] {
  const level = levels.get(finding.rule);
  if (level === 'off') return [];
  return [{ rule, finding: level === undefined ? finding : { ...finding, level } }];
}

const LEVELS: Readonly<Record<Level, number>> = { deny: 0, warn: 1, notice: 2 };
const SEVERITIES = { critical: 0, high: 1, medium: 2, low: 3 } as const;

/** Worst first, then by name, so that equal facts give equal bytes. */
export function ordered(found: readonly Attributed[]): readonly Attributed[] {
  const key = ({ finding }: Attributed): string =>
    JSON.stringify([
      LEVELS[finding.level],
      SEVERITIES[finding.severity],
      finding.rule,
      finding.at,
      finding.message,
    ]);
  return [...found].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** A level set by data can make two findings of different sets the same. */
function unique(found: readonly Attributed[]): readonly Attributed[] {
  return [...new Map(found.map((each) => [JSON.stringify(each.finding), each])).values()];
}

/** Ids of one kind, each once, by number: x2 before x10. */
const kept = (kind: 'x' | 'e', ids: readonly string[], limit: number): readonly string[] =>
  [...new Set(ids)]
    .filter((id) => id.startsWith(kind))
    .sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
    .slice(0, limit);

function cut(value: string): string {
  const letters = [...value.replace(/\p{Cs}/gu, '\uFFFD')];
  return letters.length <= MESSAGE_LIMIT
    ? letters.join('')
    : `${letters.slice(0, MESSAGE_LIMIT - 1).join('')}…`;
}

const quote = (value: string): string => JSON.stringify(value.slice(0, 80));

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  if (issue === undefined) return 'it is not what was expected';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}
