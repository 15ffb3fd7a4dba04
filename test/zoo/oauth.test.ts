import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { AUTHORIZATION_SYMPTOMS } from './authorizationSymptoms.js';
import { exchange } from './channel.js';
import { type Era, FAULTS, type Fault, faultId, UNJUDGED_FAULTS } from './faults.mjs';
import { zooManifest } from './manifest.mjs';
import { MODERN_SYMPTOMS } from './modernSymptoms.js';
import { SESSION_SYMPTOMS } from './sessionSymptoms.js';
import { type Cast, openCast, openSession, openStage, type Stage, verdict } from './stage.js';

const OAUTH_FAULTS = [...FAULTS, ...UNJUDGED_FAULTS].filter(
  // Tasks have a test of their own.
  ({ id, authorization }) => authorization === 'oauth' && !id.startsWith('tasks/'),
);
const SYMPTOMS = new Map([...AUTHORIZATION_SYMPTOMS, ...SESSION_SYMPTOMS, ...MODERN_SYMPTOMS]);

/** Faults that only policy data makes: the server has none. */
const ELSEWHERE = new Set(['session/other-client-accepted']);

type Place = readonly ['streamable-http' | 'sse', Era];

let cast: Cast;
const stages: Stage[] = [];
const faultless = new Map<string, Promise<Stage>>();
beforeAll(async () => {
  cast = await openCast();
});
afterAll(async () => {
  for (const stage of stages) stage.close();
  await cast.close();
});

async function open(fault: Fault | null, [transport, era]: Place): Promise<Stage> {
  const stage = await openStage(cast, { fault, transport, era });
  stages.push(stage);
  return stage;
}

function faultlessStage(place: Place): Promise<Stage> {
  const key = place.join(' ');
  const stage = faultless.get(key) ?? open(null, place);
  faultless.set(key, stage);
  return stage;
}

function places(fault: Fault): Place[] {
  return fault.transports.flatMap((transport): Place[] => {
    if (transport === 'stdio') return [];
    if (transport === 'sse') return fault.eras.includes('legacy') ? [['sse', 'legacy']] : [];
    return fault.eras.map((era): Place => [transport, era]);
  });
}

describe('the faults of an OAuth resource server', () => {
  it('have a symptom each, and each symptom a fault', () => {
    const shown = OAUTH_FAULTS.map(faultId).filter((id) => !ELSEWHERE.has(id));
    expect([...SYMPTOMS.keys()].sort()).toEqual(shown.sort());
  });

  const cases = OAUTH_FAULTS.flatMap((fault) =>
    places(fault).map((place) => ({ fault, place, transport: place[0], era: place[1], id: faultId(fault) })),
  ).filter(({ id }) => SYMPTOMS.has(id));
  it.each(cases)('$id over $transport as $era', async ({ fault, place, id }) => {
    const symptom = SYMPTOMS.get(id);
    const right = await symptom?.ask(await faultlessStage(place));
    const stage = await open(fault, place);
    const wrong = await symptom?.ask(stage);
    stage.close();
    expect({ right, wrong }).toEqual({ right: symptom?.right, wrong: symptom?.wrong });
  });
});

