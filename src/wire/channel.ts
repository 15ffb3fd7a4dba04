/** What the clients of both eras need from a transport: send one message, and hear what the candidate says. */
import type { Candidate, CandidateProcess } from '../candidate/candidate.js';
import type { Exchange, Principal, Received } from './exchange.js';
import type { HeaderLayer } from './headers.js';
import type { Limits } from './limits.js';
import { isId, isObject, type JsonRpcId } from './message.js';
import type { Transcript } from './transcript.js';

/** `answer`: wait for the answers to `ids`. `quiet`: for whatever comes. `written`: only until it was taken. */
export type Awaiting = 'answer' | 'quiet' | 'written';

export interface Outgoing {
  /** The bytes; JSON of `message` unless a probe sends something else. */
  readonly body: string | Uint8Array;
  /** The value that is sent; undefined when the bytes are no JSON. */
  readonly message: unknown;
  readonly headers: HeaderLayer;
  readonly awaiting: Awaiting;
  readonly ids: readonly JsonRpcId[];
  readonly timeoutMs: number;
  /** On a shared stream, when there are no `ids`: how long to wait for the first message. */
  readonly patienceMs: number;
}

export interface Channel {
  readonly transport: 'stdio' | 'streamable-http' | 'sse';
  /** Never rejects on what the candidate does. */
  send(outgoing: Outgoing): Promise<Exchange>;
  /** Releases everything. Idempotent, bounded. */
  close(): Promise<void>;
  readonly details: TransportDetails;
}

/** What only one transport has; null on the others. */
export interface TransportDetails {
  /** stdio: the process of this connection; null also when it could not be started. Its `stop` is no crash. */
  readonly process: CandidateProcess | null;
  /** stdio: lines on stdout that were no message. */
  noise(): Noise | null;
  /** HTTP+SSE: the message route the candidate named. */
  readonly endpoint: Endpoint | null;
}

/** The details of a transport that has none. */
export const NO_DETAILS: TransportDetails = { process: null, noise: () => null, endpoint: null };

/** Lines on stdout that were no JSON-RPC message. */
export interface Noise {
  readonly lines: number;
  /** The first of them, cut short. Hostile text. */
  readonly samples: readonly string[];
  /** The exchange that recorded them. */
  readonly exchange: string | null;
}

/** What the candidate named as its message route. */
export type Endpoint =
  /** Path and query on the same origin. */
  | { readonly kind: 'own'; readonly path: string; readonly announced: string }
  /** Another origin: a fact, and never contacted. */
  | { readonly kind: 'foreign'; readonly announced: string }
  /** None was named in time, or it was no URL. */
  | { readonly kind: 'none'; readonly problem: string };

/** What a request is for; a DPoP proof covers both. Source: RFC 9449 section 4.2. */
export interface Target {
  readonly method: string;
  readonly url: string;
}

/** Everything a channel shares with the connection it serves. */
export interface ChannelContext {
  readonly candidate: Candidate;
  readonly transcript: Transcript;
  readonly limits: Limits;
  readonly signal: AbortSignal;
  readonly experiment: string;
  readonly connection: string;
  readonly principal: Principal;
  /** Credentials for one request. */
  readonly credentials: (request: Target) => Promise<Readonly<Record<string, string>>>;
  /** What is known of the candidate's starts, shared by all connections; written by the channel on stdio. */
  readonly starts: { slowestMs: number };
  /** Called for every message that is a request or a notification of the candidate. */
  readonly onMessage: (received: Received, exchange: string | null) => void;
  /** Called when the candidate's process was found dead without having been asked to end. */
  readonly onCrash: (crash: Crash, process: CandidateProcess) => void;
}

export interface Crash {
  readonly experiment: string;
  readonly connection: string;
  /** The exchange that was under way or the last one before the candidate died. */
  readonly afterExchange: string | null;
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** The request part of an exchange, for a message on any transport. */
export function describeRequest(
  outgoing: Pick<Outgoing, 'body' | 'message'>,
  http: { method: string; url: string; headers: Readonly<Record<string, string>> } | null,
): Exchange['request'] {
  const message = isObject(outgoing.message) ? outgoing.message : {};
  const { method, id } = message;
  return {
    transport: http === null ? 'stdio' : 'http',
    method: http?.method ?? null,
    url: http?.url ?? null,
    headers: http?.headers ?? {},
    body: typeof outgoing.body === 'string' ? outgoing.body : Buffer.from(outgoing.body).toString('latin1'),
    rpcMethod: typeof method === 'string' ? method : null,
    rpcId: isId(id) ? id : null,
  };
}
