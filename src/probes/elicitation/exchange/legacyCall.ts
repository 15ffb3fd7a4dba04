/** One call in the legacy era: the server asks by requests of its own, on any stream, or by error -32042. 2025-11-25 client/elicitation, basic/utilities/tasks. */
import type { Reply } from '../../../wire/exchange.js';
import { within } from '../../../wire/http-exchange.js';
import { isObject } from '../../../wire/message.js';
import type { ProbeContext } from '../../probe.js';
import { responseTo } from './answering.js';
import { type Bench, hashed, type LegacyLine } from './bench.js';
import { endOfReply, evidenceOf, isUrlRequired, listedIn } from './ending.js';
import type { ServerRequest } from './inbox.js';
import { legacyTask } from './legacyTask.js';
import { LONGEST_CALL_MS, LONGEST_TASK_MS } from './patience.js';
import { type CallPlan, type CallRun, Collection, type End, ROUNDS } from './run.js';

const RELATED_TASK = 'io.modelcontextprotocol/related-task';
/** An accepted error is tried again this often: the page stays unvisited, so it may well come back. */
const RETRIES = 1;

interface Call {
  readonly context: ProbeContext;
  readonly line: LegacyLine;
  readonly plan: CallPlan;
  readonly collection: Collection;
  readonly ids: Set<number>;
  nextId(): number;
  /** Answers under way. */
  readonly sent: Promise<unknown>[];
  taskId: string | null;
}

/** Calls the trigger as a legacy client. @throws Untestable when there is no session */
export async function callLegacy(
  context: ProbeContext,
  bench: Bench,
  experiment: string,
  plan: CallPlan,
): Promise<CallRun> {
  const line = await bench.legacy(experiment, plan);
  const collection = new Collection();
  const ids = new Set<number>();
  const nextId = (): number => {
    const id = bench.nextId();
    ids.add(id);
    return id;
  };
  line.inbox.begin();
  const call: Call = { context, line, plan, collection, ids, nextId, sent: [], taskId: null };
  let outcome = await callOnce(call);
  for (let retry = 0; retry < RETRIES && plan.answer === 'accept' && wantsUrl(outcome); retry += 1) {
    outcome = await callOnce(call);
  }
  await Promise.allSettled(call.sent);
  const { end, endless, httpStatus } = outcome;
  const completed = new Set(line.inbox.completed);
  await bench.release(line, plan, end.kind === 'result' || end.kind === 'error' ? 'sound' : 'hangs');
  return {
    plan,
    asked: collection.asked,
    omitted: collection.omitted + line.inbox.lost,
    rounds: collection.rounds,
    endless,
    end,
    httpStatus,
    revision: line.revision,
    sessionHash: line.sessionHash,
    completed,
    evidence: evidenceOf(context, line.connection.name, ids, collection.asked),
  };
}

interface Outcome {
  readonly end: End;
  readonly endless: boolean;
  readonly httpStatus: number | null;
}

function wantsUrl({ end }: Outcome): boolean {
  return end.kind === 'error' && isUrlRequired(end.code);
}

async function callOnce(call: Call): Promise<Outcome> {
  const { collection, context, line, plan } = call;
  const id = call.nextId();
  const work = plan.lane === 'task' ? inTask(call, id) : plain(call, id);
  const reply = await converse(call, id, work);
  if (reply === 'endless') return { end: { kind: 'pending' }, endless: true, httpStatus: null };
  if (reply === null) {
    const end: End =
      collection.count > 0 ? { kind: 'pending' } : { kind: 'silent', reason: 'the call was never answered' };
    return { end, endless: false, httpStatus: null };
  }
  if (reply.kind === 'error' && isUrlRequired(reply.code)) {
    const listed = listedIn(reply.data);
    if (listed.length > 0) collection.rounds += 1;
    for (const params of listed)
      collection.add({
        at: context.transcript.now(),
        params,
        channel: 'error',
        callId: String(id),
        requestId: null,
        taskId: null,
        exchange: reply.exchange.id,
      });
  }
  // A question may come right after the answer, on the other stream.
  await within(4 * context.limits.lingerMs, line.inbox.arrival());
  hear(call, id, line.inbox.take(), 'late');
  return {
    end: endOfReply(reply, collection.count > 0),
    endless: false,
    httpStatus: reply.exchange.answer.status,
  };
}

