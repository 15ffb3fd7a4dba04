/** What every attempt on a task of somebody else has: one task, two people, and what came of it. */
import type { Standing } from '../../facts/session.js';
import type { TaskAttempt, TaskListing } from '../../facts/tasks.js';
import type { Principal } from '../../wire/exchange.js';
import type { TaskClient } from './client.js';
import type { Trigger } from './ground.js';
import type { TaskView } from './view.js';

export interface Visitor {
  readonly name: Principal;
  readonly standing: Standing;
}

export interface Foreign {
  readonly attempts: readonly TaskAttempt[];
  readonly listing: TaskListing | null;
  /** What could not be tried this time; no gap. */
  readonly notTried: readonly string[];
}

/** One task, two people. */
export interface Scene {
  readonly owner: TaskClient;
  readonly other: TaskClient;
  readonly who: Visitor;
  readonly trigger: Trigger;
  readonly task: TaskView;
  readonly patienceMs: number;
}

/** Nothing could be told this time. @param reason for people */
export function unanswered(reason: string): Foreign {
  return { attempts: [], listing: null, notTried: [reason] };
}
