/** What the clients of both eras have in common: ids, sending, reading replies, and dealing with what the candidate asks. */
import type { Channel, ChannelContext, Outgoing, TransportDetails } from './channel.js';
import type { Connection, SendOptions, ServerMessage } from './connection.js';
import type { Exchange, Received, Reply } from './exchange.js';
import { type HeaderLayer, stackHeaders } from './headers.js';
import { type JsonRpcId, membersOf, requestIdsIn, sortMessage } from './message.js';
import { readReply } from './reply.js';
import { parsed } from './transcript.js';

export type Params = Readonly<Record<string, unknown>>;

/** Answers sent by themselves on one connection; a candidate that asks more often gets none. */
const AUTOMATIC_ANSWERS = 100;

/** A client over any channel. Its two subclasses know what a request of their era carries. */
export abstract class Client implements Connection {
  abstract readonly sessionId: string | null;
  readonly name: string;
  #nextId = 1;
  #handler: ((message: ServerMessage) => unknown) | null = null;
  #automatic = 0;
  #fault: { readonly cause: unknown } | null = null;
  readonly #underway = new Set<Promise<unknown>>();
  #closing: Promise<void> | null = null;

  constructor(
    protected readonly context: ChannelContext,
    protected readonly channel: Channel,
  ) {
    this.name = context.connection;
  }

  get transport(): Channel['transport'] {
    return this.channel.transport;
  }

  /** Params as a client of this era sends them. Undefined leaves the member out. */
  protected abstract dressParams(params: Params | undefined, options: SendOptions): Params | undefined;
  /** HTTP headers a client of this era adds to a message. */
  protected abstract headersFor(method: string | null, params: Params | undefined): HeaderLayer;
  /** Whether a client of this era answers requests of the server. */
  protected abstract readonly answersRequests: boolean;

  async request(method: string, params?: Params, options: SendOptions = {}): Promise<Reply> {
    const id = options.id === undefined ? this.takeId() : options.id;
    const exchange = await this.dispatch(this.compose(method, params, options, id), method, params, options, [
      id,
    ]);
    return readReply(exchange, id);
  }

  async notify(method: string, params?: Params, options: SendOptions = {}): Promise<Exchange> {
    const message = this.compose(method, params, options, undefined);
    return this.dispatch(message, method, params, options, [], 'written');
  }

  async sendRaw(message: unknown, options: SendOptions = {}): Promise<Exchange> {
    return this.sendBytes(JSON.stringify(message) ?? '', options, message);
  }

  /** Sends any bytes as one message (malformed JSON, no UTF-8, nothing at all); waits for what comes back. */
  async sendBytes(
    body: string | Uint8Array,
    options: SendOptions = {},
    message?: unknown,
  ): Promise<Exchange> {
    const value = message ?? (typeof body === 'string' ? parsed(body) : undefined);
    const ids = requestIdsIn(value);
    const first = membersOf(value)[0];
    const sorted = sortMessage(first);
    const method = sorted.kind === 'request' || sorted.kind === 'notification' ? sorted.method : null;
    return this.transmit({
      body,
      message: value,
      headers: stackHeaders(this.headersFor(method, undefined), options.headers),
      awaiting: ids.length > 0 ? 'answer' : 'quiet',
      ids,
      ...this.#patience(options),
    });
  }

  onServerMessage(handler: (message: ServerMessage) => unknown): void {
    this.#handler = handler;
  }

  async respond(
    id: string | number,
    answer: { result: unknown } | { error: { code: number; message: string } },
  ): Promise<Exchange> {
    const message = { jsonrpc: '2.0', id, ...answer };
    return this.transmit({
      body: JSON.stringify(message),
      message,
      headers: this.headersFor(null, undefined),
      awaiting: 'written',
      ids: [],
      ...this.#patience({}),
    });
  }

  /** Takes a message that arrived on any stream of this connection. */
  receive(received: Received, exchange: string | null): void {
    for (const member of membersOf(received.value)) {
      const sorted = sortMessage(member);
      if (sorted.kind !== 'request' && sorted.kind !== 'notification') continue;
      const id = sorted.kind === 'request' ? sorted.id : null;
      const message: ServerMessage = { method: sorted.method, id, params: sorted.params, exchange };
      const verdict = this.#tell(message);
      if (sorted.kind === 'request') this.#answer(message, verdict === 'taken');
    }
  }

  get details(): TransportDetails {
    return this.channel.details;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  /** What a client of this era does before its channel closes. */
  protected sayGoodbye(): Promise<void> {
    return Promise.resolve();
  }

  protected takeId(): number {
    return this.#nextId++;
  }

  protected compose(
    method: string,
    params: Params | undefined,
    options: SendOptions,
    id: JsonRpcId | undefined,
  ): Params {
    const dressed = this.dressParams(params, options);
    return {
      jsonrpc: '2.0',
      ...(id === undefined ? {} : { id }),
      method,
      ...(dressed === undefined ? {} : { params: dressed }),
    };
  }

  protected async dispatch(
    message: Params,
    method: string,
    params: Params | undefined,
    options: SendOptions,
    ids: readonly JsonRpcId[],
    awaiting: Outgoing['awaiting'] = 'answer',
  ): Promise<Exchange> {
    return this.transmit({
      body: JSON.stringify(message),
      message,
      headers: stackHeaders(this.headersFor(method, params), options.headers),
      awaiting,
      ids,
      ...this.#patience(options),
    });
  }

  /** @throws whatever a handler threw meanwhile: that is a fault of the gate, and must not pass for silence. */
  protected async transmit(outgoing: Outgoing): Promise<Exchange> {
    const exchange = await this.channel.send(outgoing);
    if (this.#fault !== null) throw this.#fault.cause;
    return exchange;
  }

  /** A handler runs inside a stream's callback, where a throw would end the process. */
  #tell(message: ServerMessage): unknown {
    try {
      return this.#handler?.(message);
    } catch (cause: unknown) {
      this.#fault ??= { cause };
      return undefined;
    }
  }

  #patience({ timeoutMs }: SendOptions): Pick<Outgoing, 'timeoutMs' | 'patienceMs'> {
    const { requestTimeoutMs, settleMs } = this.context.limits;
    return { timeoutMs: timeoutMs ?? requestTimeoutMs, patienceMs: timeoutMs ?? 4 * settleMs };
  }

  #answer(message: ServerMessage, taken: boolean): void {
    if (!this.answersRequests || taken || message.id === null || this.#automatic >= AUTOMATIC_ANSWERS) return;
    const ping = message.method === 'ping';
    if (!ping && this.#handler !== null) return;
    this.#automatic += 1;
    const answer = ping
      ? { result: {} }
      : { error: { code: -32601, message: `this client does not offer ${message.method.slice(0, 100)}` } };
    const sent = this.respond(message.id, answer).finally(() => this.#underway.delete(sent));
    this.#underway.add(sent);
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#underway);
    await this.sayGoodbye();
    await this.channel.close();
  }
}