function plain({ line, plan }: Call, id: number): Promise<Reply> {
  return line.connection.request('tools/call', plan.params, { id, timeoutMs: LONGEST_CALL_MS });
}

function inTask(call: Call, id: number): Promise<Reply> {
  const { line, plan } = call;
  return legacyTask(line.connection, plan.params, {
    id,
    nextId: () => call.nextId(),
    onTask: (taskId) => {
      call.taskId = taskId;
    },
  });
}

/** Answers whatever comes until the call ends; null when it went quiet, "endless" when it asked too often. */
async function converse(call: Call, id: number, work: Promise<Reply>): Promise<Reply | null | 'endless'> {
  const { collection, context, line } = call;
  const { inbox } = line;
  const quietMs = context.limits.requestTimeoutMs;
  const longest = call.plan.lane === 'task' ? LONGEST_TASK_MS : LONGEST_CALL_MS;
  const deadline = performance.now() + longest;
  // Whatever it comes to after we stopped waiting concerns nobody.
  work.catch(() => undefined);
  for (;;) {
    const heardAgo = performance.now() - inbox.lastHeard;
    // A task is quiet by nature.
    const patience = Math.min(
      deadline - performance.now(),
      call.plan.lane === 'task' ? longest : quietMs - heardAgo,
    );
    const event = patience <= 0 ? null : await within(patience, Promise.race([work, inbox.arrival()]));
    if (event === null) {
      if (performance.now() < deadline && performance.now() - inbox.lastHeard < quietMs) continue;
      await abandon(call, id);
      return null;
    }
    if (event !== 'asked') return event;
    // Questions that come together are one round.
    await new Promise((resolve) => setTimeout(resolve, context.limits.lingerMs));
    if (!hear(call, id, inbox.take(), 'in-time')) continue;
    if (collection.rounds > ROUNDS) {
      await abandon(call, id);
      return 'endless';
    }
  }
}

/** Takes requests down and answers them. True when there was an elicitation among them. */
function hear(call: Call, id: number, requests: readonly ServerRequest[], when: 'in-time' | 'late'): boolean {
  const { collection, line, plan, sent } = call;
  const elicitations = requests.filter(({ method }) => method === 'elicitation/create');
  if (elicitations.length > 0) collection.rounds += 1;
  for (const request of elicitations) {
    const related = relatedTask(request.params);
    const inTask = related !== null || call.taskId !== null;
    collection.add({
      at: request.at,
      params: request.params,
      channel: inTask ? 'task' : 'server-request',
      callId: String(id),
      requestId: String(request.id).slice(0, 256),
      taskId: hashed(related ?? call.taskId),
      exchange: request.exchange,
      late: when === 'late',
    });
  }
  if (collection.rounds <= ROUNDS)
    for (const request of requests)
      sent.push(line.connection.respond(request.id, responseTo(request, plan.declared, plan.answer)));
  return elicitations.length > 0;
}

function relatedTask(params: unknown): string | null {
  if (!isObject(params) || !isObject(params['_meta'])) return null;
  const related = params['_meta'][RELATED_TASK];
  return isObject(related) && typeof related['taskId'] === 'string' ? related['taskId'] : null;
}

/** Tells the server that nobody waits any more. */
async function abandon({ context, line }: Call, id: number): Promise<void> {
  const params = { requestId: id, reason: 'no longer waited for' };
  await within(context.limits.closeMs, line.connection.notify('notifications/cancelled', params));
}
