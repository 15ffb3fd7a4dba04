import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CandidateProcess } from '../../src/candidate/candidate.js';
import { holdProcess, listeningCandidate, stdioCandidate, wireTo } from './candidates.js';

const SERVER = fileURLToPath(import.meta.resolve('@modelcontextprotocol/server-everything/dist/index.js'));

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function startEverything(type: string): Promise<{ port: number; process: CandidateProcess }> {
  const port = await freePort();
  const child = spawn(process.execPath, [SERVER, type], {
    env: { ...process.env, PORT: String(port) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  await new Promise<void>((resolve) => {
    child.stderr.on('data', (text: Buffer) => {
      if (/listening|running/i.test(String(text))) resolve();
    });
  });
  return { port, process: holdProcess(child) };
}

describe('server-everything over stdio', () => {
  it('shakes hands, lists tools, calls one, and ends with its stdin', async () => {
    const wire = wireTo(stdioCandidate(SERVER, 'stdio'), 'stdio', '/', { requestTimeoutMs: 20_000 });
    const client = await wire.legacy({ experiment: 'test/hello' });
    const { negotiated, sessionId } = await client.handshake('2025-06-18');
    expect({ negotiated, sessionId }).toEqual({ negotiated: '2025-06-18', sessionId: null });
    const echo = await client.request('tools/call', { name: 'echo', arguments: { message: 'zoë' } });
    expect(echo).toMatchObject({
      kind: 'result',
      result: { content: [{ type: 'text', text: 'Echo: zoë' }] },
    });
    await wire.close();
    expect(client.details.process?.exitStatus).toMatchObject({ code: 0, signal: null });
    expect(wire.crashes()).toEqual([]);
    expect(client.details.noise()?.lines).toBe(0);
  });
});

describe('server-everything over Streamable HTTP', () => {
  let running: Awaited<ReturnType<typeof startEverything>>;
  beforeAll(async () => {
    running = await startEverything('streamableHttp');
  });
  afterAll(async () => {
    await running.process.stop();
  });

  it('shakes hands in a session, calls a tool, streams, and ends the session', async () => {
    const wire = wireTo(listeningCandidate(running.port, running.process), 'streamable-http', '/mcp');
    const client = await wire.legacy({ experiment: 'test/hello', openGetStream: true });
    const { negotiated, sessionId } = await client.handshake('2099-12-31');
    expect(negotiated).toBe('2025-11-25');
    expect(sessionId).toMatch(/^[\x21-\x7e]+$/);
    expect(client.stream).toMatchObject({ status: 200, open: true });
    const echo = await client.request('tools/call', { name: 'echo', arguments: { message: 'hi' } });
    expect(echo).toMatchObject({ kind: 'result', result: { content: [{ type: 'text', text: 'Echo: hi' }] } });
    const strange = await client.request('tools/list', {}, { headers: { 'mcp-session-id': 'nobody' } });
    expect(strange).toMatchObject({ kind: 'error' });
    await client.close();
    expect(client.stream?.open).toBe(false);
    expect(
      wire.transcript
        .all()
        .map(({ request, answer }) => [request.method, request.rpcMethod, answer.status, answer.ending]),
    ).toEqual([
      ['POST', 'initialize', 200, 'answered'],
      ['POST', 'notifications/initialized', 202, 'answered'],
      ['GET', null, 200, 'answered'],
      ['POST', 'tools/call', 200, 'answered'],
      ['POST', 'tools/list', 400, 'answered'],
      ['DELETE', null, 200, 'answered'],
    ]);
    await wire.close();
  });
});

describe('server-everything over HTTP+SSE', () => {
  let running: Awaited<ReturnType<typeof startEverything>>;
  beforeAll(async () => {
    running = await startEverything('sse');
  });
  afterAll(async () => {
    await running.process.stop();
  });

  it('finds the message route on the event stream and gets its answers there', async () => {
    const wire = wireTo(listeningCandidate(running.port, running.process), 'sse', '/sse');
    const client = await wire.legacy({ experiment: 'test/hello' });
    expect(client.details.endpoint).toMatchObject({ kind: 'own' });
    const { negotiated } = await client.handshake('2024-11-05');
    expect(negotiated).toBe('2024-11-05');
    const echo = await client.request('tools/call', { name: 'echo', arguments: { message: 'hi' } });
    expect(echo).toMatchObject({ kind: 'result', result: { content: [{ type: 'text', text: 'Echo: hi' }] } });
    expect(echo.exchange.answer).toMatchObject({ status: 202, ending: 'answered' });
    await wire.close();
  });
});
