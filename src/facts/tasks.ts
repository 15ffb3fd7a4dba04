/** Facts of the probe `tasks`: whose a task is, what becomes of it, and how long it is kept. 2025-11-25 basic/utilities/tasks, extension io.modelcontextprotocol/tasks. */
import { z } from 'zod';
import { bindingOutcome, identifiers, standing } from './session.js';
import { durationMs, evidence, httpStatus, rpcCode } from './shared.js';

const name = z.string().max(64);
const tool = z.string();
const era = z
  .enum(['legacy', 'modern'])
  .describe('legacy: revision 2025-11-25. modern: the extension to 2026-07-28.');

export const taskStatus = z
  .enum(['working', 'input_required', 'completed', 'failed', 'cancelled', 'other'])
  .describe('Status of a task; other: a word that no revision knows, or none.');
export type TaskStatus = z.infer<typeof taskStatus>;

const offer = z.strictObject({
  era,
  advertised: z.boolean().describe('The capability, or the extension, is declared.'),
  toolsCall: z.boolean().describe('Tool calls may become tasks.'),
  list: z.boolean().describe('tasks/list is declared; never in the modern era.'),
  cancel: z.boolean().describe('tasks/cancel is declared; in the modern era it comes with the extension.'),
  evidence,
});
export type TaskOffer = z.infer<typeof offer>;

const lifetimeMs = z
  .number()
  .nullable()
  .describe('Milliseconds from creation; null where none was named, or it was no number.');

const ledTo = z
  .enum(['task', 'result', 'failure', 'error', 'nothing'])
  .describe('What a call led to. failure: a result that says it failed. nothing: no JSON-RPC answer.');

const trigger = z.strictObject({
  era,
  tool,
  support: z
    .enum(['required', 'optional', 'forbidden'])
    .nullable()
    .describe('execution.taskSupport of the tool; null where it says nothing, and in the modern era.'),
  expected: z.boolean().describe('The manifest expects a task of it.'),
  outcome: ledTo,
  httpStatus,
  errorCode: rpcCode,
  evidence,
});
export type TaskTrigger = z.infer<typeof trigger>;

const course = z.strictObject({
  era,
  tool,
  kind: z
    .enum(['watched', 'cancelled'])
    .describe('watched: left alone, and answered what it asked. cancelled: cancelled by its owner.'),
  steps: z
    .array(z.strictObject({ status: taskStatus, afterMs: durationMs }))
    .describe('Each status that was seen, in order; between two of them others may have been missed.'),
  ended: z.boolean().describe('It reached a status that is final.'),
  evidence,
});
export type TaskCourse = z.infer<typeof course>;

const cancellation = z.strictObject({
  era,
  tool,
  before: taskStatus.describe('Status just before.'),
  outcome: bindingOutcome,
  errorCode: rpcCode,
  after: taskStatus.nullable().describe('Status just after; null where the task was gone.'),
  again: z
    .strictObject({ outcome: bindingOutcome, errorCode: rpcCode })
    .nullable()
    .describe('The same a second time; null where the first was not taken.'),
  evidence,
});
export type TaskCancellation = z.infer<typeof cancellation>;

export const taskOperation = z
  .enum(['get', 'result', 'update', 'cancel'])
  .describe('tasks/get, tasks/result (legacy), tasks/update (modern), tasks/cancel.');
export type TaskOperation = z.infer<typeof taskOperation>;

const attempt = z.strictObject({
  era,
  tool,
  principal: name,
  standing,
  operation: taskOperation,
  outcome: bindingOutcome.describe(
    'accepted: the state of the task, its result, what it asks, or an effect on it. ignored: acknowledged, as for a task that never was, and without effect.',
  ),
  httpStatus,
  errorCode: rpcCode,
  evidence,
});
export type TaskAttempt = z.infer<typeof attempt>;

const listing = z.strictObject({
  principal: name,
  standing,
  outcome: bindingOutcome,
  shows: z.boolean().describe("A task of the owner's was in the list."),
  httpStatus,
  evidence,
});
export type TaskListing = z.infer<typeof listing>;

const grant = z.strictObject({
  era,
  tool,
  askedMs: lifetimeMs,
  grantedMs: lifetimeMs,
  unlimited: z.boolean().describe('The server said null: for ever.'),
  evidence,
});
export type TaskGrant = z.infer<typeof grant>;

const retention = z.strictObject({
  era,
  tool,
  grantedMs: durationMs,
  lostEarly: z.boolean().describe('It could not be had any more after half of its life.'),
  keptMs: durationMs
    .nullable()
    .describe(
      'How long after its creation it was still there though its life was over; null where it was gone.',
    ),
  evidence,
});
export type TaskRetention = z.infer<typeof retention>;

const related = z.strictObject({
  tool,
  message: z
    .enum(['result', 'request'])
    .describe('result: the answer to tasks/result. request: what the server asked its client for the task.'),
  method: z.string().max(100),
  present: z.boolean().describe('_meta names the task it belongs to.'),
  evidence,
});
export type RelatedTask = z.infer<typeof related>;

const negotiation = z.strictObject({
  era,
  tool,
  case: z
    .enum([
      'client-without-tasks',
      'plain-call',
      'required-plain-call',
      'forbidden-tool',
      'server-without-tasks',
    ])
    .describe(
      'client-without-tasks: the client did not declare the extension. plain-call: a call that asks for no task. required-plain-call: the same of a tool that is only to be had as a task. forbidden-tool: a task asked of a tool that is none. server-without-tasks: a task asked of a server that declares none.',
    ),
  outcome: ledTo,
  httpStatus,
  errorCode: rpcCode,
  evidence,
});
export type TaskNegotiation = z.infer<typeof negotiation>;

const taskIdentifiers = identifiers.omit({ kind: true, tool: true }).extend({ era, tool });
export type TaskIdentifiers = z.infer<typeof taskIdentifiers>;

export const tasksFacts = z.strictObject({
  authenticated: z
    .boolean()
    .describe(
      'Requests need a token; where they do not, nobody is another principal. Always false on stdio.',
    ),
  offers: z.array(offer).describe('One for each era that is spoken.'),
  triggers: z.array(trigger),
  courses: z.array(course),
  cancellations: z.array(cancellation),
  attempts: z
    .array(attempt)
    .describe('What others, and the owner in another session, get of a task of the owner. Empty on stdio.'),
  listings: z.array(listing).describe('tasks/list of the legacy era by others.'),
  identifiers: z
    .array(taskIdentifiers)
    .describe('Statistics of task ids. The ids themselves are in no fact.'),
  grants: z.array(grant).describe('Lives asked for and granted: a short one, a very long one, none.'),
  retentions: z.array(retention).describe('Only of lives short enough to be waited for.'),
  related: z.array(related).describe('The legacy era only: what must name the task it belongs to.'),
  negotiations: z.array(negotiation),
  principalsMissing: z.array(z.strictObject({ name, reason: z.string() })),
  notTried: z.array(
    z.strictObject({
      what: z.string(),
      reason: z.string().describe('Why there was nothing to try; no gap in the proof.'),
    }),
  ),
});
export type TasksFacts = z.infer<typeof tasksFacts>;
