import type { Transport } from '../faults.mjs';

export interface Hostile {
  readonly id: string;
  readonly transports: readonly Transport[];
  /** No run of the gate may allow it. Where false, the verdict may be any: what counts is that it ends, cleans up and escapes. */
  readonly neverAllow: boolean;
  readonly why: string;
}

export const HOSTILE: readonly Hostile[];
