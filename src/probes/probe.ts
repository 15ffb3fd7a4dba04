/** What a probe is: experiments in, facts out, and an honest list of what could not be told. */
import type { WatchedCandidate } from '../candidate/candidate.js';
import type { Identity } from '../identity/identity.js';
import type { ServerPlan } from '../manifest/plan.js';
import type { Limits } from '../wire/limits.js';
import type { Transcript } from '../wire/transcript.js';
import type { Wire } from '../wire/wire.js';
import type { Lab } from './lab.js';

export interface ProbeContext {
  readonly plan: ServerPlan;
  readonly candidate: WatchedCandidate;
  /** Sends as alice where there is one, else as nobody; every experiment may choose another principal. */
  readonly wire: Wire;
  readonly identity: Identity;
  readonly transcript: Transcript;
  readonly limits: Limits;
  /** Origins that policy data allows elicitations to lead to; URLs are compared with them. */
  readonly reviewedOrigins: readonly string[];
  readonly signal: AbortSignal;
}

/** Facts of one area, or the reason why the area does not exist for this candidate. */
export type ProbeOutcome<F> =
  | { readonly kind: 'facts'; readonly facts: F }
  | { readonly kind: 'not-applicable'; readonly reason: string };

export interface Probe<F> {
  /** Also the key of its facts and the area of its rules. */
  readonly id: string;
  /** Time for the whole probe in milliseconds, with a candidate that answers at once; a slow one gets more, see deadline.ts. */
  readonly budgetMs: number;
  run(context: ProbeContext, lab: Lab): Promise<ProbeOutcome<F>>;
}
