/** Elicitations beside the findings about them: where users would be sent, and what was said of it. */
import type { ElicitationRequest } from '../facts/elicitation.js';
import { cap, markdown, markdownCode } from './escape.js';
import { compareFindings } from './order.js';
import { area, LIMITS } from './phrases.js';
import type { ReportFinding, ServerReport } from './report.js';
import { table } from './table.js';

const ROWS = 50;

/** The elicitations a finding is about: those it names, or whose exchanges it names. */
export function elicitationsOf(server: ServerReport, finding: ReportFinding): readonly ElicitationRequest[] {
  const requests = server.facts?.elicitation?.requests ?? [];
  return requests.filter((request) => isAbout(finding, request));
}

function isAbout(finding: ReportFinding, request: ElicitationRequest): boolean {
  const named = new Set(finding.evidence);
  if (named.has(request.id)) return true;
  return area(finding.rule) === 'elicitation' && request.evidence.some((id) => named.has(id));
}

/**
 * A row for each origin and mode: tools, and what the findings say of it. Where a URL leads nowhere one can name, the
 * scheme stands for it. Nothing in it is a link. null where nothing was elicited.
 */
export function originTable(server: ServerReport): string | null {
  const requests = server.facts?.elicitation?.requests ?? [];
  if (requests.length === 0) return null;
  const groups = new Map<string, ElicitationRequest[]>();
  for (const request of requests) {
    const key = `${request.mode} ${destination(request)}`;
    groups.set(key, [...(groups.get(key) ?? []), request]);
  }
  const rows = [...groups.values()].slice(0, ROWS).map((group) => rowOf(server, group));
  const more = groups.size - rows.length;
  return (
    table(['Status', 'Users would be sent to', 'Mode', 'Asked by', 'Elicitations'], rows) +
    (more > 0 ? `\n\n… and ${more} more rows` : '')
  );
}

function rowOf(server: ServerReport, group: readonly ElicitationRequest[]): string[] {
  const tools = [...new Set(group.map(({ tool }) => tool))].slice(0, 10);
  const ids = group.map(({ id }) => id);
  const [first] = group;
  return [
    statusOf(server, group),
    first === undefined ? '' : placeWords(first),
    first?.mode ?? '',
    tools.map((tool) => (tool === '' ? 'before any call' : code(tool))).join(' '),
    markdown(cap(ids.join(', '), LIMITS.name)),
  ];
}

function placeWords(request: ElicitationRequest): string {
  if (request.url !== null) return markdownCode(cap(destination(request), LIMITS.path));
  return request.mode === 'form' ? 'nowhere: a form' : 'nowhere';
}

function destination({ url }: ElicitationRequest): string {
  return url === null ? '' : (url.origin ?? `${url.scheme ?? 'no scheme'}:…`);
}

/** The worst that counts decides; waived ones are said, and so is that there was nothing to say. */
function statusOf(server: ServerReport, group: readonly ElicitationRequest[]): string {
  const about = server.findings
    .filter((finding) => group.some((request) => isAbout(finding, request)))
    .map((finding) => ({ server: server.name, finding }))
    .sort(compareFindings)
    .map(({ finding }) => finding);
  const [worst] = about;
  if (worst === undefined) return '✅ allowed';
  const level = about.filter(
    (one) => one.level === worst.level && (one.waiver === null) === (worst.waiver === null),
  );
  const rules = [...new Set(level.map(({ rule }) => rule))].slice(0, 3).map(code).join(' ');
  if (worst.waiver !== null) return `waived: ${rules}`;
  return `${{ deny: '❌ denied', warn: '⚠️ warned', notice: 'ℹ️ noticed' }[worst.level]}: ${rules}`;
}

function code(text: string): string {
  return markdownCode(cap(text, LIMITS.name));
}
