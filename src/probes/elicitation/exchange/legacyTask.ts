/** A call as a task of 2025-11-25: created, polled until it needs somebody or ends, and its result fetched, on whose stream it may ask. */
import type { Connection } from '../../../wire/connection.js';
import type { Reply } from '../../../wire/exchange.js';
import { isObject } from '../../../wire/message.js';
import { LONGEST_TASK_MS, pause, pauseOf } from './patience.js';

const TTL_MS = 60_000;
const WORKING = 'working';

export interface TaskOptions {
  readonly id: number;
  nextId(): number;
  onTask(taskId: string): void;
}

/** The answer to the call: of `tasks/result` where a task was made, of the call itself where none was. */
export async function legacyTask(
  connection: Connection,
  params: Readonly<Record<string, unknown>>,
  options: TaskOptions,
): Promise<Reply> {
  const deadline = performance.now() + LONGEST_TASK_MS;
  const left = (): number => Math.max(50, deadline - performance.now());
  const created = await connection.request(
    'tools/call',
    { ...params, task: { ttl: TTL_MS } },
    { id: options.id, timeoutMs: left() },
  );
  const task = created.kind === 'result' && isObject(created.result) ? created.result['task'] : null;
  if (!isObject(task) || typeof task['taskId'] !== 'string') return created;
  const { taskId } = task;
  options.onTask(taskId);
  let state: Readonly<Record<string, unknown>> = task;
  while (state['status'] === WORKING && performance.now() < deadline) {
    await pause(Math.min(pauseOf(state['pollInterval']), left()));
    const polled = await connection.request(
      'tasks/get',
      { taskId },
      { id: options.nextId(), timeoutMs: left() },
    );
    if (polled.kind !== 'result' || !isObject(polled.result)) return polled;
    state = polled.result;
  }
  return connection.request('tasks/result', { taskId }, { id: options.nextId(), timeoutMs: left() });
}
