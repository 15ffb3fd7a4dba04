/** What somebody else gets of a task of the owner's: its state, its result, what it asks, its end, its place in a list. */
import type { BindingOutcome } from '../../facts/session.js';
import type { TaskAttempt, TaskOperation } from '../../facts/tasks.js';
import type { Reply } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { answersTo } from '../answers.js';
import { alike } from '../identifiers/alike.js';
import { type Experiment, Untestable } from '../lab.js';
import { demandOutcome, describeReply, errorCodeOf, outcomeOfReply, seenIn } from '../reading.js';
import { demandTask, discard, openClient, type TaskClient, withOwner } from './client.js';
import type { Ground, Spoken, Trigger } from './ground.js';
import { list } from './listing.js';
import { type Foreign, type Scene, unanswered, type Visitor } from './scene.js';
import { isFinal, type TaskView, toldIn } from './view.js';

/** Long enough for all attacks, short enough to leave nothing behind. */
const LIFE_MS = 120_000;
const EFFECT_POLLS = 4;
const EFFECT_PAUSE_MS = 150;

type Act = (scene: Scene) => Promise<Foreign>;

/** Tried whether they are declared or not: SDKs serve what nobody declared, and who means harm asks for it. */
const ATTACKS: Readonly<Record<Spoken['era'], readonly (readonly [string, Act])[]>> = {
  legacy: [
    ['list', list],
    ['cancel', cancel],
  ],
  modern: [
    ['update', update],
    ['cancel', cancel],
  ],
};

/** The experiments of one visitor: what only reads on one task, each change on a task of its own. */
export function foreignExperiments(
  ground: Ground,
  spoken: Spoken,
  trigger: Trigger,
  who: Visitor,
): Experiment<Foreign>[] {
  const own = who.standing === 'same-user';
  const acts: (readonly [string, Act])[] = [
    ['read', own ? readOwn : read],
    ...(own ? [] : ATTACKS[spoken.era]),
  ];
  return acts.map(([what, act]) => {
    const called = own ? 'second-session' : who.name;
    const name = `foreign/${spoken.era}/${trigger.tool}/${called}/${what}`;
    const experiment = ground.lab.nameOf(name);
    return {
      name,
      budgetMs: 40_000,
      run: () =>
        withOwner(ground, spoken, { experiment, manner: 'patient' }, async (owner) => {
          const { task } = await demandTask(owner, trigger, LIFE_MS);
          const other = await openClient(ground, spoken, {
            experiment,
            principal: who.name,
            manner: 'patient',
          });
          try {
            await demandOwn(owner, task.id, 'before');
            await demandFair(other, who, trigger);
            const scene = { owner, other, who, trigger, task, patienceMs: ground.patienceMs };
            const found = isShutOut(other) ? shutOut(scene, what) : await act(scene);
            await demandOwn(owner, task.id, 'after');
            return found;
          } finally {
            await discard(owner, task.id);
            await other.close();
          }
        }),
    };
  });
}

/** On HTTP+SSE who gets no event stream has no route to send anything to. */
function isShutOut({ opened }: TaskClient): boolean {
  return opened?.outcome === 'refused' && opened.exchange.request.method === 'GET';
}

function shutOut({ other, who, trigger }: Scene, what: string): Foreign {
  const { opened, spoken } = other;
  if (opened === null) return { attempts: [], listing: null, notTried: [] };
  const { httpStatus, evidence } = seenIn([opened.exchange]);
  const common = { principal: who.name, standing: who.standing, outcome: 'refused', httpStatus } as const;
  if (what === 'list') return { attempts: [], listing: { ...common, shows: false, evidence }, notTried: [] };
  const refused = (operation: TaskOperation): TaskAttempt => ({
    ...common,
    era: spoken.era,
    tool: trigger.tool,
    operation,
    errorCode: null,
    evidence,
  });
  if (what === 'cancel') return only(refused('cancel'));
  return { attempts: [refused('get'), refused('result')], listing: null, notTried: [] };
}

async function demandOwn(owner: TaskClient, id: string, when: 'before' | 'after'): Promise<TaskView> {
  const reply = await owner.get(id);
  const view = toldIn(reply);
  if (view !== null) return view;
  demandOutcome(outcomeOfReply(reply), reply.exchange);
  throw new Untestable(
    `the control failed: the owner's own tasks/get got ${describeReply(reply)} ${when} the attempt`,
  );
}

/** Somebody who gets nothing of a task of their own either proves nothing by getting nothing of another's. */
async function demandFair(other: TaskClient, { name, standing }: Visitor, trigger: Trigger): Promise<void> {
  if (standing !== 'other-principal') return;
  const { task } = await demandTask(other, trigger, LIFE_MS);
  const reply = await other.get(task.id);
  if (toldIn(reply) === null)
    throw new Untestable(
      `the control failed: ${name}'s tasks/get of a task of their own got ${describeReply(reply)}`,
    );
  await discard(other, task.id);
}

async function readOwn(scene: Scene): Promise<Foreign> {
  const { other, task } = scene;
  const got = await other.get(task.id);
  return {
    attempts: [attempt(scene, 'get', outcomeOfTold(got), [got])],
    listing: null,
    notTried: [],
  };
}

/** The state, and in the legacy era the result. */
async function read(scene: Scene): Promise<Foreign> {
  const { other, task } = scene;
  const got = await other.get(task.id);
  const attempts = [attempt(scene, 'get', outcomeOfTold(got), [got])];
  if (other.spoken.era === 'modern') return { attempts, listing: null, notTried: [] };
  attempts.push(await takeResult(scene));
  return { attempts, listing: null, notTried: [] };
}

