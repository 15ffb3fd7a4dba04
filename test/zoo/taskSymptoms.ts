/** How the faults of tasks show to somebody who asks directly; `right` is what a server says whose tasks have none. */
import type { PrincipalName } from '../../src/identity/identity.js';
import type { StageSymptom } from './authorizationSymptoms.js';
import type { Json, Peer } from './peer.js';
import { at, initialize, modernMessage, request } from './questions.js';
import { openSession, type Stage } from './stage.js';
import type { Symptom } from './symptom.js';

const TOOL = 'export_ledger';
const RELATED = 'io.modelcontextprotocol/related-task';
const AWARE: Json = { extensions: { 'io.modelcontextprotocol/tasks': {} } };
/** A timer of JavaScript holds no more than 24 days. */
const TWENTY_DAYS_MS = 1_728_000_000;

/** Somebody's requests, in either era. */
type Ask = (method: string, params?: Json) => Promise<unknown>;

/** A call that asks for a task, as far as a client asks in this era. */
function wish(era: string, ttl?: number): Json {
  const plain = { name: TOOL, arguments: {} };
  return era === 'modern' ? plain : { ...plain, task: { ...(ttl !== undefined && { ttl }) } };
}

/** The task in an answer, wherever the era puts it. */
const taskIn = (answer: unknown): unknown => at(answer, 'result', 'task') ?? at(answer, 'result');

/** Status of the task that is told of, or the code of the error. */
const told = (answer: unknown): unknown => at(answer, 'result', 'status') ?? at(answer, 'error', 'code');

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A modern request with the headers it must have. */
function modernRequest(method: string, params: Json, capabilities: Json): [Json, Record<string, string>] {
  const message = modernMessage(method, { params });
  const meta = (message['params'] as { _meta: Json })['_meta'];
  meta['io.modelcontextprotocol/clientCapabilities'] = capabilities;
  const name = params['name'] ?? params['taskId'];
  const headers = {
    'mcp-protocol-version': '2026-07-28',
    'mcp-method': method,
    ...(typeof name === 'string' && { 'mcp-name': name }),
  };
  return [message, headers];
}

async function asking(peer: Peer, capabilities: Json = AWARE): Promise<Ask> {
  if (peer.era === 'modern') {
    return async (method, params = {}) => {
      const [message, headers] = modernRequest(method, params, capabilities);
      return (await peer.send(message, { headers })).message;
    };
  }
  const hello = initialize('2025-11-25');
  const opened = await peer.send({ ...hello, params: { ...(hello['params'] as Json), capabilities } });
  const id = opened.headers['mcp-session-id'];
  const headers: Record<string, string> = typeof id === 'string' ? { 'mcp-session-id': id } : {};
  return async (method, params = {}) => (await peer.send(request(method, params), { headers })).message;
}

/** A question about one task that was made for it. */
const ofTask =
  (question: (ask: Ask, taskId: unknown, task: unknown) => Promise<unknown>, ttl?: number) =>
  async (peer: Peer): Promise<unknown> => {
    const ask = await asking(peer);
    const task = taskIn(await ask('tools/call', wish(peer.era, ttl)));
    return question(ask, at(task, 'taskId'), task);
  };

const life = (ttl?: number): Symptom['ask'] =>
  ofTask(async (_, __, task) => at(task, 'ttl') ?? at(task, 'ttlMs') ?? null, ttl);

/** Whether ids count. */
const counted = ofTask(async (_, taskId) => /^task-\d+$/.test(String(taskId)));

/** What becomes of a cancelled task. */
const cancelled = ofTask(async (ask, taskId) => {
  await ask('tasks/cancel', { taskId });
  const first = told(await ask('tasks/get', { taskId }));
  await pause(250);
  return [first, told(await ask('tasks/get', { taskId }))];
});

const cancelledTwice = ofTask(async (ask, taskId) => {
  await ask('tasks/cancel', { taskId });
  return told(await ask('tasks/cancel', { taskId }));
});

/** Whether a task with a life of 400 ms is there halfway, and long after. */
const kept = ofTask(async (ask, taskId) => {
  await pause(200);
  const half = at(await ask('tasks/get', { taskId }), 'result') !== undefined;
  await pause(400);
  return [half, at(await ask('tasks/get', { taskId }), 'result') !== undefined];
}, 400);

/** Whether the answer to tasks/result names its task. */
const related = ofTask(async (ask, taskId) => {
  const answer = await ask('tasks/result', { taskId });
  return [at(answer, 'result') !== undefined, at(answer, 'result', '_meta', RELATED) !== undefined];
});

/** What a client gets that knows nothing of tasks. */
const unasked: Symptom['ask'] = async (peer) => {
  const ask = await asking(peer, {});
  const answer = await ask('tools/call', { name: TOOL, arguments: {} });
  if (at(taskIn(answer), 'taskId') !== undefined) return 'a task';
  return at(answer, 'error', 'code') ?? 'a result';
};

/** Whether a server is one with tasks. */
const offered = ofTask(async (_, __, task) => at(task, 'status'));

