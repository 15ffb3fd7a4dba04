/** The candidate as a process: what it prints beside the protocol, where it listens, how it ends, and what it leaves. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Candidate, Shutdown } from '../../candidate/candidate.js';
import type { TransportFacts } from '../../facts/transport.js';
import type { TransportDetails, Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import type { Speech } from './speech.js';

type Stdio = NonNullable<TransportFacts['stdio']>;
type ShutdownFacts = NonNullable<TransportFacts['shutdown']>;
type Listeners = NonNullable<TransportFacts['http']>['listeners'];

/** How long a well-behaved process may take to end once it is asked to. Specification: 2025-11-25 basic/lifecycle, "Shutdown". */
const EOF_MS = 3_000;
/** How long a quiet session is listened to for what does not belong there. */
const LISTEN_MS = 300;
/** How often again while something comes: a flood is one on a slow machine too. */
const LISTEN_AGAIN = 9;
const TERM_MS = 5_000;
const SAMPLES = 5;
const TEXT_LIMIT = 200;
const LEFTOVER_LIMIT = 20;

/** Opens a session, closes stdin, and watches; what was printed beside the protocol until then is noise. */
export function stdioExperiment(
  wire: Wire,
  lab: Lab,
  speech: Speech,
): Experiment<Stdio & { shutdown: Shutdown }> {
  const name = 'exit-on-eof';
  return {
    name,
    run: async () => {
      const { connection, evidence } = await openStdio(wire, lab.nameOf(name), speech);
      // Some print only after the handshake, or when they are told to end.
      await untilQuiet(() => connection.details.noise()?.lines ?? 0);
      const shutdown = await stopProcess(connection, EOF_MS);
      const { lines, samples } = connection.details.noise() ?? { lines: 0, samples: [] };
      return {
        noise: { lines, samples: samples.slice(0, SAMPLES).map(brief), evidence },
        exitOnEof: {
          exited: shutdown.exitedOnEofAfterMs !== null,
          afterMs: shutdown.exitedOnEofAfterMs,
          evidence,
        },
        shutdown,
      };
    },
  };
}

/** Listens until no more lines come, or for long enough to tell a flood from a banner. */
async function untilQuiet(lines: () => number): Promise<void> {
  for (let again = 0; again <= LISTEN_AGAIN; again += 1) {
    const before = lines();
    await sleep(LISTEN_MS);
    if (lines() === before) return;
  }
}

/** Opens a session and sends SIGTERM while stdin stays open. */
export function sigtermExperiment(wire: Wire, lab: Lab, speech: Speech): Experiment<Shutdown> {
  const name = 'sigterm';
  return {
    name,
    run: async () => {
      const { connection } = await openStdio(wire, lab.nameOf(name), speech);
      return stopProcess(connection, 0);
    },
  };
}

async function stopProcess(
  connection: { readonly details: TransportDetails },
  eofMs: number,
): Promise<Shutdown> {
  const { process } = connection.details;
  if (process === null) throw new Untestable('this connection has no process of its own');
  return process.stop({ eofMs, termMs: TERM_MS });
}

async function openStdio(wire: Wire, experiment: string, { legacy, modern }: Speech) {
  if (legacy !== null) {
    const connection = await wire.legacy({ experiment });
    const { reply } = await connection.initialize(legacy);
    if (reply.kind === 'result') {
      await connection.initialized();
      return { connection, evidence: [reply.exchange.id] };
    }
    await connection.close();
    throw new Untestable('the control failed: a right initialize got no result');
  }
  const connection = await wire.modern({ experiment });
  const method = modern?.method ?? 'server/discover';
  const reply = await connection.request(method);
  if (reply.kind === 'result') return { connection, evidence: [reply.exchange.id] };
  await connection.close();
  throw new Untestable(`the control failed: a right ${method} got no result`);
}

const ALL_INTERFACES = new Set(['0.0.0.0', '::', '*', '[::]']);

/** Listening sockets of a candidate the gate started; null where the platform cannot tell. */
export function listenersExperiment(candidate: Candidate): Experiment<Listeners> {
  return {
    name: 'listeners',
    run: async () => {
      const listeners = await candidate.listeners();
      return (
        listeners?.map(({ address, port }) => ({
          address,
          port,
          allInterfaces: ALL_INTERFACES.has(address),
        })) ?? null
      );
    },
  };
}

/** What several ends of the same candidate say together: the worst of each. */
export function describeShutdown(shutdowns: readonly Shutdown[]): ShutdownFacts | null {
  if (shutdowns.length === 0) return null;
  const asked = shutdowns.filter((shutdown) => shutdown.exitedOnSigtermAfterMs !== null || shutdown.killed);
  const waits = asked.flatMap((shutdown) => shutdown.exitedOnSigtermAfterMs ?? []);
  return {
    sigtermHonoured: asked.length === 0 ? null : asked.every((shutdown) => !shutdown.killed),
    afterMs: waits.length === 0 ? null : Math.max(...waits),
    leftovers: shutdowns
      .flatMap((shutdown) => shutdown.leftovers)
      .slice(0, LEFTOVER_LIMIT)
      .map(({ pid, command }) => ({ pid, command: brief(command) })),
    portFreed: shutdowns.some((shutdown) => shutdown.portFreed === false)
      ? false
      : (shutdowns.find((shutdown) => shutdown.portFreed !== null)?.portFreed ?? null),
  };
}

function brief(text: string): string {
  return text.length <= TEXT_LIMIT ? text : `${text.slice(0, TEXT_LIMIT)}…`;
}
