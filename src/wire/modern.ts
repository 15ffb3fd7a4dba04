/** A client of the modern era: every request says for itself which revision it speaks. 2026-07-28 basic/index and versioning. */
import { MODERN_REVISIONS } from '../facts/revisions.js';
import type { Channel, ChannelContext } from './channel.js';
import { Client, type Params } from './client.js';
import type { Connection, SendOptions } from './connection.js';
import type { Reply } from './exchange.js';
import { encodeHeaderValue, type HeaderLayer, isHeaderValue } from './headers.js';
import type { Implementation } from './legacy.js';
import { isObject } from './message.js';
import { createParamHeaders } from './param-headers.js';
import { type EventStream, openEventStream } from './stream.js';
import { POST_HEADERS } from './streamable-http.js';

export const META_VERSION = 'io.modelcontextprotocol/protocolVersion';
export const META_CLIENT = 'io.modelcontextprotocol/clientInfo';
export const META_CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

/** The newest modern revision this gate speaks. */
export const LATEST_MODERN: string = MODERN_REVISIONS[MODERN_REVISIONS.length - 1] ?? '2026-07-28';

export interface ModernConnection extends Connection {
  readonly sessionId: null;
  readonly version: string;
  /** Sends `subscriptions/listen` and keeps its stream open. Streamable HTTP only. */
  listen(params?: Params, options?: SendOptions): Promise<EventStream>;
}

export interface ModernSettings {
  readonly path: string;
  readonly version: string;
  readonly clientInfo: Implementation;
  readonly capabilities: Params;
}

/** Methods whose `Mcp-Name` header mirrors a member of the params. */
const NAMED_BY: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

export class ModernClient extends Client implements ModernConnection {
  readonly sessionId = null;
  protected readonly answersRequests = false;
  readonly #paramHeaders = createParamHeaders();
  readonly #streams = new Set<EventStream>();

  constructor(
    context: ChannelContext,
    channel: Channel,
    private readonly settings: ModernSettings,
  ) {
    super(context, channel);
  }

  get version(): string {
    return this.settings.version;
  }

  override async request(method: string, params?: Params, options: SendOptions = {}): Promise<Reply> {
    const reply = await super.request(method, params, options);
    if (method === 'tools/list' && reply.kind === 'result') this.#paramHeaders.learn(reply.result);
    return reply;
  }

  /** @throws TypeError on transports where a request has no stream of its own. */
  async listen(params: Params = {}, options: SendOptions = {}): Promise<EventStream> {
    if (this.transport !== 'streamable-http')
      throw new TypeError('only Streamable HTTP gives a request its own stream');
    const method = 'subscriptions/listen';
    const message = this.compose(
      method,
      params,
      options,
      options.id === undefined ? this.takeId() : options.id,
    );
    const stream = await openEventStream(this.context, {
      method: 'POST',
      path: this.settings.path,
      defaults: { ...POST_HEADERS, ...this.headersFor(method, params) },
      ...(options.headers === undefined ? {} : { headers: options.headers }),
      body: JSON.stringify(message),
      message,
      timeoutMs: options.timeoutMs ?? this.context.limits.requestTimeoutMs,
      onMessage: (received, exchange) => this.receive(received, exchange),
    });
    this.#streams.add(stream);
    return stream;
  }

  protected dressParams(params: Params | undefined, options: SendOptions): Params {
    const given = params?.['_meta'];
    const meta: Record<string, unknown> = {
      [META_VERSION]: this.settings.version,
      [META_CLIENT]: this.settings.clientInfo,
      [META_CAPABILITIES]: this.settings.capabilities,
      ...(isObject(given) ? given : {}),
    };
    for (const [key, value] of Object.entries(options.meta ?? {})) {
      if (value === null) delete meta[key];
      else meta[key] = value;
    }
    return { ...params, _meta: meta };
  }

  protected headersFor(method: string | null, params: Params | undefined): HeaderLayer {
    if (this.transport !== 'streamable-http') return {};
    return {
      ...(isHeaderValue(this.settings.version) ? { 'mcp-protocol-version': this.settings.version } : {}),
      ...(method === null ? {} : { 'mcp-method': method }),
      ...nameHeader(method, params),
      ...(method === 'tools/call' ? this.#paramHeaders.headersFor(params) : {}),
    };
  }

  protected override async sayGoodbye(): Promise<void> {
    await Promise.all([...this.#streams].map((stream) => stream.close()));
  }
}

function nameHeader(method: string | null, params: Params | undefined): HeaderLayer {
  const member = method === null || !Object.hasOwn(NAMED_BY, method) ? undefined : NAMED_BY[method];
  const name = member === undefined ? undefined : params?.[member];
  return typeof name === 'string' ? { 'mcp-name': encodeHeaderValue(name) } : {};
}
