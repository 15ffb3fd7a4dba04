/** A client of the legacy era: it shakes hands by `initialize` and may hold a session. 2025-11-25 basic/lifecycle. */
import type { Channel, ChannelContext } from './channel.js';
import { Client, type Params } from './client.js';
import type { Connection, SendOptions } from './connection.js';
import type { Exchange, Reply } from './exchange.js';
import { type HeaderLayer, isHeaderValue, stackHeaders } from './headers.js';
import { exchangeHttp } from './http-exchange.js';
import { answersRequest, isObject } from './message.js';
import { readReply } from './reply.js';
import { type EventStream, openEventStream } from './stream.js';

export interface Implementation {
  readonly name: string;
  readonly version: string;
  readonly title?: string;
}

export const DEFAULT_CLIENT: Implementation = { name: 'mcp-gate', version: '1.0.0' };

export interface InitializeOptions extends SendOptions {
  readonly clientInfo?: Implementation;
  readonly capabilities?: Params;
}

export interface Initialized {
  readonly reply: Reply;
  /** The session id the answer carried, whether or not it can be sent back. */
  readonly sessionId: string | null;
  /** `protocolVersion` of the result; null when there was none or it was no string. */
  readonly negotiated: string | null;
}

export interface StreamOptions {
  readonly lastEventId?: string;
  readonly headers?: HeaderLayer;
  readonly timeoutMs?: number;
  /** Hands the stream over after so many milliseconds, whether or not the head of an answer came; see stream.ts. */
  readonly headMs?: number;
}

export interface LegacyConnection extends Connection {
  readonly negotiated: string | null;
  /** The GET stream, where `openGetStream` asked for one and the candidate offered it. */
  readonly stream: EventStream | null;
  /** Sends `initialize` with any JSON value as version; undefined leaves it out. Nothing else is sent. */
  initialize(version: unknown, options?: InitializeOptions): Promise<Initialized>;
  /** Sends `notifications/initialized`, and opens the GET stream if that was asked for. */
  initialized(): Promise<Exchange>;
  /** Both of the above, when the first succeeds. */
  handshake(version: string, options?: InitializeOptions): Promise<Initialized>;
  /** Ends the session with DELETE; null where there is none to end. */
  terminate(options?: SendOptions): Promise<Exchange | null>;
  /** Opens a GET stream. Streamable HTTP only. */
  openStream(options?: StreamOptions): Promise<EventStream>;
}

export interface LegacySettings {
  readonly path: string;
  readonly clientInfo: Implementation;
  readonly capabilities: Params;
  readonly openGetStream: boolean;
}

/** How often a request whose stream broke off is asked for again by its last event id. */
const RESUMPTIONS = 3;

export class LegacyClient extends Client implements LegacyConnection {
  protected readonly answersRequests = true;
  #sessionId: string | null = null;
  #negotiated: string | null = null;
  #stream: EventStream | null = null;
  readonly #streams = new Set<EventStream>();

  constructor(
    context: ChannelContext,
    channel: Channel,
    private readonly settings: LegacySettings,
  ) {
    super(context, channel);
  }

  get sessionId(): string | null {
    return this.#sessionId;
  }

  get negotiated(): string | null {
    return this.#negotiated;
  }

  get stream(): EventStream | null {
    return this.#stream;
  }

  async initialize(version: unknown, options: InitializeOptions = {}): Promise<Initialized> {
    const params: Params = {
      ...(version === undefined ? {} : { protocolVersion: version }),
      capabilities: options.capabilities ?? this.settings.capabilities,
      clientInfo: options.clientInfo ?? this.settings.clientInfo,
    };
    const reply = await this.request('initialize', params, options);
    const sessionId = reply.exchange.answer.headers['mcp-session-id'] ?? null;
    if (reply.kind !== 'result') return { reply, sessionId, negotiated: null };

    const answered = isObject(reply.result) ? reply.result['protocolVersion'] : undefined;
    const negotiated = typeof answered === 'string' ? answered : null;
    this.#negotiated = negotiated;
    this.#sessionId = sessionId;
    return { reply, sessionId, negotiated };
  }

  async initialized(): Promise<Exchange> {
    const exchange = await this.notify('notifications/initialized');
    if (this.settings.openGetStream && this.transport === 'streamable-http')
      this.#stream = await this.openStream();
    return exchange;
  }

