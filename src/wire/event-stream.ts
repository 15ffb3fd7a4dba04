/** Reads a `text/event-stream` body byte by byte into messages, whatever its line ends, chunks and encoding. */
import { createParser, type EventSourceParser } from 'eventsource-parser';
import type { Received } from './exchange.js';
import type { Limits } from './limits.js';
import { parsed } from './transcript.js';

export interface EventStreamReader {
  /** Returns the messages that became complete with these bytes. */
  feed(bytes: Uint8Array): readonly Received[];
  /** An event grew past `messageBytes`; nothing more is read. */
  readonly tooLarge: boolean;
  /** Reconnection time the server asked for, in milliseconds. */
  readonly retryMs: number | null;
  /** Id of the last event that had one. */
  readonly lastEventId: string | null;
}

/**
 * A reader for one stream. Comments are skipped, as the SSE standard wants; an event without data is
 * a message whose text is empty (servers use it to give a client an event id to come back with).
 */
export function createEventStreamReader(limits: Limits, now: () => number): EventStreamReader {
  const decoder = new TextDecoder('utf-8');
  let complete: Received[] = [];
  let tooLarge = false;
  let retryMs: number | null = null;
  let lastEventId: string | null = null;

  const parser: EventSourceParser = createParser({
    maxBufferSize: limits.messageBytes,
    onEvent: (event) => {
      if (event.id !== undefined) lastEventId = event.id;
      complete.push({
        at: now(),
        value: parsed(event.data),
        text: event.data,
        event: { name: event.event ?? 'message', id: event.id ?? null },
      });
    },
    onRetry: (milliseconds) => {
      retryMs = milliseconds;
    },
    onError: (error) => {
      if (error.type === 'max-buffer-size-exceeded') tooLarge = true;
    },
  });

  function feed(bytes: Uint8Array): readonly Received[] {
    if (tooLarge) return [];
    parser.feed(decoder.decode(bytes, { stream: true }));
    const arrived = complete;
    complete = [];
    return arrived;
  }

  return {
    feed,
    get tooLarge() {
      return tooLarge;
    },
    get retryMs() {
      return retryMs;
    },
    get lastEventId() {
      return lastEventId;
    },
  };
}
