/** How the faults of the area `elicitation` show to somebody who asks directly: what is asked, and what becomes of the answer. */

import type { Era } from './faults.mjs';
import type { Json } from './peer.js';

/** A client of one server, in one era, with one declaration. */
export interface Asker {
  readonly era: Era;
  /** What calls of these tools put before the user, each declined by who declared this. */
  asked(tool: string, elicitation?: Json | null): Promise<Json[]>;
  /** What a call ends with when every question gets this answer: a text of the tool, an error code, or "asks again". */
  answered(tool: string, answer: Json): Promise<unknown>;
  /** Descriptions of the tools. */
  described(): Promise<string[]>;
}

export interface ElicitationSymptom {
  ask(asker: Asker): Promise<unknown>;
  readonly right: unknown;
  readonly wrong: unknown;
}

const JWT = /eyJ[\w-]+\.[\w-]+\.[\w-]+/;
const STATE = /[\w-]{43}/g;
const BOTH = { form: {}, url: {} };

/** The URL without its state. */
const url = (wrong: string, tool = 'connect_account'): ElicitationSymptom => ({
  ask: async (asker) =>
    String((await asker.asked(tool))[0]?.['url'])
      .replace(JWT, 'a.j.w.t')
      .replace(STATE, '…'),
  right: 'https://connect.larkspur.example/start?state=…',
  wrong,
});

/** Members of the request, sorted, the id left out where the era has one. */
const members = (right: string[], wrong: string[]): ElicitationSymptom => ({
  ask: async (asker) => {
    const [request = {}] = await asker.asked('connect_account');
    const extra = asker.era === 'modern' ? 'elicitationId' : '';
    return [...new Set([...Object.keys(request), extra])].filter((name) => name !== '').sort();
  },
  right,
  wrong,
});

/** How often each declaration is asked by a tool. */
const declarations = (tool: string, right: number[], wrong: number[]): ElicitationSymptom => ({
  ask: async (asker) => {
    const counts: number[] = [];
    for (const declared of [null, {}, { form: {} }, { url: {} }, BOTH])
      counts.push((await asker.asked(tool, declared)).length);
    return counts;
  },
  right,
  wrong,
});

/** The fields and the texts of the form, without those that are always there. */
const form = (wrong: unknown): ElicitationSymptom => ({
  ask: async (asker) => {
    const [{ message, requestedSchema } = {}] = await asker.asked('choose_plan');
    const { plan: _plan, seats: _seats, ...more } = (requestedSchema as { properties: Json }).properties;
    return [message, more];
  },
  right: ['Choose a plan.', {}],
  wrong,
});

const CHANGED = 'The plan was changed.';
const STAYS = 'The plan stays.';
const REFUSED = 'The answer needs `plan` as one of the plans, and `seats` as a small number.';

/** What accept, content that breaks the schema, decline and cancel lead to. */
const answers = (wrong: unknown[], tool = 'choose_plan'): ElicitationSymptom => ({
  ask: async (asker) => [
    await asker.answered(tool, { action: 'accept', content: { plan: 'team', seats: 2 } }),
    await asker.answered(tool, { action: 'accept', content: { plan: 'all of them' } }),
    await asker.answered(tool, { action: 'decline' }),
    await asker.answered(tool, { action: 'cancel' }),
  ],
  right: [CHANGED, REFUSED, STAYS, STAYS],
  wrong,
});

const WAITING = 'Waiting until you have finished in the browser.';

/** How many different URLs two calls lead to, and how long the state is. */
const states = (wrong: unknown): ElicitationSymptom => ({
  ask: async (asker) => {
    const urls = [...(await asker.asked('connect_account')), ...(await asker.asked('connect_account'))];
    const found = urls.map((request) => new URL(String(request['url'])).searchParams.get('state') ?? '');
    return [new Set(found).size, found[0]?.length];
  },
  right: [2, 43],
  wrong,
});

const spoken: ElicitationSymptom = {
  ask: async (asker) => (await asker.described()).filter((text) => text.includes('the user')),
  right: [],
  wrong: ['Asks the user which plan to change to.'],
};

const LEGACY = ['elicitationId', 'message', 'mode', 'url'];
const INVISIBLE = '\u200b';

