/** Who got what of somebody else's: principal × operation, as tables for the job summary. */
import { cap, markdown, markdownCode } from './escape.js';
import { sortedFindings } from './order.js';
import { LEVEL_MARKS, LIMITS } from './phrases.js';
import type { ServerReport } from './report.js';
import { table } from './table.js';

const ROWS = 100;

type Facts = NonNullable<ServerReport['facts']>;
type Session = NonNullable<Facts['session']>;
type Tasks = NonNullable<Facts['tasks']>;

/** One attempt, at its place in a table. `column` and `detail` are our own words; the rest was named elsewhere. */
interface Attempt {
  readonly table: string;
  readonly principal: string;
  readonly standing: string;
  readonly column: string;
  readonly outcome: string;
  readonly httpStatus: number | null;
  readonly errorCode?: number | null;
  readonly detail?: string;
  readonly evidence: readonly string[];
}

/** What others got in the owner's session, of handles and of `requestState`; null where nobody tried. */
export function sessionMatrices(server: ServerReport): string | null {
  const session = server.facts?.session;
  if (session === null || session === undefined) return null;
  return joined([
    ...matrices(server, [...sessionAttempts(session), ...handleAttempts(session)]),
    stateTable(server, session),
    skipped(session.notTried),
  ]);
}

/** What others got of the owner's tasks; null where nobody tried. */
export function taskMatrices(server: ServerReport): string | null {
  const tasks = server.facts?.tasks;
  if (tasks === null || tasks === undefined) return null;
  return joined([...matrices(server, taskAttempts(tasks)), skipped(tasks.notTried)]);
}

function sessionAttempts({ attempts }: Session): Attempt[] {
  return attempts.map((one) => ({
    ...one,
    table: `The owner's session at ${code(one.face)}`,
    column: one.operation,
    detail: [
      ...(one.servedAs === null ? [] : [`as ${one.servedAs}`]),
      ...(one.sessionLost ? ['session lost'] : []),
    ].join(', '),
  }));
}

function handleAttempts({ handles }: Session): Attempt[] {
  return handles.map((one) => ({ ...one, table: "The owner's handles", column: `from ${code(one.tool)}` }));
}

function taskAttempts({ attempts, listings }: Tasks): Attempt[] {
  return [
    ...attempts.map((one) => ({
      ...one,
      table: `The owner's tasks of ${code(one.tool)}, ${one.era} era`,
      column: one.operation,
    })),
    ...listings.map((one) => ({
      ...one,
      table: 'The list of tasks',
      column: 'list',
      detail: one.shows ? "shows the owner's" : 'shows none of them',
    })),
  ];
}

/** A table for each name of one; principals who met the same share a row. */
function matrices(server: ServerReport, attempts: readonly Attempt[]): string[] {
  const names = [...new Set(attempts.map((one) => one.table))];
  return names.slice(0, ROWS).map((name) => {
    const own = attempts.filter((one) => one.table === name);
    return `**${name}**\n\n${matrix(server, own)}`;
  });
}

function matrix(server: ServerReport, attempts: readonly Attempt[]): string {
  const columns = [...new Set(attempts.map(({ column }) => column))].slice(0, 20);
  const marks = marksOf(server);
  const rows = new Map<string, { readonly people: string[]; readonly cells: readonly string[] }>();
  for (const principal of new Set(attempts.map((one) => one.principal))) {
    const own = attempts.filter((one) => one.principal === principal);
    const standing = own[0]?.standing ?? '';
    const cells = [
      standing.replaceAll('-', ' '),
      ...columns.map((column) =>
        cell(
          own.filter((one) => one.column === column),
          marks,
        ),
      ),
    ];
    const key = cells.join(' | ');
    const row = rows.get(key) ?? { people: [], cells };
    row.people.push(code(principal));
    rows.set(key, row);
  }
  const shown = [...rows.values()].slice(0, ROWS).map(({ people, cells }) => [people.join(' '), ...cells]);
  return table(['Who', 'Is', ...columns], shown);
}

function cell(attempts: readonly Attempt[], marks: ReadonlyMap<string, string>): string {
  return [...new Set(attempts.map((one) => attemptWords(one, marks)))].join('<br>');
}

function attemptWords(one: Attempt, marks: ReadonlyMap<string, string>): string {
  const mark = one.evidence.map((id) => marks.get(id)).find((found) => found !== undefined);
  const accepted = one.outcome === 'accepted';
  const numbers = [one.httpStatus, one.errorCode].filter((number) => typeof number === 'number');
  return [
    ...(mark === undefined || !accepted ? [] : [mark]),
    accepted ? '**accepted**' : one.outcome,
    ...(numbers.length === 0 ? [] : [numbers.join(', ')]),
    ...(one.detail === undefined || one.detail === '' ? [] : [`(${one.detail})`]),
  ].join(' ');
}

/** The mark of the worst finding that names an exchange: whether something accepted is wrong, findings say. */
function marksOf(server: ServerReport): ReadonlyMap<string, string> {
  const marks = new Map<string, string>();
  for (const { finding } of sortedFindings([server]).filter((one) => one.finding.waiver === null)) {
    for (const id of finding.evidence) marks.set(id, marks.get(id) ?? LEVEL_MARKS[finding.level]);
  }
  return marks;
}

function stateTable(server: ServerReport, { modern }: Session): string | null {
  const states = (modern?.requestStates ?? []).filter(({ cases }) => cases.length > 0).slice(0, ROWS);
  if (states.length === 0) return null;
  const columns = [...new Set(states.flatMap(({ cases }) => cases.map((one) => one.case)))];
  const marks = marksOf(server);
  const rows = states.map(({ tool, cases }) => [
    code(tool),
    ...columns.map((column) =>
      cell(
        cases
          .filter((one) => one.case === column)
          .map((one) => ({ ...one, table: '', principal: '', standing: '', column, detail: '' })),
        marks,
      ),
    ),
  ]);
  return `**\`requestState\` in other hands, or changed**\n\n${table(['Tool', ...columns], rows)}`;
}

function skipped(notTried: readonly { readonly what: string; readonly reason: string }[]): string | null {
  if (notTried.length === 0) return null;
  const items = notTried
    .slice(0, 20)
    .map(({ what, reason }) => `- ${code(what)}: ${markdown(cap(reason, LIMITS.message))}`);
  return `Nothing to try:\n\n${items.join('\n')}`;
}

function joined(parts: readonly (string | null)[]): string | null {
  const given = parts.filter((part) => part !== null);
  return given.length === 0 ? null : given.join('\n\n');
}

function code(text: string): string {
  return markdownCode(cap(text, LIMITS.name));
}
