/** What foreign pages get from servers that check Origin well, badly, or only for a while. */
import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { crossSiteExperiments } from '../../../src/probes/transport/crossSite.js';
import { facesExperiment } from '../../../src/probes/transport/faces.js';
import { foreignExperiments } from '../../../src/probes/transport/foreign.js';
import type { Speech } from '../../../src/probes/transport/speech.js';
import { speechExperiment } from '../../../src/probes/transport/speech.js';
import { type Habits, type Stage, stage } from '../server.js';

const SPEECH: Speech = { legacy: '2025-11-25', modern: null, deprecatedPath: null, withoutToken: true };
const FACES = [{ path: '/mcp', kind: 'mcp' as const, announcedBy: 'manifest' as const, evidence: [] }];

const stages: Stage[] = [];
afterEach(async () => {
  for (const { wire, server } of stages.splice(0)) {
    await wire.close();
    await server.close();
  }
});

async function open(habits: Habits, transport?: 'sse'): Promise<Stage> {
  const opened = await stage(habits, transport);
  stages.push(opened);
  return opened;
}

/** How often each outcome was seen, and the reasons why something could not be told. */
async function attacked(habits: Habits) {
  const { wire, lab, server } = await open(habits);
  const found = await lab.runInTurn(foreignExperiments(wire, lab, FACES, SPEECH, server.port));
  const accepted = found.filter((one) => one?.outcome === 'accepted');
  return {
    accepted: [...new Set(accepted.map((one) => `${one?.case} ${one?.operation}`))].sort(),
    refused: found.filter((one) => one?.outcome === 'refused').length,
    told: found.filter((one) => one !== null).length,
    untested: [...new Set(lab.untested.map(({ reason }) => reason))],
  };
}

describe('a page of another site', () => {
  it('is refused by a right server in every way', async () => {
    const { accepted, refused, told, untested } = await attacked({});
    expect({ accepted, untested, all: refused === told }).toEqual({ accepted: [], untested: [], all: true });
    expect(told).toBeGreaterThanOrEqual(12);
  });

  it('is refused no less by a server that ends the session of a bad request', async () => {
    const { accepted, refused, told, untested } = await attacked({ refusalEndsSession: true });
    expect({ accepted, untested, all: refused === told }).toEqual({ accepted: [], untested: [], all: true });
  });

  it('is not refused by a silence that a right client gets too', async () => {
    const late = (_asked: unknown, response: ServerResponse): boolean =>
      Boolean(response.writeHead(200, { 'content-type': 'text/event-stream' }));
    const before: Habits['before'] = (asked, response) => asked.method === 'GET' && late(asked, response);
    const right: Habits['before'] = (asked, response) =>
      asked.method === 'GET' && !asked.foreign && late(asked, response);
    expect((await attacked({ before })).untested).toEqual([
      'GET is neither refused nor answered, as without these headers: nobody can tell whether the stream was opened',
    ]);
    const { accepted, refused, told, untested } = await attacked({ before: right });
    expect({ accepted, untested, all: refused === told }).toEqual({ accepted: [], untested: [], all: true });
  }, 60_000);

  it.each([
    ['begins with its name', (origin: string) => /^https?:\/\/(?:localhost|127\.0\.0\.1)/.test(origin)],
    ['mentions localhost', (origin: string) => origin.includes('localhost')],
    ['begins with its address', (origin: string) => origin.startsWith('http://127.0.0.1')],
  ])('is noticed where any Origin is served that %s', async (_name, admits) => {
    const { accepted, untested } = await attacked({ admits });
    expect({ accepted, untested }).toEqual({
      accepted: ['foreign-origin initialize', 'foreign-origin request', 'foreign-origin stream'],
      untested: [],
    });
  });

  it.each([
    ['initialize', 0],
    ['ping', 1],
  ])('proves nothing where nobody is served any more after its %s', async (breaking, refused) => {
    let broken = false;
    const attack = await attacked({
      before: ({ method, foreign }, response) => {
        broken ||= foreign && method === breaking;
        if (broken) response.writeHead(500).end();
        return broken;
      },
    });
    expect([attack.accepted, attack.told, attack.refused]).toEqual([[], refused, refused]);
  });

  it.each([
    ['initialize', 'initialize'],
    ['a stream', 'GET'],
    ['a request', 'ping'],
  ])('proves nothing where %s is answered 429 for the rate', async (_what, method) => {
    const { accepted, untested } = await attacked({
      before: (asked, response) => {
        if (!asked.foreign || asked.method !== method) return false;
        response.writeHead(429).end();
        return true;
      },
    });
    expect({ accepted, untested }).toEqual({
      accepted: [],
      untested: ['the candidate limits the rate of requests (HTTP 429)'],
    });
  });
});

describe('a plain post of another site', () => {
  it('proves nothing where it is answered 429 for the rate', async () => {
    const { wire, lab } = await open({
      before: ({ request, method }, response) => {
        if (method !== 'initialize' || request.headers['content-type'] === 'application/json') return false;
        response.writeHead(429).end();
        return true;
      },
    });
    expect(await lab.runInTurn(crossSiteExperiments(wire, lab, FACES, SPEECH))).toEqual([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe('the control', () => {
  it('takes a limit on the rate of requests for no proof that the legacy era is not spoken', async () => {
    const { wire, lab } = await open({
      before: ({ method }, response) => {
        if (method === 'initialize') response.writeHead(429).end();
        if (method === 'server/discover') {
          const result = { resultType: 'complete' };
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
        }
        return method === 'initialize' || method === 'server/discover';
      },
    });
    expect([await lab.run(speechExperiment(wire, lab)), lab.untested]).toEqual([
      null,
      [
        {
          experiment: 'transport/control',
          reason: 'the candidate limits the rate of requests (HTTP 429)',
        },
      ],
    ]);
  });
});

describe('the deprecated transport', () => {
  it.each([0, 700])('is found where its first event comes after %d ms', async (deprecatedAfterMs) => {
    const { wire, lab } = await open({ deprecatedAfterMs });
    const found = await lab.run(facesExperiment(wire, lab));
    expect(found?.faces.map(({ path, kind }) => ({ path, kind }))).toEqual([
      { path: '/mcp', kind: 'mcp' },
      { path: '/sse', kind: 'sse' },
      { path: '/messages', kind: 'messages' },
    ]);
  });

  it('leaves its message route untested where that is named too late', async () => {
    const { wire, lab } = await open({ deprecatedAfterMs: 4000 }, 'sse');
    expect([await lab.run(facesExperiment(wire, lab)), lab.untested.map(({ reason }) => reason)]).toEqual([
      null,
      ['the event stream at /sse did not say in time where to post'],
    ]);
  });

  it('is not there where nothing announces it', async () => {
    const { wire, lab } = await open({});
    expect((await lab.run(facesExperiment(wire, lab)))?.deprecatedSse.offered).toBe(false);
  });
});
