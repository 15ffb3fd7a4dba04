/** Facts of the probe `elicitation`: what the server would put before a user, and what it makes of the answer. 2025-11-25 and 2026-07-28 client/elicitation. */
import { z } from 'zod';
import { formFacts } from './elicitationForm.js';
import { urlFacts } from './elicitationUrl.js';
import { durationMs, evidence, httpStatus, rpcCode } from './shared.js';

const name = z.string().max(64);
const era = z.enum(['legacy', 'modern']);
export const tool = z
  .string()
  .max(256)
  .describe('Name of the tool that was called; empty where the server asked before any was.');

export const declaredElicitation = z
  .enum(['none', 'empty', 'form', 'url', 'both'])
  .describe(
    'What the client said it can do. none: no elicitation capability. empty: `elicitation: {}`, which means form only.',
  );
export type DeclaredElicitation = z.infer<typeof declaredElicitation>;

export const elicitationChannel = z
  .enum(['server-request', 'error', 'input-required', 'task'])
  .describe(
    'server-request: `elicitation/create` from the server, on any stream. error: error -32042 with its list. input-required: an `input_required` result. task: an input request of a task.',
  );
export type ElicitationChannel = z.infer<typeof elicitationChannel>;

/** One call of a trigger by one client. */
const call = z.strictObject({
  tool,
  at: z.string().describe('JSON pointer of the trigger in the manifest.'),
  source: z
    .enum(['exercise', 'auto'])
    .describe('exercise: the manifest names it. auto: chosen by readOnlyHint, because the manifest says so.'),
  expected: z.boolean().describe('The manifest expects an elicitation of it.'),
  era,
  principal: name,
  declared: declaredElicitation,
  outcome: z
    .enum(['result', 'tool-error', 'error', 'refused', 'asked', 'inconclusive'])
    .describe(
      'How the call ended when whatever it asked was declined. asked: it never ended by itself within the bounds. refused: -32021 or -32602 for a missing capability.',
    ),
  elicited: z.number().int().describe('Elicitations it caused.'),
  httpStatus,
  errorCode: rpcCode,
  evidence,
});
export type ElicitationCall = z.infer<typeof call>;

const shape = z
  .enum(['2025-06-18', '2025-11-25', '2026-07-28', 'advisory', 'unknown'])
  .describe(
    'Which description of the request it fits. advisory: `uri` with `uriValidation`, as published advice has it, in no revision of the specification.',
  );

/** One elicitation as it was received. */
const request = z.strictObject({
  id: z.string().describe('e1, e2, …: as in the audit log.'),
  atMs: durationMs.describe('Since the start of the run.'),
  tool,
  at: z.string().describe('JSON pointer of the trigger in the manifest.'),
  era,
  revision: z.string().nullable(),
  principal: name,
  declared: declaredElicitation,
  channel: elicitationChannel,
  callId: z.string().nullable().describe('JSON-RPC id of the call that caused it.'),
  requestId: z
    .string()
    .nullable()
    .describe("JSON-RPC id, or key among the input requests, of the server's request."),
  taskId: z
    .string()
    .nullable()
    .describe('Hash (16 hexadecimal digits of SHA-256) of the id of the task it belongs to.'),
  sessionHash: z.string().nullable().describe('16 hexadecimal digits of SHA-256 of the session id.'),
  mode: z.enum(['form', 'url', 'other']),
  modeSent: z.string().max(64).nullable().describe('The `mode` member as sent; null when it was left out.'),
  modeDeclared: z.boolean().describe('The client had declared this mode.'),
  shape,
  deviations: z
    .array(
      z.enum([
        'mode-missing',
        'mode-unknown',
        'message-missing',
        'url-missing',
        'uri-instead-of-url',
        'schema-missing',
        'elicitation-id-missing',
        'elicitation-id-unexpected',
        'uri-validation',
        'wrong-type',
      ]),
    )
    .describe('Where it differs from the shape of its revision.'),
  message: z.strictObject({
    text: z.string().max(2_000).describe('Hostile text, cut short.'),
    length: z.number().int(),
    hiddenCharacters: z.boolean(),
    links: z.number().int().describe('URLs in the text.'),
  }),
  elicitationId: z.strictObject({ hash: z.string(), length: z.number().int() }).nullable(),
  completionNotified: z
    .boolean()
    .nullable()
    .describe('`notifications/elicitation/complete` arrived for it; null where there is no id.'),
  url: urlFacts.nullable(),
  form: formFacts.nullable(),
  expectedOrigin: z
    .strictObject({
      value: z.string().max(2_000),
      agrees: z.boolean().describe('It is the origin of the URL.'),
    })
    .nullable()
    .describe('The advisory `uriValidation.expectedOrigin`, where it was sent. Never trusted.'),
  evidence,
});
export type ElicitationRequest = z.infer<typeof request>;

