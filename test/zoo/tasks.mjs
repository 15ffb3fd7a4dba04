/** Tasks of both eras, bound to the user they were made for. Specification: 2025-11-25 basic/utilities/tasks; the extension io.modelcontextprotocol/tasks. */
import { randomBytes } from 'node:crypto';
import { userOf } from './authorize.mjs';
import { declares, questionIn } from './elicitation.mjs';
import { said, settle, TASK_TOOL } from './tools.mjs';

export const EXTENSION = 'io.modelcontextprotocol/tasks';
const RELATED = 'io.modelcontextprotocol/related-task';
const CLIENT_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;
/** How long each stretch of work takes. */
const STEP_MS = 120;
const USUAL_LIFE_MS = 60_000;
const LONGEST_LIFE_MS = 300_000;
const POLL_MS = 50;
const FINAL = ['completed', 'failed', 'cancelled'];
const QUESTION = 'Export the whole ledger?';

/** @typedef {import('./authorize.mjs').Caller} Caller */
/** @typedef {Record<string, any>} Json */
/** @typedef {{ result: Json } | { error: { code: number, message: string } }} Answer */
/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} user
 * @property {string} status
 * @property {number | null} ttl
 * @property {string} createdAt
 * @property {string} updatedAt
 * @property {'legacy' | 'modern'} era
 * @property {Json} result What it will have come to.
 * @property {(() => void)[]} waiting Told of every change.
 */

export class Tasks {
  /** @type {Map<string, Task>} */
  #tasks = new Map();
  #count = 0;
  #switches;

  /** @param {import('./switches.mjs').Switches} switches */
  constructor(switches) {
    this.#switches = switches;
  }

  get offered() {
    return this.#switches.tasks !== 'none';
  }

  /** What `initialize` declares; without users there is nobody whose tasks a list could be of. @param {Caller} caller */
  capabilities(caller) {
    const list = caller.issuer !== null || this.#switches.tasks === 'list-open';
    return { tasks: { ...(list && { list: {} }), cancel: {}, requests: { tools: { call: {} } } } };
  }

