/** The page of the check run: a title of one line and a summary, while the gate runs and when it has ended. */
import { cap, guardCommands, markdown, markdownCode, terminal } from './escape.js';
import { count, DECISION_WORDS, LIMITS, sentence, serverWords, tallyWords } from './phrases.js';
import type { Report } from './report.js';
import { renderSummary } from './summary.js';
import { tallyReport } from './tally.js';

/** Characters of a check run's summary; used as bytes, of which there are never fewer. Source: REST API, "Update a check run". */
export const CHECK_SUMMARY_BYTES = 65_535;

/** Servers shown while the gate runs, the last ones first. */
const SERVERS_SHOWN = 50;

/** Title in plain text, summary in Markdown. */
export interface Page {
  readonly title: string;
  readonly summary: string;
}

/** A run that failed for another reason than its verdict. All text raw. */
export interface FailedRun {
  readonly title: string;
  readonly problems: readonly string[];
  /** The verdict of the policies that decide; left out where nothing was judged. */
  readonly judged?: Report;
}

/** The page of a run with a verdict. */
export function renderCheckRun(report: Report): Page {
  return { title: headline(report), summary: renderSummary(report, { maxBytes: CHECK_SUMMARY_BYTES }) };
}

/** The decision and its counts on one line: `Denied: 2 servers (1 denied, 1 allowed), 3 deny`. Own words only. */
export function headline(report: Report): string {
  const audit = report.mode === 'audit' ? ' (audit mode)' : '';
  const decision = sentence(DECISION_WORDS[report.decision]).slice(0, -1);
  return `${decision}${audit}: ${serverWords(report)}, ${tallyWords(tallyReport(report))}`;
}

/**
 * The page while the gate runs.
 * @param stages what each server is at, by its name, in order of appearance: `start`, a probe, or `judged`
 */
export function renderProgress(stages: ReadonlyMap<string, string>): Page {
  const all = [...stages];
  const judged = all.filter(([, stage]) => stage === 'judged').length;
  const running = all.findLast(([, stage]) => stage !== 'judged');
  const lines = all
    .slice(-SERVERS_SHOWN)
    .reverse()
    .map(([server, stage]) => `- ${markdownCode(cap(server, LIMITS.name))}: ${markdown(stageWords(stage))}`);
  return {
    title: `${running === undefined ? 'Running' : terminal(`Running: ${stageWords(running[1])}`)}, ${count(judged, 'server')} judged`,
    summary: guardCommands(lines.length === 0 ? 'The gate has begun.' : lines.join('\n')),
  };
}

function stageWords(stage: string): string {
  if (stage === 'start') return 'starting the candidate';
  return stage === 'judged' ? 'judged' : `probing ${cap(stage, LIMITS.name)}`;
}

/** The page of such a run: what failed, and whether anything was judged all the same. */
export function renderFailedRun({ title, problems, judged }: FailedRun): Page {
  const lines = problems.slice(0, 20).map((problem) => `- ${markdown(cap(problem, LIMITS.message))}`);
  const more = problems.length > 20 ? [`- … and ${problems.length - 20} more`] : [];
  return {
    title,
    summary: guardCommands(
      [
        `**${markdown(title)}**: ${judged === undefined ? NOTHING_JUDGED : judgedWords(judged)}`,
        '',
        ...lines,
        ...more,
      ]
        .join('\n')
        .trimEnd(),
    ),
  };
}

const NOTHING_JUDGED = 'nothing was judged, so the deployment must not go ahead.';

function judgedWords(report: Report): string {
  return `this must not be merged, whatever the policies of today say of the change. They have judged it. ${headline(report)}.`;
}
