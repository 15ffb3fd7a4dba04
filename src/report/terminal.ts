/** The report as a person reads it in a terminal or a job log: worst first, each finding with its line and what to do. */
import { cap, guardCommands, terminal, terminalLines } from './escape.js';
import { exitCodeMeaning } from './exitCode.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import { type Paint, painter, type Style, wrap } from './paint.js';
import {
  count,
  DECISION_WORDS,
  duration,
  environmentWords,
  gapGroups,
  LIMITS,
  nothingFound,
  place,
  protocolLine,
  STATUS_WORDS,
  serverWords,
  tallyWords,
  tellingOutput,
  untried,
  waiverTerms,
} from './phrases.js';
import type { Report, ServerReport } from './report.js';
import { reviewNotes } from './review.js';
import { tallyReport } from './tally.js';

export interface TerminalOptions {
  /** Whether to write SGR colour codes. False leaves no escape code at all. */
  readonly color: boolean;
  /** Columns of the terminal; kept between 40 and 120. */
  readonly width: number;
  /** What the exit code means; undefined: what the report's own does. */
  readonly meaning?: string | undefined;
}

const NOTES = 50;

interface Pen {
  readonly paint: Paint;
  readonly width: number;
}

const MARKS = { allow: '✓', deny: '✗', undecided: '?' } as const;
const DECISION_STYLES: Readonly<Record<Report['decision'], Style>> = {
  allow: 'green',
  deny: 'red',
  undecided: 'yellow',
};
const LEVEL_STYLES: Readonly<Record<'deny' | 'warn' | 'notice', Style>> = {
  deny: 'red',
  warn: 'yellow',
  notice: 'cyan',
};

/** The whole report as text that ends with a line break. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const pen: Pen = { paint: painter(options), width: Math.min(120, Math.max(40, options.width)) };
  const blocks = [
    ...report.servers.map((server) => serverBlock(server, pen)),
    ...review(report, pen),
    totals(report, options.meaning ?? exitCodeMeaning(report), pen),
  ];
  return guardCommands(`${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`);
}

function serverBlock(server: ServerReport, pen: Pen): string[] {
  const findings = sortedFindings([server]);
  return [
    header(server, pen),
    ...environment(server, pen),
    ...protocol(server, pen),
    ...indecisions(server, pen),
    ...findings.flatMap((placed) => ['', ...findingLines(placed, pen)]),
    ...untested(server, pen),
    ...notTried(server, pen),
    ...output(server, pen),
  ];
}

function header(server: ServerReport, { paint }: Pen): string {
  const style = DECISION_STYLES[server.decision];
  const decision = paint(
    `${MARKS[server.decision]} ${DECISION_WORDS[server.decision].toUpperCase()}`,
    'bold',
    style,
  );
  const name = paint(terminal(cap(server.name, LIMITS.name)), 'bold');
  const transport = server.facts === null ? [] : [server.facts.candidate.transport];
  const details = [terminal(cap(server.manifest, LIMITS.path)), ...transport, duration(server.durationMs)];
  return `${decision}  ${name}  ${paint(details.join(' · '), 'dim')}`;
}

function environment(server: ServerReport, { paint }: Pen): string[] {
  const words = environmentWords(server);
  return words === null ? [] : [`  ${paint('environment', 'dim')}  ${terminal(cap(words, LIMITS.title))}`];
}

function protocol(server: ServerReport, { paint }: Pen): string[] {
  const line = protocolLine(server);
  return line === null ? [] : [`  ${paint('protocol', 'dim')}  ${terminal(cap(line, LIMITS.message))}`];
}

function indecisions(server: ServerReport, pen: Pen): string[] {
  if (server.indecisions.length === 0) return [];
  return [
    '',
    `  ${pen.paint('could not be decided', 'bold', 'yellow')}`,
    ...server.indecisions.flatMap(({ code, message }) =>
      prose(`${cap(code, LIMITS.name)}: ${cap(message, LIMITS.message)}`, pen, '    '),
    ),
  ];
}

function findingLines({ finding }: PlacedFinding, pen: Pen): string[] {
  const { paint } = pen;
  const style = LEVEL_STYLES[finding.level];
  const label =
    finding.waiver === null ? finding.level.toUpperCase() : `WAIVED ${finding.level.toUpperCase()}`;
  const where = terminal(cap(place(finding.location), LIMITS.path));
  const title = terminal(cap(finding.title, LIMITS.title));
  return [
    `  ${paint(label, 'bold', finding.waiver === null ? style : 'dim')} ${finding.severity}  ${paint(title, 'bold')}`,
    `    ${where}  ${paint(terminal(cap(finding.rule, LIMITS.name)), style)}`,
    ...prose(cap(finding.message, LIMITS.message), pen, '    '),
    ...labelled('evidence', finding.evidence.join(', '), pen),
    ...labelled('do', finding.remediation, pen),
    ...finding.references.slice(0, 5).flatMap((reference) => labelled('see', reference, pen)),
    ...waiver(finding, pen),
  ];
}

function waiver({ waiver: given }: PlacedFinding['finding'], pen: Pen): string[] {
  if (given === null) return [];
  return labelled('waived', waiverTerms(given), pen);
}

/** `      see  https://…`, with lines that belong together under each other. */
function labelled(label: string, text: string, pen: Pen): string[] {
  if (text.trim() === '') return [];
  const lead = `    ${label.padEnd(9)}`;
  const [first = '', ...rest] = prose(cap(text, LIMITS.message), pen, ' '.repeat(lead.length));
  return [`    ${pen.paint(label.padEnd(9), 'dim')}${first.slice(lead.length)}`, ...rest];
}

