/** Reads the body of one HTTP answer, JSON or event stream, within its limits. */
import { createEventStreamReader, type EventStreamReader } from './event-stream.js';
import type { Ending, Received } from './exchange.js';
import type { HttpRequest } from './http-request.js';
import { parsed } from './transcript.js';

/** What has arrived of one answer so far. */
export interface AnswerState {
  /** Null while an open stream is being read. */
  ending: Ending | null;
  /** The answer that was waited for is there, whatever happens to the stream afterwards. */
  answered: boolean;
  status: number | null;
  headers: Record<string, string>;
  body: string | null;
  messages: Received[];
  problem: string | null;
  reader: EventStreamReader | null;
}

/** Why we stopped reading on our own account. */
export class Stop extends Error {
  constructor(
    readonly ending: Ending,
    readonly reason: string | null,
  ) {
    super(reason ?? ending);
  }
}

export function newState(): AnswerState {
  return {
    ending: null,
    answered: false,
    status: null,
    headers: Object.create(null),
    body: null,
    messages: [],
    problem: null,
    reader: null,
  };
}

/** Reads to the end the request asks for. @throws Stop at a limit, and whatever the socket throws. */
export async function readBody(
  request: HttpRequest,
  state: AnswerState,
  body: AsyncIterable<Uint8Array>,
  stop: (ending: Ending, reason: string | null) => void,
): Promise<void> {
  if (isEventStream(state)) return readEvents(request, state, body, stop);
  await readWhole(request, state, body);
}

async function readWhole(
  request: HttpRequest,
  state: AnswerState,
  body: AsyncIterable<Uint8Array>,
): Promise<void> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const keep = (): void => {
    state.body = new TextDecoder('utf-8').decode(Buffer.concat(chunks));
  };
  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      if (size > request.limits.messageBytes) {
        throw new Stop('too-large', `the body is larger than ${request.limits.messageBytes} bytes`);
      }
      chunks.push(chunk);
    }
  } finally {
    keep();
  }
  state.ending = 'answered';
  addWhole(request, state, state.body ?? '');
}

/** A body is a message when it is JSON, whatever its content type says: what leaked does not depend on a label. */
function addWhole(request: HttpRequest, state: AnswerState, text: string): void {
  if (text.trim() === '') return;
  const value = parsed(text);
  if (value === undefined && !isJson(state)) return;
  const message: Received = { at: request.now(), value, text };
  state.messages.push(message);
  request.onMessage?.(message);
}

export async function readEvents(
  request: HttpRequest,
  state: AnswerState,
  body: AsyncIterable<Uint8Array>,
  stop: (ending: Ending, reason: string | null) => void,
): Promise<void> {
  const reader = createEventStreamReader(request.limits, request.now);
  state.reader = reader;
  let size = 0;
  let timer: NodeJS.Timeout | undefined;
  const stopIn = (milliseconds: number): void => {
    clearTimeout(timer);
    timer = setTimeout(() => stop('answered', null), milliseconds);
  };
  if (request.readStream === 'until-quiet') stopIn(request.limits.settleMs);

  try {
    for await (const chunk of body) {
      size += chunk.byteLength;
      for (const message of reader.feed(chunk)) {
        state.messages.push(message);
        request.onMessage?.(message);
        if (request.readStream === 'until-quiet') stopIn(request.limits.settleMs);
        if (request.isAnswer?.(message.value) === true) {
          state.answered = true;
          if (request.readStream === 'until-answer') stopIn(request.limits.lingerMs);
        }
        if (state.messages.length >= request.limits.messagesPerExchange) {
          throw new Stop(
            'too-many',
            `more than ${request.limits.messagesPerExchange} messages on one stream`,
          );
        }
      }
      if (reader.tooLarge)
        throw new Stop('too-large', `an event is larger than ${request.limits.messageBytes} bytes`);
      if (size > request.limits.exchangeBytes) {
        throw new Stop('too-large', `the stream is larger than ${request.limits.exchangeBytes} bytes`);
      }
    }
    const complete = state.answered || request.readStream === 'until-quiet';
    state.ending = complete ? 'answered' : 'closed';
    if (!complete) state.problem = 'the candidate closed the stream';
  } finally {
    clearTimeout(timer);
  }
}

export function isEventStream(state: AnswerState): boolean {
  return mediaType(state) === 'text/event-stream';
}

function isJson(state: AnswerState): boolean {
  return /^application\/(?:[\w.-]+\+)?json$/.test(mediaType(state));
}

function mediaType(state: AnswerState): string {
  return (state.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
