/** Who got what of somebody else's: sessions, handles, `requestState`, tasks. */
import type { ServerReport } from '../report.js';
import { type Entry, type Grid, own, sent } from './grid.js';
import { outcome } from './outcome.js';

type Facts = NonNullable<ServerReport['facts']>;
type Session = NonNullable<Facts['session']>;
type Tasks = NonNullable<Facts['tasks']>;

/** The owner's session first, then what it was worth to hold something of the owner's. */
export function sessionGrids(session: Session): Grid[] {
  return [binding(session), handles(session), states(session)];
}

const OPERATIONS = ['request', 'call', 'notification', 'stream', 'resume', 'delete', 'response'] as const;

/** Who tried (a row for each route) × what they did with the owner's session. */
function binding({ attempts, principals, authenticated }: Session): Grid {
  const operations = OPERATIONS.filter((name) => attempts.some((one) => one.operation === name));
  const known = new Map(principals.map(({ name, standing }) => [name, standing]));
  for (const one of attempts) known.set(one.principal, one.standing);
  const faces = [...new Set(attempts.map((one) => one.face))];
  const rows = [...known].flatMap(([principal, standing]) =>
    faces
      .map((face) => attempts.filter((one) => one.principal === principal && one.face === face))
      .filter((tried) => tried.length > 0)
      .map((tried) => [
        [sent(principal)],
        [own(standing.replaceAll('-', ' '))],
        ...(faces.length > 1 ? [[sent(tried[0]?.face ?? '')]] : []),
        ...operations.map((operation) =>
          tried
            .filter((one) => one.operation === operation)
            .map(attempted)
            .concat(untried(tried, operation)),
        ),
      ]),
  );
  return {
    title: "Session binding: who got what in the owner's session",
    note: authenticated
      ? 'Accepted: a result, a stream or an effect came back. Whether that is wrong, findings say: their marks stand beside it.'
      : 'Requests need no token here, so nobody is another principal.',
    head: ['Principal', 'Is', ...(faces.length > 1 ? ['Route'] : []), ...operations],
    rows,
  };
}

function attempted(one: Session['attempts'][number]): Entry {
  const entry = outcome(one);
  const more = [
    ...(one.servedAs === null ? [] : [`served as ${one.servedAs}`]),
    ...(one.sessionLost ? ["the owner's session was lost"] : []),
  ];
  return { ...entry, text: [entry.text, ...more].join(', ') };
}

function untried(tried: Session['attempts'], operation: string): Entry[] {
  return tried.some((one) => one.operation === operation) ? [] : [own('not tried')];
}

function handles({ handles: attempts }: Session): Grid {
  return {
    title: 'Handles in other hands',
    note: null,
    head: ['Minted by', 'Principal', 'Is', 'Outcome'],
    rows: attempts.map((one) => [
      [sent(one.tool)],
      [sent(one.principal)],
      [own(one.standing.replaceAll('-', ' '))],
      [outcome(one)],
    ]),
  };
}

function states({ modern }: Session): Grid {
  const tried = (modern?.requestStates ?? []).filter(({ cases }) => cases.length > 0);
  const columns = [...new Set(tried.flatMap(({ cases }) => cases.map((one) => one.case)))];
  return {
    title: 'requestState in other hands, or changed',
    note: null,
    head: ['Tool', ...columns],
    rows: tried.map(({ tool, cases }) => [
      [sent(tool)],
      ...columns.map((column) => cases.filter((one) => one.case === column).map(outcome)),
    ]),
  };
}

/** Who got what of the owner's tasks. */
export function taskGrid({ attempts, listings }: Tasks): Grid {
  return {
    title: 'Tasks in other hands',
    note: null,
    head: ['Principal', 'Is', 'Operation', 'Tool', 'Outcome'],
    rows: [
      ...attempts.map((one) => [
        [sent(one.principal)],
        [own(one.standing.replaceAll('-', ' '))],
        [own(`${one.operation} (${one.era})`)],
        [sent(one.tool)],
        [outcome(one)],
      ]),
      ...listings.map((one) => [
        [sent(one.principal)],
        [own(one.standing.replaceAll('-', ' '))],
        [own('list (legacy)')],
        [],
        [outcome(one), own(one.shows ? "shows the owner's task" : "does not show the owner's task")],
      ]),
    ],
  };
}
