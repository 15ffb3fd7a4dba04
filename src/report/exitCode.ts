/** The exit code of a run: a function of the report alone, so that no output format can change it. */
import type { Report, ServerReport } from './report.js';

/** 0 allowed, 1 denied, 3 undecided. Code 2, the user's mistake, never has a verdict and is the entry's. */
export type ExitCode = 0 | 1 | 3;

/**
 * The exit code a report asks for. In audit mode a denial does not block, but what could not be judged still does, also
 * where a denial of the same run would have hidden it.
 */
export function exitCode(report: Pick<Report, 'decision' | 'mode' | 'servers'>): ExitCode {
  switch (report.decision) {
    case 'undecided':
      return 3;
    case 'deny':
      if (report.mode === 'enforce') return 1;
      return report.servers.some(leftOpen) ? 3 : 0;
    case 'allow':
      return report.servers.length > 0 && report.servers.every(allowed) ? 0 : 3;
  }
}

function leftOpen(server: ServerReport): boolean {
  return server.decision === 'undecided' || server.indecisions.length > 0;
}

function allowed(server: ServerReport): boolean {
  return server.decision === 'allow' && server.indecisions.length === 0;
}

/** Of a run whose verdict stands, but whose edited policies do not compile, or fail their tests. */
export const UNUSABLE = 'exit code 2: the edited policies cannot be used, so the change must not be merged';

/** What an exit code means, for the last line of a report. */
export function exitCodeMeaning(report: Report): string {
  const code = exitCode(report);
  switch (code) {
    case 0:
      return report.decision === 'deny'
        ? 'exit code 0: audit mode reports and does not block'
        : 'exit code 0: the deployment may go ahead';
    case 1:
      return 'exit code 1: the deployment must not go ahead';
    case 3:
      return 'exit code 3: something could not be judged, so the deployment must not go ahead';
  }
}
