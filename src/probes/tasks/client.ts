/** Somebody who has tasks made, in either era: the same few operations, whatever they are called there. */
import type { ServerMessage } from '../../wire/connection.js';
import type { Principal, Reply } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { answersTo } from '../answers.js';
import { Untestable } from '../lab.js';
import { type Opening, openingOf } from '../opening.js';
import { demandOutcome, describeReply } from '../reading.js';
import { callOf, type NamedTool } from '../tools.js';
import type { Ground, Spoken } from './ground.js';
import { createdIn, EXTENSION, type TaskView } from './view.js';

/** All a client can be asked for, so that the server asks. */
const CAPABILITIES = {
  elicitation: { form: {}, url: {} },
  sampling: {},
  roots: {},
} as const;

/** Questions that a call may ask before it becomes a task. */
const QUESTIONS = 6;
const BETWEEN_QUESTIONS_MS = 200;

/** Longer ids cannot be sent back in a header. */
const LONGEST_ID = 1024;

export interface ClientOptions {
  readonly principal: Principal;
  readonly experiment: string;
  /** unaware: it declares nothing of tasks. patient: it leaves what it is asked unanswered. */
  readonly manner?: 'usual' | 'unaware' | 'patient';
}

export interface TaskClient {
  readonly spoken: Spoken;
  /** How the client was taken, where there is a handshake. */
  readonly opened: Opening | null;
  /** Requests that the server made of this client. */
  readonly asked: readonly ServerMessage[];
  /** Calls a tool that is to become a task. `lifeMs` null: asks for no particular life; the modern era never asks. */
  start(tool: NamedTool, lifeMs: number | null): Promise<Reply>;
  /** Calls a tool plainly. */
  call(tool: NamedTool): Promise<Reply>;
  get(id: string): Promise<Reply>;
  /** tasks/result, which waits for the end of the task. */
  result(id: string, timeoutMs: number): Promise<Reply>;
  update(id: string, inputResponses: Readonly<Record<string, unknown>>): Promise<Reply>;
  cancel(id: string): Promise<Reply>;
  list(cursor: string | null): Promise<Reply>;
  close(): Promise<void>;
}

type Send = (method: string, params: Readonly<Record<string, unknown>>, timeoutMs?: number) => Promise<Reply>;

export async function openClient(
  ground: Ground,
  spoken: Spoken,
  options: ClientOptions,
): Promise<TaskClient> {
  return spoken.era === 'legacy' ? openLegacy(ground, spoken, options) : openModern(ground, spoken, options);
}

async function openLegacy(ground: Ground, spoken: Spoken, options: ClientOptions): Promise<TaskClient> {
  const { principal, experiment, manner = 'usual' } = options;
  const { wire } = ground.context;
  const connection = await wire.legacy({
    principal,
    experiment,
    capabilities: manner === 'unaware' ? CAPABILITIES : { ...CAPABILITIES, tasks: {} },
    openGetStream: true,
  });
  const asked: ServerMessage[] = [];
  const answering: Promise<unknown>[] = [];
  connection.onServerMessage((message) => {
    const { id, method, params } = message;
    if (id === null || method === 'ping') return;
    asked.push(message);
    if (manner === 'patient') return;
    const result = answersTo({ one: { method, params } })['one'];
    answering.push(connection.respond(id, { result: result ?? {} }));
  });
  const { reply } = await connection.handshake(spoken.revision);
  const opened = openingOf(ground.context, connection, reply);
  const send: Send = (method, params, timeoutMs = ground.patienceMs) =>
    connection.request(method, params, { timeoutMs });
  return {
    ...operations(spoken, send, ground),
    opened,
    asked,
    close: async () => {
      await Promise.allSettled(answering);
      await connection.close();
    },
  };
}

async function openModern(ground: Ground, spoken: Spoken, options: ClientOptions): Promise<TaskClient> {
  const { principal, experiment, manner = 'usual' } = options;
  const capabilities =
    manner === 'unaware' ? CAPABILITIES : { ...CAPABILITIES, extensions: { [EXTENSION]: {} } };
  const connection = await ground.context.wire.modern({
    principal,
    experiment,
    capabilities,
    version: spoken.revision,
  });
  // From the list the client learns which arguments travel in headers.
  await connection.request('tools/list', {}, { timeoutMs: ground.patienceMs });
  const send: Send = (method, params, timeoutMs = ground.patienceMs) =>
    connection.request(method, params, { timeoutMs });
  return { ...operations(spoken, send, ground), opened: null, asked: [], close: () => connection.close() };
}

