import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { Limits } from '../../src/wire/limits.js';
import { serve, serveRaw, type TestServer, wireTo } from './candidates.js';

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

type Handler = (body: { id: unknown }, response: ServerResponse, request: IncomingMessage) => void;

/** Asks a server with this behaviour one question. */
async function ask(handler: Handler, changes: Partial<Limits> = {}) {
  const server = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => handler(text === '' ? { id: null } : JSON.parse(text), response, request));
  });
  open.push(server);
  const wire = wireTo(server.candidate, 'streamable-http', '/mcp', { requestTimeoutMs: 400, ...changes });
  const client = await wire.legacy({ experiment: 'test/hostile' });
  const reply = await client.request('tools/list');
  await wire.close();
  return reply;
}

/** Asks a server that writes these bytes to the socket, with `gap` milliseconds in between, whatever it is asked. */
async function askRaw(parts: readonly (string | Uint8Array)[], gap = 20) {
  const server = await serveRaw((socket) => {
    socket.once('data', async () => {
      for (const part of parts) {
        if (socket.destroyed) return;
        socket.write(part);
        await new Promise((resolve) => setTimeout(resolve, gap));
      }
      socket.end();
    });
  });
  open.push(server);
  const wire = wireTo(server.candidate, 'streamable-http', '/mcp', { requestTimeoutMs: 1000 });
  const client = await wire.legacy({ experiment: 'test/hostile' });
  const reply = await client.request('tools/list');
  await wire.close();
  return reply;
}

const json = (response: ServerResponse, value: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
};
const events = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n';

