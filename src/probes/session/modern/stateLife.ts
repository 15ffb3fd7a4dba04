/** How long a `requestState` is good for, where it says so in a part that everybody can read. */
import { isObject } from '../../../wire/message.js';

/** Names under which servers write the end of a life: RFC 7519, 4.1.4, and what else is usual. */
const ENDS = [
  'exp',
  'expires',
  'expiresAt',
  'expires_at',
  'expiry',
  'until',
  'validUntil',
  'notAfter',
] as const;

/** Below this a number counts seconds since 1970, else milliseconds. */
const SECONDS_UP_TO = 100_000_000_000;

/**
 * Milliseconds from now until the end of its life: what it says of itself (JSON, plainly or in base64, as in a JWT), else what
 * the manifest declares. Null where neither tells; never negative.
 */
export function lifeOf(state: string, declaredSeconds: number | undefined, now = Date.now()): number | null {
  const end = endIn(state);
  if (end !== null) return Math.max(0, end - now);
  return declaredSeconds === undefined ? null : declaredSeconds * 1000;
}

function endIn(state: string): number | null {
  for (const text of [
    state,
    ...state.split('.').map((part) => Buffer.from(part, 'base64url').toString('utf8')),
  ]) {
    const end = endOf(parsed(text));
    if (end !== null) return end;
  }
  return null;
}

function endOf(claims: unknown): number | null {
  if (!isObject(claims)) return null;
  for (const name of ENDS) {
    const end = timeIn(claims[name]);
    if (end !== null) return end;
  }
  return null;
}

/** Milliseconds since 1970; null for what is no time. */
function timeIn(value: unknown): number | null {
  if (typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(value)) {
    const time = Date.parse(value);
    return Number.isNaN(time) ? null : time;
  }
  // Smaller numbers are spans, not times.
  if (typeof value !== 'number' || value < 1_000_000_000) return null;
  return value < SECONDS_UP_TO ? value * 1000 : value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
