/** Stand-ins for the candidate: real processes and real sockets, without the launcher's policies. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createNetServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import type { Candidate, CandidateProcess, ExitStatus, Shutdown } from '../../src/candidate/candidate.js';
import { type Limits, limitsWith } from '../../src/wire/limits.js';
import { createTranscript } from '../../src/wire/transcript.js';
import { createWire, type Wire, type WireOptions } from '../../src/wire/wire.js';

const NO_SHUTDOWN: Shutdown = {
  alreadyExited: false,
  exitedOnEofAfterMs: null,
  exitedOnSigtermAfterMs: null,
  killed: false,
  leftovers: [],
  portFreed: null,
};

/** A process as the gate would hold it. */
export function holdProcess(child: ChildProcess): CandidateProcess {
  const { stdin, stdout, stderr, pid } = child;
  if (stdin === null || stdout === null) throw new Error('the child needs pipes');
  stderr?.resume();
  const startedAt = performance.now();
  let exitStatus: ExitStatus | null = null;
  const exited = new Promise<ExitStatus>((resolve) => {
    child.once('exit', (code, signal) => {
      exitStatus = { code, signal, afterMs: performance.now() - startedAt };
      resolve(exitStatus);
    });
  });
  return {
    pid: pid ?? 0,
    stdin,
    stdout,
    startedAt,
    get exitStatus() {
      return exitStatus;
    },
    exited,
    outputTail: () => '',
    stop: async () => {
      stdin.end();
      const timer = setTimeout(() => child.kill('SIGKILL'), 1000);
      await exited;
      clearTimeout(timer);
      return NO_SHUTDOWN;
    },
  };
}

/** A candidate on stdio that runs `node` with these arguments. */
export function stdioCandidate(...args: readonly string[]): Candidate {
  return {
    kind: 'command',
    launch: () =>
      Promise.resolve(holdProcess(spawn(process.execPath, [...args], { stdio: ['pipe', 'pipe', 'pipe'] }))),
    origin: null,
    process: null,
    ensureRunning: () => Promise.resolve(true),
    readyMs: null,
    listeners: () => Promise.resolve(null),
    dispose: () => Promise.resolve(null),
  };
}

/** A candidate on stdio that is a few lines of JavaScript. `send(value)` and `onLine(callback)` are at hand. */
export function scriptCandidate(script: string): Candidate {
  const prelude = `
    const send = (value) => process.stdout.write(JSON.stringify(value) + '\\n');
    const onLine = (callback) => {
      let rest = '';
      process.stdin.setEncoding('utf8').on('data', (text) => {
        const lines = (rest + text).split('\\n');
        rest = lines.pop();
        for (const line of lines) callback(JSON.parse(line));
      });
    };`;
  return stdioCandidate('-e', prelude + script);
}

/** A candidate that listens on a port of this machine. */
export function listeningCandidate(
  port: number,
  process: CandidateProcess | null = null,
  host = '127.0.0.1',
): Candidate {
  return {
    kind: process === null ? 'url' : 'command',
    launch: () => Promise.reject(new Error('it runs already')),
    origin: { protocol: 'http:', host, port },
    process,
    ensureRunning: () => Promise.resolve(true),
    readyMs: null,
    listeners: () => Promise.resolve(null),
    dispose: () => Promise.resolve(null),
  };
}

export interface TestServer {
  readonly port: number;
  readonly candidate: Candidate;
  close(): Promise<void>;
}

/** An HTTP server on a free loopback port. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const server = createHttpServer(listener);
  return listening(server, () => server.closeAllConnections());
}

/** A TCP server that speaks HTTP as badly as its handler wants. */
export async function serveRaw(handler: (socket: Socket) => void): Promise<TestServer> {
  const sockets = new Set<Socket>();
  const server = createNetServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    handler(socket);
  });
  return listening(server, () => {
    for (const socket of sockets) socket.destroy();
  });
}

async function listening(server: Server | NetServer, drop: () => void): Promise<TestServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    candidate: listeningCandidate(port),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        drop();
      }),
  };
}

/** A wire with tight limits, so that what must time out does so quickly. */
export function wireTo(
  candidate: Candidate,
  type: WireOptions['transport']['type'],
  path = '/mcp',
  changes: Partial<Limits> = {},
  more: Partial<WireOptions> = {},
): Wire {
  const limits = limitsWith({ requestTimeoutMs: 3000, settleMs: 100, ...changes });
  const transcript = createTranscript({ startedAt: performance.now(), limits });
  return createWire({ candidate, transport: { type, path }, transcript, limits, ...more });
}
