/** The one door from probes to the candidate: isolated clients of both eras on any transport, and raw HTTP. */
import { setMaxListeners } from 'node:events';
import type { Candidate, CandidateProcess } from '../candidate/candidate.js';
import type { TransportType } from '../manifest/plan.js';
import type { Channel, ChannelContext, Crash, Target } from './channel.js';
import type { Client, Params } from './client.js';
import type { Exchange, Principal, Received } from './exchange.js';
import type { HeaderLayer } from './headers.js';
import type { ReadStream } from './http.js';
import { exchangeHttp } from './http-exchange.js';
import { DEFAULT_CLIENT, type Implementation, LegacyClient, type LegacyConnection } from './legacy.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import { LATEST_MODERN, ModernClient, type ModernConnection } from './modern.js';
import { openSseChannel } from './sse.js';
import { openStdioChannel } from './stdio.js';
import { createHttpChannel } from './streamable-http.js';
import type { Transcript } from './transcript.js';

/** Headers with the credentials of a principal for one request. */
export type Credentials = (
  principal: Principal,
  request: Target,
) => Promise<Readonly<Record<string, string>>>;

/** Nobody: a request without any credentials. */
export const ANONYMOUS: Principal = 'anonymous';

/** Whoever the headers of the manifest stand for, where the gate has no tokens of its own. */
export const CONFIGURED: Principal = 'manifest';

export interface WireOptions {
  readonly candidate: Candidate;
  /** Of the manifest; `path` is that of the MCP endpoint, or of the event stream for `sse`. */
  readonly transport: { readonly type: TransportType; readonly path: string };
  readonly transcript: Transcript;
  readonly limits?: Limits;
  /** Ends every wait when it fires. */
  readonly signal?: AbortSignal;
  readonly credentials?: Credentials;
  /** Who sends what names no principal: the legitimate user where there is one. "anonymous" when left out. */
  readonly principal?: Principal;
}

export interface ConnectOptions {
  readonly experiment: string;
  /** "c1", "c2", … when left out. */
  readonly name?: string;
  /** The wire's own principal when left out. */
  readonly principal?: Principal;
  readonly clientInfo?: Implementation;
  readonly capabilities?: Params;
  /** Another route or transport than the manifest's, for servers with several faces. */
  readonly transport?: { readonly type: TransportType; readonly path: string };
}

export interface LegacyOptions extends ConnectOptions {
  /** Opens the GET stream after `initialized()`. */
  readonly openGetStream?: boolean;
}

export interface ModernOptions extends ConnectOptions {
  /** Revision named in `_meta` and header; the newest by default. */
  readonly version?: string;
}

export interface RawHttp {
  readonly experiment: string;
  readonly method: string;
  readonly path: string;
  /** Sent exactly so; only Host, Content-Length and Connection are added when missing. */
  readonly headers?: HeaderLayer;
  readonly body?: string | Uint8Array;
  readonly principal?: Principal;
  readonly name?: string;
  /** `until-quiet` by default. */
  readonly readStream?: Exclude<ReadStream, 'open'>;
  readonly isAnswer?: (value: unknown) => boolean;
  readonly timeoutMs?: number;
}

export interface Wire {
  readonly transcript: Transcript;
  readonly limits: Limits;
  readonly transport: TransportType;
  readonly path: string;
  legacy(options: LegacyOptions): Promise<LegacyConnection>;
  modern(options: ModernOptions): Promise<ModernConnection>;
  /** A legacy client of the deprecated transport, whatever the manifest's transport is. */
  deprecatedSse(options: LegacyOptions & { readonly path: string }): Promise<LegacyConnection>;
  /** This wire, sending as `principal` whatever names no other. */
  as(principal: Principal): Wire;
  /** Any HTTP request to any path of the candidate's origin. */
  http(request: RawHttp): Promise<Exchange>;
  /** Times the candidate's process was found dead without having been asked to end, in order. */
  crashes(): readonly Crash[];
  /** Closes every connection that is still open. Idempotent, bounded. */
  close(): Promise<void>;
}

