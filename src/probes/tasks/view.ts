/** Reads tasks out of answers, whatever the candidate put there. 2025-11-25 and the extension write them differently. */
import type { TaskStatus, TaskTrigger } from '../../facts/tasks.js';
import type { Reply } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { isFailure } from '../reading.js';

export type Era = 'legacy' | 'modern';

export interface TaskView {
  readonly id: string;
  readonly status: TaskStatus;
  /** Milliseconds; null where the server named no number. */
  readonly lifeMs: number | null;
  /** The server said null. */
  readonly unlimited: boolean;
  readonly pollMs: number | null;
  readonly inputRequests: unknown;
}

export const EXTENSION = 'io.modelcontextprotocol/tasks';
export const RELATED_TASK = 'io.modelcontextprotocol/related-task';

const STATUSES: readonly TaskStatus[] = ['working', 'input_required', 'completed', 'failed', 'cancelled'];
const FINAL: ReadonlySet<TaskStatus> = new Set<TaskStatus>(['completed', 'failed', 'cancelled']);

export function isFinal(status: TaskStatus): boolean {
  return FINAL.has(status);
}

/** A task in an object; null where there is none. */
export function viewOf(value: unknown): TaskView | null {
  if (!isObject(value) || typeof value['taskId'] !== 'string' || value['taskId'] === '') return null;
  const life = 'ttlMs' in value ? value['ttlMs'] : value['ttl'];
  return {
    id: value['taskId'],
    status: STATUSES.find((status) => status === value['status']) ?? 'other',
    lifeMs: numberIn(life),
    unlimited: life === null,
    pollMs: numberIn(value['pollIntervalMs'] ?? value['pollInterval']),
    inputRequests: value['inputRequests'],
  };
}

/** The task that a call led to; null where it led to something else. */
export function createdIn(reply: Reply, era: Era): TaskView | null {
  if (reply.kind !== 'result' || !isObject(reply.result)) return null;
  if (era === 'legacy') return viewOf(reply.result['task']);
  return reply.result['resultType'] === 'task' ? viewOf(reply.result) : null;
}

/** The task that tasks/get and tasks/cancel tell of. */
export function toldIn(reply: Reply): TaskView | null {
  return reply.kind === 'result' ? viewOf(reply.result) : null;
}

/** What a call led to, in one word. */
export function ledTo(reply: Reply, era: Era): TaskTrigger['outcome'] {
  if (createdIn(reply, era) !== null) return 'task';
  if (reply.kind === 'result') return isFailure(reply.result) ? 'failure' : 'result';
  return reply.kind === 'error' ? 'error' : 'nothing';
}

/** Whether `_meta` of params or a result names this task. */
export function namesTask(holder: unknown, id: string): boolean {
  if (!isObject(holder) || !isObject(holder['_meta'])) return false;
  const related = holder['_meta'][RELATED_TASK];
  return isObject(related) && related['taskId'] === id;
}

function numberIn(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
}
