/** Finds out which era a candidate belongs to, as a client that speaks both would. 2026-07-28 basic/transports, "Backward Compatibility". */
import type { Era } from '../facts/revisions.js';
import type { Reply } from './exchange.js';
import { isObject } from './message.js';
import type { Wire } from './wire.js';

/** Errors that only a modern server gives: HeaderMismatch, MissingRequiredClientCapability, UnsupportedProtocolVersion. */
export const MODERN_ERRORS: readonly number[] = [-32020, -32021, -32022];

export interface EraDetection {
  /** What a client that speaks both eras has to conclude; null when the candidate could not be asked. */
  readonly era: Era | null;
  /**
   * `discovered`: a DiscoverResult. `modern-error`: a recognised modern error. `other-error`, `silence`, `exit`:
   * how a legacy server may answer a question it does not know. `refused`: it wants a token, or answers nobody
   * just now; `unreachable`: it could not be asked. Neither tells the era.
   */
  readonly because:
    | 'discovered'
    | 'modern-error'
    | 'other-error'
    | 'silence'
    | 'exit'
    | 'refused'
    | 'unreachable';
  /** Revisions the candidate listed in its result or error. Hostile text. */
  readonly supportedVersions: readonly string[];
  readonly errorCode: number | null;
  readonly httpStatus: number | null;
  readonly reply: Reply;
  readonly evidence: readonly string[];
}

/**
 * Asks `server/discover` in the newest modern revision, on a connection of its own, and closes it.
 * On stdio any answer but a DiscoverResult or a recognised modern error means legacy, silence included.
 * On HTTP the same question is the modern request that is tried first, and the body of a 4xx decides.
 */
export async function detectEra(wire: Wire, experiment = 'wire/era'): Promise<EraDetection> {
  const connection = await wire.modern({ experiment });
  try {
    return readEra(await connection.request('server/discover'));
  } finally {
    await connection.close();
  }
}

/** What the answer to `server/discover` tells about the era. */
export function readEra(reply: Reply): EraDetection {
  const common = { reply, httpStatus: reply.exchange.answer.status, evidence: [reply.exchange.id] };
  const supportedVersions = versionsIn(reply);
  const errorCode = reply.kind === 'error' ? reply.code : null;
  const conclude = (era: Era | null, because: EraDetection['because']): EraDetection => ({
    era,
    because,
    supportedVersions,
    errorCode,
    ...common,
  });

  // A legacy server may answer any method; only a list of versions makes it a DiscoverResult.
  if (reply.kind === 'result')
    return supportedVersions.length > 0
      ? conclude('modern', 'discovered')
      : conclude('legacy', 'other-error');
  if (reply.kind === 'error') {
    return errorCode !== null && MODERN_ERRORS.includes(errorCode)
      ? conclude('modern', 'modern-error')
      : conclude('legacy', 'other-error');
  }
  if (reply.kind === 'http' && refusesCaller(reply.status)) return conclude(null, 'refused');
  if (reply.kind !== 'none') return conclude('legacy', 'other-error');
  if (reply.ending === 'exited') return conclude('legacy', 'exit');
  return reply.ending === 'unreachable' || reply.ending === 'cancelled'
    ? conclude(null, 'unreachable')
    : conclude('legacy', 'silence');
}

/** Statuses that a server of either era gives before it has read the request. */
function refusesCaller(status: number): boolean {
  return (
    status === 401 || status === 403 || status === 407 || status === 421 || status === 429 || status >= 500
  );
}

/** `supportedVersions` of a DiscoverResult, or `data.supported` of an error. */
function versionsIn(reply: Reply): readonly string[] {
  const holder = reply.kind === 'result' ? reply.result : reply.kind === 'error' ? reply.data : null;
  if (!isObject(holder)) return [];
  const listed = reply.kind === 'result' ? holder['supportedVersions'] : holder['supported'];
  return Array.isArray(listed)
    ? listed.filter((version): version is string => typeof version === 'string').slice(0, 100)
    : [];
}
