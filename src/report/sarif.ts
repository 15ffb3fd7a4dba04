/** SARIF 2.1.0 for code scanning: every rule that was evaluated, each finding on its manifest line, stable fingerprints. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Rule } from '../policy/verdict.js';
import { cap, json, markdown, markdownLink, sarif, visible, webAddress } from './escape.js';
import { exitCode } from './exitCode.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import { area, count, LIMITS, openReasons, place, waiverWords } from './phrases.js';
import type { Report, ReportFinding, ServerReport } from './report.js';

/** GitHub shows the worst 5,000 results of a run and refuses more than 25,000. */
export const SARIF_RESULTS = 5_000;
/** Bytes. GitHub refuses a log of more than 10 MB, compressed with gzip. */
export const SARIF_COMPRESSED = 9_500_000;
/** Characters of a description, and of a rule's name and id, that GitHub takes. */
const GITHUB_TEXT = 1_024;
const GITHUB_NAME = 255;

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
  let kept = SARIF_RESULTS;
  for (;;) {
    const log = `${json(JSON.stringify(logOf(report, rules, kept), null, 2))}\n`;
    // Compressing never makes a log noticeably longer, so a short one need not be tried.
    const size = log.length * 3 <= SARIF_COMPRESSED ? 0 : gzipSync(log).length;
    if (size <= SARIF_COMPRESSED || kept === 0) return log;
    kept = Math.floor(Math.min(kept * 0.9, (kept * SARIF_COMPRESSED) / size));
  }
}

function logOf(report: Report, rules: readonly Rule[], kept: number): unknown {
  const findings = sortedFindings(report.servers);
  const catalogue = catalogueOf(findings, rules);
  const indices = new Map(catalogue.map((rule, index) => [rule.id, index]));
  const manifests = new Map(report.servers.map((server) => [server.name, server.manifest]));
  const run = {
    tool: {
      driver: {
        name: 'mcp-gate',
        version: visible(cap(report.gate.version, LIMITS.name)),
        rules: catalogue.map(descriptor),
      },
    },
    // One category for the run, not one for each server: a run without a server closes that server's alerts.
    // No automationDetails: an id here would win over the category of the upload, and jobs of a matrix would replace each other.
    originalUriBaseIds: { '%SRCROOT%': { description: { text: 'The root of the checkout.' } } },
    invocations: [
      {
        // What is left open counts here also where a denial decides the exit code: audit mode looks past denials.
        executionSuccessful: exitCode({ ...report, mode: 'audit' }) !== 3,
        exitCode: exitCode(report),
        toolExecutionNotifications: notifications(report, findings.length - kept),
      },
    ],
    columnKind: 'utf16CodeUnits',
    results: results(findings.slice(0, kept), indices, manifests),
    properties: { decision: report.decision, mode: report.mode, policyDigest: report.policy.digest },
  };
  return { $schema: SCHEMA, version: '2.1.0', runs: [run] };
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
    name: ruleId(rule.id).replace(/(?:^|[^\p{L}\p{N}]+)(\p{L}|\p{N})/gu, (_all, letter: string) =>
      letter.toUpperCase(),
    ),
    shortDescription: { text: within(GITHUB_TEXT, title, sarif) || ruleId(rule.id) },
    fullDescription: { text: within(GITHUB_TEXT, description, sarif) || ruleId(rule.id) },
    help: {
      text:
        sarif([description, remediation, ...addresses].filter((part) => part !== '').join('\n')) ||
        ruleId(rule.id),
      markdown: [
        markdown(description),
        ...(remediation === '' ? [] : [`**What to do:** ${markdown(remediation)}`]),
        ...addresses.map((address) => `- ${markdownLink(address)}`),
      ].join('\n\n'),
    },
    ...(addresses[0] === undefined ? {} : { helpUri: addresses[0] }),
    defaultConfiguration: { level: LEVELS[rule.level] },
    properties: {
      tags: ['security', 'mcp', within(GITHUB_NAME, cap(area(rule.id), LIMITS.name), visible)],
      precision: 'high',
      'problem.severity':
        rule.level === 'deny' ? 'error' : rule.level === 'warn' ? 'warning' : 'recommendation',
      'security-severity': SCORES[rule.severity],
    },
  };
}

function results(
  findings: readonly PlacedFinding[],
  indices: ReadonlyMap<string, number>,
  manifests: ReadonlyMap<string, string>,
): unknown[] {
  const seen = new Map<string, number>();
  return findings.map((placed) => {
    const subject = JSON.stringify([placed.finding.rule, placed.server, placed.finding.at]);
    const ordinal = (seen.get(subject) ?? 0) + 1;
    seen.set(subject, ordinal);
    const anchor = anchorOf(placed.finding.location, manifests.get(placed.server) ?? '');
    return result(placed, anchor, indices.get(placed.finding.rule) ?? -1, `${digest(subject)}:${ordinal}`);
  });
}

interface Anchor {
  readonly location: ReportFinding['location'];
  /** What has to be said in words, because code scanning cannot show the file; else empty. */
  readonly aside: string;
}

/** Code scanning shows files of the checkout only: what is about another one stands on the manifest and says where. */
function anchorOf(location: ReportFinding['location'], manifest: string): Anchor {
  if (isInside(location.file) || !isInside(manifest)) return { location, aside: '' };
  return { location: { file: manifest, line: 1, column: 1 }, aside: ` (${place(location)})` };
}

function isInside(file: string): boolean {
  const path = posix.normalize(file.replaceAll('\\', '/'));
  return file !== '' && !/^(?:\/|[A-Za-z]:|\.\.(?:\/|$))/u.test(path);
}

function result(
  { server, finding }: PlacedFinding,
  { location, aside }: Anchor,
  ruleIndex: number,
  fingerprint: string,
): unknown {
  const name = visible(cap(server, LIMITS.name));
  const message =
    sarif(cap(finding.message, LIMITS.message)) || sarif(cap(finding.title, LIMITS.title)) || 'No message.';
  const text = `${message}${sarif(cap(aside, LIMITS.path))}`;
  return {
    ruleId: ruleId(finding.rule),
    ruleIndex,
    level: LEVELS[finding.level],
    message: { text },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uri(cap(location.file, LIMITS.path)), uriBaseId: '%SRCROOT%' },
          region: { startLine: location.line, startColumn: location.column, endLine: location.line },
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
  const { owner, expires, ticket } = waiver;
  const said = Object.entries({ owner, expires, ...(ticket === null ? {} : { ticket }) });
  return {
    kind: 'external',
    status: 'accepted',
    justification: visible(text),
    properties: Object.fromEntries(said.map(([key, value]) => [key, visible(cap(value, LIMITS.title))])),
  };
}

function notifications(report: Report, hidden: number): unknown[] {
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
  return within(GITHUB_NAME, cap(id, LIMITS.name), visible) || 'unnamed';
}

/** Escapes what fits into `limit` characters; escaping makes hostile text up to ten times as long. */
function within(limit: number, text: string, escaping: (text: string) => string): string {
  const escaped = escaping(cap(text, limit - 40));
  return escaped.length <= limit ? escaped : escaping(cap(text, Math.floor(limit / 10) - 4));
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
