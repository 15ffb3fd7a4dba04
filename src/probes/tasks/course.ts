/** Follows a task from its creation to its end, and cancels another: which statuses it goes through. */
import type { RelatedTask, TaskCancellation, TaskCourse, TaskGrant, TaskStatus } from '../../facts/tasks.js';
import type { Reply } from '../../wire/exchange.js';
import { answersTo } from '../answers.js';
import { type Experiment, Untestable } from '../lab.js';
import { demandOutcome, describeReply, errorCodeOf, outcomeOfReply } from '../reading.js';
import { demandTask, type Started, type TaskClient, withOwner } from './client.js';
import type { Ground, Spoken, Trigger } from './ground.js';
import { grantOf } from './lives.js';
import { isFinal, namesTask, type TaskView, toldIn } from './view.js';

const WATCH_MS = 12_000;
const LEAST_POLL_MS = 50;
const LONGEST_POLL_MS = 2000;
const USUAL_POLL_MS = 250;
/** What a client asks for that means to come back within the minute. */
const USUAL_LIFE_MS = 60_000;
const SETTLE_MS = 300;
const LEAST_AFTERMATH_MS = 1000;
const LONGEST_AFTERMATH_MS = 8000;

/** What a tool asks; a server may ask for the roots of its client whenever it likes. */
const ASKED_FOR_TASKS: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage']);

export interface Watched {
  readonly course: TaskCourse;
  readonly cancellation: TaskCancellation | null;
  readonly related: readonly RelatedTask[];
  readonly grant: TaskGrant;
  /** Milliseconds until it ended; null where it did not while it was watched. */
  readonly tookMs: number | null;
}

/** Watches a task that is left alone, answers what it asks, and cancels it when it is over. */
export function watchExperiment(ground: Ground, spoken: Spoken, trigger: Trigger): Experiment<Watched> {
  const name = `course/${spoken.era}/${trigger.tool}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    budgetMs: WATCH_MS + 20_000,
    run: () =>
      withOwner(ground, spoken, { experiment }, async (client) => {
        const began = await demandTask(client, trigger, USUAL_LIFE_MS);
        const { id } = began.task;
        const log = new Log(began);
        const answering = new Answering(client, id);
        await follow(client, log, WATCH_MS, (view) => answering.see(view));
        const tookMs = isFinal(log.status) ? log.elapsed() : null;
        const result = spoken.era === 'legacy' && tookMs !== null ? await answering.result() : null;
        const cancellation =
          spoken.offer.cancel && tookMs !== null ? await cancel(client, trigger, id, log) : null;
        for (let look = 0; look < 2 && tookMs !== null; look += 1) {
          await pause(SETTLE_MS);
          await lookAgain(client, log);
        }
        return {
          course: log.course(spoken, trigger, 'watched'),
          cancellation,
          related: relatedOf(client, trigger, id, result),
          grant: grantOf(spoken, trigger, USUAL_LIFE_MS, began),
          tookMs,
        };
      }),
  };
}

export interface Cancelled {
  readonly course: TaskCourse;
  readonly cancellation: TaskCancellation;
}

/** Cancels a task as its owner, twice, and watches whether it stays so. `tookMs`: how long such a task takes if left alone. */
export function cancelExperiment(
  ground: Ground,
  spoken: Spoken,
  trigger: Trigger,
  tookMs: number | null,
): Experiment<Cancelled> {
  const name = `cancel/${spoken.era}/${trigger.tool}`;
  const experiment = ground.lab.nameOf(name);
  const aftermathMs = Math.min(
    LONGEST_AFTERMATH_MS,
    Math.max(LEAST_AFTERMATH_MS, (tookMs ?? LONGEST_AFTERMATH_MS) + LEAST_AFTERMATH_MS),
  );
  return {
    name,
    budgetMs: aftermathMs + 20_000,
    run: () =>
      withOwner(ground, spoken, { experiment }, async (client) => {
        const began = await demandTask(client, trigger, USUAL_LIFE_MS);
        const log = new Log(began);
        await lookAgain(client, log);
        const cancellation = await cancel(client, trigger, began.task.id, log);
        await follow(client, log, aftermathMs, () => 'stay');
        return { course: log.course(spoken, trigger, 'cancelled'), cancellation };
      }),
  };
}

/** What has been seen of one task. */
class Log {
  readonly #steps: TaskCourse['steps'] = [];
  readonly #evidence: string[];
  readonly #began = performance.now();
  readonly id: string;
  pollMs: number;

  constructor({ task, reply }: Started) {
    this.id = task.id;
    this.pollMs = task.pollMs ?? USUAL_POLL_MS;
    this.#evidence = [reply.exchange.id];
    this.#steps.push({ status: task.status, afterMs: 0 });
  }

  get status(): TaskStatus {
    return this.#steps.at(-1)?.status ?? 'other';
  }

  elapsed(): number {
    return Math.round(performance.now() - this.#began);
  }

  see({ status, pollMs }: TaskView, exchange: string): void {
    this.pollMs = pollMs ?? this.pollMs;
    if (status === this.status) return;
    this.#steps.push({ status, afterMs: this.elapsed() });
    this.#evidence.push(exchange);
  }

  course({ era }: Spoken, { tool }: Trigger, kind: TaskCourse['kind']): TaskCourse {
    return {
      era,
      tool,
      kind,
      steps: this.#steps,
      ended: this.#steps.some(({ status }) => isFinal(status)),
      evidence: this.#evidence,
    };
  }
}

/** Asks for the status once. Null where the task is gone, which is nobody's fault by itself. */
async function lookAgain(client: TaskClient, log: Log): Promise<TaskView | null> {
  const reply = await client.get(log.id);
  const view = toldIn(reply);
  if (view !== null) log.see(view, reply.exchange.id);
  return view;
}

/** Polls until the task has ended, or is gone; with 'stay' as long as there is time. */
async function follow(
  client: TaskClient,
  log: Log,
  withinMs: number,
  onView: (view: TaskView) => Promise<void> | 'stay',
): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (let first = true; performance.now() < deadline; first = false) {
    const reply = await client.get(log.id);
    const view = toldIn(reply);
    if (view === null && first && log.elapsed() < 2000 && !isFinal(log.status))
      throw new Untestable(
        `the control failed: the owner's tasks/get of a new task got ${describeReply(reply)}`,
      );
    if (view === null) return;
    log.see(view, reply.exchange.id);
    const next = onView(view);
    if (next !== 'stay') {
      await next;
      if (isFinal(view.status)) return;
    }
    await pause(Math.min(LONGEST_POLL_MS, Math.max(LEAST_POLL_MS, log.pollMs)));
  }
}

