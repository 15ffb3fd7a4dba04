/** HTTP+SSE, the deprecated transport: answers arrive on a GET stream that first names where to POST. 2024-11-05 basic/transports. */
import {
  type Channel,
  type ChannelContext,
  describeRequest,
  type Endpoint,
  NO_DETAILS,
  type Outgoing,
} from './channel.js';
import type { Exchange, Received } from './exchange.js';
import { originText } from './http.js';
import { EXIT_NOTICE_MS, exchangeHttp, originOf, type RecordedAnswer, within } from './http-exchange.js';
import { createMailbox } from './mailbox.js';
import { cut } from './transcript.js';

/** Opens the event stream at `path` and waits for the `endpoint` event. */
export async function openSseChannel(context: ChannelContext, path: string): Promise<Channel> {
  const { limits } = context;
  const mailbox = createMailbox(limits);
  const origin = originText(originOf(context));
  let announce: (endpoint: Endpoint) => void = () => undefined;
  const announced = new Promise<Endpoint>((resolve) => {
    announce = resolve;
  });

  function onMessage(received: Received, stream: string): void {
    if (received.event?.name === 'endpoint') {
      announce(readEndpoint(received.text, origin, path));
      return;
    }
    const exchange = mailbox.deliver(received);
    context.onMessage(received, exchange ?? stream);
  }

  const opened: RecordedAnswer = await exchangeHttp(context, {
    method: 'GET',
    path,
    defaults: { accept: 'text/event-stream' },
    body: null,
    readStream: 'open',
    timeoutMs: limits.requestTimeoutMs,
    onMessage,
  });
  const { stream, status, ending } = opened.answer;
  if (stream === undefined) {
    const seen =
      status === null ? ending : `HTTP ${status}, ${opened.answer.contentType ?? 'no content type'}`;
    announce({ kind: 'none', problem: `expected an event stream at ${path}, seen ${cut(seen, 200)}` });
    mailbox.end(status === null && ending !== 'answered' ? ending : 'closed', 'there is no event stream');
  } else {
    const { process } = context.candidate;
    void stream.ended.then(async () => {
      announce({ kind: 'none', problem: 'the event stream ended before an endpoint event' });
      const { ending: how, problem } = stream.current();
      const exit = how === 'closed' && process !== null ? await within(EXIT_NOTICE_MS, process.exited) : null;
      if (exit !== null) mailbox.end('exited', 'the candidate ended');
      else mailbox.end(how === 'answered' ? 'closed' : how, problem ?? 'the event stream was closed');
    });
  }
  const endpoint: Endpoint = (await within(limits.requestTimeoutMs, announced)) ?? {
    kind: 'none',
    problem: `no endpoint event within ${limits.requestTimeoutMs} ms`,
  };

  async function send(outgoing: Outgoing): Promise<Exchange> {
    if (endpoint.kind !== 'own') return refuse(outgoing, endpoint);
    const done = new AbortController();
    let delivery: ReturnType<typeof mailbox.expect> | null = null;
    const posted = await exchangeHttp(context, {
      method: 'POST',
      path: endpoint.path,
      defaults: { 'content-type': 'application/json' },
      headers: outgoing.headers,
      body: outgoing.body,
      message: outgoing.message,
      readStream: 'until-quiet',
      timeoutMs: outgoing.timeoutMs,
      onBegin: (id) => {
        if (outgoing.awaiting === 'written') return;
        const signal = AbortSignal.any([context.signal, done.signal]);
        const { ids, patienceMs } = outgoing;
        const timeoutMs = ids.length === 0 ? patienceMs : outgoing.timeoutMs;
        delivery = mailbox.expect({ exchange: id, ids, timeoutMs, signal });
      },
      onMessage: (received, id) => context.onMessage(received, id),
    });
    const waiting = delivery as ReturnType<typeof mailbox.expect> | null;
    const { answer, exchange } = posted;
    const accepted = answer.ending === 'answered' && answer.status !== null && answer.status < 300;
    if (waiting === null) return exchange;
    if (!accepted) {
      done.abort();
      await waiting;
      return exchange;
    }
    const { ending, messages, problem } = await waiting;
    return posted.recording.finish({
      ending,
      status: answer.status,
      headers: answer.headers,
      body: answer.body,
      messages: [...answer.messages, ...messages],
      problem,
    });
  }

  /** The message is not sent, and the record says why. */
  function refuse(outgoing: Outgoing, missing: Endpoint): Exchange {
    const problem =
      missing.kind === 'foreign'
        ? `foreign endpoint: ${missing.announced}`
        : missing.kind === 'none'
          ? missing.problem
          : '';
    const { experiment, connection, principal } = context;
    const request = describeRequest(outgoing, { method: 'POST', url: origin, headers: {} });
    return context.transcript
      .begin({ experiment, connection, principal, request })
      .finish({ ending: 'unreachable', status: null, headers: {}, body: null, messages: [], problem });
  }

  async function close(): Promise<void> {
    stream?.close();
    await within(limits.closeMs, stream?.ended ?? Promise.resolve());
    mailbox.end('closed', 'the connection was closed');
  }

  return { transport: 'sse', details: { ...NO_DETAILS, endpoint }, send, close };
}

/** Resolves the announced URL against the stream's own; anything on another origin is foreign. */
function readEndpoint(text: string, origin: string, path: string): Endpoint {
  const announced = cut(text.trim(), 500);
  if (!URL.canParse(text.trim(), `${origin}${path}`)) {
    return { kind: 'none', problem: `the endpoint event holds no URL: ${announced}` };
  }
  const url = new URL(text.trim(), `${origin}${path}`);
  if (!isOwn(url, new URL(origin))) return { kind: 'foreign', announced };
  return { kind: 'own', path: `${url.pathname}${url.search}`, announced };
}

/** A server that was configured as `localhost` announces that name, whichever of this machine's names it was asked by. */
function isOwn(url: URL, own: URL): boolean {
  if (url.origin === own.origin) return true;
  const alike = url.protocol === own.protocol && url.port === own.port;
  return alike && isLoopback(url.hostname) && isLoopback(own.hostname);
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '127.0.0.1' || host === '[::1]';
}
