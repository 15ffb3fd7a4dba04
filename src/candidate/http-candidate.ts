/** A candidate that listens: one process for all connections, started again when it crashed. */
import type { CommandRun, TransportPlan } from '../manifest/plan.js';
import type { CandidateExit, Listener, Origin, Shutdown, WatchedCandidate } from './candidate.js';
import { Hold } from './hold.js';
import { LaunchError } from './launch-error.js';
import { listenersOf, reachableByLoopback } from './listeners.js';
import type { CandidateLimits, CandidateOptions, OpenedCandidate } from './options.js';
import { LoopbackPorts, listensOn } from './port.js';
import type { RunningProcess } from './process.js';
import { type Readiness, untilReady } from './ready.js';
import { portPlaceholder, takesPort } from './substitute.js';
import { listenersElsewhere, whyNotReady } from './why-not-ready.js';

const usualHosts = ['127.0.0.1', 'localhost', '[::1]'] as const;
const portTaken = /EADDRINUSE|address already in use|only one usage of each socket address/i;
const never = new AbortController().signal;

type Ready = Extract<Readiness, { kind: 'ready' }>;
type Started = {
  readonly process: RunningProcess;
  readonly port: number | null;
  readonly readiness: Readiness;
};

/** What does not change from one start to the next. */
interface Setting {
  readonly hold: Hold;
  readonly run: CommandRun;
  readonly options: CandidateOptions;
  readonly limits: CandidateLimits;
}

export class HttpCandidate implements WatchedCandidate {
  readonly kind = 'command';
  readonly readyMs: number;
  readonly hello: Ready['hello'];
  readonly #setting: Setting;
  #origin: Origin;
  #process: RunningProcess;
  #restarts = 0;
  #gaveUp = false;
  #ensuring: Promise<boolean> | null = null;
  #disposed: Promise<Shutdown | null> | null = null;

  private constructor(setting: Setting, process: RunningProcess, ready: Ready) {
    this.#setting = setting;
    this.#process = process;
    this.#origin = ready.origin;
    this.readyMs = ready.afterMs;
    this.hello = ready.hello;
  }

