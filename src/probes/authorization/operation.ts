/** One thing a client can do to the candidate, to be tried as anybody: with a control before and after where a refusal counts. */
import type { Attempt } from '../../facts/authorization.js';
import type { LegacyConnection } from '../../wire/legacy.js';
import type { Bench } from './bench.js';
import type { Showing } from './outcome.js';

/** Who makes an attempt, and how the token travels. */
export interface Visitor {
  /** Of the cast; the wire adds this one's headers. */
  readonly principal: string;
  /** On top of them; null removes one. */
  readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
  /** Where a path is asked for, this one is. */
  readonly pathOf?: (path: string) => string;
}

export interface Operation extends Pick<Attempt, 'face' | 'era' | 'operation' | 'method'> {
  /** Distinct among the operations of a candidate: "legacy/call/whoami/mcp". */
  readonly key: string;
  /** @throws Untestable when a control fails. */
  attempt(bench: Bench, experiment: string, visitor: Visitor): Promise<Showing>;
}

/** A connection opens another path than its own only when the visitor wants it. */
export function at(path: string, visitor: Visitor): string {
  return visitor.pathOf?.(path) ?? path;
}

/** What a client of a session sends beside its token. */
export function sessionHeaders(session: LegacyConnection): Readonly<Record<string, string>> {
  return {
    ...(session.sessionId === null ? {} : { 'mcp-session-id': session.sessionId }),
    ...(session.negotiated === null ? {} : { 'mcp-protocol-version': session.negotiated }),
  };
}

/**
 * Of an intruder's requests, so that none answers for one of the legitimate client's. A number as theirs: a server that cannot
 * read text there would seem to refuse the intruder.
 */
export const INTRUDER_ID = 1_900_000_001;
