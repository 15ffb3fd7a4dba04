/** A stream is told by what it was, also when the transcript has no room left for it. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { serve, type TestServer, wireTo } from './candidates.js';

const servers: TestServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

/** A session whose GET opens a stream with one event, asked for with room for so many exchanges. */
async function closedStream(transcriptExchanges: number) {
  const server = await serve((request, response) => {
    if (request.method !== 'GET') {
      response.writeHead(200, { 'content-type': 'application/json' });
      const result = {
        protocolVersion: '2025-11-25',
        capabilities: {},
        serverInfo: { name: 'n', version: '1' },
      };
      response.end(JSON.stringify({ jsonrpc: '2.0', id: 1, result }));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write('id: e1\ndata: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
  });
  servers.push(server);
  const wire = wireTo(server.candidate, 'streamable-http', '/mcp', { transcriptExchanges });
  const connection = await wire.legacy({ experiment: 'test/stream' });
  await connection.initialize('2025-11-25');
  const stream = await connection.openStream();
  await stream.next();
  await stream.close();
  await connection.close();
  return stream;
}

describe('a stream that has ended', () => {
  it('keeps its head and its messages', async () => {
    const { status, headers, messages } = (await closedStream(100)).exchange.answer;
    expect([status, headers['content-type'], messages.map(({ event }) => event?.id)]).toEqual([
      200,
      'text/event-stream',
      ['e1'],
    ]);
  });

  it('is no less a stream where the transcript is full', async () => {
    const { status, headers, messages } = (await closedStream(1)).exchange.answer;
    expect([status, headers['content-type'], messages.map(({ event }) => event?.id)]).toEqual([
      200,
      'text/event-stream',
      ['e1'],
    ]);
  });
});

describe('a stream whose head comes with its first event', () => {
  /** Headers alone are not sent: Node keeps them until there is a body. */
  async function silent(headMs: number | undefined, timeoutMs = 5000) {
    let say: () => void = () => undefined;
    let gone: () => void = () => undefined;
    const closed = new Promise<void>((resolve) => {
      gone = resolve;
    });
    const server = await serve((_request, response) => {
      response.on('close', gone);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      say = () => response.write('data: {"jsonrpc":"2.0","method":"notifications/message"}\n\n');
    });
    servers.push(server);
    const wire = wireTo(server.candidate, 'streamable-http', '/mcp');
    const connection = await wire.legacy({ experiment: 'test/silent' });
    const stream = await connection.openStream({ timeoutMs, ...(headMs !== undefined && { headMs }) });
    return { connection, stream, closed, say: () => say() };
  }

  it('is handed over without it, and is told by it when it comes', async () => {
    const { connection, stream, say } = await silent(50);
    const before = [stream.status, stream.open, stream.exchange.answer.status];
    say();
    const message = await stream.next();
    expect([before, stream.status, stream.open, message?.text]).toEqual([
      [null, true, null],
      200,
      true,
      '{"jsonrpc":"2.0","method":"notifications/message"}',
    ]);
    await connection.close();
    expect([stream.open, stream.exchange.answer.status, stream.exchange.answer.ending]).toEqual([
      false,
      200,
      'answered',
    ]);
  });

  it('can be closed while nothing came', async () => {
    const { connection, stream, closed } = await silent(50);
    await stream.close();
    await closed;
    expect([stream.open, stream.exchange.answer]).toEqual([
      false,
      expect.objectContaining({
        status: null,
        ending: 'timeout',
        problem: 'no head of an answer came before it was closed',
      }),
    ]);
    await connection.close();
  });

  it('counts as not answered where nobody wants it before', async () => {
    const { connection, stream } = await silent(undefined, 100);
    expect([stream.status, stream.open, stream.exchange.answer.ending]).toEqual([null, false, 'timeout']);
    await connection.close();
  });
});
