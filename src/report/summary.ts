/** The job summary: the whole result in GitHub-flavoured Markdown, cut at a boundary before GitHub would drop it. */

import { sessionMatrices, taskMatrices } from './bindingMatrices.js';
import { policyLine, reviewBlocks } from './deciders.js';
import { originTable } from './elicited.js';
import {
  cap,
  guardCommands,
  markdown,
  markdownBlock,
  markdownCode,
  markdownLink,
  markdownMessage,
} from './escape.js';
import { exitCodeMeaning } from './exitCode.js';
import type { Proposal } from './impact/proposal.js';
import { proposalBlocks } from './impact/summary.js';
import { protocolMatrix, transportTable } from './matrices.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import {
  area,
  count,
  DECISION_WORDS,
  duration,
  environmentWords,
  gapGroups,
  LEVEL_MARKS,
  LIMITS,
  nothingFound,
  place,
  protocolLine,
  STATUS_WORDS,
  sentence,
  serverWords,
  tallyWords,
  tellingOutput,
  testedLines,
  untried,
  waiverTerms,
} from './phrases.js';
import type { Report, ReportFinding, ServerReport } from './report.js';
import { decisiveOf, sequenceDiagram, sequenceTable } from './sequence.js';
import { details, table } from './table.js';
import { tally, tallyReport } from './tally.js';

/** Below the 1 MiB at which GitHub drops a summary, with room for what other parts of the step write. */
export const SUMMARY_BYTES = 900 * 1024;

const MARKS = { allow: '✅', deny: '❌', undecided: '❓' } as const;
const SERVERS_IN_TABLE = 200;
/** Diagrams of one server: each is a frame of its own in the browser. */
const DIAGRAMS = 10;
const GAPS_SHOWN = 50;

export interface SummaryOptions {
  readonly maxBytes?: number;
  /** What the policies under review would change. */
  readonly proposal?: Proposal | null;
  /** What the exit code means; undefined: what the report's own does. */
  readonly meaning?: string | undefined;
}

/**
 * The summary as Markdown, at most `maxBytes` of UTF-8. Its blocks are whole tables, findings and headings: when the
 * next one does not fit, it and all after it are left out, and a last line says so.
 */
export function renderSummary(report: Report, options: SummaryOptions = {}): string {
  const blocks = [
    ...opening(report, options.meaning ?? exitCodeMeaning(report)),
    ...reviewBlocks(report),
    ...proposalBlocks(options.proposal ?? null),
    ...report.servers.flatMap((server) => serverBlocks(server)),
    closing(report),
  ];
  return withinLimit(blocks.map(guardCommands), options.maxBytes ?? SUMMARY_BYTES);
}

function withinLimit(blocks: readonly string[], maxBytes: number): string {
  const note =
    '> [!WARNING]\n> The rest was left out to stay within the size of a job summary: see the report.\n';
  const kept: string[] = [];
  let left = maxBytes - size(note);
  for (const block of blocks) {
    const text = `${block}\n\n`;
    left -= size(text);
    if (left < 0) return kept.join('') + note;
    kept.push(text);
  }
  return `${kept.join('').trimEnd()}\n`;
}

function size(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}

function opening(report: Report, meaning: string): string[] {
  const findings = tallyReport(report);
  const something = report.servers.some((server) => server.findings.length > 0);
  const audit = report.mode === 'audit' ? ' (audit mode)' : '';
  return [
    `# ${MARKS[report.decision]} MCP deployment gate: ${DECISION_WORDS[report.decision]}${audit}`,
    something || report.decision !== 'allow'
      ? `${serverWords(report)}: ${tallyWords(findings)} · ${meaning}`
      : `${nothingFound(report)} ${sentence(meaning)}`,
    serverTable(report),
    policyLine(report),
  ];
}

function serverTable(report: Report): string {
  const rows = report.servers.slice(0, SERVERS_IN_TABLE).map((server) => {
    const findings = tally(server.findings);
    return [
      markdownCode(cap(server.name, LIMITS.name)),
      `${MARKS[server.decision]} ${DECISION_WORDS[server.decision]}`,
      String(findings.deny),
      String(findings.warn),
      String(findings.notice),
      String(findings.waived),
      markdownCode(cap(server.manifest, LIMITS.path)),
      duration(server.durationMs),
    ];
  });
  const more = report.servers.length - rows.length;
  const head = ['Server', 'Decision', 'Deny', 'Warn', 'Notice', 'Waived', 'Manifest', 'Time'];
  return table(head, rows) + (more > 0 ? `\n\n… and ${count(more, 'more server')}` : '');
}

function serverBlocks(server: ServerReport): string[] {
  const findings = sortedFindings([server]);
  const areas = [...new Set(findings.map(({ finding }) => area(finding.rule)))];
  const line = protocolLine(server);
  const environment = environmentWords(server);
  return [
    `## ${MARKS[server.decision]} ${markdownCode(cap(server.name, LIMITS.name))}: ${DECISION_WORDS[server.decision]}`,
    ...(environment === null ? [] : [`Environment: ${markdown(cap(environment, LIMITS.title))}`]),
    ...(line === null ? [] : [`Protocol: ${markdown(cap(line, LIMITS.message))}`]),
    ...indecisions(server),
    ...(findings.length === 0 && server.decision === 'allow' ? [nothingFoundIn(server)] : []),
    ...areas.flatMap((name) => areaBlocks(name, findings, server)),
    ...untested(server),
    ...notTried(server),
    ...matrixBlocks(server),
  ];
}

