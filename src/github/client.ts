/** The one connection to GitHub's API: repeats what may be repeated, sits out short limits, and never waits longer than it was given. */
import { getOctokit } from '@actions/github';
import { retry } from '@octokit/plugin-retry';
import { throttling } from '@octokit/plugin-throttling';

export type Client = ReturnType<typeof getOctokit>;

/** `owner/repo`, as the runner names it. */
export interface Repository {
  readonly owner: string;
  readonly repo: string;
}

/** How much of a job's time an exchange with GitHub may take. */
export interface Patience {
  /** Milliseconds in which one request must be answered, its body included. */
  readonly requestMs: number;
  /** Milliseconds after which nothing more is sent or waited for. */
  readonly totalMs: number;
  /** Times that a request without an effect, or with the same effect when repeated, is repeated. */
  readonly retries: number;
  /** Length of GitHub's second in milliseconds; only tests have shorter ones. */
  readonly secondMs: number;
}

export interface ClientOptions {
  readonly token: string;
  /** API root, `https://api.github.com` or that of a GitHub Enterprise Server. */
  readonly baseUrl: string;
  /** Told of waits and repetitions. Raw text. */
  readonly say: (message: string) => void;
  readonly patience: Patience;
}

/** Longest wait for a rate limit in seconds: what GitHub asks for when it does not say how long. */
const LONGEST_WAIT_S = 60;
const MOST_WAITS = 2;

/** 429 is the business of the plugin that reads how long to wait. Source: plugin-retry, its own list. */
const NOT_REPEATED = [400, 401, 403, 404, 410, 422, 429, 451];

/** No token has other characters, and `fetch` would repeat the whole header in its error. */
const TOKEN = /^[\x21-\x7e]+$/u;

/**
 * A client for one phase of a run: its patience begins now.
 * @throws Error when the token cannot be one; its message does not repeat it
 */
export function connect({ token, baseUrl, say, patience }: ClientOptions): Client {
  if (!TOKEN.test(token)) throw new Error('the token is empty or holds characters that no token has');
  const endsAt = performance.now() + patience.totalMs;
  const remainingMs = (): number => Math.max(0, endsAt - performance.now());
  const worthIt = (seconds: number, { method, url }: LimitedRequest, waits: number): boolean => {
    const worth =
      seconds <= LONGEST_WAIT_S && seconds * patience.secondMs < remainingMs() && waits < MOST_WAITS;
    const answer = worth ? `trying again in ${seconds} s` : `giving up, as it asks for ${seconds} s`;
    say(`GitHub limits the rate of ${method} ${url}: ${answer}`);
    return worth;
  };
  const onLimit = (seconds: number, request: object, _octokit: unknown, waits: number): boolean =>
    worthIt(seconds, request as LimitedRequest, waits);
  const silent = (): void => undefined;
  return getOctokit(
    token,
    {
      baseUrl,
      log: { debug: silent, info: silent, warn: silent, error: silent },
      retry: {
        retries: patience.retries,
        retryAfterBaseValue: patience.secondMs,
        doNotRetry: NOT_REPEATED,
      },
      throttle: {
        onRateLimit: onLimit,
        onSecondaryRateLimit: onLimit,
        retryAfterBaseValue: patience.secondMs,
        ...(patience.secondMs < 1000 ? UNPACED : {}),
      },
    },
    answeredWithin(patience, remainingMs),
    retry,
    throttling,
  );
}

interface LimitedRequest {
  readonly method: string;
  readonly url: string;
}

/** The plugin leaves a whole second between two writes, whatever the length of its other seconds. */
const atOnce = { key: () => ({ schedule: () => Promise.resolve() }) };
const UNPACED: object = { write: atOnce, notifications: atOnce };

/** There was no answer in time. Its status keeps the plugins from repeating what was already waited for. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
  readonly status = 0;
  constructor(
    ms: number,
    readonly request: object,
  ) {
    super(`none within ${(ms / 1000).toFixed(1)} s`);
  }
}

/** Innermost of the plugins, so that each repetition has its time. */
function answeredWithin(patience: Patience, remainingMs: () => number) {
  return (octokit: { readonly hook: Client['hook'] }): void => {
    octokit.hook.wrap('request', async (request, options) => {
      const ms = Math.min(patience.requestMs, remainingMs());
      const signal = AbortSignal.timeout(Math.ceil(ms));
      // Hooks further in were given this very object, and take no other.
      options.request = { ...options.request, signal };
      try {
        const response = await request(options);
        // A body that breaks off is taken for an empty one.
        if (signal.aborted) throw new NoAnswer(ms, options);
        return response;
      } catch (cause: unknown) {
        throw signal.aborted ? new NoAnswer(ms, options) : cause;
      }
    });
  };
}
