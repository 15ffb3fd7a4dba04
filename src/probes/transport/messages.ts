/** Batches where the revision forbids them, and events of one session asked for by another. */
import { randomUUID } from 'node:crypto';
import type { TransportFacts } from '../../facts/transport.js';
import type { Exchange } from '../../wire/exchange.js';
import type { Wire } from '../../wire/wire.js';
import type { Experiment, Lab } from '../lab.js';
import { demandControl } from './attempt.js';

type Batch = TransportFacts['batches'][number];
type Resumption = NonNullable<NonNullable<TransportFacts['http']>['resumption']>;

/** The only revision with batches. Source: 2025-06-18 changelog, "Remove support for JSON-RPC batching". */
const BATCH_REVISION = '2025-03-26';
/** The ping before was answered at once; a batch that is refused by silence need not be waited for long. */
const BATCH_MS = 1500;
/** A replay comes at once: the events are there already. */
const REPLAY_MS = 500;
const FIRST_ID = 7001;
const SECOND_ID = 7002;

export function batchExperiment(wire: Wire, lab: Lab, revision: string): Experiment<Batch> {
  const name = `batch/${revision}`;
  return {
    name,
    run: async () => {
      const connection = await wire.legacy({ experiment: lab.nameOf(name) });
      try {
        const { reply, negotiated } = await connection.initialize(revision);
        demandControl(reply, 'a right initialize');
        await connection.initialized();
        demandControl(await connection.request('ping'), 'a right ping');
        const exchange = await connection.sendRaw([ping(FIRST_ID), ping(SECOND_ID)], { timeoutMs: BATCH_MS });
        return {
          revision: negotiated ?? revision,
          allowed: (negotiated ?? revision) === BATCH_REVISION,
          outcome:
            exchange.answer.status === 429 ? 'inconclusive' : answersBoth(exchange) ? 'accepted' : 'refused',
          httpStatus: exchange.answer.status,
          evidence: [exchange.id],
        };
      } finally {
        await connection.close();
      }
    },
  };
}

function ping(id: number): Record<string, unknown> {
  return { jsonrpc: '2.0', id, method: 'ping' };
}

function answersBoth(exchange: Exchange): boolean {
  const answered = exchange.answer.messages.flatMap((message) =>
    Array.isArray(message.value) ? message.value : [message.value],
  );
  const ids = new Set(answered.filter(hasResult).map((answer) => answer.id));
  return ids.has(FIRST_ID) && ids.has(SECOND_ID);
}

function hasResult(value: unknown): value is { id: unknown; result: unknown } {
  return typeof value === 'object' && value !== null && 'result' in value && 'id' in value;
}

/** Whether another session gets the events of this one by naming an event id. Specification: 2025-11-25 basic/transports, "Resumability and Redelivery". */
export function resumptionExperiment(wire: Wire, lab: Lab, revision: string): Experiment<Resumption> {
  const name = 'resumption';
  const experiment = lab.nameOf(name);
  return {
    name,
    run: async () => {
      const owner = await wire.legacy({ experiment });
      const other = await wire.legacy({ experiment });
      try {
        demandControl((await owner.initialize(revision)).reply, 'a right initialize');
        await owner.initialized();
        // Ids that nobody else can have chosen, so that what leaks is known for what it is.
        const ids = [`owner-${randomUUID()}`, `owner-${randomUUID()}`];
        const answers = [];
        for (const id of ids) answers.push(await owner.request('ping', {}, { id }));
        for (const answer of answers) demandControl(answer, 'a right ping');
        const eventId =
          answers.flatMap((answer) => answer.exchange.answer.messages).find((message) => message.event?.id)
            ?.event?.id ?? null;
        const evidence = answers.map((answer) => answer.exchange.id);
        if (eventId === null) return { offered: false, foreignEvents: 'refused', evidence };
        demandControl((await other.initialize(revision)).reply, 'a second right initialize');
        await other.initialized();
        const stream = await other.openStream({ lastEventId: eventId });
        await stream.next(REPLAY_MS);
        await stream.close();
        const leaked = stream.messages.some((message) => ids.some((id) => message.text.includes(id)));
        return {
          offered: true,
          foreignEvents: leaked ? 'accepted' : 'refused',
          evidence: [...evidence, stream.exchange.id],
        };
      } finally {
        await other.close();
        await owner.close();
      }
    },
  };
}