/** A wire to one candidate. */
export function createWire(options: WireOptions): Wire {
  const { candidate, transcript } = options;
  const limits = options.limits ?? DEFAULT_LIMITS;
  // Of our own, because every exchange listens to it and Node warns of more than ten.
  const signal = AbortSignal.any(options.signal === undefined ? [] : [options.signal]);
  setMaxListeners(0, signal);
  const credentials: Credentials = options.credentials ?? (() => Promise.resolve({}));
  const open = new Set<Client>();
  const crashes: Crash[] = [];
  const dead = new WeakSet<CandidateProcess>();
  const starts = { slowestMs: 0 };
  let connections = 0;

  function noteCrash(crash: Crash, process: CandidateProcess): void {
    if (dead.has(process)) return;
    dead.add(process);
    crashes.push(crash);
  }

  /** A candidate that died between two experiments is noted, and started again for what remains. */
  async function revive(): Promise<void> {
    const { process } = candidate;
    const exit = process?.exitStatus;
    if (process === null || exit === null || exit === undefined) return;
    const last = transcript.all().at(-1);
    noteCrash(
      {
        experiment: last?.experiment ?? '',
        connection: last?.connection ?? '',
        afterExchange: last?.id ?? null,
        exitCode: exit.code,
        signal: exit.signal,
      },
      process,
    );
    await candidate.ensureRunning();
  }

  function contextFor(
    how: Pick<ConnectOptions, 'experiment' | 'name' | 'principal'>,
    onMessage: ChannelContext['onMessage'],
  ): ChannelContext {
    connections += 1;
    const principal = how.principal ?? options.principal ?? ANONYMOUS;
    return {
      candidate,
      transcript,
      limits,
      signal,
      experiment: how.experiment,
      connection: how.name ?? `c${connections}`,
      principal,
      starts,
      credentials: (request) => credentials(principal, request),
      onMessage,
      onCrash: noteCrash,
    };
  }

  async function connect<C extends Client>(
    how: ConnectOptions,
    make: (context: ChannelContext, channel: Channel, path: string) => C,
  ): Promise<C> {
    await revive();
    const { type, path } = how.transport ?? options.transport;
    // The channel may hear from the candidate before the client exists.
    const early: [Received, string | null][] = [];
    let client: C | null = null;
    const context = contextFor(how, (received, exchange) => {
      if (client === null) early.push([received, exchange]);
      else client.receive(received, exchange);
    });
    const channel = await openChannel(context, type, path);
    client = make(context, channel, path);
    for (const [received, exchange] of early) client.receive(received, exchange);
    open.add(client);
    return client;
  }

  async function http(request: RawHttp): Promise<Exchange> {
    await revive();
    const context = contextFor(request, () => undefined);
    const { exchange } = await exchangeHttp(context, {
      method: request.method,
      path: request.path,
      ...(request.headers === undefined ? {} : { headers: request.headers }),
      body: request.body ?? null,
      message: undefined,
      readStream: request.readStream ?? (request.isAnswer === undefined ? 'until-quiet' : 'until-answer'),
      timeoutMs: request.timeoutMs ?? limits.requestTimeoutMs,
      ...(request.isAnswer === undefined ? {} : { isAnswer: request.isAnswer }),
    });
    return exchange;
  }

  function legacy(how: LegacyOptions): Promise<LegacyConnection> {
    const { clientInfo = DEFAULT_CLIENT, capabilities = {}, openGetStream = false } = how;
    const settings = { clientInfo, capabilities, openGetStream };
    return connect(
      how,
      (context, channel, path) => new LegacyClient(context, channel, { ...settings, path }),
    );
  }

  const wire: Wire = {
    transcript,
    limits,
    transport: options.transport.type,
    path: options.transport.path,
    legacy,
    deprecatedSse: ({ path, ...how }) => legacy({ ...how, transport: { type: 'sse', path } }),
    modern: (how) =>
      connect(how, (context, channel, path) => {
        const { clientInfo = DEFAULT_CLIENT, capabilities = {}, version = LATEST_MODERN } = how;
        return new ModernClient(context, channel, { path, clientInfo, capabilities, version });
      }),
    as: (principal) => sendingAs(wire, principal),
    http,
    crashes: () => [...crashes],
    close: async () => {
      await Promise.all([...open].map((client) => client.close()));
      open.clear();
    },
  };
  return wire;
}

function sendingAs(wire: Wire, principal: Principal): Wire {
  return {
    ...wire,
    legacy: (how) => wire.legacy({ principal, ...how }),
    deprecatedSse: (how) => wire.deprecatedSse({ principal, ...how }),
    modern: (how) => wire.modern({ principal, ...how }),
    http: (request) => wire.http({ principal, ...request }),
  };
}

function openChannel(context: ChannelContext, type: TransportType, path: string): Promise<Channel> {
  if (type === 'stdio') return openStdioChannel(context);
  if (type === 'sse') return openSseChannel(context, path);
  return Promise.resolve(createHttpChannel(context, path));
}

export type { Crash, Endpoint, Noise, TransportDetails } from './channel.js';
export type { Initialized, LegacyConnection } from './legacy.js';
export type { ModernConnection } from './modern.js';
export type { EventStream } from './stream.js';
