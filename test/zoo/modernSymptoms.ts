/** How the faults of handles, states, lists and shared tables show to somebody who asks directly, in the era that is there. */
import type { PrincipalName } from '../../src/identity/identity.js';
import type { StageSymptom } from './authorizationSymptoms.js';
import type { Channel, Json } from './channel.js';
import { at } from './questions.js';
import { textOf } from './sessionSymptoms.js';
import { askModern, call, openSession, type Stage } from './stage.js';

const ELICITATION: Json = { elicitation: { form: {} } };

/** A user who calls tools, over a session of its own in the legacy era. */
async function caller(
  stage: Stage,
  name: PrincipalName,
): Promise<(tool: string, given: Json, id?: number) => Promise<Json | null>> {
  if (stage.era === 'modern') {
    return async (tool, given, id) => {
      const channel = await askModern(stage, name, 'tools/call', {
        params: { name: tool, arguments: given },
        ...(id !== undefined && { id }),
      });
      return whole(channel);
    };
  }
  const session = await openSession(stage, name);
  return (tool, given, id) => session.ask({ ...call(tool, given), ...(id !== undefined && { id }) });
}

async function whole(channel: Channel): Promise<Json | null> {
  return channel.message((message) => message['method'] === undefined);
}

const carts = (wrong: unknown[]): StageSymptom => ({
  async ask(stage) {
    const [alice, bob] = [await caller(stage, 'alice'), await caller(stage, 'bob')];
    const opened = await alice('open_cart', {});
    const cartId = at(opened, 'result', 'structuredContent', 'cartId');
    const item = { cartId, item: 'apple' };
    return [
      textOf(await alice('add_item', item)),
      textOf(await bob('add_item', item)),
      /^cart-\d+$/.test(String(cartId)),
    ];
  },
  right: ['The cart holds 1.', 'There is no such cart.', false],
  wrong,
});

const crossed: StageSymptom = {
  async ask(stage) {
    const [alice, bob] = [await caller(stage, 'alice'), await caller(stage, 'bob')];
    const answers = await Promise.all([
      alice('echo', { text: 'of alice' }, 77),
      bob('echo', { text: 'of bob' }, 77),
    ]);
    return answers.map(textOf);
  },
  right: ['of alice', 'of bob'],
  wrong: ['of bob', 'of alice'],
};

/** A question asked of alice and confirmed by somebody, in some way; the answer's text or its error code. */
async function confirm(
  stage: Stage,
  {
    as = 'alice',
    question = 'Pay?',
    bend = (state) => state,
  }: { as?: PrincipalName; question?: string; bend?: (state: string) => string },
): Promise<unknown> {
  const asked = { name: 'ask', arguments: { question: 'Pay?' } };
  const first = await whole(
    await askModern(stage, 'alice', 'tools/call', { params: asked, capabilities: ELICITATION }),
  );
  const state = String(at(first, 'result', 'requestState'));
  const inputResponses = { confirmation: { action: 'accept', content: { confirm: true } } };
  const params = { name: 'ask', arguments: { question }, inputResponses, requestState: bend(state) };
  const second = await whole(await askModern(stage, as, 'tools/call', { params, capabilities: ELICITATION }));
  return textOf(second) ?? at(second, 'error', 'code');
}

/** Whether a state says that it lives for a few seconds only, and what is made of it when they are over. */
const expired: StageSymptom = {
  async ask(stage) {
    const asked = { name: 'ask', arguments: { question: 'Pay?' } };
    const first = await whole(
      await askModern(stage, 'alice', 'tools/call', { params: asked, capabilities: ELICITATION }),
    );
    const requestState = String(at(first, 'result', 'requestState'));
    const claims: unknown = JSON.parse(Buffer.from(requestState.split('.')[0] ?? '', 'base64url').toString());
    const leftMs = Number(at(claims, 'until')) - Date.now();
    if (leftMs > 5000) return ['lives on', 'Confirmed.'];
    await new Promise((resolve) => setTimeout(resolve, leftMs + 100));
    const inputResponses = { confirmation: { action: 'accept', content: { confirm: true } } };
    const params = { ...asked, inputResponses, requestState };
    const second = await whole(
      await askModern(stage, 'alice', 'tools/call', { params, capabilities: ELICITATION }),
    );
    return ['has ended', textOf(second) ?? at(second, 'error', 'code')];
  },
  right: ['lives on', 'Confirmed.'],
  wrong: ['has ended', 'Confirmed.'],
};

/** One bit changed in the first part. */
function changed(state: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const place = 40;
  const other = alphabet[alphabet.indexOf(state.charAt(place)) ^ 1] ?? '';
  return `${state.slice(0, place)}${other}${state.slice(place + 1)}`;
}

const states = (...wrong: unknown[]): StageSymptom => ({
  ask: async (stage) => [
    await confirm(stage, {}),
    await confirm(stage, { as: 'alice-refreshed' }),
    await confirm(stage, { as: 'bob' }),
    await confirm(stage, { question: 'Pay twice?' }),
    await confirm(stage, { bend: changed }),
    await confirm(stage, { bend: (state) => state.slice(0, -8) }),
    await confirm(stage, { bend: () => '' }),
  ],
  right: ['Confirmed.', 'Confirmed.', -32602, -32602, -32602, -32602, -32602],
  wrong: ['Confirmed.', 'Confirmed.', ...wrong],
});

const lists: StageSymptom = {
  async ask(stage) {
    const [alice, bob] = await Promise.all(
      (['alice', 'bob'] as const).map(
        async (name) => (await whole(await askModern(stage, name, 'tools/list')))?.['result'],
      ),
    );
    return [JSON.stringify(at(alice, 'tools')) === JSON.stringify(at(bob, 'tools')), at(alice, 'cacheScope')];
  },
  right: [true, 'public'],
  wrong: [false, 'public'],
};

/** What alice's subscription hears of bob's announcement before her own. */
const subscribed: StageSymptom = {
  async ask(stage) {
    const stream = await askModern(stage, 'alice', 'subscriptions/listen', {
      params: { notifications: { toolsListChanged: true } },
    });
    await stream.message(({ method }) => method === 'notifications/subscriptions/acknowledged');
    const [alice, bob] = [await caller(stage, 'alice'), await caller(stage, 'bob')];
    await bob('announce', { text: 'from bob' });
    await alice('announce', { text: 'from alice' });
    await stream.event(({ data }) => data.includes('from alice'));
    const all = stream.events().filter(({ data }) => data.includes('list_changed'));
    stream.close();
    return all.map(({ data }) => at(JSON.parse(data), 'params', '_meta', 'zoo/announcement'));
  },
  right: ['from alice'],
  wrong: ['from bob', 'from alice'],
};

const C = 'Confirmed.';
const R = -32602;

export const MODERN_SYMPTOMS: readonly [string, StageSymptom][] = [
  ['session/cross-client-leak', crossed],
  ['session/event-injection:subscriptions', subscribed],
  ['session/handle-not-bound', carts(['The cart holds 1.', 'The cart holds 2.', false])],
  ['session/handle-not-bound:sequential', carts(['The cart holds 1.', 'The cart holds 2.', true])],
  ['session/request-state-not-bound', states(C, R, R, R, R)],
  ['session/request-state-not-bound:request', states(R, C, R, R, R)],
  ['session/request-state-tampering', states(R, R, C, R, R)],
  ['session/request-state-tampering:truncated', states(R, R, R, C, R)],
  ['session/request-state-tampering:emptied', states(R, R, R, R, C)],
  ['session/request-state-expiry', expired],
  ['session/private-data-cached-public', lists],
];
