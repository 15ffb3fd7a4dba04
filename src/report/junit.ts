/** JUnit XML for CI systems without annotations: a suite for each server, a case for each rule. */
import type { Rule } from '../policy/verdict.js';
import { cap, xml } from './escape.js';
import { compareFindings } from './order.js';
import {
  area,
  gaps,
  LIMITS,
  openReasons,
  place,
  STATUS_WORDS,
  tellingOutput,
  waiverWords,
} from './phrases.js';
import type { Report, ReportFinding, ServerReport } from './report.js';

interface Case {
  readonly rule: string;
  readonly kind: 'passed' | 'failure' | 'skipped' | 'error';
  readonly headline: string;
  readonly body: string;
  /** Where its worst finding is. */
  readonly at: ReportFinding['location'] | null;
}

/**
 * The report as JUnit XML. A rule that denies fails its case; warnings and notices pass with their text; what is waived
 * or could not be judged is skipped, never passed. An undecided server has one case more, which is an error.
 */
export function renderJunit(report: Report, rules: readonly Rule[]): string {
  const suites = report.servers.map((server) => ({ server, cases: casesOf(server, rules) }));
  const all = suites.flatMap(({ cases }) => cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mcp-gate" ${numbers(all)}>`,
    ...suites.flatMap(({ server, cases }) => suite(server, cases)),
    '</testsuites>',
    '',
  ].join('\n');
}

function casesOf(server: ServerReport, rules: readonly Rule[]): Case[] {
  const fired = new Map<string, ReportFinding[]>();
  for (const finding of server.findings) {
    const before = fired.get(finding.rule);
    if (before === undefined) fired.set(finding.rule, [finding]);
    else before.push(finding);
  }
  const ids = new Set([...rules.map((rule) => rule.id), ...fired.keys()]);
  const cases = [...ids].sort().map((id) => ruleCase(id, fired.get(id) ?? [], server));
  return server.decision === 'undecided' ? [decisionCase(server), ...cases] : cases;
}

function ruleCase(rule: string, findings: readonly ReportFinding[], server: ServerReport): Case {
  const sorted = findings
    .map((finding) => ({ server: server.name, finding }))
    .sort(compareFindings)
    .map(({ finding }) => finding);
  const worst = sorted[0];
  if (worst === undefined) return silentCase(rule, server);
  const headline = `${worst.level} ${worst.severity}: ${cap(worst.title, LIMITS.title)}`;
  const body = sorted.map(described).join('\n');
  const at = worst.location;
  if (worst.waiver !== null) return { rule, kind: 'skipped', headline: `waived ${headline}`, body, at };
  return { rule, kind: worst.level === 'deny' ? 'failure' : 'passed', headline, body, at };
}

/** A rule that did not fire has passed only where it had something to look at. */
function silentCase(rule: string, server: ServerReport): Case {
  const open = gaps(server).find((gap) => gap.what === area(rule) || gap.what.startsWith(`${area(rule)}/`));
  const [indecision] = server.indecisions;
  const reason =
    indecision !== undefined
      ? `not judged: ${indecision.code}`
      : open === undefined
        ? null
        : `${STATUS_WORDS[open.status]}: ${cap(open.reason, LIMITS.message)}`;
  return reason === null
    ? { rule, kind: 'passed', headline: '', body: '', at: null }
    : { rule, kind: 'skipped', headline: reason, body: '', at: null };
}

function decisionCase(server: ServerReport): Case {
  const reasons = openReasons(server).map(({ code, message }) => `${code}: ${message}`);
  const output = tellingOutput(server);
  return {
    rule: 'gate/decision',
    kind: 'error',
    headline: 'the server could not be judged',
    body: [...reasons, ...(output === null ? [] : [`Its last output:\n${output}`])].join('\n'),
    at: null,
  };
}

function described(finding: ReportFinding): string {
  return [
    `${cap(place(finding.location), LIMITS.path)} ${cap(finding.title, LIMITS.title)}`,
    cap(finding.message, LIMITS.message),
    ...(finding.evidence.length === 0 ? [] : [`evidence ${cap(finding.evidence.join(', '), LIMITS.path)}`]),
    ...(finding.remediation === '' ? [] : [`What to do: ${cap(finding.remediation, LIMITS.message)}`]),
    ...(finding.waiver === null ? [] : [cap(waiverWords(finding.waiver), LIMITS.message)]),
  ].join('\n');
}

function suite(server: ServerReport, cases: readonly Case[]): string[] {
  const name = xml(cap(server.name, LIMITS.name));
  const seconds = (server.durationMs / 1000).toFixed(3);
  return [
    `  <testsuite name="${name}" ${numbers(cases)} time="${seconds}" file="${xml(cap(server.manifest, LIMITS.path))}">`,
    ...cases.flatMap((one) => testcase(one, server.name)),
    '  </testsuite>',
  ];
}

function testcase(one: Case, server: string): string[] {
  const classname = xml(`${cap(server, LIMITS.name)}.${cap(area(one.rule), LIMITS.name)}`);
  const at = one.at === null ? '' : ` file="${xml(cap(one.at.file, LIMITS.path), 1)}" line="${one.at.line}"`;
  const open = `    <testcase classname="${classname}" name="${xml(cap(one.rule, LIMITS.name))}"${at}`;
  if (one.kind === 'passed' && one.body === '') return [`${open}/>`];
  return [`${open}>`, `      ${element(one)}`, '    </testcase>'];
}

function element({ kind, headline, body }: Case): string {
  const text = xml(body, 200);
  const message = xml(headline, 1);
  if (kind === 'passed') return `<system-out>${message}\n${text}</system-out>`;
  // Ant's schema, the strictest reader, wants a type where something failed.
  const open = `<${kind} message="${message}"${kind === 'skipped' ? '' : ` type="mcp-gate.${kind}"`}`;
  return text === '' ? `${open}/>` : `${open}>${text}</${kind}>`;
}

function numbers(cases: readonly Case[]): string {
  const of = (kind: Case['kind']): number => cases.filter((one) => one.kind === kind).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="${of('skipped')}"`;
}
