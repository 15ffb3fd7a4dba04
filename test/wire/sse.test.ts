import type { ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { serve, type TestServer, wireTo } from './candidates.js';

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server of the deprecated transport that announces `endpoint` and answers with `answer`. */
async function start(
  endpoint: (port: number) => string | null,
  answer: (text: string, stream: ServerResponse, post: ServerResponse) => void,
) {
  let stream: ServerResponse | null = null;
  const asked: string[] = [];
  const server = await serve((request, response) => {
    if (request.method === 'GET') {
      stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
      const announced = endpoint(server.port);
      response.write(announced === null ? ': nothing to say\n\n' : `event: endpoint\ndata: ${announced}\n\n`);
      return;
    }
    asked.push(request.url ?? '');
    let text = '';
    request.on('data', (chunk) => {
      text += String(chunk);
    });
    request.on('end', () => stream !== null && answer(text, stream, response));
  });
  open.push(server);
  const wire = wireTo(server.candidate, 'sse', '/sse', { requestTimeoutMs: 500 });
  const client = await wire.legacy({ experiment: 'test/sse' });
  return { wire, client, asked };
}

const echo = (text: string, stream: ServerResponse, post: ServerResponse): void => {
  post.writeHead(202).end('Accepted');
  stream.write(
    `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(text).id, result: 'ok' })}\n\n`,
  );
};

describe('a candidate on HTTP+SSE', () => {
  it('is asked where it says, relative to the stream or in full', async () => {
    for (const endpoint of [
      () => '/messages?s=1',
      (port: number) => `http://127.0.0.1:${port}/messages?s=1`,
      // The name it was configured with is another name of this machine.
      (port: number) => `http://localhost:${port}/messages?s=1`,
      (port: number) => `http://[::1]:${port}/messages?s=1`,
    ]) {
      const { wire, client, asked } = await start(endpoint, echo);
      expect(await client.request('tools/list')).toMatchObject({
        kind: 'result',
        result: 'ok',
        exchange: { answer: { status: 202 } },
      });
      expect(asked).toEqual(['/messages?s=1']);
      await wire.close();
    }
  });

  it.each([
    ['another port', (port: number) => `http://localhost:${port === 1 ? 2 : 1}/messages`],
    ['another scheme', (port: number) => `https://localhost:${port}/messages`],
    ['a name that only begins as this machine does', (port: number) => `http://127.0.0.1.example:${port}/m`],
  ])('is not asked at %s', async (_what, endpoint) => {
    const { wire, client, asked } = await start(endpoint, echo);
    expect(client.details.endpoint?.kind).toBe('foreign');
    expect(asked).toEqual([]);
    await wire.close();
  });

  it('is never asked elsewhere: an endpoint on another origin is a fact', async () => {
    const { wire, client, asked } = await start(() => 'http://evil.example/messages', echo);
    expect(client.details.endpoint).toEqual({ kind: 'foreign', announced: 'http://evil.example/messages' });
    expect(await client.request('tools/list')).toMatchObject({
      kind: 'none',
      ending: 'unreachable',
      exchange: { answer: { problem: 'foreign endpoint: http://evil.example/messages' } },
    });
    expect(asked).toEqual([]);
    await wire.close();
  });

  it('that announces no endpoint cannot be asked', async () => {
    const { wire, client } = await start(() => null, echo);
    expect(client.details.endpoint).toEqual({ kind: 'none', problem: 'no endpoint event within 500 ms' });
    await wire.close();
  });

  it('is refused by the status of the POST, without waiting for the stream', async () => {
    const { wire, client } = await start(
      () => '/messages',
      (_text, _stream, post) => post.writeHead(403).end('Forbidden'),
    );
    const reply = await client.request('tools/list', {}, { timeoutMs: 20_000 });
    expect(reply).toMatchObject({ kind: 'http', status: 403, exchange: { answer: { body: 'Forbidden' } } });
    await wire.close();
  });

  it('may answer in the body of the POST instead of on the stream', async () => {
    const { wire, client } = await start(
      () => '/messages',
      (text, _stream, post) =>
        post
          .writeHead(200, { 'content-type': 'application/json' })
          .end(JSON.stringify({ jsonrpc: '2.0', id: JSON.parse(text).id, result: 'here' })),
    );
    expect(await client.request('tools/list')).toMatchObject({ kind: 'result', result: 'here' });
    await wire.close();
  });

  it('that closes its stream ends what is under way', async () => {
    const { wire, client } = await start(
      () => '/messages',
      (_text, stream, post) => {
        post.writeHead(202).end();
        stream.end();
      },
    );
    expect(await client.request('tools/list', {}, { timeoutMs: 20_000 })).toMatchObject({
      kind: 'none',
      ending: 'closed',
    });
    await wire.close();
  });

  it('that is no event stream at all is told by its status', async () => {
    const server = await serve((_request, response) => response.writeHead(404).end());
    open.push(server);
    const wire = wireTo(server.candidate, 'streamable-http', '/mcp');
    const client = await wire.deprecatedSse({ experiment: 'test/sse', path: '/sse' });
    expect(client.details.endpoint).toEqual({
      kind: 'none',
      problem: 'expected an event stream at /sse, seen HTTP 404, no content type',
    });
    await wire.close();
  });
});
