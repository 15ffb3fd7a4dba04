/** The job summary: the whole result in GitHub-flavoured Markdown, cut at a boundary before GitHub would drop it. */
import { cap, guardCommands, markdown, markdownBlock, markdownCode, markdownLink } from './escape.js';
import { exitCodeMeaning } from './exitCode.js';
import { protocolMatrix, transportTable } from './matrices.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import {
  area,
  count,
  DECISION_WORDS,
  duration,
  gaps,
  LIMITS,
  nothingFound,
  place,
  protocolLine,
  STATUS_WORDS,
  sentence,
  serverWords,
  tallyWords,
  tellingOutput,
  untried,
} from './phrases.js';
import type { Report, ServerReport } from './report.js';
import { details, table } from './table.js';
import { tally, tallyReport } from './tally.js';

/** Below the 1 MiB at which GitHub drops a summary, with room for what other parts of the step write. */
export const SUMMARY_BYTES = 900 * 1024;

const MARKS = { allow: '✅', deny: '❌', undecided: '❓' } as const;
const LEVEL_MARKS = { deny: '❌', warn: '⚠️', notice: 'ℹ️' } as const;
const SERVERS_IN_TABLE = 200;

/**
 * The summary as Markdown, at most `maxBytes` of UTF-8. Its blocks are whole tables, findings and headings: when the
 * next one does not fit, it and all after it are left out, and a last line says so.
 */
export function renderSummary(report: Report, options: { readonly maxBytes?: number } = {}): string {
  const blocks = [
    ...opening(report),
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

function opening(report: Report): string[] {
  const findings = tallyReport(report);
  const something = report.servers.some((server) => server.findings.length > 0);
  const audit = report.mode === 'audit' ? ' (audit mode)' : '';
  return [
    `# ${MARKS[report.decision]} MCP deployment gate: ${DECISION_WORDS[report.decision]}${audit}`,
    something || report.decision !== 'allow'
      ? `${serverWords(report)}: ${tallyWords(findings)} · ${exitCodeMeaning(report)}`
      : `${nothingFound(report)} ${sentence(exitCodeMeaning(report))}`,
    serverTable(report),
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
  return [
    `## ${MARKS[server.decision]} ${markdownCode(cap(server.name, LIMITS.name))}: ${DECISION_WORDS[server.decision]}`,
    ...(line === null ? [] : [`Protocol: ${markdown(cap(line, LIMITS.message))}`]),
    ...indecisions(server),
    ...(findings.length === 0 && server.decision === 'allow' ? ['No findings.'] : []),
    ...areas.flatMap((name) => areaBlocks(name, findings)),
    ...untested(server),
    ...notTried(server),
    ...details('How it negotiates', protocolMatrix(server)),
    ...details('What its transport lets through', transportTable(server)),
  ];
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

function areaBlocks(name: string, findings: readonly PlacedFinding[]): string[] {
  const own = findings.filter(({ finding }) => area(finding.rule) === name);
  return [`### ${markdown(cap(name, LIMITS.name)) || 'other'}`, ...own.map(findingBlock)];
}

function findingBlock({ finding }: PlacedFinding): string {
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
    ...(finding.waiver === null
      ? []
      : paragraph(
          '**Waived:** ',
          `by ${finding.waiver.owner} until ${finding.waiver.expires}: ${finding.waiver.reason}`,
        )),
  ].join('\n');
}

function paragraph(lead: string, text: string): string[] {
  return text.trim() === '' ? [] : ['', lead + markdown(cap(text, LIMITS.message))];
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
  const rows = gaps(server)
    .slice(0, SERVERS_IN_TABLE)
    .map((gap) => [
      markdownCode(cap(gap.what, LIMITS.name)),
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