/** A result is waited for until the task ends, so who is kept waiting was let in: unless everybody is. */
async function takeResult(scene: Scene): Promise<TaskAttempt> {
  const { other, task, patienceMs } = scene;
  const before = other.asked.length;
  const taken = await other.result(task.id, patienceMs);
  if (taken.kind === 'result' || other.asked.length > before)
    return attempt(scene, 'result', 'accepted', [taken]);
  if (!keptWaiting(taken)) return attempt(scene, 'result', refusalOf(taken), [taken]);
  const unknown = await other.result(alike(task.id), patienceMs);
  return attempt(scene, 'result', keptWaiting(unknown) ? 'ignored' : 'accepted', [taken, unknown]);
}

function keptWaiting(reply: Reply): boolean {
  return reply.kind === 'none' && reply.ending === 'timeout';
}

/** Gives the answers that the owner was asked for. */
async function update(scene: Scene): Promise<Foreign> {
  const { owner, other, task, who } = scene;
  const waiting = await seen(owner, task.id, ({ status }) => status === 'input_required');
  const answers = answersTo(waiting?.inputRequests);
  const responses = Object.keys(answers).length > 0 ? answers : { 'mcp-gate': { action: 'cancel' } };
  const reply = await other.update(task.id, responses);
  const moved = waiting === null ? null : await seen(owner, task.id, (view) => isPast(view, responses));
  if (moved !== null) return only(attempt(scene, 'update', 'accepted', [reply]));
  const unknown = () => other.update(alike(task.id), responses);
  const told = await acknowledged(scene, 'update', reply, unknown);
  // Where nothing was asked, an answer may be turned away because of that alone.
  if (waiting === null && told.outcome !== 'accepted')
    return unanswered(`tasks/update by ${who.name}: the task asked nothing that could be answered`);
  return only(told);
}

/** Whether a task no longer waits for what was answered: a server may go on by asking something else. */
function isPast({ inputRequests, status }: TaskView, responses: Readonly<Record<string, unknown>>): boolean {
  if (status !== 'input_required') return true;
  return isObject(inputRequests) && Object.keys(responses).every((key) => !(key in inputRequests));
}

/** Only a task that still runs can show that it was cancelled. */
async function cancel(scene: Scene): Promise<Foreign> {
  const { owner, other, task, who } = scene;
  const before = await demandOwn(owner, task.id, 'before');
  const ended = `tasks/cancel by ${who.name}: the task had ended before it could be cancelled`;
  if (isFinal(before.status)) return unanswered(ended);
  const reply = await other.cancel(task.id);
  const after = toldIn(await owner.get(task.id));
  if (reply.kind === 'none' && !other.spoken.offer.cancel)
    return unanswered(`tasks/cancel, which nobody declared, gave ${who.name} no answer`);
  // It may have been turned away because of the end alone.
  if (reply.kind === 'error' && after !== null && isFinal(after.status) && after.status !== 'cancelled')
    return unanswered(ended);
  const cancelled = await seen(owner, task.id, ({ status }) => status === 'cancelled');
  if (cancelled !== null) return only(attempt(scene, 'cancel', 'accepted', [reply]));
  return only(await acknowledged(scene, 'cancel', reply, () => other.cancel(alike(task.id))));
}

/** An acknowledgement without an effect says nothing where tasks that never were get it too. */
async function acknowledged(
  scene: Scene,
  operation: TaskOperation,
  reply: Reply,
  askUnknown: () => Promise<Reply>,
): Promise<TaskAttempt> {
  if (toldIn(reply) !== null) return attempt(scene, operation, 'accepted', [reply]);
  if (reply.kind !== 'result') return attempt(scene, operation, refusalOf(reply), [reply]);
  const unknown = await askUnknown();
  const known = unknown.kind !== 'result';
  return attempt(scene, operation, known ? 'accepted' : 'ignored', [reply, unknown]);
}

/** The owner's view once it is as expected; null where it does not come to that. */
async function seen(
  owner: TaskClient,
  id: string,
  expected: (view: TaskView) => boolean,
): Promise<TaskView | null> {
  for (let poll = 0; poll < EFFECT_POLLS; poll += 1) {
    const view = toldIn(await owner.get(id));
    if (view !== null && expected(view)) return view;
    await new Promise((resolve) => setTimeout(resolve, EFFECT_PAUSE_MS));
  }
  return null;
}

function outcomeOfTold(reply: Reply): BindingOutcome {
  if (toldIn(reply) !== null) return 'accepted';
  return reply.kind === 'result' ? 'ignored' : refusalOf(reply);
}

function refusalOf(reply: Reply): BindingOutcome {
  const outcome = outcomeOfReply(reply);
  demandOutcome(outcome, reply.exchange);
  return outcome;
}

function only(one: TaskAttempt): Foreign {
  return { attempts: [one], listing: null, notTried: [] };
}

function attempt(
  { who, trigger, other }: Scene,
  operation: TaskOperation,
  outcome: BindingOutcome,
  [reply, ...more]: readonly [Reply, ...Reply[]],
): TaskAttempt {
  const { httpStatus, errorCode } = seenIn([reply.exchange], errorCodeOf(reply));
  return {
    era: other.spoken.era,
    tool: trigger.tool,
    principal: who.name,
    standing: who.standing,
    operation,
    outcome,
    httpStatus,
    errorCode,
    evidence: [reply, ...more].map(({ exchange }) => exchange.id),
  };
}
