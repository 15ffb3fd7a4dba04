/** Session ids: random and too long to guess, or one of the ways in which they are not. */
import { randomBytes, randomInt } from 'node:crypto';

const PREFIX = 'zoo-session-7f3a90c1-';

/** @param {import('./switches.mjs').Switches} switches @returns {() => string} */
export function sessionIds(switches) {
  let last = randomInt(1000, 9000);
  switch (switches.ids) {
    case 'counter':
      return () => {
        last += 1;
        return `${PREFIX}${String(last).padStart(12, '0')}`;
      };
    case 'timestamp':
      return () => {
        // Microseconds, so that no two are alike.
        last = Math.max(last + 1, Math.round((performance.timeOrigin + performance.now()) * 1000));
        return `${PREFIX}${last.toString(16)}`;
      };
    case 'truncated-random':
      return () => `${PREFIX}${randomBytes(4).toString('hex')}`;
    default:
      return () => randomBytes(24).toString('base64url');
  }
}
