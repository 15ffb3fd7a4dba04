/** Facts of the probe `protocol`: how the candidate negotiates a revision. Specification: basic/lifecycle, basic/versioning. */
import { z } from 'zod';
import { durationMs, evidence, httpStatus, rpcCode } from './shared.js';

export const initializeOutcome = z
  .enum(['same', 'counter-offer', 'error', 'http-error', 'malformed', 'silence', 'exit'])
  .describe(
    'same: answered with the version it was asked for. counter-offer: with another one. error: JSON-RPC error. http-error: HTTP status without JSON-RPC. malformed: an answer that is no InitializeResult. silence: no answer in time. exit: the candidate ended.',
  );

const initializeAttempt = z.strictObject({
  case: z
    .enum(['known', 'unknown', 'empty', 'number', 'absent', 'modern'])
    .describe(
      'What was asked for: a published legacy revision, one never published, "", a number, nothing, or a modern revision.',
    ),
  requested: z.union([z.string(), z.number(), z.null()]),
  outcome: initializeOutcome,
  answered: z
    .string()
    .nullable()
    .describe('protocolVersion of the answer; null when there was none or it was no string.'),
  known: z.boolean().describe('Whether `answered` is a published revision.'),
  httpStatus,
  errorCode: rpcCode,
  supported: z.array(z.string()).describe('error.data.supported, when the error listed it.'),
  sessionIssued: z.boolean(),
  capabilities: z.array(z.string()).describe('Names of the capabilities the server advertised, sorted.'),
  serverName: z.string().nullable(),
  serverVersion: z.string().nullable(),
  durationMs,
  evidence,
});
export type InitializeAttempt = z.infer<typeof initializeAttempt>;

const modernOutcome = z
  .enum([
    'result',
    'legacy-result',
    'unsupported-version',
    'error',
    'http-error',
    'malformed',
    'silence',
    'exit',
  ])
  .describe(
    'result: a result with the `resultType` that the modern era requires. legacy-result: one without, so the request was served under legacy rules. unsupported-version: error -32022. The others as for initialize.',
  );

const discover = z.strictObject({
  outcome: modernOutcome,
  supportedVersions: z.array(z.string()),
  capabilities: z.array(z.string()),
  serverName: z.string().nullable(),
  serverVersion: z.string().nullable(),
  httpStatus,
  errorCode: rpcCode,
  evidence,
});

const inlineRequest = z.strictObject({
  case: z.enum(['modern', 'legacy', 'unknown']).describe('The kind of revision named in `_meta`.'),
  requested: z.string(),
  outcome: modernOutcome,
  httpStatus,
  errorCode: rpcCode,
  supported: z.array(z.string()),
  evidence,
});
export type InlineRequest = z.infer<typeof inlineRequest>;

const versionHeader = z.strictObject({
  case: z
    .enum(['absent', 'invalid', 'other'])
    .describe(
      'MCP-Protocol-Version on a live session: missing, no published revision, published but not the negotiated one.',
    ),
  sent: z.string().nullable(),
  outcome: z.enum(['accepted', 'refused', 'inconclusive']),
  httpStatus,
  evidence,
});

export const modernCase = z.enum([
  'version-header-mismatch',
  'version-header-missing',
  'method-header-missing',
  'method-header-wrong',
  'name-header-missing',
  'name-header-wrong',
  'unknown-method',
  'unsupported-version',
  'meta-missing',
  'get',
  'delete',
  'session-header-echoed',
]);

const modernConformance = z.strictObject({
  case: modernCase,
  requirement: z.enum(['MUST', 'SHOULD']).describe('How strongly revision 2026-07-28 asks for it.'),
  expected: z.string().describe('What the revision asks for, for people: "HTTP 400 and -32020".'),
  conforms: z.boolean().nullable().describe('null when it could not be told.'),
  httpStatus,
  errorCode: rpcCode,
  evidence,
});

const difference = z.strictObject({
  between: z
    .array(z.string())
    .describe('The two askings compared: client names, or "attempt 1" and "attempt 2".'),
  what: z.enum(['protocolVersion', 'capabilities', 'tools', 'serverInfo']),
  evidence,
});

const claim = z.strictObject({
  source: z.enum(['manifest', 'server.json', 'lock']),
  kind: z.enum(['protocolVersion', 'capability']),
  claimed: z.string(),
  observed: z.boolean(),
  pointer: z
    .string()
    .describe('JSON pointer into the manifest where the claim, or the file that makes it, stands.'),
  evidence,
});

const violation = z.strictObject({
  revision: z.string(),
  message: z.string().describe('The message type that did not match: "InitializeResult".'),
  path: z.string().describe('JSON pointer into the message.'),
  problem: z.string(),
  evidence,
});

export const protocolFacts = z.strictObject({
  eras: z.array(z.enum(['legacy', 'modern'])).describe('Eras in which the candidate really answered.'),
  supported: z
    .array(z.string())
    .describe('Revisions the candidate really spoke when asked for them, oldest first.'),
  best: z.string().nullable().describe('What a current client that speaks every revision gets.'),
  oldestAccepted: z
    .string()
    .nullable()
    .describe('The oldest revision a client can drag the candidate down to.'),
  unknownAnswer: z.strictObject({
    outcome: z.enum([
      'echo',
      'counter-offer',
      'error',
      'http-error',
      'malformed',
      'silence',
      'exit',
      'not-asked',
    ]),
    answered: z.string().nullable(),
    evidence,
  }),
  initialize: z.array(initializeAttempt),
  discover: discover.nullable(),
  inline: z.array(inlineRequest),
  versionHeader: z.array(versionHeader).describe('Empty on stdio, which has no headers.'),
  modern: z.array(modernConformance).describe('Empty unless the candidate speaks a modern revision.'),
  stability: z.strictObject({ repeated: z.array(difference), byClient: z.array(difference) }),
  claims: z.array(claim),
  violations: z.array(violation),
});
export type ProtocolFacts = z.infer<typeof protocolFacts>;
