/** One call in the modern era: the server asks by `input_required` results, or as a task by its input requests. 2026-07-28 basic/patterns/mrtr, extension io.modelcontextprotocol/tasks. */
import type { ElicitationChannel } from '../../../facts/elicitation.js';
import type { Reply } from '../../../wire/exchange.js';
import { encodeHeaderValue } from '../../../wire/headers.js';
import { isObject } from '../../../wire/message.js';
import { META_CAPABILITIES } from '../../../wire/modern.js';
import type { ProbeContext } from '../../probe.js';
import { capabilitiesOf, isDeclared } from '../declared.js';
import { modeOf } from '../shape.js';
import { inputResponsesTo } from './answering.js';
import { type Bench, hashed, type ModernLine } from './bench.js';
import { endOfReply, evidenceOf, isUrlRequired, listedIn } from './ending.js';
import { LONGEST_CALL_MS, LONGEST_TASK_MS, pause, pauseOf } from './patience.js';
import { type CallPlan, type CallRun, Collection, type End, ROUNDS } from './run.js';

const INPUTS = 20;
/** States without a question may be tried again at once, but not for ever. */
const BETWEEN_EMPTY_ROUNDS_MS = 200;

interface Call {
  readonly context: ProbeContext;
  readonly line: ModernLine;
  readonly plan: CallPlan;
  readonly collection: Collection;
  readonly ids: Set<number>;
  nextId(): number;
  readonly deadline: number;
  readonly extent: { endless: boolean; httpStatus: number | null };
}

/** Calls the trigger as a modern client. */
export async function callModern(
  context: ProbeContext,
  bench: Bench,
  experiment: string,
  plan: CallPlan,
): Promise<CallRun> {
  const line = await bench.modern(experiment, plan);
  line.inbox.begin();
  const collection = new Collection();
  const call: Call = {
    context,
    line,
    plan,
    collection,
    ids: new Set(),
    nextId: () => bench.nextId(),
    deadline: performance.now() + (plan.lane === 'task' ? LONGEST_TASK_MS : LONGEST_CALL_MS),
    extent: { endless: false, httpStatus: null },
  };
  const end = await carryOut(call);
  hearRequests(call);
  await bench.release(line, plan, end.kind === 'silent' ? 'hangs' : 'sound');
  return {
    plan,
    asked: collection.asked,
    omitted: collection.omitted + line.inbox.lost,
    rounds: collection.rounds,
    ...call.extent,
    end,
    revision: line.revision,
    sessionHash: null,
    completed: new Set(line.inbox.completed),
    evidence: evidenceOf(context, line.connection.name, call.ids, collection.asked),
  };
}

async function carryOut(call: Call): Promise<End> {
  const { collection, plan } = call;
  let answers: Readonly<Record<string, unknown>> = {};
  for (let tries = 0; tries <= 2 * ROUNDS; tries += 1) {
    const reply = await send(call, 'tools/call', { ...plan.params, ...answers });
    if (reply === null) return unanswered(call);
    call.extent.httpStatus = reply.exchange.answer.status;
    if (reply.kind === 'error' && isUrlRequired(reply.code)) takeListed(call, reply.data, reply.exchange.id);
    const result = reply.kind === 'result' && isObject(reply.result) ? reply.result : {};
    if (result['resultType'] === 'task') return followTask(call, result, reply.exchange.id);
    if (result['resultType'] !== 'input_required') return endOfReply(reply, collection.count > 0);
    const inputs = inputsOf(result['inputRequests']);
    const goOn = take(call, inputs, { channel: 'input-required', exchange: reply.exchange.id, taskId: null });
    if (goOn === 'stop') return { kind: 'pending' };
    if (inputs.size === 0) await pause(BETWEEN_EMPTY_ROUNDS_MS);
    answers = {
      ...(inputs.size === 0 ? {} : { inputResponses: inputResponsesTo(inputs, plan.answer) }),
      ...(result['requestState'] === undefined ? {} : { requestState: result['requestState'] }),
    };
  }
  return unanswered(call);
}

/** Polls a task, and answers each of its input requests once. */
async function followTask(
  call: Call,
  created: Readonly<Record<string, unknown>>,
  createdBy: string,
): Promise<End> {
  const { taskId } = created;
  if (typeof taskId !== 'string') return { kind: 'silent', reason: 'the task has no id' };
  const answered = new Set<string>();
  let state = created;
  let exchange = createdBy;
  while (performance.now() < call.deadline) {
    const ended = endOfTask(state);
    if (ended !== null) return ended;
    const inputs = inputsOf(state['inputRequests']);
    for (const key of answered) inputs.delete(key);
    if (inputs.size > 0) {
      const goOn = take(call, inputs, { channel: 'task', exchange, taskId: hashed(taskId) });
      if (goOn === 'stop') break;
      for (const key of inputs.keys()) answered.add(key);
      const inputResponses = inputResponsesTo(inputs, call.plan.answer);
      const updated = await send(call, 'tasks/update', { taskId, inputResponses });
      if (updated?.kind === 'error') return endOfReply(updated, true);
    }
    await pause(pauseOf(state['pollIntervalMs']));
    const polled = await send(call, 'tasks/get', { taskId });
    if (polled === null) return unanswered(call);
    if (polled.kind !== 'result' || !isObject(polled.result))
      return endOfReply(polled, call.collection.count > 0);
    state = polled.result;
    exchange = polled.exchange.id;
  }
  await send(call, 'tasks/cancel', { taskId });
  return call.collection.count > 0
    ? { kind: 'pending' }
    : { kind: 'silent', reason: 'the task did not end in time' };
}

