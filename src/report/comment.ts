/** The comment on a pull request: the job summary once more, folded away when there is nothing to do. */
import { type FailedRun, headline, renderFailedRun } from './checkRun.js';
import { markdownCode, markdownLink } from './escape.js';
import type { Report } from './report.js';
import { renderSummary } from './summary.js';

/** Characters of a comment; used as bytes, of which there are never fewer. Source: GitHub's "maximum is 65536 characters". */
export const COMMENT_BYTES = 65_536;

/** What a comment is about, because it outlives the commit that was judged. */
export interface Origin {
  readonly commit: string;
  readonly runUrl: string;
}

export interface CommentOptions extends Origin {
  /** Bytes that the marker before the body takes. */
  readonly reserved: number;
}

/** The comment on a run with a verdict, without its marker. */
export function renderComment(report: Report, options: CommentOptions): string {
  const frame = report.decision === 'allow' ? folded(`✅ MCP deployment gate: ${headline(report)}`) : open;
  const room = COMMENT_BYTES - options.reserved - size(framed('', frame, options));
  return framed(renderSummary(report, { maxBytes: room }), frame, options);
}

/** The comment on a run that failed: the comment of an earlier commit must not stand there as if it still held. */
export function renderFailedComment(failed: FailedRun, origin: Origin): string {
  const head =
    failed.judged === undefined ? '❓ MCP deployment gate: undecided' : '❌ MCP deployment gate: failed';
  return framed(`# ${head}\n\n${renderFailedRun(failed).summary}\n`, open, origin);
}

type Frame = (body: string) => string;

function open(body: string): string {
  return body;
}

function folded(summary: string): Frame {
  return (body) => `<details><summary>${summary}</summary>\n\n${body}\n</details>\n`;
}

function framed(body: string, frame: Frame, { commit, runUrl }: Origin): string {
  return `${frame(body)}\nCommit ${markdownCode(commit.slice(0, 12))} · ${markdownLink(runUrl)}\n`;
}

function size(text: string): number {
  return new TextEncoder().encode(text).byteLength;
}
