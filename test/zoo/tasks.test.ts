import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Era, FAULTS, type Fault, faultId, type Transport } from './faults.mjs';
import { type Peer, startPeer } from './peer.js';
import { type Cast, openCast, openStage, type Stage } from './stage.js';
import { TASK_STAGE_SYMPTOMS, TASK_SYMPTOMS } from './taskSymptoms.js';

/** Compared with each other: the faultless server has no tasks at all, and nothing could be seen of its. */
const TASK_FAULTS = FAULTS.filter(({ id }) => id.startsWith('tasks/'));
const SOUND = TASK_FAULTS.find(({ id }) => id === 'tasks/advertised') ?? null;

type HttpTransport = Exclude<Transport, 'stdio'>;

let cast: Cast;
const opened: (Peer | Stage)[] = [];
beforeAll(async () => {
  cast = await openCast();
});
afterAll(async () => {
  for (const one of opened) one.close();
  await cast.close();
});

function keep<T extends Peer | Stage>(one: T): T {
  opened.push(one);
  return one;
}

function casesFor(symptoms: ReadonlyMap<string, unknown>) {
  return TASK_FAULTS.filter((fault) => symptoms.has(faultId(fault))).flatMap((fault) =>
    fault.transports.flatMap((transport) => {
      const eras: readonly Era[] =
        transport === 'sse' ? ['legacy'] : fault.eras.filter((era) => era !== 'both');
      return eras.map((era) => ({ fault, transport, era, id: faultId(fault) }));
    }),
  );
}

async function stage(fault: Fault | null, transport: HttpTransport, era: Era): Promise<Stage> {
  return keep(await openStage(cast, { fault, transport, era }));
}

describe('the faults of tasks', () => {
  it('have a symptom each, and each symptom a fault', () => {
    const shown = [...TASK_SYMPTOMS.keys(), ...TASK_STAGE_SYMPTOMS.keys()];
    expect(shown.sort()).toEqual(TASK_FAULTS.map(faultId).sort());
  });

  it.each(casesFor(TASK_SYMPTOMS))('$id over $transport as $era', async ({ fault, transport, era, id }) => {
    const symptom = TASK_SYMPTOMS.get(id);
    const right = await symptom?.ask(keep(await startPeer(SOUND, transport, era)));
    const wrong = await symptom?.ask(keep(await startPeer(fault, transport, era)));
    expect({ right, wrong }).toEqual({ right: symptom?.right, wrong: symptom?.wrong });
  });

  const staged = casesFor(TASK_STAGE_SYMPTOMS).flatMap(({ transport, ...rest }) =>
    transport === 'stdio' ? [] : [{ ...rest, transport }],
  );
  it.each(staged)('$id over $transport as $era', async ({ fault, transport, era, id }) => {
    const symptom = TASK_STAGE_SYMPTOMS.get(id);
    const right = await symptom?.ask(await stage(SOUND, transport, era));
    const wrong = await symptom?.ask(await stage(fault, transport, era));
    expect({ right, wrong }).toEqual({ right: symptom?.right, wrong: symptom?.wrong });
  });
});
