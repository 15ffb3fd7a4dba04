/** stdio: a process for each connection, one JSON-RPC message a line. 2025-11-25 and 2026-07-28 basic/transports. */
import type { CandidateProcess } from '../candidate/candidate.js';
import { type Channel, type ChannelContext, describeRequest, type Outgoing } from './channel.js';
import type { Exchange, Received } from './exchange.js';
import { EXIT_NOTICE_MS, within } from './http-exchange.js';
import { createLineReader } from './lines.js';
import { createMailbox } from './mailbox.js';
import { membersOf, sortMessage } from './message.js';
import { cut, type Outcome, parsed } from './transcript.js';

/** How much longer than any other the first answer of a process is waited for, at the most. */
const LONGEST_START_MS = 12_000;
const SAMPLES = 20;
const SAMPLE_LENGTH = 200;

/** Launches a process and speaks with it. A launch that fails becomes an exchange that says why. */
export async function openStdioChannel(context: ChannelContext): Promise<Channel> {
  const { transcript, limits } = context;
  const mailbox = createMailbox(limits);
  const unsolicited: Received[] = [];
  const samples: string[] = [];
  let unsolicitedSize = 0;
  let noiseLines = 0;
  let messages = 0;
  let spoken = false;
  let closing = false;
  let lastExchange: string | null = null;
  let state: Pick<Outcome, 'ending' | 'problem'> = { ending: 'answered', problem: null };

  // The launch is an exchange of its own: what the candidate says unasked is recorded there.
  const launch = transcript.begin(
    {
      experiment: context.experiment,
      connection: context.connection,
      principal: context.principal,
      request: { ...describeRequest({ body: '', message: undefined }, null), body: null },
    },
    launchOutcome,
  );
  lastExchange = launch.id;

  function launchOutcome(): Outcome {
    return { ...state, status: null, headers: {}, body: null, messages: unsolicited };
  }

  function end(ending: Outcome['ending'], problem: string | null): void {
    if (state.problem === null) state = { ending, problem };
    mailbox.end(ending, problem);
  }

  function onLine(line: string): void {
    messages += 1;
    const received: Received = { at: transcript.now(), value: parsed(line), text: line };
    const members = membersOf(received.value);
    if (
      received.value === undefined ||
      members.length === 0 ||
      members.every((one) => sortMessage(one).kind === 'other')
    ) {
      noiseLines += 1;
      if (samples.length < SAMPLES) samples.push(cut(line, SAMPLE_LENGTH));
      keepUnsolicited(received);
    } else {
      noteStart();
      const exchange = mailbox.deliver(received);
      if (exchange === null) keepUnsolicited(received);
      context.onMessage(received, exchange ?? launch.id);
    }
    if (messages > limits.messagesPerConnection) {
      end('too-many', `more than ${limits.messagesPerConnection} lines on stdout`);
      process?.stdout.destroy();
    }
  }

  function noteStart(): void {
    if (spoken || process === null) return;
    spoken = true;
    const { starts } = context;
    starts.slowestMs = Math.max(starts.slowestMs, performance.now() - process.startedAt);
  }

  /** Several processes that start side by side take longer than one did. */
  function startAllowance(): number {
    return spoken ? 0 : Math.min(LONGEST_START_MS, 2 * context.starts.slowestMs);
  }

  function keepUnsolicited(received: Received): void {
    unsolicitedSize += received.text.length;
    if (unsolicited.length < limits.messagesPerExchange && unsolicitedSize <= limits.exchangeBytes)
      unsolicited.push(received);
  }

  const process = await start();

  async function start(): Promise<CandidateProcess | null> {
    try {
      const started = await context.candidate.launch();
      listen(started);
      return started;
    } catch (cause: unknown) {
      end(
        'unreachable',
        `the candidate could not be started: ${cause instanceof Error ? cause.message : String(cause)}`,
      );
      launch.finish(launchOutcome());
      return null;
    }
  }

  function listen(started: CandidateProcess): void {
    const reader = createLineReader(limits.messageBytes);
    // Writing to a candidate that is gone is reported by its exit, not by these events.
    started.stdin.on('error', () => undefined);
    started.stdout.on('error', () => undefined);
    started.stdout.on('data', (chunk: Buffer) => {
      for (const line of reader.feed(chunk)) onLine(line);
      if (!reader.tooLarge) return;
      end('too-large', `a line on stdout is larger than ${limits.messageBytes} bytes`);
      started.stdout.destroy();
    });
    started.stdout.on('end', () => {
      const rest = reader.rest();
      if (rest !== '') onLine(rest);
    });
    started.stdout.on('close', () => {
      void within(EXIT_NOTICE_MS, started.exited).then((exit) => {
        if (exit === null && !closing) end('closed', 'the candidate closed its stdout');
      });
    });
    void started.exited.then((exit) => onExit(started, exit.code, exit.signal));
  }

  /** The last lines may still be in the pipe when the exit is reported. */
  async function onExit(
    started: CandidateProcess,
    code: number | null,
    signal: string | null,
  ): Promise<void> {
    if (!started.stdout.destroyed && !started.stdout.readableEnded) {
      await within(
        EXIT_NOTICE_MS,
        new Promise<void>((resolve) => started.stdout.once('close', () => resolve())),
      );
    }
    const asked = closing || started.stdin.writableEnded;
    const how = signal === null ? `code ${code}` : `signal ${signal}`;
    end(asked ? 'closed' : 'exited', `the candidate ended with ${how}`);
    launch.finish(launchOutcome());
    if (asked) return;
    const { experiment, connection } = context;
    context.onCrash({ experiment, connection, afterExchange: lastExchange, exitCode: code, signal }, started);
  }

  async function send(outgoing: Outgoing): Promise<Exchange> {
    const recording = transcript.begin({
      experiment: context.experiment,
      connection: context.connection,
      principal: context.principal,
      request: describeRequest(outgoing, null),
    });
    lastExchange = recording.id;
    const waiting = new AbortController();
    const patience = outgoing.ids.length === 0 ? outgoing.patienceMs : outgoing.timeoutMs;
    const expectation = mailbox.expect({
      exchange: recording.id,
      ids: outgoing.ids,
      timeoutMs: Math.round(patience + startAllowance()),
      signal: AbortSignal.any([context.signal, waiting.signal]),
    });
    const written = await write(outgoing);
    if (outgoing.awaiting === 'written' || !written) waiting.abort();
    const delivery = await expectation;
    const taken = outgoing.awaiting === 'written' && written;
    const ending = taken
      ? 'answered'
      : delivery.ending === 'cancelled' && !context.signal.aborted
        ? 'closed'
        : delivery.ending;
    return recording.finish({
      ending,
      status: null,
      headers: {},
      body: null,
      messages: delivery.messages,
      problem: taken ? null : (delivery.problem ?? null),
    });
  }

  /** False when the candidate no longer takes anything. */
  async function write(outgoing: Outgoing): Promise<boolean> {
    if (process === null || !process.stdin.writable) return false;
    const bytes = Buffer.from(outgoing.body);
    const line = bytes.at(-1) === 0x0a ? bytes : Buffer.concat([bytes, Buffer.from('\n')]);
    const done = new Promise<boolean>((resolve) => process.stdin.write(line, (error) => resolve(!error)));
    // A candidate that never reads fills the pipe; the wait for the answer is bounded by itself.
    if (outgoing.awaiting !== 'written') return (await within(20, done)) ?? true;
    return (await within(outgoing.timeoutMs, done)) ?? false;
  }

  async function close(): Promise<void> {
    if (closing) return;
    closing = true;
    await process?.stop({ eofMs: limits.closeMs });
    end('closed', 'the connection was closed');
    launch.finish(launchOutcome());
  }

  return {
    transport: 'stdio',
    send,
    close,
    details: {
      process: process === null ? null : announcing(process, () => (closing = true)),
      endpoint: null,
      noise: () => ({ lines: noiseLines, samples: [...samples], exchange: launch.id }),
    },
  };
}

/** The same process, with word given before it is asked to end: an end that was asked for is no crash. */
function announcing(process: CandidateProcess, announce: () => void): CandidateProcess {
  const { pid, stdin, stdout, startedAt, exited } = process;
  return {
    pid,
    stdin,
    stdout,
    startedAt,
    exited,
    get exitStatus() {
      return process.exitStatus;
    },
    outputTail: () => process.outputTail(),
    stop: (how) => {
      announce();
      return process.stop(how);
    },
  };
}
