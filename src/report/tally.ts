/** Counts that several outputs print, made in one place so that they cannot disagree. */
import type { Report, ReportFinding } from './report.js';

export interface Tally {
  readonly deny: number;
  readonly warn: number;
  readonly notice: number;
  /** Findings that a waiver covers; counted in none of the others. */
  readonly waived: number;
}

/** How many findings there are at each level. */
export function tally(findings: readonly ReportFinding[]): Tally {
  const counting = findings.filter((finding) => finding.waiver === null);
  const at = (level: ReportFinding['level']): number =>
    counting.filter((finding) => finding.level === level).length;
  return {
    deny: at('deny'),
    warn: at('warn'),
    notice: at('notice'),
    waived: findings.length - counting.length,
  };
}

/** The tally of a whole report. */
export function tallyReport(report: Report): Tally {
  return tally(report.servers.flatMap((server) => server.findings));
}
