/** What one call of a trigger is, and what is kept of it while it runs. */
import type { DeclaredElicitation, ElicitationChannel } from '../../../facts/elicitation.js';
import type { Era } from '../../../facts/revisions.js';
import type { Principal } from '../../../wire/exchange.js';
import type { AnswerKind } from './answering.js';

/** Times a server may ask in one call before it counts as asking for ever. */
export const ROUNDS = 6;
/** Elicitations kept of one call; the others are counted. */
export const KEPT_PER_CALL = 10;

export interface CallPlan {
  readonly era: Era;
  readonly lane: 'plain' | 'task';
  readonly principal: Principal;
  readonly declared: DeclaredElicitation;
  readonly answer: AnswerKind;
  /** `name` and `arguments` of `tools/call`. */
  readonly params: Readonly<Record<string, unknown>>;
}

/** One elicitation as it arrived. Params are hostile and may be anything. */
export interface Asked {
  readonly at: number;
  readonly params: unknown;
  readonly channel: ElicitationChannel;
  readonly callId: string | null;
  readonly requestId: string | null;
  readonly taskId: string | null;
  readonly exchange: string | null;
  /** It came after the call had ended, so that no answer could change how it did. */
  readonly late?: boolean;
}

/** How a call ended. */
export type End =
  | { readonly kind: 'result'; readonly result: unknown }
  | { readonly kind: 'error'; readonly code: number | null; readonly message: string }
  /** It asked, and did not end within the bounds. */
  | { readonly kind: 'pending' }
  /** It cannot be told: no answer, or none of JSON-RPC. */
  | { readonly kind: 'silent'; readonly reason: string; readonly retryAfter?: string | undefined };

export interface CallRun {
  readonly plan: CallPlan;
  readonly asked: readonly Asked[];
  /** Elicitations beyond those kept. */
  readonly omitted: number;
  /** How often it asked: requests that came together count once. */
  readonly rounds: number;
  readonly endless: boolean;
  readonly end: End;
  readonly httpStatus: number | null;
  readonly revision: string;
  readonly sessionHash: string | null;
  /** Ids of `notifications/elicitation/complete`. */
  readonly completed: ReadonlySet<string>;
  readonly evidence: readonly string[];
}

/** Gathers what is asked in one call, within its bounds. */
export class Collection {
  readonly asked: Asked[] = [];
  omitted = 0;
  rounds = 0;

  add(asked: Asked): void {
    if (this.asked.length < KEPT_PER_CALL) this.asked.push(asked);
    else this.omitted += 1;
  }

  get count(): number {
    return this.asked.length + this.omitted;
  }
}
