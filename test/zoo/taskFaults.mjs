/** Faults of tasks: whose they are, what becomes of them, and how long they are kept. */
import { ALL, HTTP, LEGACY, MODERN, NEGOTIATING, STREAMABLE } from './places.mjs';

/** @typedef {import('./faults.mjs').Fault} Fault */

/** Every server that has tasks is told to correlate its logs by them. */
const ADVERTISED = 'tasks/advertised';
/** @param {string} id @param {string[]} also */
const firing = (id, also = []) => [id, ADVERTISED, ...also];

const others = { transports: HTTP, eras: ALL, authorization: /** @type {const} */ ('oauth') };
const legacy = { transports: NEGOTIATING, eras: LEGACY };
const everywhere = { transports: NEGOTIATING, eras: ALL };

/** @type {Fault[]} */
export const TASK_FAULTS = [
  {
    ...everywhere,
    id: ADVERTISED,
    set: { tasks: 'served' },
    fires: [ADVERTISED],
    why: 'Has tasks, and nothing is wrong with them.',
  },
  ...whose(),
  ...ids(),
  ...courses(),
  ...lives(),
  ...negotiations(),
];

/** @returns {Fault[]} */
function whose() {
  const id = 'tasks/other-principal-access';
  const entry = { ...others, id, fires: firing(id) };
  return [
    {
      ...entry,
      eras: MODERN,
      transports: STREAMABLE,
      set: { tasks: 'unbound' },
      why: 'Looks tasks up by their id, and asks no further.',
    },
    {
      ...entry,
      variant: 'result',
      eras: LEGACY,
      set: { tasks: 'unbound-result' },
      why: 'Asks whose a task is for its state, and not for its result.',
    },
    {
      ...entry,
      variant: 'cancel',
      set: { tasks: 'unbound-cancel' },
      why: 'Lets every user cancel every task.',
    },
    {
      ...others,
      id: 'tasks/list-leaks',
      eras: LEGACY,
      set: { tasks: 'list-leaks' },
      fires: firing('tasks/list-leaks'),
      why: 'Lists the tasks of all users to each.',
    },
    {
      ...others,
      id: 'tasks/list-without-authorization',
      eras: LEGACY,
      set: { authorization: 'none', tasks: 'list-open' },
      fires: firing('tasks/list-without-authorization', ['authorization/none-required']),
      why: 'Lists all tasks to everybody, because it knows nobody.',
    },
  ];
}

/** @returns {Fault[]} */
function ids() {
  const id = 'tasks/weak-id';
  return [{ ...everywhere, id, set: { tasks: 'sequential' }, fires: firing(id), why: 'Counts its tasks.' }];
}

/** @returns {Fault[]} */
function courses() {
  const id = 'tasks/illegal-transition';
  return [
    {
      ...everywhere,
      id,
      set: { tasks: 'revives' },
      fires: firing(id),
      why: 'Completes what was cancelled.',
    },
    {
      ...legacy,
      id,
      variant: 'cancel-ignored',
      set: { tasks: 'cancel-ignored' },
      fires: firing(id),
      why: 'Says that a task is cancelled, and goes on with it.',
    },
    {
      ...legacy,
      id,
      variant: 'cancelled-twice',
      set: { tasks: 'cancels-twice' },
      fires: firing(id),
      why: 'Cancels what has ended.',
    },
  ];
}

/** @returns {Fault[]} */
function lives() {
  const unbounded = 'tasks/unbounded-retention';
  const honoured = 'tasks/ttl-not-honoured';
  return [
    {
      ...everywhere,
      id: unbounded,
      set: { tasks: 'forever' },
      fires: firing(unbounded),
      why: 'Keeps tasks for ever.',
    },
    {
      ...legacy,
      id: unbounded,
      variant: 'any',
      set: { tasks: 'any-life' },
      fires: firing(unbounded),
      why: 'Keeps tasks for as long as the client says.',
    },
    {
      ...legacy,
      id: honoured,
      set: { tasks: 'keeps' },
      fires: firing(honoured),
      why: 'Promises to keep a task for a while, and keeps it on.',
    },
    {
      ...legacy,
      id: honoured,
      variant: 'early',
      set: { tasks: 'forgets' },
      fires: firing(honoured),
      why: 'Forgets a task before its time.',
    },
  ];
}

/** @returns {Fault[]} */
function negotiations() {
  const related = 'tasks/missing-related-task';
  const undeclared = 'tasks/undeclared-task';
  return [
    {
      ...legacy,
      id: related,
      set: { tasks: 'unrelated' },
      fires: firing(related),
      why: 'Gives a result that does not say which task it is of.',
    },
    {
      ...legacy,
      id: related,
      variant: 'request',
      set: { tasks: 'unrelated-request' },
      fires: firing(related),
      why: 'Asks the user without saying for which task.',
    },
    {
      ...everywhere,
      id: undeclared,
      set: { tasks: 'undeclared' },
      fires: firing(undeclared),
      why: 'Gives a task to a client that asked for none.',
    },
    {
      ...legacy,
      id: undeclared,
      variant: 'required-served',
      set: { tasks: 'required-served' },
      fires: firing(undeclared),
      why: 'Says that a tool is only to be had as a task, and serves it otherwise.',
    },
  ];
}
