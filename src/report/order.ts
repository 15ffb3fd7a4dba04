/** The one order of findings, so that every output begins with the same worst one and two runs print the same text. */
import type { Report, ReportFinding } from './report.js';

/** A finding together with the server it is about. */
export interface PlacedFinding {
  readonly server: string;
  readonly finding: ReportFinding;
}

const LEVELS = { deny: 0, warn: 1, notice: 2 } as const;
const SEVERITIES = { critical: 0, high: 1, medium: 2, low: 3 } as const;

/**
 * Worst first: what counts before what is waived, then level, severity, rule, server, place, text. Total: two findings
 * compare as equal only when a reader could not tell them apart.
 */
export function compareFindings(a: PlacedFinding, b: PlacedFinding): number {
  const [x, y] = [a.finding, b.finding];
  return (
    Number(x.waiver !== null) - Number(y.waiver !== null) ||
    LEVELS[x.level] - LEVELS[y.level] ||
    SEVERITIES[x.severity] - SEVERITIES[y.severity] ||
    compareText(x.rule, y.rule) ||
    compareText(a.server, b.server) ||
    compareText(x.location.file, y.location.file) ||
    x.location.line - y.location.line ||
    x.location.column - y.location.column ||
    compareText(x.at, y.at) ||
    compareText(x.title, y.title) ||
    compareText(x.message, y.message) ||
    compareText(x.evidence.join(), y.evidence.join())
  );
}

/** All findings of a report, or of one of its servers, worst first. */
export function sortedFindings(servers: Report['servers']): PlacedFinding[] {
  return servers
    .flatMap((server) => server.findings.map((finding) => ({ server: server.name, finding })))
    .sort(compareFindings);
}

/** By UTF-16 units: a locale would sort differently on another machine. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
