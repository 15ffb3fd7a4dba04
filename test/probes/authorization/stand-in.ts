/** A small server of the legacy era that says about tokens whatever a test wants. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Begun and not sent: Node keeps the head until there is a body. */
  readonly late?: true;
}

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string | null;
  /** JSON-RPC method of the message. */
  readonly rpc: string | null;
  /** Its id. */
  readonly id: unknown;
  /** Of the header that names a session. */
  readonly session: string | null;
}

export interface StandIn {
  readonly port: number;
  readonly url: string;
  /** Every request so far, in order. */
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** Answers MCP at /mcp; what `first` gives goes before. */
export async function standIn(first: (asked: Asked, port: number) => Answer | null): Promise<StandIn> {
  const asked: Asked[] = [];
  let port = 0;
  const server = createServer(async (request, response) => {
    const message = await messageOf(request);
    const path = request.url ?? '';
    const [, token = null] = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '') ?? [];
    const rpc = typeof message?.method === 'string' ? message.method : null;
    const header = request.headers['mcp-session-id'];
    const session = typeof header === 'string' ? header : null;
    const one: Asked = { method: request.method ?? '', path, token, rpc, id: message?.id, session };
    asked.push(one);
    const { status, headers = {}, body, late } = first(one, port) ?? mcp(one, message?.id);
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    if (late) return;
    response.end(body === undefined ? undefined : typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  return {
    port,
    url: `http://127.0.0.1:${port}/mcp`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const REFUSED: Answer = { status: 401, headers: { 'www-authenticate': 'Bearer' }, body: {} };

export function rpcError(id: unknown, code: number): Answer {
  return { status: 200, body: { jsonrpc: '2.0', id, error: { code, message: 'no' } } };
}

/** The manifest of a server that runs already; `authorization` as YAML flow. */
export function runningManifest(url: string, authorization: string): string {
  return [
    'apiVersion: mcp-gate/v1',
    'kind: McpServerDeployment',
    'metadata: { name: stand-in }',
    'spec:',
    `  run: { url: "${url}" }`,
    '  transport: { type: streamable-http }',
    `  authorization: ${authorization}`,
    '',
  ].join('\n');
}

async function messageOf(request: IncomingMessage): Promise<{ id?: unknown; method?: unknown } | null> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString('utf8')) as { id?: unknown; method?: unknown };
  } catch {
    return null;
  }
}

function mcp({ method, path, rpc }: Asked, id: unknown): Answer {
  if (path.split('?')[0] !== '/mcp') return { status: 404, body: {} };
  if (method !== 'POST') return { status: 405, body: {} };
  if (rpc === 'initialize') {
    const serverInfo = { name: 'stand-in', version: '1.0.0' };
    return result(id, { protocolVersion: '2025-11-25', capabilities: { tools: {} }, serverInfo });
  }
  if (rpc === 'tools/list') return result(id, { tools: [] });
  if (id === undefined) return { status: 202 };
  return rpcError(id, -32601);
}

function result(id: unknown, value: unknown): Answer {
  return { status: 200, body: { jsonrpc: '2.0', id, result: value } };
}