/** What the server did with one answer. */
const answer = z.strictObject({
  tool,
  at: z.string(),
  era,
  principal: name,
  mode: z.enum(['form', 'url']),
  answer: z
    .enum(['accept', 'accept-invalid', 'decline', 'cancel'])
    .describe('accept-invalid: accepted with content that breaks the requested schema.'),
  reaction: z
    .enum(['went-on', 'stopped', 'asked-again', 'rejected', 'inconclusive'])
    .describe(
      'went-on: the same outcome as after an accepted answer; after accept and accept-invalid any result that reports no failure and no refusal. stopped: another outcome, or a tool error. asked-again: another elicitation, and no such outcome. rejected: a protocol error for the answer. inconclusive: it did not end; right for `accept` in URL mode, where the page is never finished.',
    ),
  distinguishable: z
    .boolean()
    .describe(
      'The outcome after `accept` differs from that after another answer (decline, cancel, other content), so that going on can be told from stopping.',
    ),
  rounds: z.number().int().describe('Elicitations in this call, the first included.'),
  endless: z
    .boolean()
    .describe(
      'It was still asking when the bound on rounds was reached. Never true of `accept` in URL mode: the page was not opened, so asking again is right.',
    ),
  evidence,
});
export type ElicitationAnswer = z.infer<typeof answer>;

/** The same call by two principals, or twice by one. */
const comparison = z.strictObject({
  tool,
  at: z.string(),
  era,
  between: z
    .enum(['principals', 'calls'])
    .describe('principals: two users. calls: the same user twice, in sessions of their own.'),
  principals: z.array(name),
  sameUrl: z.boolean(),
  sharedState: z
    .array(z.string().max(64))
    .describe(
      'Names of parameters that look like state (long, random) and have the same value in both. Beside a state of their own only those that are called as state is: others belong to the page, as a plan or a document does.',
    ),
  stateParameters: z
    .number()
    .int()
    .describe('Parameters that look like state, in the first URL, without those that belong to the page.'),
  stateBits: z
    .number()
    .nullable()
    .describe('The largest estimate of randomness among them, in bits; null when there are none.'),
  evidence,
});
export type ElicitationComparison = z.infer<typeof comparison>;

export const elicitationFacts = z.strictObject({
  exercised: z.boolean().describe('At least one trigger was called.'),
  couldElicit: z
    .array(z.enum(['manifest-expects', 'manifest-declares-origins', 'tool-text', 'seen']))
    .describe(
      'Why the server may elicit. manifest-expects: a trigger with `expect: elicitation`. tool-text: a tool speaks of asking the user. seen: it did.',
    ),
  reviewed: z
    .array(z.string())
    .describe(
      'Origins that were known when the URLs were analysed: those of the policy and of the manifest.',
    ),
  askingTools: z
    .array(tool)
    .describe(
      'Tools whose texts speak of asking the user, up to 20; where the manifest names no trigger, these are to be named.',
    ),
  calls: z.array(call),
  requests: z.array(request),
  omitted: z.number().int().describe('Elicitations beyond the bound, of which nothing was kept.'),
  answers: z.array(answer),
  comparisons: z.array(comparison),
});
export type ElicitationFacts = z.infer<typeof elicitationFacts>;