  /** Starts it, on another port when somebody else took the first, and waits until it answers. */
  static async open(
    run: CommandRun,
    transport: TransportPlan,
    options: CandidateOptions,
    given: CandidateLimits,
  ): Promise<OpenedCandidate> {
    // Nobody waits for an HTTP server to notice a closed stdin, unless asked to.
    const limits = { ...given, eofMs: 0 };
    const hold = new Hold(run, options, limits);
    try {
      const setting: Setting = { hold, run, options, limits };
      const ports = options.ports ?? new LoopbackPorts();
      const hosts = transport.host === null ? usualHosts : [transport.host];
      for (let attempt = 1; ; attempt += 1) {
        const started = await start(setting, hosts, takesPort(run) ? await ports.reserve() : null);
        const { process, readiness } = started;
        if (readiness.kind === 'ready') {
          const candidate = new HttpCandidate(setting, process, readiness);
          hold.onAbort(() => candidate.#abort());
          return { ok: true, candidate };
        }
        const outputTail = await process.finalOutput();
        const retry = started.port !== null && readiness.kind === 'exited' && portTaken.test(outputTail);
        const reason = retry && attempt < limits.portAttempts ? null : await explain(started, setting);
        await process.stop({ termMs: readiness.kind === 'cancelled' ? 0 : Math.min(limits.termMs, 500) });
        hold.letGo(process);
        if (reason === null) continue;
        await hold.release();
        return { ok: false, reason, outputTail };
      }
    } catch (cause: unknown) {
      await hold.release();
      throw cause;
    }
  }

  get origin(): Origin {
    return this.#origin;
  }

  get process(): RunningProcess {
    return this.#process;
  }

  get exits(): readonly CandidateExit[] {
    return this.#setting.hold.exits;
  }

  outputTail(): string {
    return this.#setting.hold.outputTail();
  }

  async launch(): Promise<never> {
    throw new LaunchError('an HTTP candidate serves all connections from one process; use ensureRunning()');
  }

  /**
   * A process that is alive and takes connections is left in peace: one more request could disturb an experiment.
   * Otherwise what is left of it is ended and it is started again, on the same port where the port is the gate's choice.
   */
  ensureRunning(): Promise<boolean> {
    this.#ensuring ??= this.#ensure().finally(() => {
      this.#ensuring = null;
    });
    return this.#ensuring;
  }

  async listeners(): Promise<readonly Listener[] | null> {
    return listenersOf(pidsOf(this.#process));
  }

  dispose(): Promise<Shutdown | null> {
    this.#disposed ??= this.#end();
    return this.#disposed;
  }

  async #ensure(): Promise<boolean> {
    if (this.#disposed !== null || this.#gaveUp) return false;
    const { host, port } = this.#origin;
    if (!this.#process.stopRequested && this.#process.isAlive() && (await listensOn(host, port))) return true;
    try {
      return await this.#restart();
    } catch {
      this.#gaveUp = true;
      return false;
    }
  }

  async #restart(): Promise<boolean> {
    const { hold, limits, run } = this.#setting;
    if (!this.#process.stopRequested) this.#restarts += 1;
    if (this.#restarts > limits.restarts) return false;
    await this.#process.stop();
    hold.letGo(this.#process);
    const port = takesPort(run) ? this.#origin.port : null;
    const { process, readiness } = await start(this.#setting, [this.#origin.host], port);
    this.#process = process;
    if (readiness.kind === 'ready') {
      this.#origin = readiness.origin;
      return true;
    }
    this.#gaveUp = true;
    return false;
  }

  async #end(): Promise<Shutdown | null> {
    try {
      return await this.#process.stop();
    } catch {
      return null;
    } finally {
      await this.#setting.hold.release().catch(() => undefined);
    }
  }

  async #abort(): Promise<void> {
    await this.#setting.hold.killAll();
    await this.dispose();
  }
}

/** One start, and what came of it. Rejects with a `LaunchError` when there is nothing to wait for. */
async function start(setting: Setting, hosts: readonly string[], port: number | null): Promise<Started> {
  const { hold, limits, options } = setting;
  if (port === null && (await listenersOf([process.pid])) === null) {
    throw new LaunchError(
      `the gate cannot find out on which port the candidate listens on this platform; add ${portPlaceholder} to run.command or run.env where the server reads its port`,
    );
  }
  const started = await hold.start('in-the-tail', { host: hosts[0] ?? usualHosts[0], port });
  if (port !== null) started.servesOn(port);
  const readiness = await untilReady({
    protocol: 'http:',
    hosts,
    ports: async () => (port === null ? discover(started) : [port]),
    hello: options.hello,
    isAlive: () => started.isAlive(),
    owns: async (asked) => owns(started, asked),
    timeoutMs: limits.readyTimeoutMs,
    helloTimeoutMs: limits.helloTimeoutMs,
    secondThoughtsMs: limits.secondThoughtsMs,
    signal: options.signal ?? never,
  });
  if (readiness.kind === 'ready') started.servesOn(readiness.origin.port);
  return { process: started, port, readiness };
}

async function discover(process: RunningProcess): Promise<readonly number[]> {
  const found = (await listenersOf(pidsOf(process))) ?? [];
  return [...new Set(found.filter(reachableByLoopback).map(({ port }) => port))];
}

async function owns(process: RunningProcess, port: number): Promise<boolean | null> {
  const found = await listenersOf(pidsOf(process));
  return found === null ? null : found.some((listener) => listener.port === port);
}

async function explain({ process, port, readiness }: Started, { hold, limits }: Setting): Promise<string> {
  const elsewhere = listenersElsewhere(port, (await listenersOf(pidsOf(process))) ?? []);
  return (
    whyNotReady({ readiness, port, exit: process.exitStatus, elsewhere, timeoutMs: limits.readyTimeoutMs }) +
    hold.hint()
  );
}

function pidsOf(process: RunningProcess): readonly number[] {
  return process.tree.members().map(({ pid }) => pid);
}
