/** Claims are set beside what was seen, in the words in which manifests make them. */
import { describe, expect, it } from '@jest/globals';
import type { ServerPlan } from '../../../src/manifest/plan.js';
import { checkClaims } from '../../../src/probes/protocol/claims.js';
import { capabilityPaths } from '../../../src/probes/protocol/reading.js';

const OFFERED = {
  capabilities: {
    logging: {},
    tools: { listChanged: false },
    resources: { subscribe: true, listChanged: null },
    tasks: { list: {}, requests: { tools: { call: {} } } },
    extensions: { 'io.modelcontextprotocol/tasks': {} },
  },
};

async function observed(...capabilities: readonly string[]): Promise<readonly boolean[]> {
  const declares = { protocolVersions: [], capabilities, elicitationOrigins: [] };
  const plan = { declares, serverJson: null } as unknown as ServerPlan;
  const seen = { supported: [], capabilities: capabilityPaths(OFFERED), evidence: [] };
  return (await checkClaims(plan, seen)).map((claim) => claim.observed);
}

describe('a claimed capability', () => {
  it('may name a part of one', async () => {
    expect(
      await observed('logging', 'tools', 'resources.subscribe', 'tasks.list', 'tasks.requests.tools.call'),
    ).toEqual([true, true, true, true, true]);
    expect(await observed('extensions.io.modelcontextprotocol/tasks')).toEqual([true]);
  });

  it('is not there where it is switched off or was never named', async () => {
    expect(
      await observed(
        'tools.listChanged',
        'resources.listChanged',
        'resources.templates',
        'prompts',
        'tasks.',
      ),
    ).toEqual([false, false, false, false, false]);
  });
});

describe('the capabilities of an answer', () => {
  it('are none where it has none', () => {
    expect([null, {}, { capabilities: [] }, { capabilities: 'tools' }].map(capabilityPaths)).toEqual([
      [],
      [],
      [],
      [],
    ]);
  });

  it('are few, however many and however deep a server names them', () => {
    const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, index) => [`c${index}`, { a: {} }]));
    let deep: object = {};
    for (let level = 0; level < 200; level += 1) deep = { x: deep };
    expect(capabilityPaths({ capabilities: wide }).length).toBeLessThanOrEqual(256);
    expect(capabilityPaths({ capabilities: deep })).toEqual(['x', 'x.x', 'x.x.x', 'x.x.x.x']);
  });
});