  async handshake(version: string, options: InitializeOptions = {}): Promise<Initialized> {
    const outcome = await this.initialize(version, options);
    if (outcome.reply.kind === 'result') await this.initialized();
    return outcome;
  }

  /** A request whose stream the server closed early is resumed, as revision 2025-11-25 asks of clients. */
  override async request(method: string, params?: Params, options: SendOptions = {}): Promise<Reply> {
    const id = options.id === undefined ? this.takeId() : options.id;
    const patience = options.timeoutMs ?? this.context.limits.requestTimeoutMs;
    const deadline = performance.now() + patience;
    let reply = await super.request(method, params, { ...options, id });
    for (let attempt = 0; attempt < RESUMPTIONS; attempt += 1) {
      const left = deadline - performance.now();
      const lastEventId = resumable(reply);
      if (this.transport !== 'streamable-http' || lastEventId === null || left < 50) return reply;
      const resumed = await this.#resume(lastEventId, id, left, options);
      if (resumed === null) return reply;
      reply = resumed;
    }
    return reply;
  }

  async terminate(options: SendOptions = {}): Promise<Exchange | null> {
    if (this.transport !== 'streamable-http' || this.#sessionId === null) return null;
    const { exchange } = await exchangeHttp(this.context, {
      method: 'DELETE',
      path: this.settings.path,
      headers: stackHeaders(this.headersFor(null), options.headers),
      body: null,
      readStream: 'until-quiet',
      timeoutMs: options.timeoutMs ?? this.context.limits.closeMs,
    });
    this.#sessionId = null;
    return exchange;
  }

  /** @throws TypeError on transports that have no GET stream of their own. */
  async openStream(options: StreamOptions = {}): Promise<EventStream> {
    if (this.transport !== 'streamable-http')
      throw new TypeError('only Streamable HTTP has GET streams to open');
    const stream = await openEventStream(this.context, {
      method: 'GET',
      path: this.settings.path,
      defaults: { accept: 'text/event-stream' },
      headers: this.#streamHeaders(options.lastEventId, options.headers),
      body: null,
      timeoutMs: options.timeoutMs ?? this.context.limits.requestTimeoutMs,
      ...(options.headMs === undefined ? {} : { headMs: options.headMs }),
      onMessage: (message, exchange) => this.receive(message, exchange),
    });
    this.#streams.add(stream);
    return stream;
  }

  protected dressParams(params: Params | undefined): Params | undefined {
    return params;
  }

  protected headersFor(method: string | null): HeaderLayer {
    if (this.transport !== 'streamable-http' || method === 'initialize') return {};
    return {
      ...(this.#sessionId !== null && isHeaderValue(this.#sessionId)
        ? { 'mcp-session-id': this.#sessionId }
        : {}),
      ...(this.#negotiated !== null && isHeaderValue(this.#negotiated)
        ? { 'mcp-protocol-version': this.#negotiated }
        : {}),
    };
  }

  protected override async sayGoodbye(): Promise<void> {
    // Our streams first: one that the candidate closes is a fact, one that ends with its session is not.
    await Promise.all([...this.#streams].map((stream) => stream.close()));
    if (!this.context.signal.aborted) await this.terminate();
  }

  async #resume(
    lastEventId: string,
    id: string | number | null,
    left: number,
    options: SendOptions,
  ): Promise<Reply | null> {
    const { answer, exchange } = await exchangeHttp(this.context, {
      method: 'GET',
      path: this.settings.path,
      defaults: { accept: 'text/event-stream' },
      headers: this.#streamHeaders(lastEventId, options.headers),
      body: null,
      readStream: 'until-answer',
      timeoutMs: left,
      isAnswer: (value) => answersRequest(value, id),
      onMessage: (message, stream) => this.receive(message, stream),
    });
    return answer.status === 200 ? readReply(exchange, id) : null;
  }

  #streamHeaders(lastEventId: string | undefined, headers: HeaderLayer | undefined): HeaderLayer {
    return stackHeaders(
      this.headersFor(null),
      lastEventId === undefined ? {} : { 'last-event-id': lastEventId },
      headers,
    );
  }
}

/** The event id to come back with, when the server broke off a stream before its answer. */
function resumable(reply: Reply): string | null {
  if (reply.kind !== 'none' || reply.ending !== 'closed' || reply.exchange.answer.status !== 200) return null;
  const ids = reply.exchange.answer.messages.flatMap((message) => message.event?.id ?? []);
  return ids.at(-1) ?? null;
}
