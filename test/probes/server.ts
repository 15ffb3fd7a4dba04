/** A small right server of the legacy era over Streamable HTTP, in this process, with one habit changed at a time. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Lab } from '../../src/probes/lab.js';
import { serve, type TestServer, wireTo } from '../wire/candidates.js';

export interface Habits {
  /** Whether a request with this Origin is let in; exactly the server's own by default. */
  readonly admits?: (origin: string, own: string) => boolean;
  /** Answers instead of the server where it returns true. */
  readonly before?: (asked: Asked, response: ServerResponse) => boolean;
  /** A refused request takes its session with it. */
  readonly refusalEndsSession?: boolean;
  /** `capabilities` of its answer to initialize; none by default. */
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** Sends the events of a GET of /sse after so many milliseconds; no such route when left out. */
  readonly deprecatedAfterMs?: number;
}

export interface Asked {
  readonly request: IncomingMessage;
  /** JSON-RPC method, or that of HTTP where there is no message. */
  readonly method: string;
  /** How often this method was asked for, this time included. */
  readonly count: number;
  readonly foreign: boolean;
}

type Transport = 'streamable-http' | 'sse';

export interface Stage {
  readonly server: TestServer;
  readonly wire: ReturnType<typeof wireTo>;
  readonly lab: Lab;
}

/** The server, and a laboratory to try it in. */
export async function stage(habits: Habits = {}, transport: Transport = 'streamable-http'): Promise<Stage> {
  const sessions = new Set<string>();
  const counts = new Map<string, number>();
  const server = await serve((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const own = `127.0.0.1:${request.socket.localPort}`;
      const { origin, host } = request.headers;
      const admits = habits.admits ?? ((given: string, right: string) => given === right);
      const foreign = (origin !== undefined && !admits(origin, `http://${own}`)) || host !== own;
      const message = parsed(Buffer.concat(chunks).toString('utf8'));
      const method = typeof message['method'] === 'string' ? message['method'] : (request.method ?? '');
      const count = (counts.get(method) ?? 0) + 1;
      counts.set(method, count);
      if (habits.before?.({ request, method, count, foreign }, response) === true) return;
      const session = String(request.headers['mcp-session-id'] ?? '');
      if (foreign) {
        if (habits.refusalEndsSession === true) sessions.delete(session);
        response.writeHead(403).end();
        return;
      }
      if (request.url === '/sse' && habits.deprecatedAfterMs !== undefined) {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
        const event = 'event: endpoint\ndata: /messages?sessionId=1\n\n';
        setTimeout(() => response.write(event), habits.deprecatedAfterMs);
        return;
      }
      const { capabilities = {} } = habits;
      answer({ request, response, message, method, session, sessions, capabilities });
    });
  });
  const wire = wireTo(server.candidate, transport, transport === 'sse' ? '/sse' : '/mcp');
  const lab = new Lab({ probe: 'transport', signal: new AbortController().signal, width: 3 });
  return { server, wire, lab };
}

function answer(asked: {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly message: Readonly<Record<string, unknown>>;
  readonly method: string;
  readonly session: string;
  readonly sessions: Set<string>;
  readonly capabilities: Readonly<Record<string, unknown>>;
}): void {
  const { request, response, message, method, session, sessions, capabilities } = asked;
  const reply = (result: unknown, headers: Readonly<Record<string, string>> = {}): void => {
    response.writeHead(200, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify({ jsonrpc: '2.0', id: message['id'], result }));
  };
  if (request.url !== '/mcp') {
    response.writeHead(404).end();
  } else if (method === 'initialize') {
    const id = randomUUID();
    sessions.add(id);
    const serverInfo = { name: 'right', version: '1.0.0' };
    reply({ protocolVersion: '2025-11-25', capabilities, serverInfo }, { 'mcp-session-id': id });
  } else if (!sessions.has(session)) {
    response.writeHead(404).end();
  } else if (method === 'ping') {
    reply({});
  } else if (method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
  } else if (method === 'DELETE') {
    sessions.delete(session);
    response.writeHead(200).end();
  } else {
    response.writeHead(202).end();
  }
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
