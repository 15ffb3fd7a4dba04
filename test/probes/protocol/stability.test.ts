/** Equal clients under other names get equal answers, by whatever a server tells clients apart. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { compare, portraitExperiments } from '../../../src/probes/protocol/stability.js';
import { type Stage, stage } from '../server.js';

const stages: Stage[] = [];
afterEach(async () => {
  for (const { wire, server } of stages.splice(0)) {
    await wire.close();
    await server.close();
  }
});

/** Who gets other tools than the first asking, where `special` says to whom others are listed. */
async function told(special: (userAgent: string | undefined) => boolean) {
  const opened = await stage({
    capabilities: { tools: {} },
    before: ({ request, method }, response) => {
      if (method !== 'tools/list') return false;
      const name = special(request.headers['user-agent']) ? 'read_everything' : 'now';
      const result = { tools: [{ name, inputSchema: { type: 'object' } }] };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 2, result }));
      return true;
    },
  });
  stages.push(opened);
  const { wire, lab } = opened;
  const found = await lab.runInTurn(portraitExperiments(wire, lab, '2025-11-25', 'legacy'));
  const { repeated, byClient } = compare(found.flatMap((portrait) => portrait ?? []));
  expect([lab.untested, repeated]).toEqual([[], []]);
  return byClient.map(({ between, what }) => [between[1], what]);
}

describe('a server that tells clients apart by User-Agent', () => {
  it('is seen where it favours one of them', async () => {
    expect(await told((userAgent) => userAgent?.startsWith('cursor-vscode') === true)).toEqual([
      ['cursor-vscode', 'tools'],
    ]);
  });

  it('is seen where it favours whoever has one', async () => {
    expect(await told((userAgent) => userAgent !== undefined)).toEqual([
      ['claude-ai', 'tools'],
      ['Visual Studio Code', 'tools'],
      ['cursor-vscode', 'tools'],
    ]);
  });

  it('is not to be confused with one that does not', async () => {
    expect(await told(() => false)).toEqual([]);
  });
});

describe('a list of tools', () => {
  it('that comes back to a cursor it had given is no list to compare', async () => {
    const opened = await stage({
      capabilities: { tools: {} },
      before: ({ method }, response) => {
        if (method !== 'tools/list') return false;
        response.writeHead(200, { 'content-type': 'application/json' });
        const result = { tools: [], nextCursor: 'again' };
        // Whatever its id was.
        const answers = [2, 3, 4].map((id) => ({ jsonrpc: '2.0', id, result }));
        response.end(JSON.stringify(answers));
        return true;
      },
    });
    stages.push(opened);
    const { wire, lab } = opened;
    expect(await lab.runInTurn(portraitExperiments(wire, lab, '2025-11-25', 'legacy'))).toEqual(
      Array(6).fill(null),
    );
    expect(new Set(lab.untested.map(({ reason }) => reason))).toEqual(
      new Set(['tools/list came back to a cursor it had given before']),
    );
  });
});
