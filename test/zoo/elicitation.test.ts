import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { type Asker, ELICITATION_SYMPTOMS, WAITS } from './elicitationSymptoms.js';
import { type Era, FAULTS, type Fault, faultId } from './faults.mjs';
import type { Json } from './peer.js';
import { at, initialize, modernMessage, request } from './questions.js';
import { serveOverStdio } from './stdio.mjs';
import { FAULTLESS } from './switches.mjs';

const OWN = FAULTS.filter(({ id }) => id.startsWith('elicitation/'));
const switchOf = (fault: Fault): string => String(fault.set['elicitation']);
/** Whatever asks more often than this never stops. */
const ROUNDS = 4;
const EVERYTHING = { form: {}, url: {} };

/** A server of this kind inside the test's own process: what it writes, and how to write to it. */
async function serve(set: Fault['set'], era: Era): Promise<Line> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  await serveOverStdio(era, { ...FAULTLESS, ...set }, { input, output, exit: () => undefined });
  const lines = createInterface({ input: output })[Symbol.asyncIterator]();
  return {
    send: (message) => void input.write(`${JSON.stringify(message)}\n`),
    next: async () => JSON.parse((await lines.next()).value ?? '{}') as Json,
    close: () => void input.end(),
  };
}

interface Line {
  send(message: Json): void;
  next(): Promise<Json>;
  close(): void;
}

/** One call: every question it leads to, and how it ends when all get this answer. */
type Call = (tool: string, elicitation: Json | null, answer: Json) => Promise<{ asked: Json[]; end: Json }>;

const legacy =
  (set: Fault['set']): Call =>
  async (tool, elicitation, answer) => {
    const line = await serve(set, 'legacy');
    const hello = initialize('2025-11-25');
    const capabilities = elicitation === null ? {} : { elicitation };
    line.send({ ...hello, params: { ...(hello['params'] as Json), capabilities } });
    await line.next();
    line.send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    const called = request('tools/call', { name: tool, arguments: {} });
    line.send(called);
    const asked: Json[] = [];
    let message = await line.next();
    while (message['method'] === 'elicitation/create' && asked.length < ROUNDS) {
      asked.push(message['params'] as Json);
      line.send({ jsonrpc: '2.0', id: message['id'], result: answer });
      message = await line.next();
    }
    line.send({
      jsonrpc: '2.0',
      method: 'notifications/cancelled',
      params: { requestId: called['id'] },
    });
    line.close();
    const listed = at(message, 'error', 'data', 'elicitations');
    return { asked: Array.isArray(listed) ? (listed as Json[]) : asked, end: message };
  };

const modern =
  (set: Fault['set']): Call =>
  async (tool, elicitation, answer) => {
    const line = await serve(set, 'modern');
    const asked: Json[] = [];
    let more: Json = {};
    let message: Json = {};
    while (asked.length < ROUNDS) {
      const built = modernMessage('tools/call', { params: { name: tool, arguments: {}, ...more } });
      const meta = at(built, 'params', '_meta') as Json;
      meta['io.modelcontextprotocol/clientCapabilities'] = elicitation === null ? {} : { elicitation };
      line.send(built);
      message = await line.next();
      const params = at(message, 'result', 'inputRequests', 'confirmation', 'params');
      if (params === undefined) break;
      asked.push(params as Json);
      const requestState = at(message, 'result', 'requestState');
      more = { inputResponses: { confirmation: answer }, requestState };
    }
    line.close();
    return { asked, end: message };
  };

function asker(fault: Fault | null, era: Era): Asker {
  const set = fault?.set ?? {};
  const call = era === 'legacy' ? legacy(set) : modern(set);
  return {
    era,
    asked: async (tool, elicitation = EVERYTHING) =>
      (await call(tool, elicitation, { action: 'decline' })).asked,
    async answered(tool, answer) {
      const { end } = await call(tool, EVERYTHING, answer);
      const text = at(end, 'result', 'content', '0', 'text');
      return text ?? at(end, 'error', 'code') ?? 'asks again';
    },
    async described() {
      const line = await serve(set, 'modern');
      line.send(modernMessage('tools/list'));
      const tools = at(await line.next(), 'result', 'tools') as Json[];
      line.close();
      return tools.map((tool) => String(tool['description']));
    },
  };
}

describe('the faults of elicitation', () => {
  it('have a symptom each, and each symptom a fault', () => {
    const wrong = OWN.map(switchOf).filter((value) => value !== 'right');
    expect([...ELICITATION_SYMPTOMS.keys()].sort()).toEqual([...new Set(wrong)].sort());
  });

  const cases = OWN.filter((fault) => switchOf(fault) !== 'right').flatMap((fault) =>
    fault.eras.filter((era) => era !== 'both').map((era) => ({ fault, era, id: faultId(fault) })),
  );
  it.each(cases)('$id in the $era era', async ({ fault, era }) => {
    const symptom = ELICITATION_SYMPTOMS.get(switchOf(fault));
    expect({
      right: await symptom?.ask(asker(null, era)),
      wrong: await symptom?.ask(asker(fault, era)),
    }).toEqual({ right: symptom?.right, wrong: symptom?.wrong });
  });
});

describe('the faultless server', () => {
  it.each(['legacy', 'modern'] as const)(
    'takes consent for no more than that, in the %s era',
    async (era) => {
      expect(await WAITS.ask(asker(null, era))).toEqual(WAITS.right);
    },
  );

  it('lists the page in error -32042, for clients of the legacy era that can open it', async () => {
    const both = await legacy({})('sync_ledger', EVERYTHING, { action: 'accept' });
    const forms = await legacy({})('sync_ledger', { form: {} }, { action: 'accept' });
    expect([
      at(both.end, 'error', 'code'),
      Object.keys(both.asked[0] ?? {}).sort(),
      at(forms.end, 'result', 'content', '0', 'text'),
    ]).toEqual([-32042, ['elicitationId', 'message', 'mode', 'url'], 'This client cannot ask its user.']);
  });

  it('refuses clients of the modern era that cannot be asked with -32021', async () => {
    const refused = await Promise.all([
      modern({})('connect_account', { form: {} }, {}),
      modern({})('sync_ledger', {}, {}),
      modern({})('choose_plan', { url: {} }, {}),
      modern({})('choose_plan', null, {}),
    ]);
    expect(refused.map(({ end }) => at(end, 'error', 'code'))).toEqual([-32021, -32021, -32021, -32021]);
  });

  it('asks a client for forms that declares an empty capability', async () => {
    const [old, current] = [asker(null, 'legacy'), asker(null, 'modern')];
    const counts = [await old.asked('choose_plan', {}), await current.asked('choose_plan', {})];
    expect(counts.map((asked) => asked.length)).toEqual([1, 1]);
  });
});
