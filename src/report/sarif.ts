/** SARIF 2.1.0 for code scanning: every rule that was evaluated, each finding on its manifest line, stable fingerprints. */
import { createHash } from 'node:crypto';
import type { Rule } from '../policy/verdict.js';
import { cap, json, markdown, markdownLink, sarif, visible, webAddress } from './escape.js';
import { exitCode } from './exitCode.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import { area, count, LIMITS, openReasons, waiverWords } from './phrases.js';
import type { Report, ServerReport } from './report.js';

/** GitHub shows the worst 5,000 results of a run and refuses more than 25,000. */
export const SARIF_RESULTS = 5_000;

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
const LEVELS = { deny: 'error', warn: 'warning', notice: 'note' } as const;
/** GitHub's bands: above 9.0 critical, 7.0 high, 4.0 medium, below low. */
const SCORES = { critical: '9.5', high: '8.0', medium: '5.5', low: '3.0' } as const;

type Catalogued = Pick<
  Rule,
  'id' | 'level' | 'title' | 'description' | 'severity' | 'remediation' | 'references'
>;

/**
 * The report as a SARIF log with one run. `rules` is the catalogue that was evaluated; a rule that fired without being
 * in it is described by its finding. Undecided: valid SARIF with `executionSuccessful: false` and the reasons.
 */
export function renderSarif(report: Report, rules: readonly Rule[]): string {
  const findings = sortedFindings(report.servers);
  const catalogue = catalogueOf(findings, rules);
  const indices = new Map(catalogue.map((rule, index) => [rule.id, index]));
  const run = {
    tool: {
      driver: {
        name: 'mcp-gate',
        version: visible(cap(report.gate.version, LIMITS.name)),
        rules: catalogue.map(descriptor),
      },
    },
    automationDetails: { id: 'mcp-gate/' },
    invocations: [
      {
        // What is left open counts here also where a denial decides the exit code: audit mode looks past denials.
        executionSuccessful: exitCode({ ...report, mode: 'audit' }) !== 3,
        exitCode: exitCode(report),
        toolExecutionNotifications: notifications(report, findings.length),
      },
    ],
    columnKind: 'utf16CodeUnits',
    results: results(findings.slice(0, SARIF_RESULTS), indices),
    properties: { decision: report.decision, mode: report.mode, policyDigest: report.policy.digest },
  };
  return `${json(JSON.stringify({ $schema: SCHEMA, version: '2.1.0', runs: [run] }, null, 2))}\n`;
}

