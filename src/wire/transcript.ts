/** The record of everything the gate did to one candidate: evidence for every fact, with credentials masked. */
import type { Exchange, Principal, Received } from './exchange.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { createMasker, credentialsOf } from './mask.js';

/** What is known when an exchange begins. `body` is raw; it is masked and cut here. */
export interface Beginning {
  readonly experiment: string;
  readonly connection: string;
  readonly principal: Principal;
  readonly request: Exchange['request'];
}

/** What came back, raw; it is masked and cut here. Message values are passed on to the caller as they are. */
export type Outcome = Exchange['answer'];

/** One exchange that is under way. */
export interface Recording {
  readonly id: string;
  /** The exchange as it stands, for streams that stay open. */
  snapshot(outcome: Outcome): Exchange;
  /** Closes the exchange and returns it. Later calls replace the outcome. */
  finish(outcome: Outcome): Exchange;
}

export interface Transcript {
  /** Opens the next exchange ("x1", "x2", …). `live` is asked while it is not finished. */
  begin(beginning: Beginning, live?: () => Outcome): Recording;
  /** Registers a secret that must never be recorded from now on. */
  mask(secret: string): void;
  /** `text` with every known secret masked, for what is reported beside the exchanges. */
  masked(text: string): string;
  get(id: string): Exchange | null;
  /** All exchanges in the order they began, also those still open. */
  all(): readonly Exchange[];
  /** The exchanges of one experiment. */
  experiment(name: string): readonly Exchange[];
  /** Milliseconds since the run started. */
  now(): number;
  /** Exchanges of which only the head was kept, because a limit was reached. */
  readonly headsOnly: number;
}

export interface TranscriptOptions {
  /** Start of the run as `performance.now()` told it. */
  readonly startedAt: number;
  readonly maskedSecrets?: Iterable<string>;
  readonly limits?: Limits;
}

const UNANSWERED: Outcome = {
  ending: 'cancelled',
  status: null,
  headers: {},
  body: null,
  messages: [],
  problem: 'still open',
};

interface Entry {
  stored: Exchange | null;
  bytes: number;
  live: () => Exchange;
}

/** An empty transcript. Times are milliseconds since `startedAt`, by the monotonic clock. */
export function createTranscript(options: TranscriptOptions): Transcript {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const masker = createMasker(options.maskedSecrets ?? []);
  const entries = new Map<string, Entry>();
  let storedBytes = 0;
  let headsOnly = 0;

  const now = (): number => Math.max(0, Math.round(performance.now() - options.startedAt));

  function begin(beginning: Beginning, live: () => Outcome = () => UNANSWERED): Recording {
    const id = `x${entries.size + 1}`;
    const at = now();
    noteCredentials(beginning.request.headers);

    const compose = (outcome: Outcome): Exchange => ({
      id,
      at,
      durationMs: now() - at,
      experiment: beginning.experiment,
      connection: beginning.connection,
      principal: beginning.principal,
      request: maskedRequest(beginning.request),
      answer: maskedOutcome(outcome),
    });
    const entry: Entry = { stored: null, bytes: 0, live: () => compose(live()) };
    entries.set(id, entry);

    function finish(outcome: Outcome): Exchange {
      const exchange = compose(outcome);
      store(entry, exchange);
      return exchange;
    }
    return { id, snapshot: compose, finish };
  }

  function store(entry: Entry, exchange: Exchange): void {
    const full = withoutLargeValues(exchange);
    const bytes = textBytes(full);
    storedBytes -= entry.bytes;
    const fits =
      Number(full.id.slice(1)) <= limits.transcriptExchanges && storedBytes + bytes <= limits.transcriptBytes;
    if (!fits) headsOnly += 1;
    entry.stored = fits ? full : headOf(full);
    entry.bytes = fits ? bytes : 0;
    storedBytes += entry.bytes;
  }

  function noteCredentials(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) {
      if (name.toLowerCase() === 'authorization') masker.add(credentialsOf(value) ?? '');
    }
  }

  function maskedRequest(request: Exchange['request']): Exchange['request'] {
    return {
      ...request,
      url: request.url === null ? null : masker.text(request.url),
      headers: masker.headers(request.headers),
      body: request.body === null ? null : kept(request.body),
    };
  }

  function maskedOutcome(outcome: Outcome): Outcome {
    return {
      ...outcome,
      headers: masker.headers(outcome.headers),
      body: outcome.body === null ? null : kept(outcome.body),
      messages: outcome.messages.map((message) => ({ ...message, text: kept(message.text) })),
      problem: outcome.problem === null ? null : cut(masker.text(outcome.problem), 500),
    };
  }

  /** Stored values are dropped where the text is not whole, and where they would give a secret away. */
  function withoutLargeValues(exchange: Exchange): Exchange {
    return {
      ...exchange,
      answer: { ...exchange.answer, messages: exchange.answer.messages.map(storedMessage) },
    };
  }

  function storedMessage(message: Received): Received {
    return { ...message, value: parsed(message.text) };
  }

  const kept = (text: string): string => cut(masker.text(text), limits.recordedBodyBytes);
  const read = (entry: Entry): Exchange => entry.stored ?? withoutLargeValues(entry.live());

  return {
    begin,
    mask: (secret) => masker.add(secret),
    masked: (text) => masker.text(text),
    get: (id) => {
      const entry = entries.get(id);
      return entry === undefined ? null : read(entry);
    },
    all: () => [...entries.values()].map(read),
    experiment: (name) => [...entries.values()].map(read).filter((exchange) => exchange.experiment === name),
    now,
    get headsOnly() {
      return headsOnly;
    },
  };
}

function headOf(exchange: Exchange): Exchange {
  return {
    ...exchange,
    request: { ...exchange.request, headers: {}, body: null },
    answer: { ...exchange.answer, headers: {}, body: null, messages: [] },
  };
}

function textBytes(exchange: Exchange): number {
  const headers = [...Object.entries(exchange.request.headers), ...Object.entries(exchange.answer.headers)];
  const texts = [exchange.request.url, exchange.request.body, exchange.answer.body, ...headers.flat()];
  const lengths = texts.map((text) => text?.length ?? 0);
  return [...lengths, ...exchange.answer.messages.map((message) => 64 + 2 * message.text.length)].reduce(
    (a, b) => a + b,
    512,
  );
}

/** Cuts at a limit and says so; never in the middle of a surrogate pair. */
export function cut(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const head = text.slice(0, limit);
  const whole = /[\uD800-\uDBFF]$/.test(head) ? head.slice(0, -1) : head;
  return `${whole}… (${text.length - whole.length} more characters)`;
}

const [BACKSLASH, QUOTE, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = [
  0x5c, 0x22, 0x5b, 0x5d, 0x7b, 0x7d,
];

/** Deeper than any real message, and shallow enough for everything that walks one. */
const DEEPEST = 256;

/** The JSON value of a text; undefined when it is none, or nested so deep that it can only mean harm. */
export function parsed(text: string): unknown {
  if (depthOf(text) > DEEPEST) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** How deep arrays and objects nest, without building them. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let index = 0; index < text.length; index += 1) {
    const letter = text.charCodeAt(index);
    if (quoted) {
      if (letter === BACKSLASH) index += 1;
      else if (letter === QUOTE) quoted = false;
    } else if (letter === QUOTE) quoted = true;
    else if (letter === OPEN_ARRAY || letter === OPEN_OBJECT) {
      depth += 1;
      if (depth > deepest) deepest = depth;
    } else if (letter === CLOSE_ARRAY || letter === CLOSE_OBJECT) depth -= 1;
  }
  return deepest;
}
