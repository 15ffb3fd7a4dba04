/** One recorded HTTP exchange: `sendHttp` with the transcript, credentials, and the candidate's health around it. */
import type { CandidateProcess } from '../candidate/candidate.js';
import { type ChannelContext, describeRequest } from './channel.js';
import type { Exchange, Received } from './exchange.js';
import { type HeaderLayer, mergeHeaders, recordedHeaders } from './headers.js';
import { type HttpAnswer, type Origin, originText, type ReadStream, sendHttp } from './http.js';
import type { Outcome, Recording } from './transcript.js';

export interface HttpExchangeRequest {
  readonly method: string;
  readonly path: string;
  /** Headers by default, then credentials, then what the probe wants; later layers win. */
  readonly defaults?: HeaderLayer;
  readonly headers?: HeaderLayer;
  readonly body: string | Uint8Array | null;
  /** The JSON value of the body, for the record. */
  readonly message?: unknown;
  readonly readStream: ReadStream;
  readonly timeoutMs: number;
  readonly isAnswer?: (value: unknown) => boolean;
  /** Told the id of the exchange before anything is sent. */
  readonly onBegin?: (exchange: string) => void;
  readonly onMessage?: (message: Received, exchange: string) => void;
  readonly onHead?: (status: number, headers: Readonly<Record<string, string>>) => void;
}

export interface RecordedAnswer {
  readonly exchange: Exchange;
  readonly answer: HttpAnswer;
  readonly recording: Recording;
}

/** How long a dying process gets to be noticed after its socket broke. */
export const EXIT_NOTICE_MS = 200;

/** Sends and records one exchange. An open stream is recorded for good when it ends. */
export async function exchangeHttp(
  context: ChannelContext,
  request: HttpExchangeRequest,
): Promise<RecordedAnswer> {
  const origin = originOf(context);
  const url = `${originText(origin)}${request.path}`;
  const credentials = await context.credentials({ method: request.method, url });
  const headers = mergeHeaders(request.defaults, credentials, request.headers);
  const described = describeRequest(
    { body: request.body ?? '', message: request.message },
    {
      method: request.method,
      url,
      headers: recordedHeaders(headers),
    },
  );
  let answer: HttpAnswer | null = null;
  const recording = context.transcript.begin(
    {
      experiment: context.experiment,
      connection: context.connection,
      principal: context.principal,
      request: request.body === null ? { ...described, body: null } : described,
    },
    () => outcomeOf(answer?.stream?.current() ?? answer ?? NOTHING_YET),
  );
  request.onBegin?.(recording.id);
  // A restart may replace it while we wait; the one that was asked is the one to look at.
  const process = context.candidate.process;
  const { isAnswer, onHead, onMessage } = request;
  answer = await sendHttp({
    origin,
    path: request.path,
    method: request.method,
    headers,
    body: request.body,
    signal: context.signal,
    timeoutMs: request.timeoutMs,
    limits: context.limits,
    readStream: request.readStream,
    now: context.transcript.now,
    ...(isAnswer === undefined ? {} : { isAnswer }),
    ...(onHead === undefined ? {} : { onHead }),
    ...(onMessage === undefined ? {} : { onMessage: (message) => onMessage(message, recording.id) }),
  });
  const { stream } = answer;
  if (stream !== undefined) {
    void stream.ended.then(async () =>
      recording.finish(await diagnosed(context, process, stream.current(), lastOf(context))),
    );
    return { exchange: recording.snapshot(outcomeOf(answer)), answer, recording };
  }
  const exchange = recording.finish(await diagnosed(context, process, answer, recording.id));
  return { exchange, answer, recording };
}

/** A broken socket of a dead candidate is its exit, not its answer. */
async function diagnosed(
  context: ChannelContext,
  process: CandidateProcess | null,
  answer: HttpAnswer,
  exchange: string | null,
): Promise<Outcome> {
  const outcome = outcomeOf(answer);
  if (process === null || (answer.ending !== 'closed' && answer.ending !== 'unreachable')) return outcome;
  const exit = process.exitStatus ?? (await within(EXIT_NOTICE_MS, process.exited));
  if (exit === null) return outcome;
  const { experiment, connection } = context;
  context.onCrash(
    { experiment, connection, afterExchange: exchange, exitCode: exit.code, signal: exit.signal },
    process,
  );
  const how = exit.signal === null ? `code ${exit.code}` : `signal ${exit.signal}`;
  return { ...outcome, ending: 'exited', problem: `the candidate ended with ${how}` };
}

/** A stream does not kill a candidate; what was asked last on its connection may have. */
function lastOf({ transcript, connection }: ChannelContext): string | null {
  return (
    transcript
      .all()
      .filter((exchange) => exchange.connection === connection)
      .at(-1)?.id ?? null
  );
}

/** The value of a promise, or null when it takes longer. */
export async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

const NOTHING_YET: HttpAnswer = {
  ending: 'cancelled',
  status: null,
  headers: {},
  contentType: null,
  body: null,
  messages: [],
  problem: 'still waiting for the answer',
  retryMs: null,
  lastEventId: null,
};

function outcomeOf(answer: HttpAnswer): Outcome {
  const { ending, status, headers, body, messages, problem } = answer;
  return { ending, status, headers, body, messages, problem };
}

/** @throws TypeError when the candidate is on stdio, which has no address. */
export function originOf(context: ChannelContext): Origin {
  const { origin } = context.candidate;
  if (origin === null)
    throw new TypeError('this candidate has no HTTP address; ask a connection on stdio instead');
  return origin;
}