  /**
   * Starts one. It asks its user before it ends, where the client can be asked.
   * @param {Caller} caller @param {{ ttl?: unknown, asks: boolean, era: 'legacy' | 'modern' }} wishes @returns {Task}
   */
  create(caller, { ttl, asks, era }) {
    this.#count += 1;
    const id =
      this.#switches.tasks === 'sequential' ? `task-${this.#count}` : randomBytes(24).toString('hex');
    const createdAt = new Date().toISOString();
    const life = this.#life(ttl);
    /** @type {Task} */
    const task = {
      id,
      user: userOf(caller),
      status: 'working',
      ttl: life,
      createdAt,
      updatedAt: createdAt,
      era,
      result: said('Exported.'),
      waiting: [],
    };
    this.#tasks.set(id, task);
    later(STEP_MS, () => this.#move(task, asks ? 'input_required' : 'completed'));
    const kept = this.#switches.tasks === 'forgets' && life !== null ? life / 4 : life;
    if (kept !== null && this.#switches.tasks !== 'keeps') later(kept, () => this.#tasks.delete(id));
    return task;
  }

  /** Whoever may not have it is told what somebody is told who invented it. @param {string} id @param {Caller} caller @param {string} operation */
  find(id, caller, operation) {
    const task = this.#tasks.get(id);
    if (task === undefined) return null;
    const { tasks } = this.#switches;
    const open = tasks === 'unbound' || tasks === `unbound-${operation}`;
    return open || task.user === userOf(caller) ? task : null;
  }

  /** @param {Caller} caller */
  all(caller) {
    const everybody = this.#switches.tasks === 'list-leaks';
    return [...this.#tasks.values()].filter((task) => everybody || task.user === userOf(caller));
  }

  /** The user has answered. @param {Task} task @param {unknown} answer */
  answered(task, answer) {
    if (task.status !== 'input_required') return;
    task.result = settle(answer);
    // In the legacy era a tool that says it failed makes its task one that failed.
    const end = task.era === 'legacy' && task.result['isError'] === true ? 'failed' : 'completed';
    this.#move(task, 'working');
    later(STEP_MS, () => this.#move(task, end));
  }

  /** @param {Task} task @returns {boolean} false: it has ended already */
  cancel(task) {
    const { tasks } = this.#switches;
    if (FINAL.includes(task.status)) return tasks === 'cancels-twice';
    if (tasks === 'cancel-ignored') return true;
    this.#move(task, 'cancelled');
    if (tasks === 'revives') later(STEP_MS, () => this.#set(task, 'completed'));
    return true;
  }

  /** Resolves when it has ended. @param {Task} task @returns {Promise<void>} */
  ended(task) {
    return new Promise((resolve) => {
      const look = () => (FINAL.includes(task.status) ? resolve() : void task.waiting.push(look));
      look();
    });
  }

  /** Resolves when it asks something, or has ended. @param {Task} task @returns {Promise<boolean>} true: it asks */
  asks(task) {
    return new Promise((resolve) => {
      const look = () => {
        if (task.status === 'working') task.waiting.push(look);
        else resolve(task.status === 'input_required');
      };
      look();
    });
  }

  /** @param {unknown} asked */
  #life(asked) {
    const { tasks } = this.#switches;
    if (tasks === 'forever') return null;
    const wanted = typeof asked === 'number' ? asked : USUAL_LIFE_MS;
    return tasks === 'any-life' ? wanted : Math.min(wanted, LONGEST_LIFE_MS);
  }

  /** What has ended stays as it ended. @param {Task} task @param {string} status */
  #move(task, status) {
    if (!FINAL.includes(task.status)) this.#set(task, status);
  }

  /** @param {Task} task @param {string} status */
  #set(task, status) {
    task.status = status;
    task.updatedAt = new Date().toISOString();
    for (const told of task.waiting.splice(0)) told();
  }
}

/**
 * The legacy era's tasks, in front of the SDK's server.
 * @param {Json} message A request.
 * @param {{ caller: Caller, world: import('./world.mjs').World, canAsk: boolean, ask: (params: Json) => Promise<unknown> }} context
 * @returns {Promise<Answer> | Answer | null} null: this is none of them
 */
export function answerLegacy({ method, params = {} }, { caller, world, canAsk, ask }) {
  const { tasks, switches } = world;
  if (!tasks.offered) return null;
  if (method === 'tools/call') return callLegacy(params, { caller, world, canAsk });
  if (method === 'tasks/list') return { result: { tasks: tasks.all(caller).map(legacyShape) } };
  const operation = /^tasks\/(get|result|cancel)$/.exec(method)?.[1];
  if (operation === undefined) return null;
  const task = tasks.find(params.taskId, caller, operation);
  if (task === null) return refusal(INVALID_PARAMS, 'Task not found');
  if (operation === 'get') return { result: legacyShape(task) };
  if (operation === 'cancel')
    return tasks.cancel(task)
      ? { result: legacyShape(task) }
      : refusal(INVALID_PARAMS, `The task has ended: ${task.status}`);
  return resultOf(task, tasks, switches, ask);
}

/** @param {Json} params @param {{ caller: Caller, world: import('./world.mjs').World, canAsk: boolean }} context @returns {Answer | null} */
function callLegacy({ name, task: wishes }, { caller, world, canAsk }) {
  const { tasks, switches } = world;
  if (name !== TASK_TOOL)
    return wishes === undefined ? null : refusal(METHOD_NOT_FOUND, `${name} is not to be had as a task`);
  if (wishes === undefined && switches.tasks === 'required-served') return null;
  if (wishes === undefined && switches.tasks !== 'undeclared')
    return refusal(METHOD_NOT_FOUND, `${name} is only to be had as a task`);
  return {
    result: { task: legacyShape(tasks.create(caller, { ttl: wishes?.ttl, asks: canAsk, era: 'legacy' })) },
  };
}

/**
 * Waits for the end of a task, and asks its user meanwhile.
 * @param {Task} task @param {Tasks} tasks @param {import('./switches.mjs').Switches} switches @param {(params: Json) => Promise<unknown>} ask
 * @returns {Promise<Answer>}
 */
async function resultOf(task, tasks, switches, ask) {
  const meta = { _meta: { [RELATED]: { taskId: task.id } } };
  if (await tasks.asks(task)) {
    const named = switches.tasks === 'unrelated-request' ? {} : meta;
    void ask({ ...questionIn(QUESTION, switches), ...named }).then((answer) => tasks.answered(task, answer));
    await tasks.ended(task);
  }
  return { result: { ...ending(task), ...(switches.tasks === 'unrelated' ? {} : meta) } };
}

/**
 * The modern era's tasks: what the SDK's server says is replaced where it is about them.
 * @param {Json} message A request.
 * @param {Json} answer What the SDK made of it: its own checks are passed when it knows no such method.
 * @param {{ caller: Caller, world: import('./world.mjs').World }} context
 * @returns {Answer | null} null: this is none of them
 */
export function answerModern({ method, params = {} }, answer, { caller, world }) {
  const { tasks, switches } = world;
  if (!tasks.offered) return null;
  const capabilities = params._meta?.[CLIENT_CAPABILITIES];
  if (method === 'tools/call' && params.name === TASK_TOOL && answer['result'] !== undefined) {
    const declared = capabilities?.extensions?.[EXTENSION] !== undefined;
    if (!declared && switches.tasks !== 'undeclared') return null;
    const task = tasks.create(caller, {
      asks: declares(capabilities?.elicitation, 'form'),
      era: 'modern',
    });
    return { result: { resultType: 'task', ...modernShape(task) } };
  }
  const operation = /^tasks\/(get|update|cancel)$/.exec(method)?.[1];
  if (operation === undefined || answer['error']?.code !== METHOD_NOT_FOUND) return null;
  const task = tasks.find(params.taskId, caller, operation);
  if (task === null) return refusal(INVALID_PARAMS, 'Task not found');
  if (operation === 'get')
    return { result: { resultType: 'complete', ...modernShape(task), ...detailOf(task, switches) } };
  if (operation === 'cancel') tasks.cancel(task);
  else if (params.inputResponses?.confirmation !== undefined)
    tasks.answered(task, params.inputResponses.confirmation);
  return { result: { resultType: 'complete' } };
}

/** @param {Task} task */
function legacyShape({ id, status, ttl, createdAt, updatedAt }) {
  return { taskId: id, status, ttl, createdAt, lastUpdatedAt: updatedAt, pollInterval: POLL_MS };
}

/** @param {Task} task */
function modernShape({ id, status, ttl, createdAt, updatedAt }) {
  return { taskId: id, status, ttlMs: ttl, createdAt, lastUpdatedAt: updatedAt, pollIntervalMs: POLL_MS };
}

/** @param {Task} task @param {import('./switches.mjs').Switches} switches */
function detailOf(task, switches) {
  if (task.status === 'completed') return { result: ending(task) };
  if (task.status !== 'input_required') return {};
  const confirmation = { method: 'elicitation/create', params: questionIn(QUESTION, switches) };
  return { inputRequests: { confirmation } };
}

/** @param {Task} task */
function ending({ status, result }) {
  return status === 'cancelled' ? { ...said('Not exported.'), isError: true } : result;
}

/** @param {number} code @param {string} message @returns {Answer} */
function refusal(code, message) {
  return { error: { code, message } };
}

/** A timer that keeps no process alive. @param {number} ms @param {() => void} work */
function later(ms, work) {
  setTimeout(work, ms).unref();
}
