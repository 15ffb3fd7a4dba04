/** Sentences for a candidate that did not become ready: what was expected, what was seen, what to do. */
import type { ExitStatus, Listener } from './candidate.js';
import type { Readiness } from './ready.js';
import { portPlaceholder } from './substitute.js';

export interface NotReady {
  readonly readiness: Readiness;
  /** The port it was given; null when it was to choose. */
  readonly port: number | null;
  readonly exit: ExitStatus | null;
  /** Where it listens instead. */
  readonly elsewhere: readonly Listener[];
  readonly timeoutMs: number;
}

export function whyNotReady(seen: NotReady): string {
  const where = seen.port === null ? 'a port of its choice' : `port ${seen.port}`;
  const seconds = `${seen.timeoutMs / 1000} s`;
  switch (seen.readiness.kind) {
    case 'cancelled':
      return 'the run was cancelled before the candidate answered';
    case 'exited':
      return `the candidate was expected to answer on ${where}, but ${howItEnded(seen.exit)} before it did; see its last output`;
    case 'timeout':
      if (seen.readiness.connected.length > 0) {
        return `the candidate took connections on port ${seen.readiness.connected.join(', ')}, but answered no request within ${seconds}; check transport.type and transport.path, or what it waits for`;
      }
      if (seen.elsewhere.length > 0) {
        return `the candidate was expected to listen on ${where} of the loopback interface, but listens on ${addresses(seen.elsewhere)}; put ${portPlaceholder} into run.command or run.env where the server reads its port`;
      }
      return `the candidate was expected to listen on ${where} within ${seconds}, but still runs and listens nowhere; check that it is started as an HTTP server and reads its port from ${portPlaceholder}`;
    case 'ready':
      return 'the candidate answered';
  }
}

/** Listeners that are not the port asked for. */
export function listenersElsewhere(port: number | null, listeners: readonly Listener[]): readonly Listener[] {
  return listeners.filter((listener) => listener.port !== port);
}

function howItEnded(exit: ExitStatus | null): string {
  if (exit === null) return 'it ended';
  const how = exit.signal === null ? `exited with code ${exit.code}` : `was ended by ${exit.signal}`;
  return `it ${how} after ${exit.afterMs} ms`;
}

function addresses(listeners: readonly Listener[]): string {
  return listeners
    .slice(0, 5)
    .map(({ address, port }) => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`))
    .join(', ');
}
