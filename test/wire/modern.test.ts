import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import { toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { detectEra } from '../../src/wire/era.js';
import { hello } from '../../src/wire/hello.js';
import { validateMessage } from '../../src/wire/validate.js';
import { serve, type TestServer, wireTo } from './candidates.js';

const open: TestServer[] = [];
afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

/** A server built on the SDK's modern handler; `headers` are those of the last request. */
async function sdkServer(legacy: 'stateless' | 'reject') {
  const handler = createMcpHandler(
    () => {
      const server = new McpServer({ name: 'sdk', version: '1.0.0' });
      server.registerTool(
        'greet',
        { description: 'Greets', inputSchema: z.object({ who: z.string() }) },
        ({ who }) => ({
          content: [{ type: 'text', text: `Hello ${who}` }],
        }),
      );
      return server;
    },
    { legacy },
  );
  const serveNode = toNodeHandler(handler) as (
    request: IncomingMessage,
    response: ServerResponse,
  ) => Promise<void>;
  let headers: IncomingMessage['headers'] = {};
  const server = await serve((request, response: ServerResponse) => {
    headers = request.headers;
    void serveNode(request, response);
  });
  open.push(server);
  return { server, wire: wireTo(server.candidate, 'streamable-http'), seen: () => headers };
}

describe('a modern client of a server on the SDK', () => {
  it('says in body and headers what it speaks, and is served', async () => {
    const { wire, seen } = await sdkServer('reject');
    const client = await wire.modern({ experiment: 'test/modern' });
    const discovered = await client.request('server/discover');
    expect(discovered).toMatchObject({ kind: 'result', result: { supportedVersions: ['2026-07-28'] } });
    expect(
      discovered.kind === 'result' && validateMessage('2026-07-28', 'DiscoverResult', discovered.result),
    ).toEqual([]);
    const listed = await client.request('tools/list');
    expect(
      listed.kind === 'result' && validateMessage('2026-07-28', 'ListToolsResult', listed.result),
    ).toEqual([]);

    const called = await client.request('tools/call', { name: 'greet', arguments: { who: 'Ada' } });
    expect(called).toMatchObject({
      kind: 'result',
      result: { content: [{ type: 'text', text: 'Hello Ada' }] },
    });
    expect(seen()).toMatchObject({
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': 'tools/call',
      'mcp-name': 'greet',
    });
    expect(seen()['mcp-session-id']).toBeUndefined();
    await wire.close();
  });

  it('can be made to lie or to leave out each of these', async () => {
    const { wire } = await sdkServer('reject');
    const client = await wire.modern({ experiment: 'test/modern' });
    const refusals = [
      await client.request('tools/list', {}, { headers: { 'MCP-Protocol-Version': '2025-11-25' } }),
      await client.request('tools/list', {}, { headers: { 'mcp-method': null } }),
      await client.request(
        'tools/list',
        {},
        { meta: { 'io.modelcontextprotocol/clientCapabilities': null } },
      ),
      await client.request('nobody/knows'),
    ].map((reply) => [reply.kind === 'error' ? reply.code : reply.kind, reply.exchange.answer.status]);
    expect(refusals).toEqual([
      [-32020, 400],
      [-32020, 400],
      [-32602, 400],
      [-32601, 404],
    ]);
    await wire.close();
  });

  it('speaks whatever version it is told to', async () => {
    const { wire } = await sdkServer('reject');
    const client = await wire.modern({ experiment: 'test/modern', version: '2099-12-31' });
    expect(await client.request('tools/list')).toMatchObject({
      kind: 'error',
      code: -32022,
      data: { supported: ['2026-07-28'] },
    });
    await wire.close();
  });

  it('listens on a stream that ends when it is closed', async () => {
    const { wire } = await sdkServer('reject');
    const client = await wire.modern({ experiment: 'test/modern' });
    const stream = await client.listen({ notifications: { toolsListChanged: true } });
    expect(stream).toMatchObject({ status: 200, open: true });
    expect((await stream.next())?.value).toMatchObject({
      method: 'notifications/subscriptions/acknowledged',
    });
    expect(await stream.next(50)).toBeNull();
    await stream.close();
    expect(stream.open).toBe(false);
    expect(stream.exchange.answer).toMatchObject({ ending: 'answered', status: 200 });
    await wire.close();
  });
});

describe('the era of a server on the SDK', () => {
  it.each(['reject', 'stateless'] as const)(
    'is modern when it serves legacy clients by "%s"',
    async (legacy) => {
      const { wire } = await sdkServer(legacy);
      expect(await detectEra(wire)).toMatchObject({ era: 'modern', because: 'discovered', evidence: ['x1'] });
      await wire.close();
    },
  );

  it.each(['reject', 'stateless'] as const)(
    'does not matter for a hello, with legacy clients served by "%s"',
    async (legacy) => {
      const { server } = await sdkServer(legacy);
      expect(
        await hello({ protocol: 'http:', host: '127.0.0.1', port: server.port }, '/mcp', 'streamable-http'),
      ).toBe('accepted');
    },
  );
});