describe('an answer as JSON', () => {
  it('is a result when it carries our id', async () => {
    const reply = await ask(({ id }, response) =>
      json(response, { jsonrpc: '2.0', id, result: { tools: [] } }),
    );
    expect(reply).toMatchObject({
      kind: 'result',
      result: { tools: [] },
      exchange: { answer: { ending: 'answered', status: 200 } },
    });
  });

  it('is an error when it carries one, whatever the status', async () => {
    const reply = await ask(({ id }, response) =>
      json(
        response,
        { jsonrpc: '2.0', id, error: { code: -32022, message: 'no', data: { supported: ['x'] } } },
        400,
      ),
    );
    expect(reply).toMatchObject({ kind: 'error', code: -32022, message: 'no', data: { supported: ['x'] } });
  });

  it('counts an error without an id as the answer to this request', async () => {
    const reply = await ask((_body, response) =>
      json(response, { jsonrpc: '2.0', id: null, error: { code: -32000, message: 'session?' } }, 400),
    );
    expect(reply).toMatchObject({ kind: 'error', code: -32000, message: 'session?' });
  });

  it('is malformed when it carries another id, and 1 is not "1"', async () => {
    const reply = await ask((_body, response) => json(response, { jsonrpc: '2.0', id: '1', result: {} }));
    expect(reply).toMatchObject({ kind: 'malformed', problem: 'expected an answer with id 1, seen "1"' });
  });

  it('is malformed with both a result and an error, and with neither', async () => {
    const both = await ask(({ id }, response) =>
      json(response, { jsonrpc: '2.0', id, result: {}, error: { code: 1, message: '' } }),
    );
    expect(both).toMatchObject({ kind: 'malformed', problem: 'the answer has both a result and an error' });
    const neither = await ask(({ id }, response) => json(response, { jsonrpc: '2.0', id }));
    expect(neither).toMatchObject({
      kind: 'malformed',
      problem: 'the answer has neither a result nor an error object',
    });
  });

  it('is found inside a batch', async () => {
    const reply = await ask(({ id }, response) =>
      json(response, [
        { jsonrpc: '2.0', method: 'x' },
        { jsonrpc: '2.0', id, result: 7 },
      ]),
    );
    expect(reply).toMatchObject({ kind: 'result', result: 7 });
  });

  it('is too large past the limit, and what was read is kept short', async () => {
    const reply = await ask(
      ({ id }, response) => json(response, { jsonrpc: '2.0', id, result: 'x'.repeat(100_000) }),
      { messageBytes: 50_000 },
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-large' });
    expect(reply.exchange.answer.body?.length).toBeLessThan(17_000);
  });

  it('with no object at all inside is malformed', async () => {
    const reply = await ask((_body, response) => json(response, 42));
    expect(reply).toMatchObject({ kind: 'malformed', problem: 'the answer is JSON, but no JSON-RPC answer' });
  });
});

describe('an answer that is none', () => {
  it('is silence when nothing ever comes', async () => {
    const reply = await ask(() => undefined);
    expect(reply).toMatchObject({
      kind: 'none',
      ending: 'timeout',
      exchange: { answer: { status: null, problem: 'no complete answer within 400 ms' } },
    });
  });

  it('is malformed when it is an HTML page with status 200', async () => {
    const reply = await ask((_body, response) =>
      response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>'),
    );
    expect(reply).toMatchObject({
      kind: 'malformed',
      problem: 'the answer is no JSON, its content type is "text/html"',
    });
  });

  it.each([202, 204, 404, 500])('is the status %i when there is no body', async (status) => {
    const reply = await ask((_body, response) => response.writeHead(status).end());
    expect(reply).toMatchObject({ kind: 'http', status });
  });

  it('is a redirect that nobody follows', async () => {
    let asked = 0;
    const reply = await ask((_body, response) => {
      asked += 1;
      response.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect({ kind: reply.kind, asked, to: reply.exchange.answer.headers['location'] }).toEqual({
      kind: 'http',
      asked: 1,
      to: '/elsewhere',
    });
  });

  it('is too large when its headers are', async () => {
    const reply = await ask((_body, response) =>
      response.writeHead(200, { 'x-huge': 'h'.repeat(70_000) }).end(),
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-large' });
  });

  it('is closed when the connection breaks in the middle of the body', async () => {
    const reply = await askRaw([
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 900\r\n\r\n{"jsonrpc"',
    ]);
    expect(reply).toMatchObject({
      kind: 'none',
      ending: 'closed',
      exchange: { answer: { status: 200, body: '{"jsonrpc"' } },
    });
  });

  it('is closed when the bytes are no HTTP', async () => {
    const reply = await askRaw(['\x00\xff\x17garbage\r\n\r\n']);
    expect(reply).toMatchObject({ kind: 'none', ending: 'closed', exchange: { answer: { status: null } } });
  });

  it('is unreachable when nobody listens', async () => {
    const server = await serve(() => undefined);
    await server.close();
    const wire = wireTo(server.candidate, 'streamable-http');
    const client = await wire.legacy({ experiment: 'test/hostile' });
    expect(await client.request('ping')).toMatchObject({ kind: 'none', ending: 'unreachable' });
    await wire.close();
  });

  it('is silence when the headers come one byte at a time for ever', async () => {
    const reply = await askRaw(Array.from('HTTP/1.1 200 OK\r\nX-Slow: '.padEnd(500, 'z')), 10);
    expect(reply).toMatchObject({ kind: 'none', ending: 'timeout' });
  });

  it('ends at once when the run is cancelled', async () => {
    const server = await serve(() => undefined);
    open.push(server);
    const stop = new AbortController();
    const wire = wireTo(server.candidate, 'streamable-http', '/mcp', {}, { signal: stop.signal });
    const client = await wire.legacy({ experiment: 'test/hostile' });
    const asking = client.request('ping');
    stop.abort();
    expect(await asking).toMatchObject({ kind: 'none', ending: 'cancelled' });
    expect(await client.request('ping')).toMatchObject({ kind: 'none', ending: 'cancelled' });
    await wire.close();
  });
});

describe('an answer as an event stream', () => {
  it('is read to our id past comments, foreign ids and notifications, though the stream stays open', async () => {
    const reply = await ask(({ id }, response) => {
      events(response).write(': keep-alive\n\n');
      response.write('data: {"jsonrpc":"2.0","method":"notifications/message","params":{}}\n\n');
      response.write('event: message\nid: e7\ndata: {"jsonrpc":"2.0","id":99,"result":{}}\n\n');
      response.write(`data: {"jsonrpc":"2.0",\ndata: "id":${id},"result":{"ok":true}}\n\n`);
    });
    expect(reply).toMatchObject({ kind: 'result', result: { ok: true } });
    expect(reply.exchange.answer.messages.map(({ event }) => event)).toEqual([
      { name: 'message', id: null },
      { name: 'message', id: 'e7' },
      { name: 'message', id: null },
    ]);
  });

  it('takes the first of two answers and records both', async () => {
    const reply = await ask(({ id }, response) => {
      events(response);
      for (const n of [1, 2]) response.write(`data: {"jsonrpc":"2.0","id":${id},"result":${n}}\n\n`);
    });
    expect(reply).toMatchObject({ kind: 'result', result: 1 });
    expect(reply.exchange.answer.messages).toHaveLength(2);
  });

  it.each([
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('is read with %s line ends', async (_name, end) => {
    const reply = await askRaw([
      STREAM,
      `id: 1${end}data: {"jsonrpc":"2.0","id":1,"result":"ok"}${end}${end}`,
      `: bye${end}`,
    ]);
    expect(reply).toMatchObject({ kind: 'result', result: 'ok' });
  });

  it('is read when chunks split a character and a line', async () => {
    const bytes = Buffer.from('data: {"jsonrpc":"2.0","id":1,"result":"naïve ☕ 🍰"}\n\n');
    const parts = Array.from(bytes, (byte) => Uint8Array.of(byte));
    const reply = await askRaw([STREAM, ...parts], 1);
    expect(reply).toMatchObject({ kind: 'result', result: 'naïve ☕ 🍰' });
  });

  it('is closed when it ends without an answer', async () => {
    const reply = await ask((_body, response) => events(response).end(': nothing\n\n'));
    expect(reply).toMatchObject({
      kind: 'none',
      ending: 'closed',
      exchange: { answer: { problem: 'the candidate closed the stream' } },
    });
  });

  it('that goes on for ever is silence in the end', async () => {
    const reply = await ask((_body, response) => {
      events(response);
      const timer = setInterval(() => response.write(': still here\n\n'), 20);
      response.on('close', () => clearInterval(timer));
    });
    expect(reply).toMatchObject({ kind: 'none', ending: 'timeout', exchange: { answer: { status: 200 } } });
  });

  it('stops at the limit of messages', async () => {
    const reply = await ask(
      (_body, response) => events(response).end('data: {"jsonrpc":"2.0","method":"x"}\n\n'.repeat(500)),
      { messagesPerExchange: 100 },
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-many' });
    expect(reply.exchange.answer.messages).toHaveLength(100);
  });

  it('stops at an event that never ends', async () => {
    const reply = await ask((_body, response) => events(response).write(`data: ${'x'.repeat(300_000)}`), {
      messageBytes: 100_000,
    });
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-large' });
  });

  it('stops when all events together are too much', async () => {
    const reply = await ask(
      (_body, response) => events(response).end(`data: ${'x'.repeat(50_000)}\n\n`.repeat(20)),
      {
        exchangeBytes: 400_000,
      },
    );
    expect(reply).toMatchObject({ kind: 'none', ending: 'too-large' });
  });
});

describe('what is sent', () => {
  it('is exactly what a probe asks for, Host, Origin and repeated headers included', async () => {
    const seen: Record<string, unknown>[] = [];
    const server = await serve((request, response) => {
      const { host, origin, accept } = request.headers;
      const repeated = request.rawHeaders.filter((name) => name.toLowerCase() === 'x-twice').length;
      seen.push({ host, origin, accept, repeated, path: request.url });
      response.writeHead(204).end();
    });
    open.push(server);
    const wire = wireTo(server.candidate, 'streamable-http');
    const client = await wire.legacy({ experiment: 'test/sent' });
    await client.request(
      'ping',
      {},
      { headers: { Host: 'evil.example', Origin: 'http://evil.example', Accept: null } },
    );
    await wire.http({
      experiment: 'test/sent',
      method: 'GET',
      path: '/any?x=1',
      headers: { 'x-twice': ['a', 'b'] },
    });
    expect(seen).toEqual([
      { host: 'evil.example', origin: 'http://evil.example', accept: undefined, repeated: 0, path: '/mcp' },
      {
        host: `127.0.0.1:${server.port}`,
        origin: undefined,
        accept: undefined,
        repeated: 2,
        path: '/any?x=1',
      },
    ]);
    await wire.close();
  });
});
