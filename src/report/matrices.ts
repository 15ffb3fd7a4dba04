/** Facts as tables for the job summary: which revision was asked for and what came back, what each attempt met. */
import { cap, markdown, markdownCode } from './escape.js';
import { LIMITS, revisionRank } from './phrases.js';
import type { ServerReport } from './report.js';
import { table } from './table.js';

const ROWS = 100;

type Facts = NonNullable<ServerReport['facts']>;
type Protocol = NonNullable<Facts['protocol']>;
type Transport = NonNullable<Facts['transport']>;

/** Revision × answer, known revisions first and oldest first; null where nothing was asked. */
export function protocolMatrix(server: ServerReport): string | null {
  const protocol = server.facts?.protocol;
  if (protocol === null || protocol === undefined) return null;
  const rows = [...initializeRows(protocol), ...discoverRows(protocol), ...inlineRows(protocol)];
  return rows.length === 0 ? null : capped(['Asked for', 'By', 'Outcome', 'Answered', 'Evidence'], rows);
}

function initializeRows({ initialize }: Protocol): string[][] {
  const rank = (attempt: (typeof initialize)[number]): number =>
    typeof attempt.requested === 'string' ? revisionRank(attempt.requested) : Number.POSITIVE_INFINITY;
  return initialize
    .map((attempt, index) => ({ attempt, index }))
    .sort((a, b) => compare(rank(a.attempt), rank(b.attempt)) || a.index - b.index)
    .map(({ attempt }) => [
      requested(attempt.requested),
      markdownCode('initialize'),
      outcome(attempt),
      attempt.answered === null ? '' : code(attempt.answered),
      evidence(attempt),
    ]);
}

function discoverRows({ discover }: Protocol): string[][] {
  if (discover === null) return [];
  const versions = discover.supportedVersions.slice(0, 20).map(code).join(' ');
  return [['', markdownCode('server/discover'), outcome(discover), versions, evidence(discover)]];
}

function inlineRows({ inline }: Protocol): string[][] {
  return inline.map((request) => [
    code(request.requested),
    `${markdownCode('_meta')} (${request.case})`,
    outcome(request),
    request.supported.slice(0, 20).map(code).join(' '),
    evidence(request),
  ]);
}

/** What each attempt on the transport met; null where nothing was tried. */
export function transportTable(server: ServerReport): string | null {
  const transport = server.facts?.transport;
  if (transport === null || transport === undefined) return null;
  const rows = [...httpRows(transport), ...stdioRows(transport), ...commonRows(transport)];
  return rows.length === 0 ? null : capped(['Attempt', 'Where', 'Outcome', 'Evidence'], rows);
}

function httpRows({ http }: Transport): string[][] {
  if (http === null) return [];
  return [
    ...http.foreignRequests.map((one) => [
      `${one.case} · ${one.operation}${withToken(one)}`,
      code(one.face),
      outcome(one),
      evidence(one),
    ]),
    ...http.crossSitePosts.map((one) => [
      `cross-site POST ${code(one.contentType)}${withToken(one)}`,
      code(one.face),
      outcome(one),
      evidence(one),
    ]),
    ...http.cors.map((one) => [
      `CORS ${one.method}`,
      code(one.face),
      one.allowOrigin === null
        ? 'no permission'
        : `allows ${code(one.allowOrigin)}${one.allowCredentials ? ' with credentials' : ''}`,
      evidence(one),
    ]),
    [
      'deprecated HTTP+SSE',
      http.deprecatedSse.path === null ? '' : code(http.deprecatedSse.path),
      http.deprecatedSse.offered ? 'offered' : 'not offered',
      evidence(http.deprecatedSse),
    ],
  ];
}

function stdioRows({ stdio }: Transport): string[][] {
  if (stdio === null) return [];
  return [
    ['noise on stdout', 'stdio', `${stdio.noise.lines} lines`, evidence(stdio.noise)],
    ['closed stdin', 'stdio', stdio.exitOnEof.exited ? 'exits' : 'does not exit', evidence(stdio.exitOnEof)],
  ];
}

function commonRows({ batches, crashes }: Transport): string[][] {
  return [
    ...batches.map((one) => [
      `batch${one.allowed ? '' : ' (forbidden)'}`,
      code(one.revision),
      outcome(one),
      evidence(one),
    ]),
    ...crashes.map((one) => [
      'crash',
      code(one.experiment),
      one.signal === null ? `exit code ${one.exitCode ?? 'unknown'}` : markdown(cap(one.signal, LIMITS.name)),
      evidence(one),
    ]),
  ];
}

function evidence(one: { readonly evidence: readonly string[] }): string {
  return markdown(cap(one.evidence.join(', '), LIMITS.name));
}

function withToken(attempt: { readonly authenticated: boolean }): string {
  return attempt.authenticated ? ' (with a token)' : '';
}

function outcome(one: {
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly errorCode?: number | null;
}): string {
  const numbers = [
    ...(one.httpStatus === null ? [] : [`HTTP ${one.httpStatus}`]),
    ...(typeof one.errorCode === 'number' ? [String(one.errorCode)] : []),
  ];
  return numbers.length === 0 ? one.outcome : `${one.outcome} (${numbers.join(', ')})`;
}

function requested(value: string | number | null): string {
  if (value === null) return 'nothing';
  return value === '' ? 'empty string' : code(String(value));
}

function code(text: string): string {
  return markdownCode(cap(text, LIMITS.name));
}

function capped(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const more = rows.length - ROWS;
  return table(head, rows.slice(0, ROWS)) + (more > 0 ? `\n\n… and ${more} more rows` : '');
}

function compare(a: number, b: number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
