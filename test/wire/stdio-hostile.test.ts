import { afterEach, describe, expect, it } from '@jest/globals';
import type { Limits } from '../../src/wire/limits.js';
import type { Wire } from '../../src/wire/wire.js';
import { scriptCandidate, stdioCandidate, wireTo } from './candidates.js';

const wires: Wire[] = [];
afterEach(async () => {
  for (const wire of wires.splice(0)) await wire.close();
});

async function connect(script: string, changes: Partial<Limits> = {}) {
  const wire = wireTo(scriptCandidate(script), 'stdio', '/', { requestTimeoutMs: 5000, ...changes });
  wires.push(wire);
  const client = await wire.legacy({ experiment: 'test/hostile' });
  return { wire, client };
}

async function ask(script: string, changes: Partial<Limits> = {}) {
  const { wire, client } = await connect(script, changes);
  const reply = await client.request('tools/list');
  const noise = client.details.noise();
  await wire.close();
  return { reply, noise, crashes: wire.crashes() };
}

describe('a candidate on stdio', () => {
  it('that never answers is silent', async () => {
    const { reply } = await ask('process.stdin.resume()', { requestTimeoutMs: 300 });
    expect(reply).toMatchObject({ kind: 'none', ending: 'timeout' });
  });

  it('that ends instead of answering is noticed at once, as a crash after this exchange', async () => {
    const { reply, crashes } = await ask('onLine(() => process.exit(7))', { requestTimeoutMs: 30_000 });
    expect(reply).toMatchObject({
      kind: 'none',
      ending: 'exited',
      exchange: { answer: { problem: 'the candidate ended with code 7' } },
    });
    expect(crashes).toEqual([
      {
        experiment: 'test/hostile',
        connection: 'c1',
        afterExchange: reply.exchange.id,
        exitCode: 7,
        signal: null,
      },
    ]);
  });

  it('is heard out when it answers and ends in one breath', async () => {
    const { reply } = await ask(
      `onLine(({ id }) => { send({ jsonrpc: '2.0', id, result: 1 }); process.exitCode = 3; process.stdin.destroy(); })`,
    );
    expect(reply).toMatchObject({ kind: 'result', result: 1 });
  });

  it('is not said to have crashed when it was asked to end', async () => {
    const { wire, client } = await connect('process.stdin.resume()');
    await client.details.process?.stop({ eofMs: 500 });
    expect(await client.request('ping')).toMatchObject({ kind: 'none', ending: 'closed' });
    await wire.close();
    expect(wire.crashes()).toEqual([]);
  });

  it('that writes a line without end is cut off', async () => {
    const { reply } = await ask(
      `onLine(() => { const more = () => process.stdout.write('x'.repeat(1 << 20), more); more(); })`,
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-large' });
  });

  it('that is slow to start is given the time that it was seen to need, and no more once it has spoken', async () => {
    const { wire, client } = await connect(
      `setTimeout(() => onLine(({ id, method }) => {
        if (method !== 'ignored') send({ jsonrpc: '2.0', id, result: {} });
      }), 700);`,
      { requestTimeoutMs: 400 },
    );
    expect(await client.request('ping', {}, { timeoutMs: 10_000 })).toMatchObject({ kind: 'result' });

    const next = await wire.legacy({ experiment: 'test/slow' });
    expect(await next.request('ping')).toMatchObject({ kind: 'result' });
    expect(await next.request('ignored')).toMatchObject({
      kind: 'none',
      exchange: { answer: { problem: 'no answer within 400 ms' } },
    });
  });

  it('that sends large messages without end is cut off by what they weigh together', async () => {
    const { reply } = await ask(
      `onLine(() => {
        const data = 'x'.repeat(1 << 18);
        const line = JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data } }) + '\\n';
        const more = () => process.stdout.write(line, more); more();
      })`,
      { exchangeBytes: 1 << 21 },
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-large' });
    expect(reply.exchange.answer.messages.length).toBeLessThanOrEqual(9);
  });

  it.each([
    ['messages', `JSON.stringify({ jsonrpc: '2.0', method: 'notifications/message', params: { data } })`],
    ['lines that are no messages', 'data'],
  ])('that sends large %s unasked has them kept up to what an exchange may hold', async (_what, line) => {
    const { wire, client } = await connect(
      `const data = 'x'.repeat(1 << 18);
      onLine(({ id }) => {
        send({ jsonrpc: '2.0', id, result: {} });
        for (let count = 0; count < 40; count += 1) process.stdout.write(${line} + '\\n');
        process.stdout.write('', () => process.exit(0));
      });`,
      { exchangeBytes: 1 << 21 },
    );
    expect(await client.request('ping')).toMatchObject({ kind: 'result' });
    await client.details.process?.exited;
    await wire.close();
    const launched = wire.transcript.all()[0]?.answer.messages.length ?? 0;
    expect(launched).toBeGreaterThan(0);
    expect(launched).toBeLessThanOrEqual(8);
  });

  it('that floods its stdout is cut off', async () => {
    const { reply, noise } = await ask(
      `onLine(() => { const more = () => process.stdout.write('y\\n'.repeat(1000), more); more(); })`,
      {
        messagesPerConnection: 5000,
      },
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-many' });
    expect(noise?.samples).toEqual(Array(20).fill('y'));
  });

  it('may print noise of any kind, which is counted and does not hide the answer', async () => {
    const { reply, noise } = await ask(`
      console.log('listening…'); console.log('{"level":"info"}'); console.log('17'); process.stdout.write(Buffer.from([0xff, 0xfe, 0x00, 0x0a]));
      onLine(({ id }) => send({ jsonrpc: '2.0', id, result: 'ok' }));`);
    expect(reply).toMatchObject({ kind: 'result', result: 'ok' });
    expect(noise).toEqual({
      lines: 4,
      samples: ['listening…', '{"level":"info"}', '17', '\ufffd\ufffd\u0000'],
      exchange: 'x1',
    });
  });

  it('may split a message inside a character, and end lines with CRLF', async () => {
    const { reply } = await ask(`onLine(({ id }) => {
      const bytes = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: '☕' }) + '\\r\\n');
      const cut = bytes.indexOf(0xe2) + 1;
      process.stdout.write(bytes.subarray(0, cut));
      setTimeout(() => process.stdout.write(bytes.subarray(cut)), 50);
    })`);
    expect(reply).toMatchObject({ kind: 'result', result: '☕' });
  });

  it('that answers with another id need not be waited out', async () => {
    const { reply } = await ask(`onLine(({ id }) => send({ jsonrpc: '2.0', id: String(id), result: 1 }))`, {
      requestTimeoutMs: 30_000,
    });
    expect(reply).toMatchObject({ kind: 'malformed', problem: 'expected an answer with id 1, seen "1"' });
  });

  it('gives each of several requests its own answer', async () => {
    const { wire, client } = await connect(`
      const held = [];
      onLine((m) => { held.push(m); if (held.length === 3) for (const { id, params } of held.reverse()) send({ jsonrpc: '2.0', id, result: params.n }); })`);
    const replies = await Promise.all([1, 2, 3].map((n) => client.request('echo', { n })));
    expect(replies.map((reply) => reply.kind === 'result' && reply.result)).toEqual([1, 2, 3]);
    await wire.close();
  });

  it('answers a batch one by one or as a batch', async () => {
    const { wire, client } = await connect(`
      onLine((m) => { if (Array.isArray(m)) send(m.map(({ id }) => ({ jsonrpc: '2.0', id, result: {} }))); })`);
    const exchange = await client.sendRaw([
      { jsonrpc: '2.0', id: 'a', method: 'ping' },
      { jsonrpc: '2.0', id: 'b', method: 'ping' },
    ]);
    expect(exchange.answer).toMatchObject({
      ending: 'answered',
      messages: [{ value: [{ id: 'a' }, { id: 'b' }] }],
    });
    await wire.close();
  });

  it('gets any bytes a probe wants to send, and the wait for nonsense ends when it is quiet', async () => {
    const { wire, client } = await connect(`
      process.stdin.on('data', (bytes) => send({ jsonrpc: '2.0', id: null, error: { code: -32700, message: bytes.toString('hex') } }))`);
    const exchange = await client.sendBytes(Uint8Array.of(0x7b, 0xff), { timeoutMs: 2000 });
    expect(exchange.answer).toMatchObject({
      ending: 'answered',
      messages: [{ value: { error: { message: '7bff0a' } } }],
    });
    await wire.close();
  });

  it('that takes nothing any more does not make the gate throw', async () => {
    const { wire, client } = await connect(`process.stdin.destroy(); setInterval(() => {}, 1000)`, {
      requestTimeoutMs: 600,
    });
    await new Promise((resolve) => setTimeout(resolve, 200));
    const replies = [await client.request('ping'), await client.request('ping')];
    expect(replies.every((reply) => reply.kind === 'none')).toBe(true);
    await client.notify('notifications/initialized');
    await wire.close();
  });

  it('that cannot be started is unreachable, and says why', async () => {
    const candidate = { ...stdioCandidate(), launch: () => Promise.reject(new Error('spawn nope ENOENT')) };
    const wire = wireTo(candidate, 'stdio');
    const client = await wire.legacy({ experiment: 'test/hostile' });
    const reply = await client.request('ping');
    expect(reply).toMatchObject({
      kind: 'none',
      ending: 'unreachable',
      exchange: { answer: { problem: 'the candidate could not be started: spawn nope ENOENT' } },
    });
    await wire.close();
  });

  it('is answered when it pings, and refused when it asks for more', async () => {
    const { reply } = await ask(`
      const answers = [];
      let asked;
      onLine((m) => {
        if (m.method === 'tools/list') {
          asked = m.id;
          send({ jsonrpc: '2.0', id: 'p', method: 'ping' });
          send({ jsonrpc: '2.0', id: 'e', method: 'elicitation/create', params: {} });
          return;
        }
        answers.push(m);
        if (answers.length === 2) send({ jsonrpc: '2.0', id: asked, result: { answers } });
      })`);
    expect(reply).toMatchObject({
      kind: 'result',
      result: {
        answers: [
          { jsonrpc: '2.0', id: 'p', result: {} },
          {
            jsonrpc: '2.0',
            id: 'e',
            error: { code: -32601, message: 'this client does not offer elicitation/create' },
          },
        ],
      },
    });
  });

  it('leaves its requests to a handler that wants them', async () => {
    const { wire, client } = await connect(`
      let asked;
      onLine((m) => {
        if (m.method === 'tools/call') { asked = m.id; send({ jsonrpc: '2.0', id: 'e', method: 'elicitation/create', params: { message: 'name?' } }); }
        else send({ jsonrpc: '2.0', id: asked, result: m });
      })`);
    const seen: unknown[] = [];
    client.onServerMessage((message) => {
      seen.push({ ...message, exchange: message.exchange !== null });
      void client.respond('e', { result: { action: 'decline' } });
    });
    const reply = await client.request('tools/call', { name: 'x' });
    expect(seen).toEqual([
      { method: 'elicitation/create', id: 'e', params: { message: 'name?' }, exchange: true },
    ]);
    expect(reply).toMatchObject({ kind: 'result', result: { id: 'e', result: { action: 'decline' } } });
    await wire.close();
  });

  it('cannot hide a fault of the gate: what a handler throws is thrown by the request', async () => {
    const { client } = await connect(`
      onLine(({ id }) => { send({ jsonrpc: '2.0', method: 'notifications/x' }); send({ jsonrpc: '2.0', id, result: {} }); })`);
    client.onServerMessage(() => {
      throw new Error('a bug in a probe');
    });
    await expect(client.request('ping')).rejects.toThrow('a bug in a probe');
  });
});
