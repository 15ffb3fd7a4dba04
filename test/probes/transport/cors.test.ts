/** A preflight says what a page may ask for; what it would get is told by the request that follows. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { corsExperiments } from '../../../src/probes/transport/crossSite.js';
import { type Stage, stage } from '../server.js';

const FACES = [{ path: '/mcp', kind: 'mcp' as const, announcedBy: 'manifest' as const, evidence: [] }];

const stages: Stage[] = [];
afterEach(async () => {
  for (const { wire, server } of stages.splice(0)) {
    await wire.close();
    await server.close();
  }
});

/** A server behind CORS middleware that repeats any origin, and that refuses foreign pages all the same. */
async function answers(speaks: 'legacy' | 'modern') {
  const opened = await stage({
    before: ({ request, method }, response) => {
      response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
      if (method === 'OPTIONS') response.writeHead(204).end();
      return method === 'OPTIONS';
    },
  });
  stages.push(opened);
  const { wire, lab } = opened;
  const legacy = speaks === 'legacy' ? '2025-11-25' : null;
  const modern = speaks === 'modern' ? { version: '2026-07-28', method: 'server/discover' } : null;
  const found = await lab.runInTurn(corsExperiments(wire, lab, FACES, { legacy, modern }));
  return found.map((one) => [one?.method, one?.httpStatus, one?.reflectsOrigin]);
}

describe('a server that repeats any origin', () => {
  it.each(['legacy', 'modern'] as const)('is asked for more than a preflight in the %s era', async (era) => {
    expect(await answers(era)).toEqual([
      ['OPTIONS', 204, true],
      ['POST', 403, true],
    ]);
  });
});