function catalogueOf(findings: readonly PlacedFinding[], rules: readonly Rule[]): Catalogued[] {
  const byId = new Map<string, Catalogued>();
  for (const rule of rules) if (!byId.has(rule.id)) byId.set(rule.id, rule);
  for (const { finding } of findings) {
    if (byId.has(finding.rule)) continue;
    byId.set(finding.rule, { ...finding, id: finding.rule, description: finding.title });
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function descriptor(rule: Catalogued): Record<string, unknown> {
  const title = cap(rule.title, LIMITS.title);
  const description = cap(rule.description || rule.title, LIMITS.message);
  const remediation = cap(rule.remediation, LIMITS.message);
  const addresses = rule.references.map(webAddress).filter((address) => address !== null);
  return {
    id: ruleId(rule.id),
    name: visible(cap(rule.id, LIMITS.name)).replace(
      /(?:^|[^\p{L}\p{N}]+)(\p{L}|\p{N})/gu,
      (_all, letter: string) => letter.toUpperCase(),
    ),
    shortDescription: { text: sarif(title) },
    fullDescription: { text: sarif(description) },
    help: {
      text: sarif([description, remediation, ...addresses].filter((part) => part !== '').join('\n')),
      markdown: [
        markdown(description),
        ...(remediation === '' ? [] : [`**What to do:** ${markdown(remediation)}`]),
        ...addresses.map((address) => `- ${markdownLink(address)}`),
      ].join('\n\n'),
    },
    ...(addresses[0] === undefined ? {} : { helpUri: addresses[0] }),
    defaultConfiguration: { level: LEVELS[rule.level] },
    properties: {
      tags: ['security', 'mcp', visible(cap(area(rule.id), LIMITS.name))],
      precision: 'high',
      'problem.severity':
        rule.level === 'deny' ? 'error' : rule.level === 'warn' ? 'warning' : 'recommendation',
      'security-severity': SCORES[rule.severity],
    },
  };
}

function results(findings: readonly PlacedFinding[], indices: ReadonlyMap<string, number>): unknown[] {
  const seen = new Map<string, number>();
  return findings.map((placed) => {
    const subject = JSON.stringify([placed.finding.rule, placed.server, placed.finding.at]);
    const ordinal = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, ordinal);
    return result(placed, indices.get(placed.finding.rule) ?? -1, `${digest(subject)}:${ordinal}`);
  });
}

function result({ server, finding }: PlacedFinding, ruleIndex: number, fingerprint: string): unknown {
  const name = visible(cap(server, LIMITS.name));
  const text =
    sarif(cap(finding.message, LIMITS.message)) || sarif(cap(finding.title, LIMITS.title)) || 'No message.';
  return {
    ruleId: ruleId(finding.rule),
    ruleIndex,
    level: LEVELS[finding.level],
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(cap(finding.location.file, LIMITS.path)), uriBaseId: '%SRCROOT%' },
          region: { startLine: finding.location.line, startColumn: finding.location.column },
        },
        logicalLocations: [{ name, kind: 'module' }],
      },
    ],
    // GitHub tracks an alert by the first alone; the second is for everybody else.
    partialFingerprints: { primaryLocationLineHash: fingerprint, 'mcpGateSubject/v1': fingerprint },
    suppressions: finding.waiver === null ? [] : [suppression(finding.waiver)],
    properties: {
      server: name,
      evidence: finding.evidence.slice(0, 100).map((id) => visible(cap(id, LIMITS.name))),
    },
  };
}

function suppression(waiver: NonNullable<PlacedFinding['finding']['waiver']>): unknown {
  const text = cap(waiverWords(waiver), LIMITS.message);
  return { kind: 'external', status: 'accepted', justification: visible(text) };
}

function notifications(report: Report, findings: number): unknown[] {
  const hidden = findings - SARIF_RESULTS;
  return [
    ...report.servers.flatMap(serverNotifications),
    ...(hidden > 0
      ? [notification('results-left-out', 'warning', `${count(hidden, 'more finding')}: see the report.`, [])]
      : []),
  ];
}

function serverNotifications(server: ServerReport): unknown[] {
  const where = [
    {
      physicalLocation: {
        artifactLocation: { uri: uri(cap(server.manifest, LIMITS.path)), uriBaseId: '%SRCROOT%' },
      },
    },
  ];
  const name = cap(server.name, LIMITS.name);
  const unsettled = server.decision === 'undecided' || server.indecisions.length > 0;
  const reasons = unsettled ? openReasons(server) : [];
  if (reasons.length === 0 && server.decision === 'undecided') {
    reasons.push({ code: 'undecided', message: 'no reason was given' });
  }
  return reasons.map(({ code, message }) =>
    notification(code, 'error', `${name}: ${cap(message, LIMITS.message)}`, where),
  );
}

function notification(id: string, level: 'error' | 'warning', text: string, locations: unknown[]): unknown {
  return {
    descriptor: { id: visible(cap(id, LIMITS.name)) },
    level,
    message: { text: sarif(text) },
    ...(locations.length === 0 ? {} : { locations }),
  };
}

function ruleId(id: string): string {
  return visible(cap(id, LIMITS.name));
}

/** A path relative to the checkout as a URI reference: forward slashes, everything else encoded. */
function uri(file: string): string {
  const path = file
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/u, '')
    .replace(/\p{Cs}/gu, '\ufffd');
  return path.split('/').map(encodeURIComponent).join('/');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}
