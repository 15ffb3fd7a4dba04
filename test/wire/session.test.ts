import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WireOptions } from '../../src/wire/wire.js';
import { holdProcess, listeningCandidate, serve, type TestServer, wireTo } from './candidates.js';

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

interface Seen {
  readonly method: string | undefined;
  readonly session: unknown;
  readonly version: unknown;
  readonly authorization: unknown;
  readonly body: Record<string, unknown> | null;
}

type Handler = (seen: Seen, response: ServerResponse, request: IncomingMessage) => void;

/** A server that hands every request, parsed, to a handler, and keeps what it saw. */
async function start(handler: Handler, more: Partial<WireOptions> = {}) {
  const requests: Seen[] = [];
  const server = await serve((request, response) => {
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => {
      const { authorization } = request.headers;
      const seen: Seen = {
        method: request.method,
        session: request.headers['mcp-session-id'],
        version: request.headers['mcp-protocol-version'],
        authorization,
        body: text === '' ? null : JSON.parse(text),
      };
      requests.push(seen);
      handler(seen, response, request);
    });
  });
  open.push(server);
  return {
    wire: wireTo(server.candidate, 'streamable-http', '/mcp', { requestTimeoutMs: 1500 }, more),
    requests,
  };
}

const result = (id: unknown, value: unknown): string => JSON.stringify({ jsonrpc: '2.0', id, result: value });
const event = (text: string, id?: string): string =>
  `${id === undefined ? '' : `id: ${id}\n`}data: ${text}\n\n`;
const stream = (response: ServerResponse): ServerResponse =>
  response.writeHead(200, { 'content-type': 'text/event-stream' });

const withSession: Handler = ({ method, body }, response) => {
  if (method !== 'POST' || body?.['id'] === undefined) {
    response.writeHead(method === 'DELETE' ? 200 : method === 'GET' ? 405 : 202).end();
    return;
  }
  const initialize = body['method'] === 'initialize';
  response
    .writeHead(200, {
      'content-type': 'application/json',
      ...(initialize ? { 'mcp-session-id': 's-1' } : {}),
    })
    .end(
      result(
        body['id'],
        initialize
          ? { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: { name: 's', version: '1' } }
          : {},
      ),
    );
};