function nothingFoundIn(server: ServerReport): string {
  const lines = testedLines(server).map((line) => `- ${markdown(cap(line, LIMITS.message))}`);
  return `No findings.\n\n${lines.join('\n')}`;
}

/** The tables behind the findings; those that a denial is about are open. */
function matrixBlocks(server: ServerReport): string[] {
  const denied = new Set(server.findings.filter(isDenial).map(({ rule }) => area(rule)));
  const matrices = [
    { about: 'session', title: 'Who got what with the session of another', body: sessionMatrices(server) },
    { about: 'tasks', title: 'Who got what of the tasks of another', body: taskMatrices(server) },
    { about: 'elicitation', title: 'Where users would be sent', body: originTable(server) },
    { about: 'protocol', title: 'How it negotiates', body: protocolMatrix(server) },
    { about: 'transport', title: 'What its transport lets through', body: transportTable(server) },
  ];
  return matrices.flatMap(({ about, title, body }) =>
    details(title, body, denied.has(about) ? 'open' : 'closed'),
  );
}

function indecisions(server: ServerReport): string[] {
  const reasons = server.indecisions.map(
    ({ code, message }) =>
      `- ${markdownCode(cap(code, LIMITS.name))}: ${markdown(cap(message, LIMITS.message))}`,
  );
  const output = tellingOutput(server);
  return [
    ...(reasons.length === 0 ? [] : [`**Could not be decided:**\n\n${reasons.join('\n')}`]),
    ...(output === null ? [] : [`Its last output:\n\n${markdownBlock(output)}`]),
  ];
}

function areaBlocks(name: string, findings: readonly PlacedFinding[], server: ServerReport): string[] {
  const own = findings.filter(({ finding }) => area(finding.rule) === name);
  const drawn = new Set(findings.filter(({ finding }) => isDenial(finding)).slice(0, DIAGRAMS));
  return [
    `### ${markdown(cap(name, LIMITS.name)) || 'other'}`,
    ...own.map((placed) =>
      [findingText(placed), ...evidenceOf(placed.finding, server, drawn.has(placed) ? 'drawn' : 'told')].join(
        '\n\n',
      ),
    ),
  ];
}

function isDenial({ level, waiver }: ReportFinding): boolean {
  return level === 'deny' && waiver === null;
}

/** The decisive exchange: drawn for a denial, and always to be had as text. */
function evidenceOf(finding: ReportFinding, server: ServerReport, how: 'drawn' | 'told'): string[] {
  const decisive = decisiveOf(server, finding);
  if (decisive === null) return [];
  const { steps, more } = decisive;
  const rest = more > 0 ? `\n\n… and ${count(more, 'more exchange')} in the report` : '';
  return [
    ...(how === 'drawn' ? [sequenceDiagram(steps, finding.title)] : []),
    ...details(how === 'drawn' ? 'The same as text' : 'What was seen', sequenceTable(steps) + rest),
  ];
}

function findingText({ finding }: PlacedFinding): string {
  const waived = finding.waiver === null ? '' : 'waived · ';
  const title = markdown(cap(finding.title, LIMITS.title));
  return [
    `#### ${LEVEL_MARKS[finding.level]} ${title}`,
    '',
    [
      `${waived}**${finding.level}** · ${finding.severity}`,
      markdownCode(cap(finding.rule, LIMITS.name)),
      markdownCode(cap(place(finding.location), LIMITS.path)),
      ...(finding.evidence.length === 0
        ? []
        : [`evidence ${markdown(cap(finding.evidence.join(', '), LIMITS.path))}`]),
    ].join(' · '),
    ...paragraph('', finding.message),
    ...paragraph('**What to do:** ', finding.remediation),
    ...references(finding.references),
    ...(finding.waiver === null ? [] : paragraph('**Waived:** ', waiverTerms(finding.waiver))),
  ].join('\n');
}

function paragraph(lead: string, text: string): string[] {
  return text.trim() === '' ? [] : ['', lead + markdownMessage(cap(text, LIMITS.message))];
}

function references(urls: readonly string[]): string[] {
  if (urls.length === 0) return [];
  return [
    '',
    `See ${urls
      .slice(0, 5)
      .map((url) => markdownLink(cap(url, LIMITS.path)))
      .join(' ')}`,
  ];
}

function untested(server: ServerReport): string[] {
  const rows = gapGroups(server)
    .slice(0, SERVERS_IN_TABLE)
    .map((gap) => [
      gap.what
        .slice(0, GAPS_SHOWN)
        .map((what) => markdownCode(cap(what, LIMITS.name)))
        .join(' ') + (gap.what.length > GAPS_SHOWN ? ` and ${gap.what.length - GAPS_SHOWN} more` : ''),
      STATUS_WORDS[gap.status],
      markdown(cap(gap.reason, LIMITS.message)),
    ]);
  return rows.length === 0 ? [] : [`### Not tested\n\n${table(['Experiment', 'Status', 'Reason'], rows)}`];
}

function notTried(server: ServerReport): string[] {
  const rows = untried(server)
    .slice(0, SERVERS_IN_TABLE)
    .map(({ what, reason }) => [
      markdown(cap(what.join(', '), LIMITS.message)),
      markdown(cap(reason, LIMITS.message)),
    ]);
  return rows.length === 0 ? [] : [`### Could not be tried here\n\n${table(['What', 'Reason'], rows)}`];
}

function closing(report: Report): string {
  const version = markdown(cap(report.gate.version, LIMITS.name));
  return `---\n\nmcp-gate ${version} · ${count(report.policy.rules, 'rule')} · policy ${markdownCode(report.policy.digest)}`;
}
