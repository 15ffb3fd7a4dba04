/** How every probe tells the eras of a candidate: the revisions it asks for, and what counts as an answer of the modern one. */
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../facts/revisions.js';
import type { Reply } from '../wire/exchange.js';
import { isObject } from '../wire/message.js';
import { demandOutcome } from './reading.js';

export const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1] ?? '2025-11-25';
export const NEWEST_MODERN = MODERN_REVISIONS[MODERN_REVISIONS.length - 1] ?? '2026-07-28';

const TOO_MANY_REQUESTS = 429;

/** A result of the modern era names its type; the SDK's legacy servers answer such requests too. */
export function isModern(reply: Reply): boolean {
  return reply.kind === 'result' && isObject(reply.result) && 'resultType' in reply.result;
}

/**
 * Whoever is asked too often says nothing about the eras it speaks; silence does, because servers of one era may not answer
 * requests of the other.
 * @throws Busy when the answer was a limit on the rate of requests
 */
export function demandHeard({ exchange }: Reply): void {
  if (exchange.answer.status === TOO_MANY_REQUESTS) demandOutcome('inconclusive', exchange);
}
