/** Everything that is tried on sessions of the legacy era, attacks one after another. */
import type { Operation, SessionFacts } from '../../facts/session.js';
import type { Principal } from '../../wire/exchange.js';
import type { Experiment } from '../lab.js';
import { patiently } from '../patience.js';
import { foundBeside } from './beside.js';
import type { LegacyGround } from './ground.js';
import { fixationExperiment, idExperiments, terminationExperiment } from './ids.js';
import { injectionExperiment } from './injection.js';
import { matrixExperiments, type Tried } from './matrix.js';
import { samplingExperiment } from './sampling.js';
import { askingToolExperiment, spoofingExperiments } from './spoofing.js';
import { displacementExperiment, foreignEventsExperiment, seesEventIds } from './streams.js';

export type LegacyFacts = Pick<
  SessionFacts,
  | 'attempts'
  | 'notTried'
  | 'fixation'
  | 'idAttempts'
  | 'termination'
  | 'identifiers'
  | 'rebinding'
  | 'streams'
  | 'injections'
>;

export const NOTHING_TRIED: LegacyFacts = {
  attempts: [],
  notTried: [],
  fixation: null,
  idAttempts: [],
  termination: null,
  identifiers: [],
  rebinding: null,
  streams: [],
  injections: [],
};

/**
 * @param others principals that must not get anything of the owner's, the most telling first; empty where nobody can be told
 *   from anybody
 */
export async function attackSessions(
  ground: LegacyGround,
  others: readonly Principal[],
): Promise<LegacyFacts> {
  const { lab, legacy } = ground;
  const notTried: SessionFacts['notTried'] = [];
  const streamable = ground.context.wire.transport === 'streamable-http';

  const termination = streamable ? await lab.run(terminationExperiment(ground)) : null;
  const deletes = termination?.offered === true;
  const eventIds = streamable && (await lab.run(eventIdExperiment(ground))) === true;
  if (streamable && !deletes)
    notTried.push({ what: 'delete', reason: 'the owner cannot end a session by DELETE' });
  if (streamable && !legacy.offersStream)
    notTried.push({ what: 'stream', reason: 'GET opens no stream for the owner' });
  if (streamable && !eventIds)
    notTried.push({ what: 'resume', reason: 'the server puts no ids on its events' });
  if (legacy.tool === null)
    notTried.push({
      what: 'call',
      reason: 'the manifest names no tool in whoami or exercise that works for the owner',
    });

  const tried: Tried[] = [];
  const spoofed: SessionFacts['attempts'] = [];
  if (ground.authenticated) {
    const operations: Operation[] = [
      'request',
      ...(legacy.tool === null ? [] : (['call'] as const)),
      'notification',
      ...(streamable && legacy.offersStream ? (['stream'] as const) : []),
      ...(eventIds && legacy.offersStream ? (['resume'] as const) : []),
      ...(deletes ? (['delete'] as const) : []),
    ];
    tried.push(...present(await lab.runInTurn(patiently(matrixExperiments(ground, operations)))));
    tried.push(...(await attackBeside(ground)));
    const asking = await lab.run(askingToolExperiment(ground));
    if (asking === null)
      notTried.push({
        what: 'response',
        reason: 'no call in exercise makes the server ask its client for something',
      });
    else spoofed.push(...present(await lab.runInTurn(patiently(spoofingExperiments(ground, asking)))));
  }

  const streams = present(await lab.runInTurn(patiently(streamExperiments(ground, others, eventIds))));
  const injections = present(await lab.runInTurn(patiently(injectionExperiments(ground, others))));
  const idAttempts = present(await lab.runInTurn(patiently(idExperiments(ground))));
  const fixation = streamable ? await lab.run(fixationExperiment(ground)) : null;
  const identifiers = (await lab.run(samplingExperiment(ground))) ?? [];
  return {
    attempts: [...tried.map(({ attempt }) => attempt), ...spoofed],
    notTried,
    fixation,
    idAttempts,
    termination,
    identifiers,
    rebinding: worst(tried),
    streams,
    injections,
  };
}

function eventIdExperiment(ground: LegacyGround): Experiment<boolean> {
  const name = 'control/event-ids';
  return { name, run: () => seesEventIds(ground, ground.lab.nameOf(name)) };
}

/** The same on the deprecated transport, where it is offered beside the endpoint. */
async function attackBeside(ground: LegacyGround): Promise<Tried[]> {
  if (ground.context.wire.transport !== 'streamable-http') return [];
  const beside = await foundBeside(ground);
  if (beside === null) return [];
  const operations: Operation[] = [
    'request',
    ...(ground.legacy.tool === null ? [] : (['call'] as const)),
    'notification',
  ];
  return present(await ground.lab.runInTurn(patiently(matrixExperiments(beside, operations))));
}

function streamExperiments(
  ground: LegacyGround,
  others: readonly Principal[],
  eventIds: boolean,
): Experiment<SessionFacts['streams'][number] | null>[] {
  const { legacy, owner } = ground;
  if (!legacy.offersStream) return [];
  const [other = owner] = others;
  return [
    ...others.map((principal) => displacementExperiment(ground, principal)),
    ...(eventIds ? [foreignEventsExperiment(ground, other)] : []),
  ];
}

function injectionExperiments(
  ground: LegacyGround,
  others: readonly Principal[],
): Experiment<SessionFacts['injections'][number] | null>[] {
  // On HTTP+SSE every session is a stream.
  if (!ground.legacy.offersStream && ground.context.wire.transport !== 'sse') return [];
  const [other] = others;
  if (other === undefined) return [injectionExperiment(ground, ground.owner, 'own-session')];
  return [
    injectionExperiment(ground, other, 'own-session'),
    injectionExperiment(ground, other, 'foreign-session'),
  ];
}

function worst(tried: readonly Tried[]): SessionFacts['rebinding'] {
  const told = tried.flatMap(({ rebinding }) => rebinding ?? []);
  return told.find(({ rebound }) => rebound) ?? told[0] ?? null;
}

function present<T>(results: readonly (T | null)[]): T[] {
  return results.filter((result): result is T => result !== null);
}
