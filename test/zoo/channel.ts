/** One HTTP exchange with a zoo server that stays open as long as a test wants it: an answer, or a stream of messages. */
import http from 'node:http';

export type Json = Record<string, unknown>;

export interface Sending {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly message?: unknown;
}

export interface Channel {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  /** The first event with this property that has come or will come; null when the stream ends without. */
  event(wanted: (event: Event) => boolean): Promise<Event | null>;
  /** The same among JSON messages; a plain JSON answer is one message. */
  message(wanted: (message: Json) => boolean): Promise<Json | null>;
  /** Every event so far. */
  events(): readonly Event[];
  /** The body so far; the whole of it once `ended` resolves. */
  text(): string;
  readonly ended: Promise<void>;
  close(): void;
}

export interface Event {
  readonly name: string;
  readonly id: string;
  readonly data: string;
}

/** Ends the wait for what never comes, so that a test fails instead of hanging. */
const PATIENCE_MS = 5_000;

/** Resolves when the head of the answer is there. */
export function exchange(port: number, { method, path, headers, message }: Sending): Promise<Channel> {
  const accept = method === 'GET' ? 'text/event-stream' : 'application/json, text/event-stream';
  const type = message === undefined ? {} : { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, method, path, agent: false as const };
    const request = http.request({ ...options, headers: { accept, ...type, ...headers } });
    request.on('error', reject);
    request.on('response', (response) => resolve(channelOf(response)));
    request.end(message === undefined ? undefined : JSON.stringify(message));
  });
}

function channelOf(response: http.IncomingMessage): Channel {
  let text = '';
  let open = true;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of waiting) check();
  };
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    wake();
  });
  response.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => {
    response.on('close', () => {
      open = false;
      wake();
      resolve();
    });
  });
  const events = (): Event[] => text.split('\n\n').slice(0, -1).map(eventOf);
  const streaming = response.headers['content-type']?.includes('text/event-stream') === true;
  const messages = (): Json[] =>
    (streaming ? events().map((event) => event.data) : [text]).map(parse).filter((found) => found !== null);

  const find = <T>(list: () => readonly T[], wanted: (item: T) => boolean): Promise<T | null> =>
    new Promise((resolve) => {
      const check = (): void => {
        const found = list().find(wanted);
        if (found === undefined && open) return;
        finish(found ?? null);
      };
      const finish = (found: T | null): void => {
        clearTimeout(timer);
        waiting.delete(check);
        resolve(found);
      };
      const timer = setTimeout(() => finish(null), PATIENCE_MS);
      waiting.add(check);
      check();
    });

  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    event: (wanted) => find(events, wanted),
    message: (wanted) => find(messages, wanted),
    events,
    text: () => text,
    ended,
    close: () => response.destroy(),
  };
}

function eventOf(block: string): Event {
  const field = (name: string): string => block.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1] ?? '';
  return { name: field('event'), id: field('id'), data: field('data') };
}

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null;
  }
}
