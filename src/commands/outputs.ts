/** Writes what a run leaves behind. A file that cannot be written is said aloud and fails the run; it changes no verdict. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Rule } from '../policy/verdict.js';
import { renderAuditLog } from '../report/auditLog.js';
import { renderHtml } from '../report/html/html.js';
import type { Proposal } from '../report/impact/proposal.js';
import { renderJson } from '../report/json.js';
import { renderJunit } from '../report/junit.js';
import type { Report } from '../report/report.js';
import { renderSarif } from '../report/sarif.js';
import { renderSummary } from '../report/summary.js';
import { UsageError } from './failure.js';

/** Paths by output; left out means not wanted. */
export interface OutputFiles {
  readonly report?: string | undefined;
  readonly sarif?: string | undefined;
  readonly summary?: string | undefined;
  readonly junit?: string | undefined;
  readonly html?: string | undefined;
  readonly facts?: string | undefined;
  readonly auditLog?: string | undefined;
}

/** What there is to write of a run. */
export interface Written {
  readonly report: Report;
  /** Every rule that was evaluated. */
  readonly rules: readonly Rule[];
  readonly proposal: Proposal | null;
  /** What the exit code means where it is not the report's own. */
  readonly meaning?: string | undefined;
}

/**
 * Writes all it can, so that one bad path costs no other output.
 * @throws UsageError when a file cannot be written; what a renderer threw before that, a fault of the gate
 */
export async function writeOutputs(
  files: OutputFiles,
  { report, rules, proposal, meaning }: Written,
  cwd: string,
): Promise<void> {
  const renderings: [string | undefined, () => string][] = [
    [files.report, () => renderJson(report)],
    [files.sarif, () => renderSarif(report, rules)],
    [files.summary, () => renderSummary(report, { proposal, meaning })],
    [files.junit, () => renderJunit(report, rules)],
    [files.html, () => renderHtml(report, { proposal, meaning })],
    [files.facts, () => renderFacts(report)],
    [files.auditLog, () => renderAuditLog(report)],
  ];
  const mistakes: UsageError[] = [];
  const faults: unknown[] = [];
  for (const [path, render] of renderings) {
    try {
      if (path !== undefined) await write(resolve(cwd, path), path, render());
    } catch (cause: unknown) {
      if (cause instanceof UsageError) mistakes.push(cause);
      else faults.push(cause);
    }
  }
  if (faults.length > 0) throw faults[0];
  if (mistakes.length > 0) throw new UsageError(mistakes.map(({ message }) => message).join('\n'));
}

/** One server: its facts. Several: a list of them. Both are what `eval --facts` takes. */
function renderFacts(report: Report): string {
  const all = report.servers.map((server) => server.facts);
  return `${JSON.stringify(all.length === 1 ? all[0] : all, null, 2)}\n`;
}

/** Writes one file that was asked for. @throws UsageError when it cannot be written */
export async function write(path: string, asked: string, text: string | Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`expected to write ${asked}, but: ${reason}. Name a path that can be written.`);
  }
}
