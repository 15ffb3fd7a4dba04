/** What is known before any task is made: the eras that are spoken, what they offer, and who there is. */
import type { TaskOffer, TaskTrigger } from '../../facts/tasks.js';
import type { Principal } from '../../wire/exchange.js';
import type { Intruder } from '../cast.js';
import type { Lab } from '../lab.js';
import type { ProbeContext } from '../probe.js';
import type { NamedTool } from '../tools.js';
import type { Era } from './view.js';

/** How one era is spoken with this candidate. */
export interface Spoken {
  readonly era: Era;
  readonly revision: string;
  readonly offer: TaskOffer;
  /** What each tool of the list says of tasks; always null in the modern era, where the server decides by itself. */
  readonly supports: ReadonlyMap<string, TaskTrigger['support']>;
}

/** A call that may lead to a task. */
export interface Trigger extends NamedTool {
  /** The manifest says that it does. */
  readonly expected: boolean;
}

export interface Ground {
  readonly context: ProbeContext;
  readonly lab: Lab;
  readonly owner: Principal;
  readonly authenticated: boolean;
  readonly intruders: readonly Intruder[];
  readonly spoken: readonly Spoken[];
  /** How long an answer is waited for. */
  readonly patienceMs: number;
}