/** Gives what a task asks for, in the way of the era: tasks/update, or a tasks/result that carries the requests. */
class Answering {
  #result: Promise<Reply> | null = null;
  readonly #answered = new Set<string>();

  constructor(
    private readonly client: TaskClient,
    private readonly id: string,
  ) {}

  async see({ status, inputRequests }: TaskView): Promise<void> {
    if (status !== 'input_required') return;
    if (this.client.spoken.era === 'legacy') {
      this.#result ??= this.client.result(this.id, WATCH_MS);
      return;
    }
    const answers = Object.entries(answersTo(inputRequests)).filter(([key]) => !this.#answered.has(key));
    if (answers.length === 0) return;
    for (const [key] of answers) this.#answered.add(key);
    await this.client.update(this.id, Object.fromEntries(answers));
  }

  result(): Promise<Reply> {
    this.#result ??= this.client.result(this.id, WATCH_MS / 2);
    return this.#result;
  }
}

/** Cancels as the owner, and a second time where the first was taken. */
async function cancel(
  client: TaskClient,
  { tool }: Trigger,
  id: string,
  log: Log,
): Promise<TaskCancellation> {
  const before = log.status;
  const first = await client.cancel(id);
  const outcome = outcomeOfReply(first);
  demandOutcome(outcome, first.exchange);
  const after = (await lookAgain(client, log))?.status ?? null;
  const again = outcome === 'accepted' && !isFinal(before) ? await client.cancel(id) : null;
  return {
    era: client.spoken.era,
    tool,
    before,
    outcome,
    errorCode: errorCodeOf(first),
    after,
    again: again === null ? null : { outcome: outcomeOfReply(again), errorCode: errorCodeOf(again) },
    evidence: [first.exchange.id, ...(again === null ? [] : [again.exchange.id])],
  };
}

/** What must name the task it belongs to. 2025-11-25 basic/utilities/tasks, "Associating Task-Related Messages". */
function relatedOf(client: TaskClient, { tool }: Trigger, id: string, result: Reply | null): RelatedTask[] {
  const own = client.asked.filter(({ method }) => ASKED_FOR_TASKS.has(method));
  const requests = own.map(({ method, params, exchange }) => ({
    tool,
    message: 'request' as const,
    method: method.slice(0, 100),
    present: namesTask(params, id),
    evidence: exchange === null ? [] : [exchange],
  }));
  if (result?.kind !== 'result') return requests;
  return [
    ...requests,
    {
      tool,
      message: 'result',
      method: 'tasks/result',
      present: namesTask(result.result, id),
      evidence: [result.exchange.id],
    },
  ];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
