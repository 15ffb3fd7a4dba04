/** JSON-RPC ids of attempts are numbers: a server that cannot read text there would seem to refuse whoever sent it. */
import { randomInt } from 'node:crypto';

/** A number that nobody else has chosen, and that fits in 32 bits. */
export function freshId(): number {
  return randomInt(1_000_000_000, 2_147_483_647);
}
