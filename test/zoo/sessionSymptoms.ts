/** How the faults of the area `session` show to somebody who asks directly: the legacy era. */
import type { PrincipalName } from '../../src/identity/identity.js';
import { knock, type StageSymptom } from './authorizationSymptoms.js';
import type { Channel, Json } from './channel.js';
import { at, initialize, request } from './questions.js';
import { call, openSession, type Session, type Stage, verdict } from './stage.js';

const LIST = (): Json => request('tools/list');
const NOTIFICATION: Json = { jsonrpc: '2.0', method: 'notifications/roots/list_changed' };

/** The text a tool answered with. */
export const textOf = (answer: Json | null): unknown => at(answer, 'result', 'content', '0', 'text');

const tried = async (sent: Promise<Channel>): Promise<'served' | number> => {
  const channel = await sent;
  const said = verdict(channel);
  channel.close();
  return said;
};

/** What a principal gets of alice's session, by operation: a request, a notification, and where there are such, GET and DELETE. */
async function operations(stage: Stage, name: PrincipalName): Promise<('served' | number)[]> {
  const session = await openSession(stage, 'alice');
  const posted = [await tried(session.send(name, LIST())), await tried(session.send(name, NOTIFICATION))];
  if (stage.transport === 'sse') return posted;
  return [
    ...posted,
    await tried(session.send(name)),
    await tried(session.send(name, undefined, { method: 'DELETE' })),
  ];
}

const asBob =
  (...names: PrincipalName[]) =>
  async (stage: Stage): Promise<unknown> => {
    const all = await Promise.all(names.map((name) => operations(stage, name)));
    return [...new Set(all.flat())];
  };

/** Bob's request, notification, GET and DELETE. */
const bobs = (wrong: unknown[]): StageSymptom => ({
  ask: (stage) => operations(stage, 'bob'),
  right: [404, 404, 404, 404],
  wrong,
});

/** A request of each on alice's session. */
const requests = (names: PrincipalName[], right: unknown[], wrong: unknown[]): StageSymptom => ({
  async ask(stage) {
    const said: unknown[] = [];
    for (const name of names) {
      const session = await openSession(stage, 'alice');
      said.push(await tried(session.send(name, LIST())));
    }
    return said;
  },
  right,
  wrong,
});

/** What bob gets, and whom alice is taken for afterwards. */
const afterBob = (wrong: unknown[]): StageSymptom => ({
  async ask(stage) {
    const session = await openSession(stage, 'alice');
    const bob = await tried(session.send('bob', LIST()));
    return [bob, textOf(await session.ask(call('whoami')))];
  },
  right: [404, 'alice'],
  wrong,
});

/** A stream that was opened, and what it hears until it has heard of `last`. */
async function heard(stream: Channel, last: string): Promise<unknown[]> {
  await stream.event(({ data }) => data.includes(last));
  return stream
    .events()
    .map(({ data }) =>
      data.includes('notifications/message') ? at(JSON.parse(data), 'params', 'data') : null,
    )
    .filter((text) => text !== null);
}

const displaced: StageSymptom = {
  async ask(stage) {
    const session = await openSession(stage, 'alice');
    const stream = await session.listen();
    const bob = await session.send('bob');
    const status = verdict(bob);
    await session.ask(call('announce', { text: 'for alice' }));
    const mine =
      status === 'served'
        ? await Promise.race([stream.ended.then(() => []), heard(stream, 'for alice')])
        : await heard(stream, 'for alice');
    bob.close();
    stream.close();
    return [status, mine];
  },
  right: [404, ['for alice']],
  wrong: ['served', []],
};

const resumed: StageSymptom = {
  async ask(stage) {
    const [alice, bob] = [await openSession(stage, 'alice'), await openSession(stage, 'bob')];
    const stream = await alice.listen();
    await alice.ask(call('announce', { text: 'first' }));
    const first = await stream.event(({ data }) => data.includes('first'));
    await alice.ask(call('announce', { text: 'second' }));
    await stream.event(({ data }) => data.includes('second'));
    const stolen = await bob.send('bob', undefined, { headers: { 'last-event-id': first?.id ?? '' } });
    const status = verdict(stolen);
    const found = status === 'served' ? await heard(stolen, 'second') : [];
    stolen.close();
    stream.close();
    return [status, found];
  },
  right: [400, []],
  wrong: ['served', ['second']],
};

/** Bob answers what the server asked alice, before alice declines. */
const spoofed =
  (session: (alice: Session, bob: Session) => Session) =>
  async (stage: Stage): Promise<unknown> => {
    const alice = await openSession(stage, 'alice', { elicitation: { form: {} } });
    const bob = await openSession(stage, 'bob');
    const question = call('ask', { question: 'Pay?' });
    const channel = await alice.send('alice', question);
    const stream = stage.transport === 'sse' ? await alice.listen() : channel;
    const asked = await stream.message(({ method }) => method === 'elicitation/create');
    const answer = (result: Json): Json => ({ jsonrpc: '2.0', id: asked?.['id'], result });
    await session(alice, bob).send('bob', answer({ action: 'accept', content: { confirm: true } }));
    await alice.send('alice', answer({ action: 'decline' }));
    const said = await stream.message(({ id, method }) => id === question['id'] && method === undefined);
    stream.close();
    return textOf(said);
  };
