/** The whole probe against a small right server: what it claims to be is what is found. */
import { afterEach, describe, expect, it } from '@jest/globals';
import type { ProbeContext } from '../../../src/probes/probe.js';
import { protocolProbe } from '../../../src/probes/protocol/probe.js';
import { type Habits, type Stage, stage } from '../server.js';

const stages: Stage[] = [];
afterEach(async () => {
  for (const { wire, server } of stages.splice(0)) {
    await wire.close();
    await server.close();
  }
});

/** The facts of the probe about a server whose manifest claims these capabilities. */
async function probed(habits: Habits, ...capabilities: readonly string[]) {
  const opened = await stage(habits);
  stages.push(opened);
  const declares = { protocolVersions: ['2025-11-25'], capabilities, elicitationOrigins: [] };
  const context = { wire: opened.wire, plan: { declares, serverJson: null } } as unknown as ProbeContext;
  const outcome = await protocolProbe.run(context, opened.lab);
  if (outcome.kind !== 'facts') throw new Error('expected facts');
  return { facts: outcome.facts, untested: opened.lab.untested };
}

describe('the probe of version negotiation', () => {
  it('finds a right server to be what its manifest claims, parts of capabilities included', async () => {
    const { facts, untested } = await probed(
      { capabilities: { resources: { subscribe: true } } },
      'resources',
      'resources.subscribe',
      'resources.listChanged',
    );

    expect(untested).toEqual([]);
    expect(facts.claims.map(({ claimed, observed }) => [claimed, observed])).toEqual([
      ['2025-11-25', true],
      ['resources', true],
      ['resources.subscribe', true],
      ['resources.listChanged', false],
    ]);
  });
});
