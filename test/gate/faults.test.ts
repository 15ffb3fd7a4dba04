/** The proof that the gate sees what it claims: each fault fires exactly its rules, and the faultless server fires none. */
import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadPack } from '../../src/policy/pack.js';
import type { ServerReport } from '../../src/report/report.js';
import { BASELINE, expectedFindings, FAULTS, type Fault, faultId } from '../zoo/faults.mjs';
import { zooManifest } from '../zoo/manifest.mjs';
import { firedBy, gateText, inLanes } from './kit.js';

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

/** A fault is tried on every transport it names, in the first era it names: an era more would prove the server, not the gate. */
function casesOf(fault: Fault): Case[] {
  const [era] = fault.eras;
  if (era === undefined) throw new Error(`${faultId(fault)} names no era`);
  return fault.transports.map((transport) => ({
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

/** Policy data under which a fault is one: what counts as another credential is for the security team to say. */
function policiesFor(fault: Fault | null): Readonly<Record<string, string>> {
  if (fault?.policyConfig === undefined) return {};
  return { 'data.yaml': `mcp: { config: ${JSON.stringify(fault.policyConfig)} }\n` };
}

/** Most of a case is waiting for processes, but they share two cores. */
const LANES = 3;

const reports = new Map<string, ServerReport>();

beforeAll(async () => {
  await inLanes(CASES, LANES, async ({ fault, transport, era, name }) => {
    reports.set(name, await gateText(zooManifest({ fault, transport, era }), policiesFor(fault)));
  });
}, 1_800_000);

function reportOf(name: string): ServerReport {
  const report = reports.get(name);
  if (report === undefined) throw new Error(`${name} was not gated`);
  return report;
}

describe('the zoo', () => {
  it.each(CASES.filter(({ fault }) => fault === null))('allows $name', ({ name, transport }) => {
    const report = reportOf(name);

    expect({ decision: report.decision, fired: firedBy(report), indecisions: report.indecisions }).toEqual({
      decision: 'allow',
      fired: BASELINE[transport],
      indecisions: [],
    });
  });

  it.each(CASES.filter(({ fault }) => fault !== null))(
    'sees $name and nothing else',
    ({ name, fault, transport }) => {
      expect(firedBy(reportOf(name))).toEqual(expectedFindings(fault, transport));
    },
  );
});

describe('the fault table', () => {
  it('has a fault for every rule of the pack, and no rule that the pack lacks', async () => {
    const pack = await loadPack(new URL('../../dist/policy/', import.meta.url));
    // A candidate cannot make a probe go missing or break, nor be started without starting: their rules are tested by facts.
    const byFacts = [
      'gate/candidate-not-started',
      'gate/probe-failed',
      'gate/probe-inconclusive',
      'gate/probe-missing',
    ];
    const rules = pack.compiled.catalogue.rules.map((rule) => rule.id).filter((id) => !byFacts.includes(id));
    const faulted = new Set(FAULTS.map((fault) => fault.id));

    expect([...faulted].sort()).toEqual([...rules].sort());
  });
});