describe('the faultless resource server', () => {
  const places: Place[] = [
    ['streamable-http', 'legacy'],
    ['streamable-http', 'modern'],
    ['streamable-http', 'both'],
    ['sse', 'legacy'],
  ];

  it.each(places)('asks for a token on every route and method, over %s as %s', async (...place) => {
    const { port } = await faultlessStage(place);
    const asked = ['/', '/mcp', '/sse', '/messages', '/mcp?access_token=x', '/.well-known/else'].flatMap(
      (path) => ['GET', 'POST', 'DELETE', 'PUT', 'HEAD'].map((method) => ({ method, path })),
    );
    const answers = await Promise.all(
      asked.map(async ({ method, path }) => (await exchange(port, { method, path, headers: {} })).status),
    );
    expect([...new Set(answers)]).toEqual([401]);
  });

  it('refuses two Authorization headers', async () => {
    const { port } = await faultlessStage(['streamable-http', 'both']);
    const { Authorization = '' } = await cast.authorize('alice', 'POST', `http://127.0.0.1:${port}/mcp`);
    const twice = [Authorization, 'Bearer invented'] as unknown as string;
    const said = await exchange(port, {
      method: 'POST',
      path: '/mcp',
      headers: { authorization: twice },
      message: {},
    });
    expect([said.status, said.headers['www-authenticate']]).toEqual([
      400,
      expect.stringContaining('error="invalid_request"'),
    ]);
  });

  it('serves the owner of a session after a refresh, and through another client', async () => {
    const session = await openSession(await faultlessStage(['streamable-http', 'both']), 'alice');
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    const said = [];
    for (const name of ['alice', 'alice-refreshed', 'alice-other-client', 'alice-dpop'] as const)
      said.push(verdict(await session.send(name, ping)));
    expect(said).toEqual(['served', 'served', 'served', 'served']);
  });

  it('keeps the first stream of a session and refuses a second', async () => {
    const session = await openSession(await faultlessStage(['streamable-http', 'legacy']), 'alice');
    const [first, second] = [await session.listen(), await session.listen()];
    const open = await Promise.race([first.ended.then(() => false), Promise.resolve(true)]);
    first.close();
    expect([verdict(first), verdict(second), open]).toEqual(['served', 409, true]);
  });

  it('gives out session ids of 192 random bits', async () => {
    const { id } = await openSession(await faultlessStage(['streamable-http', 'legacy']), 'alice');
    expect(id).toMatch(/^[\w-]{32}$/);
  });
});

describe('the manifest of a resource server', () => {
  it('names the embedded issuer and says what the tools are for', () => {
    const { spec } = parse(
      zooManifest({ transport: 'streamable-http', era: 'both', authorization: 'oauth' }),
    );
    const variable = (name: string): unknown => expect.stringMatching(new RegExp(`^\\$\\{${name}\\}$`));
    expect({ ...spec, run: spec.run.env }).toEqual({
      run: {
        OAUTH_ISSUER: variable('identity.issuer'),
        OAUTH_JWKS_URI: variable('identity.jwksUri'),
        OAUTH_AUDIENCE: variable('identity.audience'),
      },
      transport: { type: 'streamable-http', path: '/mcp' },
      authorization: { provider: 'embedded', scopes: ['mcp:tools'] },
      exercise: [
        { tool: 'ask', arguments: { question: 'Go on?' }, expect: 'elicitation' },
        { tool: 'announce', arguments: { text: variable('canary') }, expect: 'result' },
        { tool: 'echo', arguments: { text: variable('canary') }, expect: 'result' },
        ...['connect_account', 'sync_ledger', 'choose_plan'].map((tool) => ({
          tool,
          arguments: {},
          expect: 'elicitation',
        })),
      ],
      declares: { elicitationOrigins: ['https://connect.larkspur.example'] },
      handles: [
        {
          mint: { tool: 'open_cart', arguments: {}, pointer: '/structuredContent/cartId' },
          use: { tool: 'add_item', arguments: { cartId: variable('handle'), item: 'apple' } },
        },
      ],
      whoami: { tool: 'whoami', arguments: {}, pointer: '/structuredContent/subject' },
    });
  });

  it('is what a fault needs, unless it is asked for otherwise', () => {
    const fault = FAULTS.find(({ id }) => id === 'session/fixation') ?? null;
    const provider = (authorization?: 'none' | 'oauth'): string =>
      parse(
        zooManifest({
          fault,
          transport: 'streamable-http',
          era: 'legacy',
          ...(authorization && { authorization }),
        }),
      ).spec.authorization.provider;
    expect([provider(), provider('none')]).toEqual(['embedded', 'none']);
  });
});