const spoofing = (ask: StageSymptom['ask']): StageSymptom => ({
  ask,
  right: 'Not confirmed.',
  wrong: 'Confirmed.',
});

const injected: StageSymptom = {
  async ask(stage) {
    const [alice, bob] = [await openSession(stage, 'alice'), await openSession(stage, 'bob')];
    const stream = await alice.listen();
    await bob.ask(call('announce', { text: 'from bob' }));
    await alice.ask(call('announce', { text: 'from alice' }));
    const all = await heard(stream, 'from alice');
    stream.close();
    return all;
  },
  right: ['from alice'],
  wrong: ['from bob', 'from alice'],
};

const fixed: StageSymptom = {
  async ask(stage) {
    const chosen = 'a-session-that-bob-chose';
    const opened = await stage.send('alice', initialize('2025-11-25'), {
      headers: { 'mcp-session-id': chosen },
    });
    opened.close();
    return [verdict(opened), opened.headers['mcp-session-id'] === chosen];
  },
  right: [404, false],
  wrong: ['served', true],
};

const unknown: StageSymptom = {
  ask: (stage) => tried(stage.send('alice', LIST(), { headers: { 'mcp-session-id': 'x'.repeat(32) } })),
  right: 404,
  wrong: 'served',
};

const survived: StageSymptom = {
  async ask(stage) {
    const session = await openSession(stage, 'alice');
    const ended = await tried(session.send('alice', undefined, { method: 'DELETE' }));
    return [ended, await tried(session.send('alice', LIST()))];
  },
  right: ['served', 404],
  wrong: ['served', 'served'],
};

/** How many characters at the end of the ids change from one to the next, at most. */
const changing = (wrong: unknown): StageSymptom => ({
  async ask(stage) {
    const ids: string[] = [];
    for (let count = 0; count < 4; count += 1) ids.push((await openSession(stage, 'alice')).id);
    const [first = ''] = ids;
    const same = [...first].findIndex(
      (_, index) => new Set(ids.map((id) => id.slice(0, index + 1))).size > 1,
    );
    return first.length - same > 24 ? 'random' : 'alike';
  },
  right: 'random',
  wrong,
});

export const proofs: readonly PrincipalName[] = [
  'alice-dpop',
  'alice-dpop-no-proof',
  'alice-dpop-as-bearer',
  'alice-dpop-other-key',
  'alice-dpop-replayed',
];
const confirmed = (...wrong: ('served' | 401)[]): StageSymptom => ({
  async ask(stage) {
    const said: unknown[] = [];
    for (const name of proofs) said.push(await tried(knock(stage, name)));
    return said;
  },
  right: ['served', 401, 401, 401, 401],
  wrong: ['served', ...wrong],
});

export const SESSION_SYMPTOMS: readonly [string, StageSymptom][] = [
  [
    'session/unauthenticated',
    requests(['anonymous', 'bob', 'expired'], [401, 404, 401], ['served', 404, 401]),
  ],
  [
    'session/other-principal-accepted',
    { ask: asBob('bob', 'bob-refreshed'), right: [404], wrong: ['served'] },
  ],
  ['session/other-principal-accepted:post-only', bobs([404, 404, 'served', 'served'])],
  ['session/other-principal-accepted:delete', bobs([404, 404, 404, 'served'])],
  [
    'session/other-principal-accepted:client',
    requests(['bob', 'alice-other-client'], [404, 'served'], ['served', 404]),
  ],
  [
    'session/other-principal-accepted:notifications',
    {
      ask: async (stage) => (await operations(stage, 'bob')).slice(0, 2),
      right: [404, 404],
      wrong: [404, 'served'],
    },
  ],
  [
    'session/other-principal-accepted:initialize-only',
    requests(['bob', 'anonymous', 'invented'], [404, 401, 401], ['served', 'served', 'served']),
  ],
  [
    'session/refreshed-other-principal-accepted',
    requests(['bob', 'bob-refreshed'], [404, 404], [404, 'served']),
  ],
  ['session/rebinds-to-other-principal', afterBob(['served', 'bob'])],
  ['session/rebinds-to-other-principal:silently', afterBob([404, 'bob'])],
  ['session/stream-hijack', displaced],
  ['session/stream-hijack:shared-event-store', resumed],
  ['session/response-spoofing', spoofing(spoofed((alice) => alice))],
  ['session/response-spoofing:shared-table', spoofing(spoofed((_, bob) => bob))],
  ['session/event-injection', injected],
  ['session/fixation', fixed],
  ['session/unknown-id-accepted', unknown],
  ['session/survives-termination', survived],
  ['session/weak-id', changing('alike')],
  ['session/weak-id:timestamp', changing('alike')],
  ['session/weak-id:truncated-random', changing('alike')],
  ['session/confirmation-not-enforced', confirmed('served', 'served', 'served', 'served')],
  ['session/confirmation-not-enforced:bearer-accepted', confirmed(401, 'served', 401, 401)],
  ['session/confirmation-not-enforced:any-key', confirmed(401, 401, 'served', 401)],
  ['session/confirmation-not-enforced:replayable', confirmed(401, 401, 401, 'served')],
  [
    'session/refresh-refused',
    requests(['alice-refreshed', 'alice-other-client', 'bob'], ['served', 'served', 404], [404, 404, 404]),
  ],
];
