/** HTTP towards a candidate and its issuer: only where allowed, never more than the limits, errors that may be shown. */
import { Agent, request as send } from 'undici';
import { IdentityProblem } from '../problem.js';
import { placeOf, shown } from './loopback.js';

export interface FetchLimits {
  /** Of one body, in bytes. */
  readonly maxBytes: number;
  /** For one exchange from its start to the end of the body, in milliseconds. */
  readonly timeoutMs: number;
  /** For one document or one authorization. */
  readonly maxRedirects: number;
}

export const DEFAULT_LIMITS: FetchLimits = { maxBytes: 256 * 1024, timeoutMs: 5_000, maxRedirects: 5 };

export interface Outgoing {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** `headers` leaves the body unread: an MCP endpoint may answer with a stream that never ends. */
  readonly want?: 'everything' | 'headers';
}

export interface Incoming {
  readonly url: URL;
  readonly status: number;
  /** All values of a header; empty when it was not sent. */
  header(name: string): readonly string[];
  readonly text: string;
}

export interface Fetcher {
  readonly limits: FetchLimits;
  /** Lets requests go to the origin of `url` too. */
  allow(url: URL): void;
  allows(url: URL): boolean;
  /** One exchange; a redirect is an answer. Throws IdentityProblem, or the reason of the aborted signal. */
  exchange(outgoing: Outgoing): Promise<Incoming>;
  /** A JSON object, following redirects that stay where requests may go. `what` names it in the error. */
  document(what: string, url: URL): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

export function createFetcher(options: {
  readonly limits: Partial<FetchLimits> | undefined;
  readonly signal: AbortSignal;
}): Fetcher {
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const places = new Set<string>();
  // An agent of its own: no proxy of the runner, and no socket that outlives the run.
  const agent = new Agent({
    connect: { timeout: limits.timeoutMs },
    maxHeaderSize: 32 * 1024,
    pipelining: 1,
  });

  const exchange = async (outgoing: Outgoing): Promise<Incoming> => {
    const { url, method } = outgoing;
    if (!places.has(placeOf(url)))
      throw new IdentityProblem(`${url.origin} is neither the candidate nor its issuer`);
    const timeout = AbortSignal.timeout(limits.timeoutMs);
    try {
      const response = await send(url, {
        method,
        headers: { accept: 'application/json', ...outgoing.headers },
        body: outgoing.body ?? null,
        dispatcher: agent,
        signal: AbortSignal.any([options.signal, timeout]),
      });
      const text = outgoing.want === 'headers' ? '' : await readUpTo(limits.maxBytes, response.body, url);
      // A body that was read to its end has nothing left to destroy.
      response.body.on('error', () => {}).destroy();
      return {
        url,
        status: response.statusCode,
        header: (name) => valuesOf(response.headers[name.toLowerCase()]),
        text,
      };
    } catch (cause: unknown) {
      options.signal.throwIfAborted();
      if (cause instanceof IdentityProblem) throw cause;
      if (timeout.aborted)
        throw new IdentityProblem(`${shown(url)} did not answer within ${limits.timeoutMs} ms`);
      throw new IdentityProblem(`${shown(url)} could not be reached (${networkCode(cause)})`);
    }
  };

  const document = async (what: string, start: URL): Promise<Readonly<Record<string, unknown>>> => {
    let url = start;
    for (let hop = 0; hop <= limits.maxRedirects; hop += 1) {
      const answer = await exchange({ method: 'GET', url });
      const next = redirectOf(answer);
      if (next === null) return objectOf(what, answer);
      if (!places.has(placeOf(next))) {
        throw new IdentityProblem(`${what} at ${shown(start)} redirects elsewhere, to ${next.origin}`);
      }
      url = next;
    }
    throw new IdentityProblem(`${what} at ${shown(start)} redirects more than ${limits.maxRedirects} times`);
  };

  return {
    limits,
    allow: (url) => places.add(placeOf(url)),
    allows: (url) => places.has(placeOf(url)),
    exchange,
    document,
    close: () => agent.destroy(),
  };
}

/** Where a 3xx answer leads; null for any other answer, and for a Location that is no web address. */
export function redirectOf(answer: Incoming): URL | null {
  if (answer.status < 300 || answer.status > 399) return null;
  const [location] = answer.header('location');
  return location !== undefined && URL.canParse(location, answer.url.href)
    ? new URL(location, answer.url)
    : null;
}

/** The JSON object in a body, or null. */
export function jsonObject(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function objectOf(what: string, answer: Incoming): Readonly<Record<string, unknown>> {
  if (answer.status !== 200) {
    throw new IdentityProblem(`${what} at ${shown(answer.url)} was answered with status ${answer.status}`);
  }
  const value = jsonObject(answer.text);
  if (value !== null) return value;
  const isPage = answer.header('content-type').some((type) => type.toLowerCase().startsWith('text/html'));
  throw new IdentityProblem(
    `${what} at ${shown(answer.url)} is ${isPage ? 'an HTML page' : 'no JSON object'}`,
  );
}

async function readUpTo(maxBytes: number, body: AsyncIterable<Uint8Array>, url: URL): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  // Leaving the loop destroys the body, so nothing more is read than the limit and one chunk.
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) throw new IdentityProblem(`${shown(url)} answered with more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function valuesOf(header: string | string[] | undefined): readonly string[] {
  if (header === undefined) return [];
  return typeof header === 'string' ? [header] : header;
}

/** `ECONNREFUSED` and its like. Their messages may quote bytes of the answer. */
function networkCode(cause: unknown): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{1,40}$/.test(code) ? code : 'network error';
}
