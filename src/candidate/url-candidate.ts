/** A candidate that already runs: nothing is started, nothing is ended, only the wait for its answer is the same. */
import type { TransportPlan, UrlRun } from '../manifest/plan.js';
import type { Origin, WatchedCandidate } from './candidate.js';
import { LaunchError } from './launch-error.js';
import type { CandidateLimits, CandidateOptions, OpenedCandidate } from './options.js';
import { listensOn } from './port.js';
import { untilReady } from './ready.js';

export async function openUrl(
  run: UrlRun,
  transport: TransportPlan,
  options: CandidateOptions,
  limits: CandidateLimits,
): Promise<OpenedCandidate> {
  const wanted = originOf(run.url, transport.host);
  const readiness = await untilReady({
    protocol: wanted.protocol,
    hosts: [wanted.host],
    ports: async () => [wanted.port],
    hello: options.hello,
    isAlive: () => true,
    owns: async () => null,
    timeoutMs: limits.readyTimeoutMs,
    helloTimeoutMs: limits.helloTimeoutMs,
    secondThoughtsMs: limits.secondThoughtsMs,
    signal: options.signal ?? new AbortController().signal,
  });
  if (readiness.kind === 'ready') return { ok: true, candidate: running(readiness) };
  const where = `${wanted.protocol}//${wanted.host}:${wanted.port}`;
  const connected = readiness.kind === 'timeout' && readiness.connected.length > 0;
  const seen = connected ? 'took connections but answered no request' : 'took no connection';
  const reason =
    readiness.kind === 'cancelled'
      ? 'the run was cancelled before the candidate answered'
      : `the candidate was expected to answer at ${where}, but ${seen} within ${limits.readyTimeoutMs / 1000} s; check run.url, and that it is started before the gate`;
  return { ok: false, reason, outputTail: '' };
}

function originOf(text: string, host: string | null): Origin {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new LaunchError(`run.url must be an http:// or https:// URL, but is ${JSON.stringify(text)}`);
  }
  const usual = url.protocol === 'https:' ? 443 : 80;
  return {
    protocol: url.protocol,
    host: host ?? url.hostname,
    port: url.port === '' ? usual : Number(url.port),
  };
}

function running(ready: {
  readonly origin: Origin;
  readonly hello: WatchedCandidate['hello'];
  readonly afterMs: number;
}): WatchedCandidate {
  return {
    kind: 'url',
    origin: ready.origin,
    process: null,
    readyMs: ready.afterMs,
    hello: ready.hello,
    exits: [],
    outputTail: () => '',
    launch: () => Promise.reject(new LaunchError('a candidate given by run.url is not started by the gate')),
    ensureRunning: () => listensOn(ready.origin.host, ready.origin.port),
    listeners: () => Promise.resolve(null),
    dispose: () => Promise.resolve(null),
  };
}