function endOfTask(task: Readonly<Record<string, unknown>>): End | null {
  if (task['status'] === 'completed') return { kind: 'result', result: task['result'] };
  if (task['status'] === 'cancelled') return { kind: 'error', code: null, message: 'the task was cancelled' };
  if (task['status'] !== 'failed') return null;
  const error = isObject(task['error']) ? task['error'] : {};
  return {
    kind: 'error',
    code: typeof error['code'] === 'number' ? error['code'] : null,
    message: typeof error['message'] === 'string' ? error['message'] : '',
  };
}

/** Sends one request within what is left of the time; null when it is used up or nothing came. */
async function send(
  call: Call,
  method: string,
  params: Readonly<Record<string, unknown>>,
): Promise<Reply | null> {
  const { context, line, plan } = call;
  const id = call.nextId();
  call.ids.add(id);
  const left = call.deadline - performance.now();
  if (left <= 0) return null;
  const { taskId } = params;
  const named = method !== 'tools/call' && typeof taskId === 'string';
  const reply = await line.connection.request(method, params, {
    id,
    timeoutMs: Math.min(left, context.limits.requestTimeoutMs),
    meta: { [META_CAPABILITIES]: capabilitiesOf(plan.declared, plan.lane, 'modern') },
    ...(named ? { headers: { 'mcp-name': encodeHeaderValue(taskId) } } : {}),
  });
  hearRequests(call);
  return reply.kind === 'none' && reply.ending === 'timeout' ? null : reply;
}

/** Takes questions down. "stop" where a right client goes no further: undeclared modes, too many rounds, an unvisited page. */
function take(
  call: Call,
  inputs: ReadonlyMap<string, unknown>,
  from: {
    readonly channel: ElicitationChannel;
    readonly exchange: string | null;
    readonly taskId: string | null;
  },
): 'go-on' | 'stop' {
  const { collection, context, ids, plan } = call;
  const elicitations = [...inputs].flatMap(([key, request]) =>
    isObject(request) && request['method'] === 'elicitation/create'
      ? [{ key, params: request['params'] }]
      : [],
  );
  if (elicitations.length === 0) return 'go-on';
  collection.rounds += 1;
  for (const { key, params } of elicitations)
    collection.add({
      at: context.transcript.now(),
      params,
      ...from,
      // A task belongs to the call that made it, an input request to the call it answered.
      callId: [...ids].at(from.channel === 'task' ? 0 : -1)?.toString() ?? null,
      requestId: key.slice(0, 256),
    });
  const modes = elicitations.map(({ params }) => modeOf(params).mode);
  if (modes.some((mode) => !isDeclared(plan.declared, mode))) return 'stop';
  // The page is never opened, so a second question about it is the right answer to `accept`.
  if (plan.answer === 'accept' && modes.includes('url') && collection.rounds > 1) return 'stop';
  if (collection.rounds <= ROUNDS) return 'go-on';
  call.extent.endless = true;
  return 'stop';
}

/** Error -32042 belongs to the legacy era, but a server may send it all the same. */
function takeListed({ collection, context, ids }: Call, data: unknown, exchange: string): void {
  const listed = listedIn(data);
  if (listed.length > 0) collection.rounds += 1;
  for (const params of listed)
    collection.add({
      at: context.transcript.now(),
      params,
      channel: 'error',
      callId: [...ids].at(-1)?.toString() ?? null,
      requestId: null,
      taskId: null,
      exchange,
    });
}

/** Requests of a server that has none in this era; they are taken down, and get no answer. */
function hearRequests({ collection, ids, line }: Call): void {
  const asked = line.inbox.take().filter(({ method }) => method === 'elicitation/create');
  if (asked.length > 0) collection.rounds += 1;
  for (const { at, exchange, id, params } of asked)
    collection.add({
      at,
      params,
      channel: 'server-request',
      callId: [...ids][0]?.toString() ?? null,
      requestId: String(id).slice(0, 256),
      taskId: null,
      exchange,
    });
}

function inputsOf(inputRequests: unknown): Map<string, unknown> {
  return new Map(isObject(inputRequests) ? Object.entries(inputRequests).slice(0, INPUTS) : []);
}

function unanswered({ collection }: Call): End {
  if (collection.count > 0) return { kind: 'pending' };
  return { kind: 'silent', reason: 'the call was never answered' };
}