describe('a legacy client over HTTP', () => {
  it('asks for any version, or none', async () => {
    const { wire, requests } = await start(withSession);
    for (const version of ['2025-11-25', '', 7, null, { a: 1 }, undefined]) {
      const client = await wire.legacy({
        experiment: 'test/version',
        clientInfo: { name: 'me', version: '2' },
      });
      await client.initialize(version);
    }
    expect(requests.map(({ body }) => body?.['params'])).toEqual(
      ['2025-11-25', '', 7, null, { a: 1 }, undefined].map((protocolVersion) => ({
        ...(protocolVersion === undefined ? {} : { protocolVersion }),
        capabilities: {},
        clientInfo: { name: 'me', version: '2' },
      })),
    );
    await wire.close();
  });

  it('carries session and version once it has them, unless a probe says otherwise, and says goodbye', async () => {
    const { wire, requests } = await start(withSession);
    const client = await wire.legacy({ experiment: 'test/session', openGetStream: true });
    await client.handshake('2025-11-25');
    expect({
      session: client.sessionId,
      negotiated: client.negotiated,
      stream: client.stream?.status,
    }).toEqual({
      session: 's-1',
      negotiated: '2025-06-18',
      stream: 405,
    });
    await client.request(
      'ping',
      {},
      { headers: { 'MCP-Session-Id': 'other', 'mcp-protocol-version': null } },
    );
    await client.close();
    await client.close();
    expect(requests.map(({ method, session, version }) => [method, session, version])).toEqual([
      ['POST', undefined, undefined],
      ['POST', 's-1', '2025-06-18'],
      ['GET', 's-1', '2025-06-18'],
      ['POST', 'other', undefined],
      ['DELETE', 's-1', '2025-06-18'],
    ]);
    await wire.close();
  });

  it('does not send back a session id or version that would break a header', async () => {
    const { wire, requests } = await start(({ body }, response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'mcp-session-id': 'caf\u00e9 ' })
        .end(result(body?.['id'], { protocolVersion: 'x\r\nEvil: 1' }));
    });
    const client = await wire.legacy({ experiment: 'test/session' });
    const { negotiated } = await client.initialize('2025-11-25');
    expect(negotiated).toBe('x\r\nEvil: 1');
    await client.request('ping');
    expect(requests.at(-1)).toMatchObject({ session: undefined, version: undefined });
    await wire.close();
  });

  it('sends the credentials of its principal, which the transcript does not show', async () => {
    const { wire, requests } = await start(withSession, {
      credentials: (principal) =>
        Promise.resolve(principal === 'alice' ? { authorization: 'Bearer alice-token-1' } : {}),
    });
    for (const principal of ['alice', undefined]) {
      const client = await wire.legacy({
        experiment: 'test/who',
        ...(principal === undefined ? {} : { principal }),
      });
      await client.request('ping');
    }
    expect(requests.map(({ authorization }) => authorization)).toEqual(['Bearer alice-token-1', undefined]);
    expect(
      wire.transcript
        .all()
        .map(({ principal, connection, request }) => [
          principal,
          connection,
          request.headers['authorization'],
        ]),
    ).toEqual([
      ['alice', 'c1', 'Bearer ***'],
      ['anonymous', 'c2', undefined],
    ]);
    await wire.close();
  });

  it('answers a ping on the stream of a call, and refuses what it does not offer', async () => {
    let pending: ServerResponse | null = null;
    let asked: unknown;
    const answers: unknown[] = [];
    const { wire } = await start(({ body }, response) => {
      if (body?.['method'] === 'tools/call') {
        pending = stream(response);
        asked = body['id'];
        pending.write(event(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' })));
        pending.write(event(JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'roots/list' })));
        return;
      }
      answers.push(body);
      response.writeHead(202).end();
      if (answers.length === 2) pending?.end(event(result(asked, 'done')));
    });
    const client = await wire.legacy({ experiment: 'test/asked' });
    expect(await client.request('tools/call', { name: 'x' })).toMatchObject({
      kind: 'result',
      result: 'done',
    });
    expect(answers).toContainEqual({ jsonrpc: '2.0', id: 1, result: {} });
    expect(answers).toContainEqual({
      jsonrpc: '2.0',
      id: 2,
      error: { code: -32601, message: 'this client does not offer roots/list' },
    });
    await wire.close();
  });

  it('comes back for an answer whose stream was closed early', async () => {
    let asked: unknown;
    const { wire } = await start(({ method, body }, response, request) => {
      if (method === 'POST') asked = body?.['id'];
      const lastSeen = request.headers['last-event-id'];
      stream(response).end(
        method === 'GET' ? event(result(asked, lastSeen)) : 'retry: 10\nid: e1\ndata: \n\n',
      );
    });
    const client = await wire.legacy({ experiment: 'test/resume' });
    expect(await client.request('tools/call', { name: 'slow' })).toMatchObject({
      kind: 'result',
      result: 'e1',
      exchange: { id: 'x2' },
    });
    await wire.close();
  });

  it('hands out the messages of a GET stream one by one, until the candidate closes it', async () => {
    const { wire } = await start((_seen, response) => {
      stream(response).write(event('{"jsonrpc":"2.0","method":"a"}', '1'));
      setTimeout(() => response.end(event('{"jsonrpc":"2.0","method":"b"}', '2')), 50);
    });
    const client = await wire.legacy({ experiment: 'test/stream' });
    const heard: string[] = [];
    client.onServerMessage(({ method }) => heard.push(method));
    const listening = await client.openStream({ lastEventId: '0', headers: { 'x-extra': '1' } });
    const events = [await listening.next(), await listening.next(), await listening.next()];
    expect(events.map((one) => one?.event?.id)).toEqual(['1', '2', undefined]);
    expect(heard).toEqual(['a', 'b']);
    expect(listening.exchange).toMatchObject({
      request: { method: 'GET', headers: { 'last-event-id': '0', 'x-extra': '1' } },
      answer: { ending: 'closed', problem: 'the candidate closed the stream', messages: [{}, {}] },
    });
    await wire.close();
  });
});

describe('a candidate that dies over HTTP', () => {
  const SERVER = `
    const server = require('node:http').createServer((request, response) => {
      if (request.url === '/sse') {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: endpoint\\ndata: /messages\\n\\n');
        return;
      }
      if (request.url === '/messages') {
        response.writeHead(202).end();
        setTimeout(() => process.exit(8), 50);
        return;
      }
      if (request.url === '/die') process.exit(9);
      response.writeHead(204).end();
    });
    server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

  async function launch() {
    const held = holdProcess(spawn(process.execPath, ['-e', SERVER], { stdio: ['pipe', 'pipe', 'pipe'] }));
    const port = await new Promise<number>((resolve) =>
      held.stdout.once('data', (text) => resolve(Number(text))),
    );
    return listeningCandidate(port, held);
  }

  it('on the deprecated transport ends the request under way, and that one is to blame', async () => {
    const wire = wireTo(await launch(), 'sse', '/sse');
    const client = await wire.legacy({ experiment: 'test/crash' });
    expect(await client.request('ping')).toMatchObject({
      kind: 'none',
      ending: 'exited',
      exchange: { id: 'x2' },
    });
    await wire.close();
    expect(wire.crashes()).toEqual([
      { experiment: 'test/crash', connection: 'c1', afterExchange: 'x2', exitCode: 8, signal: null },
    ]);
  });

  it('is a crash after the exchange that was under way, told once', async () => {
    const wire = wireTo(await launch(), 'streamable-http');
    const alive = await wire.http({ experiment: 'test/crash', method: 'GET', path: '/' });
    const dead = await wire.http({ experiment: 'test/crash', method: 'GET', path: '/die' });
    const after = await wire.http({ experiment: 'test/later', method: 'GET', path: '/' });
    expect([alive, dead, after].map(({ answer }) => answer.ending)).toEqual(['answered', 'exited', 'exited']);
    expect(wire.crashes()).toEqual([
      { experiment: 'test/crash', connection: 'c2', afterExchange: 'x2', exitCode: 9, signal: null },
    ]);
    await wire.close();
  });
});