function notTried(server: ServerReport, pen: Pen): string[] {
  const found = untried(server);
  if (found.length === 0) return [];
  return [
    '',
    `  ${pen.paint('could not be tried here', 'bold')}`,
    ...found.flatMap(({ what, reason }) =>
      prose(`${cap(what.join(', '), LIMITS.message)}: ${cap(reason, LIMITS.message)}`, pen, '    '),
    ),
  ];
}

function untested(server: ServerReport, pen: Pen): string[] {
  const found = gapGroups(server);
  if (found.length === 0) return [];
  return [
    '',
    `  ${pen.paint('not tested', 'bold')}`,
    ...found.flatMap((gap) =>
      prose(
        `${cap(gap.what.join(', '), LIMITS.message)} (${STATUS_WORDS[gap.status]}): ${cap(gap.reason, LIMITS.message)}`,
        pen,
        '    ',
      ),
    ),
  ];
}

function output(server: ServerReport, { paint }: Pen): string[] {
  const text = tellingOutput(server);
  if (text === null) return [];
  const lines = terminalLines(text).map((line) => `  ${paint('│', 'dim')} ${line}`);
  return ['', `  ${paint('its last output', 'bold')}`, ...lines];
}

/** Servers that the change adds or leaves out. */
function review(report: Report, pen: Pen): string[][] {
  const notes = reviewNotes(report);
  if (notes.length === 0) return [];
  const more = notes.length - NOTES;
  return [
    [
      `${pen.paint('against the base', 'bold')}`,
      ...notes
        .slice(0, NOTES)
        .flatMap(({ title, text }) =>
          prose(`${cap(title, LIMITS.title)}: ${cap(text, LIMITS.message)}`, pen, '  '),
        ),
      ...(more > 0 ? [`  … and ${more} more`] : []),
    ],
  ];
}

function totals(report: Report, meaning: string, { paint }: Pen): string[] {
  const findings = tallyReport(report);
  const something = report.servers.some((server) => server.findings.length > 0);
  const audit = report.mode === 'audit' ? ' (audit mode)' : '';
  const decision = paint(DECISION_WORDS[report.decision], 'bold', DECISION_STYLES[report.decision]);
  return [
    something || report.decision !== 'allow'
      ? `${serverWords(report)}: ${tallyWords(findings)}`
      : nothingFound(report),
    `${decision}${audit} · ${meaning}`,
    paint(
      `mcp-gate ${terminal(cap(report.gate.version, LIMITS.name))} · ${count(report.policy.rules, 'rule')} · policy ${report.policy.digest.slice(0, 19)}`,
      'dim',
    ),
  ];
}

/** Text of one or more lines, escaped, broken at the width, behind `indent`. */
function prose(text: string, { width }: Pen, indent: string): string[] {
  return terminalLines(text)
    .flatMap((line) => wrap(line, width - indent.length))
    .map((line) => indent + line);
}