function operations(
  spoken: Spoken,
  send: Send,
  { context }: Ground,
): Omit<TaskClient, 'opened' | 'asked' | 'close'> {
  // To make a task takes the work that comes before it, and so longer than to tell of one.
  const { requestTimeoutMs } = context.limits;
  return {
    spoken,
    call: (tool) => {
      const params = callOf(tool, 'mcp-gate');
      return spoken.era === 'modern' ? callThrough(send, params) : send('tools/call', params);
    },
    start: (tool, lifeMs) => {
      const params = callOf(tool, 'mcp-gate');
      if (spoken.era === 'modern') return callThrough(send, params, requestTimeoutMs);
      const task = lifeMs === null ? {} : { ttl: lifeMs };
      return send('tools/call', { ...params, task }, requestTimeoutMs);
    },
    get: (taskId) => send('tasks/get', { taskId }),
    result: (taskId, timeoutMs) => send('tasks/result', { taskId }, timeoutMs),
    update: (taskId, inputResponses) => send('tasks/update', { taskId, inputResponses }),
    cancel: (taskId) => send('tasks/cancel', { taskId }),
    list: (cursor) => send('tasks/list', cursor === null ? {} : { cursor }),
  };
}

/** Answers what the server wants to know before it makes a task. 2026-07-28 basic/patterns/mrtr; the extension's "Task Creation". */
async function callThrough(
  send: Send,
  params: Readonly<Record<string, unknown>>,
  timeoutMs?: number,
): Promise<Reply> {
  let reply = await send('tools/call', params, timeoutMs);
  for (let question = 0; question < QUESTIONS; question += 1) {
    if (reply.kind !== 'result' || !isObject(reply.result)) break;
    const { inputRequests, requestState, resultType } = reply.result;
    if (resultType !== 'input_required') break;
    const inputResponses = answersTo(inputRequests);
    const asked = Object.keys(inputResponses).length > 0;
    if (!asked) await new Promise((resolve) => setTimeout(resolve, BETWEEN_QUESTIONS_MS));
    const answers = {
      ...(asked && { inputResponses }),
      ...(requestState !== undefined && { requestState }),
    };
    reply = await send('tools/call', { ...params, ...answers }, timeoutMs);
  }
  return reply;
}

/** Closes whatever happens. @throws Untestable where the owner is not let in */
export async function withOwner<T>(
  ground: Ground,
  spoken: Spoken,
  options: Omit<ClientOptions, 'principal'>,
  work: (client: TaskClient) => Promise<T>,
): Promise<T> {
  const client = await openClient(ground, spoken, { ...options, principal: ground.owner });
  try {
    const { opened } = client;
    if (opened !== null && opened.outcome !== 'accepted') {
      demandOutcome(opened.outcome, opened.exchange);
      throw new Untestable(`the control failed: the owner's initialize was ${opened.outcome}`);
    }
    return await work(client);
  } finally {
    await client.close();
  }
}

export interface Started {
  readonly task: TaskView;
  readonly reply: Reply;
}

/** Makes a task. @throws Untestable where none came of it this time */
export async function demandTask(
  client: TaskClient,
  tool: NamedTool,
  lifeMs: number | null,
): Promise<Started> {
  const reply = await client.start(tool, lifeMs);
  const task = createdIn(reply, client.spoken.era);
  if (task === null)
    throw new Untestable(
      `the control failed: a call of ${tool.tool} led to no task this time, but to ${describeLed(reply)}`,
    );
  if (task.id.length > LONGEST_ID)
    throw new Untestable(`a task id of ${task.id.length} characters is too long to be sent back`);
  return { task, reply };
}

function describeLed(reply: Reply): string {
  return reply.kind === 'result' ? 'a plain result' : describeReply(reply);
}

/** Tries to leave nothing behind. */
export async function discard(client: TaskClient, id: string): Promise<void> {
  if (client.spoken.offer.cancel) await client.cancel(id);
}
