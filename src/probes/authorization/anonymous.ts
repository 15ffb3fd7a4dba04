/** Everything once without a token: is every route, method and operation guarded, or only the ones somebody thought of? */

import type { Attempt, AuthorizationFacts } from '../../facts/authorization.js';
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../../facts/revisions.js';
import type { Experiment } from '../lab.js';
import type { Bench } from './bench.js';
import { deprecatedOperations } from './deprecatedOperations.js';
import { initializeAs, legacyOperations } from './legacyOperations.js';
import { modernOperations, requestAs } from './modernOperations.js';
import { nobody } from './nobody.js';
import type { Operation } from './operation.js';
import { type Served, type Showing, servedStream, show } from './outcome.js';
import type { Speech } from './speech.js';

const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1] ?? '2025-11-25';
const NEWEST_MODERN = MODERN_REVISIONS[MODERN_REVISIONS.length - 1] ?? '2026-07-28';

/** Every operation for which there is somebody who is served. */
export function operationsOf(path: string, { legacy, modern, deprecated }: Speech): readonly Operation[] {
  return [
    ...(legacy === null ? [] : legacyOperations(path, legacy)),
    ...(modern === null ? [] : modernOperations(path, modern)),
    // Last, because the second client of the old transport ends some servers.
    ...(deprecated === null ? [] : deprecatedOperations(deprecated)),
  ];
}

/** An operation with what nobody got for it. */
export interface Tried {
  readonly operation: Operation;
  readonly attempt: Attempt;
}

export function anonymousExperiments(bench: Bench, operations: readonly Operation[]): Experiment<Tried>[] {
  return operations.map((operation) => {
    const name = `anonymous/${operation.key}`;
    return {
      name,
      run: async () => {
        const showing = await operation.attempt(bench, bench.lab.nameOf(name), nobody(bench.plan));
        return { operation, attempt: attemptOf(operation, showing) };
      },
    };
  });
}

export function attemptOf(
  { face, era, operation, method }: Omit<Operation, 'key' | 'attempt'>,
  showing: Showing,
): Attempt {
  return { face, era, operation, method, ...showing };
}

/**
 * For a candidate that serves nobody the gate can be: what it says to a request without a token. A result would still
 * prove that none is needed; anything else proves nothing.
 */
export function unaccompaniedExperiments(
  bench: Bench,
  eras: ReadonlySet<Attempt['era']>,
): Experiment<Attempt>[] {
  const { wire, pace } = bench;
  const face = wire.path;
  const visitor = nobody(bench.plan);
  const { principal } = visitor;
  const streamable = wire.transport === 'streamable-http';
  const trial = (
    of: Pick<Attempt, 'era' | 'operation' | 'method'>,
    run: (experiment: string) => Promise<Served>,
  ): Experiment<Attempt> => {
    const name = `anonymous/alone/${of.era}/${of.operation}`;
    return {
      name,
      run: async () => {
        const served = await run(bench.lab.nameOf(name));
        return { face, ...of, ...show(served, served.served ? 'accepted' : 'inconclusive') };
      },
    };
  };
  const stream = trial({ era: 'legacy', operation: 'stream', method: 'GET' }, async (experiment) => {
    const headers = { accept: 'text/event-stream', ...visitor.headers };
    return servedStream(
      await pace.exchange(() => wire.http({ experiment, principal, method: 'GET', path: face, headers })),
    );
  });
  if (!streamable) return eras.has('legacy') ? [stream] : [];
  const initialize = trial({ era: 'legacy', operation: 'initialize', method: 'initialize' }, (experiment) =>
    initializeAs(bench, experiment, NEWEST_LEGACY, visitor),
  );
  const list = trial({ era: 'modern', operation: 'request', method: 'tools/list' }, async (experiment) => {
    const connection = await wire.modern({ experiment, principal, version: NEWEST_MODERN });
    try {
      return await requestAs(bench, connection, 'tools/list', {}, visitor);
    } finally {
      await connection.close();
    }
  });
  return [...(eras.has('legacy') ? [initialize, stream] : []), ...(eras.has('modern') ? [list] : [])];
}

/** Operations that show that a token is of use at all, rather than who holds a session. */
const TELLING = new Set<Attempt['operation']>(['request', 'call', 'message', 'discover']);

/** Which operations ask for a token. `none` takes more than an open door: a request has to be served behind it. */
export function requiredBy(attempts: readonly Attempt[]): AuthorizationFacts['required'] {
  const accepted = attempts.filter(({ outcome }) => outcome === 'accepted');
  const refused = attempts.some(({ outcome }) => outcome === 'refused');
  if (refused) return accepted.length > 0 ? 'some' : 'all';
  const doubted = attempts.some(
    ({ outcome, httpStatus }) => outcome === 'inconclusive' && isTurnedAway(httpStatus),
  );
  if (doubted) return accepted.length > 0 ? 'some' : 'unknown';
  return accepted.some(({ operation }) => TELLING.has(operation)) ? 'none' : 'unknown';
}

function isTurnedAway(status: number | null): boolean {
  return status === 401 || status === 403;
}
