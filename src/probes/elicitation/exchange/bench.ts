/** The connections of this probe: a session of its own for each call over HTTP, a process for each kind of client on stdio. */
import { createHash } from 'node:crypto';
import type { Connection } from '../../../wire/connection.js';
import type { LegacyConnection, ModernConnection } from '../../../wire/wire.js';
import { demandHeard } from '../../eras.js';
import { Untestable } from '../../lab.js';
import type { ProbeContext } from '../../probe.js';
import { describeReply } from '../../reading.js';
import { capabilitiesOf } from '../declared.js';
import { Inbox } from './inbox.js';
import type { CallPlan } from './run.js';

interface LineOf<C extends Connection> {
  readonly connection: C;
  readonly inbox: Inbox;
  readonly revision: string;
  readonly sessionHash: string | null;
}

export type LegacyLine = LineOf<LegacyConnection>;
export type ModernLine = LineOf<ModernConnection>;

type Who = Pick<CallPlan, 'principal' | 'declared' | 'answer' | 'lane'>;

export class Bench {
  readonly #kept = new Map<string, LegacyLine | ModernLine>();
  /** Apart from the ids that connections count for themselves. */
  #lastId = 1000;

  constructor(
    private readonly context: ProbeContext,
    /** The legacy revision the server answered with when asked for the newest. */
    private readonly legacyRevision: string,
    private readonly modernRevision: string,
  ) {}

  /** The JSON-RPC id for the next call. */
  nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }

  /**
   * A legacy client after its handshake, holding a GET stream where the server offers one.
   * @throws Untestable when the handshake fails; Busy when that was a limit on the rate of requests
   */
  async legacy(experiment: string, who: Who): Promise<LegacyLine> {
    const key = keyOf('legacy', who);
    const kept = this.#kept.get(key);
    if (kept !== undefined) return kept as LegacyLine;

    const { transcript, wire } = this.context;
    const inbox = new Inbox(() => transcript.now());
    const connection = await wire.legacy({
      experiment,
      principal: who.principal,
      capabilities: capabilitiesOf(who.declared, who.lane, 'legacy'),
      // Some servers ask on the GET stream only, and wait for ever where there is none.
      openGetStream: true,
    });
    connection.onServerMessage((message) => inbox.receive(message));
    const { negotiated, reply, sessionId } = await connection.handshake(this.legacyRevision);
    if (negotiated === null) {
      await connection.close();
      demandHeard(reply);
      throw new Untestable(`the control failed: initialize as ${who.principal} got ${describeReply(reply)}`);
    }
    return { connection, inbox, revision: negotiated, sessionHash: hashed(sessionId) };
  }

  /** A modern client; what it declares goes along with each request. */
  async modern(experiment: string, who: Who): Promise<ModernLine> {
    const kept = this.#kept.get(keyOf('modern', who));
    if (kept !== undefined) return kept as ModernLine;

    const { transcript, wire } = this.context;
    const inbox = new Inbox(() => transcript.now());
    const version = this.modernRevision;
    const connection = await wire.modern({ experiment, principal: who.principal, version });
    connection.onServerMessage((message) => inbox.receive(message));
    return { connection, inbox, revision: version, sessionHash: null };
  }

  /** Gives a line back after its call: a process that still answers is kept for the next call of its kind. */
  async release(
    line: LegacyLine | ModernLine,
    who: Who & Pick<CallPlan, 'era'>,
    state: 'sound' | 'hangs',
  ): Promise<void> {
    const key = keyOf(who.era, who);
    if (line.connection.transport === 'stdio' && state === 'sound') {
      this.#kept.set(key, line);
      return;
    }
    this.#kept.delete(key);
    await line.connection.close();
  }

  async close(): Promise<void> {
    const lines = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(lines.map(({ connection }) => connection.close()));
  }
}

/** Legacy capabilities are fixed by the handshake, and servers remember answers; modern requests stand alone. */
function keyOf(era: CallPlan['era'], { principal, declared, answer, lane }: Who): string {
  return era === 'modern' ? `modern ${principal}` : ['legacy', principal, declared, answer, lane].join(' ');
}

/** 16 hexadecimal digits of SHA-256. */
export function hashed(text: string): string;
export function hashed(text: string | null): string | null;
export function hashed(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text).digest('hex').slice(0, 16);
}
