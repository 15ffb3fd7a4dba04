import { afterEach, describe, expect, it } from '@jest/globals';
import { hello } from '../../src/wire/hello.js';
import { serve, serveRaw, type TestServer } from './candidates.js';

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

type Type = 'streamable-http' | 'sse';
const at = (server: TestServer, type: Type = 'streamable-http', signal?: AbortSignal) =>
  hello({ protocol: 'http:', host: '127.0.0.1', port: server.port }, '/mcp', type, signal);

async function answering(
  status: number,
  contentType = 'application/json',
  body = '',
  type: Type = 'streamable-http',
) {
  const server = await serve((_request, response) =>
    response.writeHead(status, { 'content-type': contentType }).end(body),
  );
  open.push(server);
  return at(server, type);
}

const rpcError = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32000, message: 'No session' } });

describe('a hello', () => {
  it.each([
    [200, 'application/json', '{"jsonrpc":"2.0","id":"hello","result":{}}', 'accepted'],
    [400, 'application/json', rpcError, 'accepted'],
    [404, 'application/json', rpcError, 'accepted'],
    [401, 'text/plain', 'token?', 'accepted'],
    [406, 'text/plain', '', 'accepted'],
    [
      403,
      'application/json',
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Invalid Host"}}',
      'host-refused',
    ],
    [421, 'text/plain', 'Invalid Host header', 'host-refused'],
    [400, 'text/plain', 'Invalid Host header', 'host-refused'],
    [404, 'text/html', '<h1>Not found</h1>', 'answered'],
    [500, 'text/plain', 'oops', 'answered'],
    [200, 'text/html', '<h1>Welcome</h1>', 'answered'],
  ] as const)('answered with %i %s %s is %s', async (status, contentType, body, outcome) => {
    expect(await answering(status, contentType, body)).toBe(outcome);
  });

  it('to the deprecated transport is accepted by its stream alone, and ends it', async () => {
    let closed: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const server = await serve((_request, response) => {
      response.on('close', closed);
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    });
    open.push(server);
    expect(await at(server, 'sse')).toBe('accepted');
    await ended;
    expect(await answering(200, 'application/json', '{}', 'sse')).toBe('answered');
  });

  it('that is not answered in time, or to nobody, is not answered', async () => {
    const silent = await serveRaw(() => undefined);
    open.push(silent);
    expect(await at(silent, 'streamable-http', AbortSignal.timeout(100))).toBe('no-answer');
    const gone = await serve(() => undefined);
    await gone.close();
    expect(await at(gone)).toBe('no-answer');
  });
});
