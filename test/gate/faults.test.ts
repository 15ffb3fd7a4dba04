/** The proof that the gate sees what it claims: each fault fires exactly its rules, and the faultless server fires none. */
import { describe, expect, it } from '@jest/globals';
import { loadPack } from '../../src/policy/pack/pack.js';
import { BASELINE, expectedFindings, FAULTS, type Fault, faultId } from '../zoo/faults.mjs';
import { zooManifest, zooPolicies } from '../zoo/manifest.mjs';
import { firedBy, gateText } from './kit.js';

type Transport = Fault['transports'][number];
type Era = Fault['eras'][number];

interface Case {
  readonly fault: Fault | null;
  readonly transport: Transport;
  readonly era: Era;
  readonly name: string;
}

const FAULTLESS: readonly [Transport, Era][] = [
  ['stdio', 'legacy'],
  ['stdio', 'modern'],
  ['stdio', 'both'],
  ['streamable-http', 'legacy'],
  ['streamable-http', 'modern'],
  ['streamable-http', 'both'],
  ['sse', 'legacy'],
];

/** The whole table takes twice as long as everything else together; `ZOO=whole` asks for it. */
const WHOLE = process.env['ZOO'] === 'whole';

/**
 * A fault is tried on the first transport it names, or on all of them, in the first era it names: an era more would prove
 * the server, not the gate.
 */
function casesOf(fault: Fault): Case[] {
  const [era] = fault.eras;
  if (era === undefined) throw new Error(`${faultId(fault)} names no era`);
  return fault.transports.slice(0, WHOLE ? undefined : 1).map((transport) => ({
    fault,
    transport,
    era,
    name: `${faultId(fault)} over ${transport}, ${era}`,
  }));
}

const CASES: readonly Case[] = [
  ...FAULTLESS.map(([transport, era]) => ({
    fault: null,
    transport,
    era,
    name: `the faultless server over ${transport}, ${era}`,
  })),
  ...FAULTS.flatMap(casesOf),
];

/** Milliseconds; a case waits for its turn, and for dozens of processes on stdio. */
const PATIENCE = 300_000;

// Most of a case is waiting for processes, so that some run side by side (jest's maxConcurrency).
describe('the zoo', () => {
  it.concurrent.each(CASES.filter(({ fault }) => fault === null))(
    'allows $name',
    async ({ transport, era }) => {
      const report = await gateText(zooManifest({ fault: null, transport, era }), zooPolicies(null));

      const { decision, indecisions, probes } = report;
      const untested = probes.filter(({ status }) => status !== 'completed' && status !== 'not-applicable');
      expect({ decision, fired: firedBy(report), indecisions, untested }).toEqual({
        decision: 'allow',
        fired: BASELINE[transport],
        indecisions: [],
        untested: [],
      });
    },
    PATIENCE,
  );

  it.concurrent.each(CASES.filter(({ fault }) => fault !== null))(
    'sees $name and nothing else',
    async ({ fault, transport, era }) => {
      const report = await gateText(zooManifest({ fault, transport, era }), zooPolicies(fault));

      expect(firedBy(report)).toEqual(expectedFindings(fault, transport));
    },
    PATIENCE,
  );
});

describe('the fault table', () => {
  it('has a fault for every rule of the pack, and no rule that the pack lacks', async () => {
    const pack = await loadPack(new URL('../../dist/policy/', import.meta.url));
    // A candidate cannot make a probe go missing or break, nor be started without starting: their rules are tested by facts.
    // Nor can it write waivers.
    const byFacts = [
      'gate/candidate-not-started',
      'gate/probe-failed',
      'gate/probe-inconclusive',
      'gate/probe-missing',
    ];
    const rules = pack.compiled.catalogue.rules
      .map((rule) => rule.id)
      .filter((id) => !byFacts.includes(id) && !id.startsWith('gate/waiver-'));
    const faulted = new Set(FAULTS.map((fault) => fault.id));

    expect([...faulted].sort()).toEqual([...rules].sort());
  });
});
