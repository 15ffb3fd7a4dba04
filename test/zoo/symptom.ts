/** How a fault shows to somebody who asks directly. */
import type { Peer } from './peer.js';

export interface Symptom {
  /** A question to the server, reduced to a small value. */
  ask(peer: Peer): Promise<unknown>;
  /** What the faultless server says. */
  readonly right: unknown;
  /** What the faulty one says. */
  readonly wrong: unknown;
}