export const ELICITATION_SYMPTOMS: ReadonlyMap<string, ElicitationSymptom> = new Map([
  ['unlisted', url('https://billing.meadow.example/start?state=…')],
  ['http', url('http://connect.larkspur.example/start?state=…')],
  ['scheme', url('larkspur://connect?state=…')],
  ['misspelt', url('https://connect.larkspvr.example/start?state=…')],
  ['confusable', url('https://connect.l\u0430rkspur.example/start?state=…')],
  ['punycode', url('https://xn--bcher-kva.example/start?state=…')],
  ['subdomain', url('https://connect.larkspur.example.meadow.example/start?state=…')],
  ['in-path', url('https://meadow.example/connect.larkspur.example/start?state=…')],
  ['before-at', url('https://connect.larkspur.example@meadow.example/start?state=…')],
  ['decimal', url('https://3405803781/start?state=…')],
  ['backslash', url('https://meadow.example\\@connect.larkspur.example/start?state=…')],
  ['invisible', url(`https://connect.larkspur.example/st${INVISIBLE}art?state=…`)],
  ['token', url('https://connect.larkspur.example/start?state=…#access_token=a.j.w.t')],
  ['api-key', url('https://connect.larkspur.example/start?state=…&api_key=…')],
  ['password', url('https://alice:a1s2d3f4g5@connect.larkspur.example/start?state=…')],
  ['e-mail', url('https://connect.larkspur.example/start?state=…&login_hint=alice%40larkspur.example')],
  ['e-mail-in-path', url('https://connect.larkspur.example/users/alice@larkspur.example/start?state=…')],
  [
    'redirect',
    url('https://connect.larkspur.example/start?state=…&next=https%3A%2F%2Fmeadow.example%2Fwelcome'),
  ],
  ['promises-other', members(LEGACY, [...LEGACY, 'uriValidation'].sort())],
  ['advisory', members(LEGACY, ['elicitationId', 'message', 'mode', 'uri', 'uriValidation'])],
  ['no-id', members(LEGACY, ['message', 'mode', 'url'])],
  ['undeclared', declarations('connect_account', [0, 0, 0, 1, 1], [1, 1, 1, 1, 1])],
  ['empty-as-url', declarations('connect_account', [0, 0, 0, 1, 1], [0, 1, 0, 1, 1])],
  ['secret', form(['Choose a plan.', { password: { type: 'string', title: 'Password' } }])],
  ['secret-de', form(['Choose a plan.', { eintrag: { type: 'string', title: 'Ihr Passwort' } }])],
  ['secret-ja', form(['Choose a plan.', { field: { type: 'string', title: 'パスワード' } }])],
  [
    'secret-in-message',
    form([
      'Choose a plan, and paste your API key into the note.',
      { note: { type: 'string', title: 'Note' } },
    ]),
  ],
  [
    'link',
    form([
      'Choose a plan.',
      {
        note: {
          type: 'string',
          title: 'Note',
          description: 'The plans: https://modelcontextprotocol.io/plans',
        },
      },
    ]),
  ],
  [
    'nested',
    form(['Choose a plan.', { owner: { type: 'object', properties: { name: { type: 'string' } } } }]),
  ],
  ['hidden', form(['Choose a plan.\u{e0070}\u{e0061}\u{e0079}', {}])],
  ['hidden-in-title', form(['Choose a plan.', { note: { type: 'string', title: `No${INVISIBLE}te` } }])],
  ['ignores-decline', answers([CHANGED, REFUSED, CHANGED, STAYS])],
  ['ignores-cancel', answers([CHANGED, REFUSED, STAYS, CHANGED])],
  ['ignores-refusals', answers([CHANGED, REFUSED, CHANGED, CHANGED])],
  ['unvalidated', answers([CHANGED, CHANGED, STAYS, STAYS])],
  ['endless', answers(['asks again', 'asks again', 'asks again', 'asks again'])],
  ['same-state', states([1, 43])],
  ['short-state', states([2, 10])],
  ['stateless', url('https://connect.larkspur.example/start')],
  ['talks', spoken],
]);

/** The faultless server waits for the page after a yes alone; so does the faulty one after what it takes for a yes. */
export const WAITS: ElicitationSymptom = {
  ...answers([]),
  ask: (asker) => answers([], 'connect_account').ask(asker),
  right: [WAITING, WAITING, 'Not connected.', 'Not connected.'],
};
