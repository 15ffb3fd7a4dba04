/** A raw client for zoo servers, independent of the gate's own wire code, so that a test does not prove itself. */
import http from 'node:http';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import type { Era, Fault, Transport } from './faults.mjs';
import { serveOverHttp } from './http.mjs';
import { serveOverStdio } from './stdio.mjs';
import { FAULTLESS } from './switches.mjs';

export type Json = Record<string, unknown>;

/** What came back. `status` is null on stdio; `message` is null where no JSON-RPC message came. */
export interface Answer {
  readonly status: number | null;
  readonly headers: http.IncomingHttpHeaders;
  readonly message: Json | null;
  readonly text: string;
}

export interface SendOptions {
  readonly method?: string;
  readonly path?: string;
  /** Loopback address to connect to, when it is not 127.0.0.1. */
  readonly address?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Peer {
  readonly transport: Transport;
  readonly era: Era;
  /** Host header that the server takes for its own; empty on stdio. */
  readonly host: string;
  /** Sends one JSON value and waits for the message that answers it, or for the HTTP answer. Silence ends the wait as status null, message null. */
  send(message: unknown, options?: SendOptions): Promise<Answer>;
  /** Everything on stdout that was no JSON-RPC message. */
  noise(): string[];
  close(): void;
}

/** How long nothing must come before it counts as silence: short only where silence is the fault. */
const PATIENCE_MS = 10_000;
const SILENT_FAULT_MS = 250;
const NOTHING: Answer = { status: null, headers: {}, message: null, text: '' };

/** A server of this kind inside the test's own process, and a client of it. */
export async function startPeer(fault: Fault | null, transport: Transport, era: Era): Promise<Peer> {
  const switches = { ...FAULTLESS, ...fault?.set };
  const patience = switches['unknownVersion'] === 'silence' ? SILENT_FAULT_MS : PATIENCE_MS;
  if (transport === 'stdio') return stdioPeer(era, switches, patience);
  const { port, close } = await serveOverHttp({ transport, era, port: 0 }, switches);
  return transport === 'sse' ? ssePeer(port, close, patience) : streamablePeer(port, era, close, patience);
}

async function stdioPeer(era: Era, switches: Json, patience: number): Promise<Peer> {
  const input = new PassThrough();
  const output = new PassThrough();
  const messages: Json[] = [];
  const noise: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: output }).on('line', (line) => {
    const value = parse(line);
    if (value !== null && (Array.isArray(value) || value['jsonrpc'] === '2.0')) messages.push(value);
    else noise.push(line);
    for (const wake of waiting) wake();
  });
  await serveOverStdio(era, switches, { input, output, exit: () => undefined });
  return {
    transport: 'stdio',
    era,
    host: '',
    async send(message) {
      const from = messages.length;
      input.write(`${JSON.stringify(message)}\n`);
      const answer = await eventually(waiting, patience, () =>
        messages.slice(from).find((found) => answers(found, message)),
      );
      return answer === undefined ? NOTHING : { ...NOTHING, message: answer };
    },
    noise: () => noise,
    close: () => input.end(),
  };
}

function streamablePeer(port: number, era: Era, close: () => void, patience: number): Peer {
  const host = `127.0.0.1:${port}`;
  return {
    transport: 'streamable-http',
    era,
    host,
    send: (message, options = {}) => post(port, { path: '/mcp', ...options }, message, patience),
    noise: () => [],
    close,
  };
}

/** Opens one event stream, lazily, because some tests ask for the refusal of exactly that. */
function ssePeer(port: number, close: () => void, patience: number): Peer {
  const host = `127.0.0.1:${port}`;
  const events: { name: string; data: string }[] = [];
  const waiting = new Set<() => void>();
  let opened: Promise<string> | null = null;
  const open = async (): Promise<string> => {
    http.get({ host: '127.0.0.1', port, path: '/sse', headers: { host } }, (stream) => {
      readEvents(stream, (event) => {
        events.push(event);
        for (const wake of waiting) wake();
      });
    });
    const endpoint = await eventually(waiting, patience, () =>
      events.find((event) => event.name === 'endpoint'),
    );
    if (endpoint === undefined) throw new Error('no endpoint event came');
    return endpoint.data;
  };
  return {
    transport: 'sse',
    era: 'legacy',
    host,
    async send(message, options = {}) {
      if (options.method === 'GET') return post(port, { path: '/sse', ...options }, undefined, patience);
      opened ??= open();
      const path = options.path ?? (await opened);
      const from = events.length;
      const posted = await post(port, { ...options, path }, message, patience);
      if (posted.status !== 202) return posted;
      const parsed = (): Json | undefined =>
        events
          .slice(from)
          .map((event) => parse(event.data))
          .find((found) => found !== null && answers(found, message)) ?? undefined;
      const answer = await eventually(waiting, patience, parsed);
      return answer === undefined ? posted : { ...posted, message: answer };
    },
    noise: () => [],
    close,
  };
}

/** One HTTP request; the body of a stream is read until the first message that has an id. */
function post(port: number, options: SendOptions, message: unknown, patience: number): Promise<Answer> {
  const method = options.method ?? 'POST';
  const headers = {
    host: `127.0.0.1:${port}`,
    accept: 'application/json, text/event-stream',
    ...(method === 'POST' && { 'content-type': 'application/json' }),
    ...options.headers,
  };
  return new Promise((resolve, reject) => {
    const request = http.request({
      host: options.address ?? '127.0.0.1',
      port,
      method,
      path: options.path ?? '/mcp',
      headers,
      agent: false,
    });
    request.on('error', reject);
    request.on('response', (response) => {
      const { statusCode: status = 0 } = response;
      let text = '';
      const finish = (found: Json | null): void => {
        clearTimeout(timer);
        resolve({ status, headers: response.headers, message: found, text });
        response.destroy();
      };
      const timer = setTimeout(() => finish(null), patience);
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.includes('event: endpoint')) finish(null);
      });
      response.on('end', () => finish(parse(text)));
      if (response.headers['content-type']?.includes('text/event-stream')) {
        readEvents(response, (event) => {
          const found = parse(event.data);
          if (found !== null) finish(found);
        });
      }
    });
    if (message !== undefined) request.write(typeof message === 'string' ? message : JSON.stringify(message));
    request.end();
  });
}

function readEvents(stream: http.IncomingMessage, on: (event: { name: string; data: string }) => void): void {
  let rest = '';
  stream.setEncoding('utf8');
  stream.on('error', () => undefined);
  stream.on('data', (chunk: string) => {
    const blocks = `${rest}${chunk}`.split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string): string => block.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1] ?? '';
      on({ name: field('event'), data: field('data') });
    }
  });
}

async function eventually<T>(
  waiting: Set<() => void>,
  patience: number,
  find: () => T | undefined,
): Promise<T | undefined> {
  const deadline = Date.now() + patience;
  for (;;) {
    const found = find();
    if (found !== undefined || Date.now() >= deadline) return found;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(done, deadline - Date.now());
      function done(): void {
        clearTimeout(timer);
        waiting.delete(done);
        resolve();
      }
      waiting.add(done);
    });
  }
}

/** A refused batch is answered by an error without an id, an accepted one by an array. */
function answers(found: Json, message: unknown): boolean {
  if (Array.isArray(message)) return Array.isArray(found) || found['id'] === undefined;
  return found['id'] === (message as Json)['id'];
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Json) : null;
  } catch {
    return null;
  }
}
