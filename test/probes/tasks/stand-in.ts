/** A small server with tasks, in this process, whose habits a test chooses; and the ground on which experiments are run on it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Lab } from '../../../src/probes/lab.js';
import type { Ground, Spoken } from '../../../src/probes/tasks/ground.js';
import { limitsWith } from '../../../src/wire/limits.js';
import { createTranscript } from '../../../src/wire/transcript.js';
import { createWire } from '../../../src/wire/wire.js';
import { candidateAt, identityOf, planOf } from '../elicitation/kit.js';

type Json = Record<string, unknown>;

export interface Task {
  readonly id: string;
  readonly user: string;
  status: string;
  question: string | null;
}

export interface Asked {
  readonly user: string;
  readonly method: string;
  readonly params: Json;
  readonly task: Task | null;
  readonly tasks: readonly Task[];
  /** Makes one for whoever asks. */
  create(status?: string, question?: string): Task;
}

export type Answer = Json | { readonly status: number } | { readonly error: Json } | 'silence';

export const NOT_FOUND = { error: { code: -32602, message: 'Task not found' } };
export const UNKNOWN = { error: { code: -32601, message: 'Method not found' } };

export interface Setting {
  readonly era: Spoken['era'];
  readonly offer?: Partial<Spoken['offer']>;
  readonly requestTimeoutMs?: number;
  /** What the server does where it is no ordinary one; undefined: as an ordinary one. */
  readonly habit?: (asked: Asked) => Answer | undefined | Promise<Answer | undefined>;
}

export interface Stage {
  readonly ground: Ground;
  readonly spoken: Spoken;
  readonly lab: Lab;
  close(): Promise<void>;
}

/** An ordinary server: tasks work until they are cancelled, and are their user's alone. */
function ordinary({ user, method, task, tasks, create }: Asked, era: Spoken['era']): Answer {
  if (method === 'tools/call') return created(create(), era);
  const own = task !== null && task.user === user ? task : null;
  if (method === 'tasks/list') return { tasks: tasks.filter((one) => one.user === user).map(shape) };
  if (!method.startsWith('tasks/')) return UNKNOWN;
  if (own === null) return NOT_FOUND;
  if (method === 'tasks/cancel') {
    if (own.status === 'completed') return NOT_FOUND;
    own.status = 'cancelled';
    return era === 'legacy' ? shape(own) : {};
  }
  return method === 'tasks/get' ? shape(own) : {};
}

export function created(task: Task, era: Spoken['era']): Json {
  return era === 'legacy' ? { task: shape(task) } : { ...shape(task), resultType: 'task' };
}

export function shape({ id, status, question }: Task): Json {
  const request = {
    method: 'elicitation/create',
    params: { mode: 'form', message: '?', requestedSchema: {} },
  };
  return {
    taskId: id,
    status,
    ttl: 60_000,
    pollInterval: 20,
    ...(question !== null && status === 'input_required' && { inputRequests: { [question]: request } }),
  };
}

function isStatus(answer: Answer): answer is { readonly status: number } {
  return typeof answer === 'object' && 'status' in answer && typeof answer.status === 'number';
}

export async function stage(setting: Setting): Promise<Stage> {
  const { era, habit } = setting;
  const tasks: Task[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    if (request.method !== 'POST') return void response.writeHead(405).end();
    const { id, method, params = {} } = JSON.parse(body) as { id?: number; method: string; params?: Json };
    if (id === undefined) return void response.writeHead(202).end();
    const user = request.headers.authorization ?? 'anonymous';
    const asked: Asked = {
      user,
      method,
      params,
      tasks,
      task: tasks.find((one) => one.id === params['taskId']) ?? null,
      create: (status = 'working', question) => {
        const made = { id: crypto.randomUUID(), user, status, question: question ?? null };
        tasks.push(made);
        return made;
      },
    };
    const answer =
      method === 'initialize'
        ? { protocolVersion: '2025-11-25', capabilities: {}, serverInfo: { name: 's', version: '1' } }
        : ((await habit?.(asked)) ?? ordinary(asked, era));
    if (answer === 'silence') return;
    if (isStatus(answer)) return void response.writeHead(answer.status).end();
    response.writeHead(200, { 'content-type': 'application/json' });
    const told = 'error' in answer ? answer : { result: { resultType: 'complete', ...answer } };
    response.end(JSON.stringify({ jsonrpc: '2.0', id, ...told }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const limits = limitsWith({
    requestTimeoutMs: setting.requestTimeoutMs ?? 1000,
    lingerMs: 10,
    settleMs: 50,
  });
  const { signal } = new AbortController();
  const transcript = createTranscript({ startedAt: performance.now(), limits });
  const candidate = candidateAt(port);
  const wire = createWire({
    candidate,
    transport: { type: 'streamable-http', path: '/mcp' },
    transcript,
    limits,
    signal,
    credentials: async (name) => (name === 'anonymous' ? {} : { authorization: `Bearer ${name}` }),
  });
  const spoken: Spoken = {
    era,
    revision: era === 'legacy' ? '2025-11-25' : '2026-07-28',
    offer: {
      era,
      advertised: true,
      toolsCall: true,
      list: true,
      cancel: true,
      evidence: [],
      ...setting.offer,
    },
    supports: new Map(),
  };
  const lab = new Lab({ probe: 'tasks', signal, width: 1 });
  const context: Ground['context'] = {
    candidate,
    plan: planOf({ exercise: [{ tool: 'work', expect: 'task' }] }),
    identity: identityOf(['alice', 'bob']),
    wire,
    transcript,
    limits,
    signal,
    reviewedOrigins: [],
  };
  return {
    lab,
    spoken,
    ground: {
      context,
      lab,
      owner: 'alice',
      authenticated: true,
      intruders: [],
      spoken: [spoken],
      patienceMs: 300,
    },
    close: async () => {
      await wire.close();
      await new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      });
    },
  };
}
