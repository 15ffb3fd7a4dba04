/** The HTML report: one file that needs nothing else, runs no script but its own, and can be read without any. */
import { createHash } from 'node:crypto';
import { html } from '../escape.js';
import { exitCodeMeaning } from '../exitCode.js';
import type { Proposal } from '../impact/proposal.js';
import { DECISION_WORDS, nothingFound, sentence, serverWords, tallyWords } from '../phrases.js';
import type { Report } from '../report.js';
import { tallyReport } from '../tally.js';
import { evidenceOf } from './evidence.js';
import { findingsSection } from './findings.js';
import { type Block, write } from './group.js';
import { el, type Markup } from './markup.js';
import { policySection, proposalSection, reviewSection } from './policy.js';
import { SCRIPT } from './script.js';
import { decisionBadge, serverSection, serversSection, undecidedSection, waiversSection } from './servers.js';
import { STYLE } from './style.js';

/** What a browser opens without effort, and an artifact viewer without complaint. */
export const HTML_BYTES = 5 * 1024 * 1024;

export interface HtmlOptions {
  readonly maxBytes?: number;
  /** What the policies under review would change. */
  readonly proposal?: Proposal | null;
  /** What the exit code means; undefined: what the report's own does. */
  readonly meaning?: string | undefined;
}

const LEFT_OUT = 'This page was cut to stay within its size. What is missing here is in the JSON report.';

/**
 * The report as one HTML document, at most `maxBytes` of UTF-8, but never less than head, decision and end of the page.
 * Findings come first, evidence last: when a block does not fit, it and all after it are left out, and the page says so
 * at its beginning and at its end.
 */
export function renderHtml(report: Report, options: HtmlOptions = {}): string {
  const title = `MCP deployment gate: ${DECISION_WORDS[report.decision]}`;
  const [head, tail] = [headOf(title), tailOf()];
  const proposal = options.proposal ?? null;
  const opening = openingOf(report, title, { proposal, meaning: options.meaning ?? exitCodeMeaning(report) });
  const room =
    (options.maxBytes ?? HTML_BYTES) - bytes(head, tail, opening.toString(), note(), note(), FRAME);
  const { source, complete } = write(blocksOf(report, proposal), room);
  const notes = complete ? '' : note();
  return `${head}${opening}\n${notes}${FRAME_OPEN}${source}${notes}${FRAME_CLOSE}${tail}`;
}

const FRAME_OPEN = '<main id="content" tabindex="-1">\n';
const FRAME_CLOSE = '</main>\n';
const FRAME = FRAME_OPEN + FRAME_CLOSE;

function* blocksOf(report: Report, proposal: Proposal | null): Generator<Block> {
  const evidence = report.servers.map((server, index) => evidenceOf(server, `s${index + 1}`));
  yield serversSection(report);
  yield* undecidedSection(report);
  yield* reviewSection(report);
  yield* proposalSection(proposal);
  yield* findingsSection(report, evidence);
  yield* waiversSection(report);
  yield policySection(report);
  for (const [index, server] of report.servers.entries()) {
    const own = evidence[index];
    if (own !== undefined) yield serverSection(server, index + 1, own);
  }
}

/** The policy comes before anything that it is about. A digest allows exactly our style and script, and nothing inline. */
function headOf(title: string): string {
  const policy = [
    "default-src 'none'",
    `style-src '${digest(STYLE)}'`,
    `script-src '${digest(SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head>',
    '<meta charset="utf-8" />',
    `<meta http-equiv="Content-Security-Policy" content="${policy}" />`,
    '<meta name="referrer" content="no-referrer" />',
    '<meta name="viewport" content="width=device-width, initial-scale=1" />',
    '<meta name="color-scheme" content="light dark" />',
    `<title>${html(title)}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    '',
  ].join('\n');
}

function tailOf(): string {
  const words = 'Text of servers is shown with invisible characters spelt out; their addresses are no links.';
  return `${el('footer', {}, words)}\n<script>${SCRIPT}</script>\n</body>\n</html>\n`;
}

function digest(source: string): string {
  return `sha256-${createHash('sha256').update(source).digest('base64')}`;
}

function openingOf(
  report: Report,
  title: string,
  { proposal, meaning }: { readonly proposal: Proposal | null; readonly meaning: string },
): Markup {
  const findings = tallyReport(report);
  const something = report.servers.some((server) => server.findings.length > 0);
  const audit = report.mode === 'audit' ? ' (audit mode)' : '';
  const lead =
    something || report.decision !== 'allow'
      ? `${serverWords(report)}: ${tallyWords(findings)}.`
      : nothingFound(report);
  return el(
    'header',
    {},
    el('a', { class: 'skip', href: '#content' }, 'Skip to the report'),
    el('h1', {}, `${title}${audit}`),
    el('button', { id: 'theme', type: 'button', 'aria-pressed': 'false', hidden: '' }, 'Dark mode'),
    el('p', { class: 'lead' }, decisionBadge(report.decision), ` ${lead} ${sentence(meaning)}`),
    contents(report, proposal),
  );
}

/** Names of the sections that there are, in their order. */
function contents(report: Report, proposal: Proposal | null): Markup {
  const findings = report.servers.flatMap((server) => server.findings);
  const sections: readonly (readonly [id: string, name: string, there: boolean])[] = [
    ['servers', 'Servers', true],
    ['undecided', 'Could not be decided', undecidedSection(report).length > 0],
    ['review', 'Against the base', reviewSection(report).length > 0],
    ['proposal', 'Policies under review', proposalSection(proposal).length > 0],
    ['findings', 'Findings', findings.length > 0],
    ['waivers', 'Waivers', findings.some(({ waiver }) => waiver !== null)],
    ['policy', 'Policies', true],
    ['s1', 'Tables and evidence', report.servers.length > 0],
  ];
  const links = sections
    .filter(([, , there]) => there)
    .map(([id, name]) => el('li', {}, el('a', { href: `#${id}` }, name)));
  return el('nav', { 'aria-label': 'Contents' }, el('ul', {}, links));
}

function note(): string {
  return `${el('p', { class: 'do', role: 'note' }, LEFT_OUT)}\n`;
}

function bytes(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