/** Of servers that everybody may use. */
export const TASK_SYMPTOMS: ReadonlyMap<string, Symptom> = new Map<string, Symptom>([
  ['tasks/advertised', { ask: offered, right: 'working', wrong: 'working' }],
  ['tasks/weak-id', { ask: counted, right: false, wrong: true }],
  [
    'tasks/illegal-transition',
    { ask: cancelled, right: ['cancelled', 'cancelled'], wrong: ['cancelled', 'completed'] },
  ],
  [
    'tasks/illegal-transition:cancel-ignored',
    { ask: cancelled, right: ['cancelled', 'cancelled'], wrong: ['working', 'completed'] },
  ],
  ['tasks/illegal-transition:cancelled-twice', { ask: cancelledTwice, right: -32602, wrong: 'cancelled' }],
  ['tasks/unbounded-retention', { ask: life(), right: 60_000, wrong: null }],
  ['tasks/unbounded-retention:any', { ask: life(TWENTY_DAYS_MS), right: 300_000, wrong: TWENTY_DAYS_MS }],
  ['tasks/ttl-not-honoured', { ask: kept, right: [true, false], wrong: [true, true] }],
  ['tasks/ttl-not-honoured:early', { ask: kept, right: [true, false], wrong: [false, false] }],
  ['tasks/missing-related-task', { ask: related, right: [true, true], wrong: [true, false] }],
  [
    'tasks/undeclared-task',
    {
      ask: async (peer) => (await unasked(peer)) === 'a task',
      right: false,
      wrong: true,
    },
  ],
  ['tasks/undeclared-task:required-served', { ask: unasked, right: -32601, wrong: 'a result' }],
]);

/** Requests of somebody of the cast, in the era of the stage. */
async function askingAs(stage: Stage, name: PrincipalName): Promise<Ask> {
  if (stage.era === 'modern') {
    return async (method, params = {}) => {
      const [message, headers] = modernRequest(method, params, AWARE);
      const channel = await stage.send(name, message, { headers });
      return channel.message((answer) => answer['method'] === undefined);
    };
  }
  const session = await openSession(stage, name);
  return (method, params = {}) => session.ask(request(method, params));
}

const TRIES = 10;

/** What bob gets of a task of alice's, and what becomes of it. */
const bobs = (method: string): StageSymptom['ask'] => {
  return async (stage) => {
    const [alice, bob] = [await askingAs(stage, 'alice'), await askingAs(stage, 'bob')];
    for (let tries = 1; ; tries++) {
      const taskId = at(taskIn(await alice('tools/call', wish(stage.era))), 'taskId');
      const answer = await bob(method, { taskId });
      const got = at(answer, 'error', 'code') ?? 'served';
      const status = told(await alice('tasks/get', { taskId }));
      // On a busy machine a task may end before bob can cancel it, and says no more whether he could have.
      if (method === 'tasks/cancel' && status === 'completed' && tries < TRIES) continue;
      return [got, status === 'cancelled' ? 'cancelled' : 'its own course'];
    }
  };
};

const listed: StageSymptom['ask'] = async (stage) => {
  const [alice, bob] = [await askingAs(stage, 'alice'), await askingAs(stage, 'bob')];
  await alice('tools/call', wish(stage.era));
  const tasks = at(await bob('tasks/list'), 'result', 'tasks');
  return Array.isArray(tasks) ? tasks.length : null;
};

/** Whether tasks can be listed by whoever needs no token here. */
const listOffered: StageSymptom['ask'] = async (stage) => {
  if (stage.transport === 'sse') {
    const stream = await stage.send('anonymous');
    stream.close();
    return stream.status < 300;
  }
  const hello = initialize('2025-11-25');
  const channel = await stage.send('anonymous', hello);
  const answer = await channel.message((message) => message['id'] === hello['id']);
  return at(answer, 'result', 'capabilities', 'tasks', 'list') !== undefined;
};

/** Whether what the server asks for a task names it. */
const requestRelated: StageSymptom['ask'] = async (stage) => {
  const session = await openSession(stage, 'alice', { elicitation: {} });
  const started = await session.ask(request('tools/call', wish('legacy')));
  const channel = await session.send(
    'alice',
    request('tasks/result', { taskId: at(taskIn(started), 'taskId') }),
  );
  const asked = await channel.message(({ method }) => method === 'elicitation/create');
  channel.close();
  return [asked !== null, at(asked, 'params', '_meta', RELATED) !== undefined];
};

/** Of resource servers, and of what only a stream shows. */
export const TASK_STAGE_SYMPTOMS: ReadonlyMap<string, StageSymptom> = new Map<string, StageSymptom>([
  [
    'tasks/other-principal-access',
    { ask: bobs('tasks/get'), right: [-32602, 'its own course'], wrong: ['served', 'its own course'] },
  ],
  [
    'tasks/other-principal-access:result',
    { ask: bobs('tasks/result'), right: [-32602, 'its own course'], wrong: ['served', 'its own course'] },
  ],
  [
    'tasks/other-principal-access:cancel',
    { ask: bobs('tasks/cancel'), right: [-32602, 'its own course'], wrong: ['served', 'cancelled'] },
  ],
  ['tasks/list-leaks', { ask: listed, right: 0, wrong: 1 }],
  ['tasks/list-without-authorization', { ask: listOffered, right: false, wrong: true }],
  ['tasks/missing-related-task:request', { ask: requestRelated, right: [true, true], wrong: [true, false] }],
]);
