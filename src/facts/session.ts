/** Facts of the probe `session`: what a session id, a handle or a `requestState` is worth in other hands. 2025-11-25 basic/transports, 2026-07-28 basic/patterns/mrtr. */
import { z } from 'zod';
import { evidence, httpStatus, rpcCode } from './shared.js';

const name = z.string().max(64);

/** What the one who tried is to the owner of the session. */
export const standing = z
  .enum([
    'same-user',
    'same-user-narrower',
    'same-user-other-client',
    'other-principal',
    'nobody',
    'defective',
  ])
  .describe(
    'same-user: the owner with another token, after a refresh. same-user-narrower: the owner with fewer scopes. same-user-other-client: the owner through another client. other-principal: somebody else with a valid token. nobody: no token, or one that nobody issued. defective: a token that is not valid.',
  );
export type Standing = z.infer<typeof standing>;

export const bindingOutcome = z
  .enum(['accepted', 'refused', 'ignored', 'inconclusive'])
  .describe(
    'accepted: a result, a stream or an effect came back. refused: nothing did, while the owner was served before and after. ignored: taken with a 2xx status, but without effect. inconclusive: the answer proves neither.',
  );
export type BindingOutcome = z.infer<typeof bindingOutcome>;

const principal = z.strictObject({
  name,
  standing,
  caveat: z.string().nullable().describe('What an experiment with this principal does not prove.'),
  ownRequest: bindingOutcome.describe(
    'A request in a session of its own; for nobody and defective tokens, too.',
  ),
  ownCall: bindingOutcome
    .nullable()
    .describe('A tool call in a session of its own; null when none was tried.'),
  evidence,
});
export type PrincipalFacts = z.infer<typeof principal>;

const missing = z.strictObject({ name, reason: z.string() });

export const operation = z
  .enum(['request', 'call', 'notification', 'stream', 'resume', 'delete', 'response'])
  .describe(
    'request: tools/list, or ping. call: a tool that the manifest names. notification: a POST without an answer. stream: GET. resume: GET with a Last-Event-ID of the owner. delete: DELETE. response: an answer to what the server asked the owner.',
  );
export type Operation = z.infer<typeof operation>;

const attempt = z.strictObject({
  face: z
    .string()
    .describe('Path of the route: the endpoint, or the event stream of the deprecated transport.'),
  principal: name,
  standing,
  operation,
  outcome: bindingOutcome,
  httpStatus,
  errorCode: rpcCode,
  ownRight: z
    .boolean()
    .describe(
      'The same principal is served the same without the session of the owner, so the session was no key to it.',
    ),
  servedAs: z
    .enum(['owner', 'caller', 'other'])
    .nullable()
    .describe('Whom the tool named in whoami took the caller for; null when nobody can tell.'),
  sessionLost: z.boolean().describe("The owner's session was gone after it."),
  evidence,
});
export type Attempt = z.infer<typeof attempt>;

const notTried = z.strictObject({
  what: z.string(),
  reason: z.string().describe('Why there was nothing to try; no gap in the proof.'),
});

const idAttempt = z.strictObject({
  case: z
    .enum(['never-issued', 'tail-changed', 'parameters', 'percent-nul', 'space-inside', 'empty', 'missing'])
    .describe(
      'never-issued: an id of the same form. tail-changed: a live id with other last characters. parameters: with "&owner=…" appended. percent-nul: with "%00" appended. space-inside: with a space and more. empty: an empty header. missing: no header. Line breaks cannot be put into a header.',
    ),
  operation: z.enum(['request', 'notification']),
  outcome: bindingOutcome,
  httpStatus,
  evidence,
});
export type IdAttempt = z.infer<typeof idAttempt>;

/** Statistics of identifiers that the server gave out. The identifiers themselves are in no fact. */
export const identifiers = z.strictObject({
  kind: z.enum(['session', 'handle', 'event']),
  tool: z.string().nullable().describe('The tool that minted the handles; null for others.'),
  sampled: z.number().int(),
  distinct: z.number().int(),
  minLength: z.number().int(),
  maxLength: z.number().int(),
  alphabet: z.enum([
    'digits',
    'hex',
    'lower-alphanumeric',
    'alphanumeric',
    'base64url',
    'printable',
    'other',
  ]),
  visibleAscii: z.boolean().describe('Only characters from 0x21 to 0x7E, as the specification asks.'),
  form: z
    .enum(['uuid-v4', 'uuid-v7', 'uuid-v1', 'uuid', 'ulid', 'pointer', 'number', 'opaque'])
    .describe('pointer: looks like an address in memory.'),
  order: z
    .enum(['ascending', 'descending', 'none'])
    .describe('Of their values, in the order they were given out.'),
  counter: z.boolean().describe('They count: each is the one before plus a little.'),
  time: z.boolean().describe('A part of them is the time of issue.'),
  commonPrefix: z.number().int().describe('Characters they all begin with.'),
  randomBits: z
    .number()
    .int()
    .nullable()
    .describe(
      'Bits that look random after parts that repeat, count, or tell the time; null with too few samples.',
    ),
  evidence,
});
export type Identifiers = z.infer<typeof identifiers>;

const requestStateCase = z.strictObject({
  case: z.enum([
    'other-principal',
    'other-arguments',
    'other-tool',
    'changed-character',
    'rewritten-json',
    'truncated',
    'emptied',
    'expired',
  ]),
  detail: z.string().nullable().describe('Who, where it was changed, or how long its life was.'),
  outcome: bindingOutcome,
  httpStatus,
  errorCode: rpcCode,
  evidence,
});

export const sessionFacts = z.strictObject({
  authenticated: z
    .boolean()
    .describe(
      'Requests need a token. Where they do not, nobody is another principal and such attempts are not made.',
    ),
  principals: z.array(principal).describe('Who tried, beside the owner.'),
  principalsMissing: z.array(missing).describe('Who could not try, and why.'),
  issued: z.boolean().describe('The server gives out session ids.'),
  carrier: z
    .enum(['header', 'query'])
    .nullable()
    .describe('Where session ids travel; null when there are none.'),
  attempts: z.array(attempt),
  notTried: z.array(notTried),
  openedWithoutToken: z
    .strictObject({ outcome: bindingOutcome, sessionIssued: z.boolean(), httpStatus, evidence })
    .nullable()
    .describe('initialize without a token; null where no request needs one.'),
  fixation: z
    .strictObject({ adopted: z.boolean(), httpStatus, evidence })
    .nullable()
    .describe('Whether the server takes a session id that the client chose.'),
  idAttempts: z.array(idAttempt),
  termination: z
    .strictObject({
      offered: z.boolean().describe('DELETE by the owner is answered with 2xx.'),
      survives: z.boolean().describe('Requests with the id are still served afterwards.'),
      httpStatus,
      evidence,
    })
    .nullable(),
  identifiers: z.array(identifiers),
  rebinding: z
    .strictObject({
      rebound: z
        .boolean()
        .describe('The owner is taken for the other principal after that one used the session.'),
      by: name,
      evidence,
    })
    .nullable()
    .describe('null without a tool that tells who the server thinks its caller is.'),
  streams: z.array(
    z.strictObject({
      case: z
        .enum(['owner-displaced', 'foreign-events', 'foreign-subscription'])
        .describe(
          "owner-displaced: GET with the owner's id while the owner holds the stream. foreign-events: the owner's Last-Event-ID from a session of one's own. foreign-subscription: subscriptions/listen while another acts.",
        ),
      principal: name,
      outcome: bindingOutcome,
      ownerStreamEnded: z.boolean(),
      httpStatus,
      evidence,
    }),
  ),
  injections: z.array(
    z.strictObject({
      via: z
        .enum(['own-session', 'foreign-session'])
        .describe("Where the event was caused: in one's own session, or on the owner's."),
      principal: name,
      outcome: bindingOutcome.describe("accepted: it reached the owner's stream."),
      evidence,
    }),
  ),
  collisions: z.array(
    z.strictObject({
      era: z.enum(['legacy', 'modern']),
      clients: z.number().int(),
      rounds: z.number().int(),
      canary: z.boolean().describe('Each answer could be told by a word that only one client had sent.'),
      misdelivered: z.number().int().describe('Answers that reached another client, or reached one twice.'),
      unanswered: z.number().int(),
      evidence,
    }),
  ),
  confirmation: z
    .strictObject({
      supported: z.boolean().describe('A token bound to a key is served with a valid proof (DPoP).'),
      attempts: z.array(
        z.strictObject({
          principal: name,
          where: z.enum(['initialize', 'session']),
          outcome: bindingOutcome,
          httpStatus,
          evidence,
        }),
      ),
    })
    .nullable(),
  modern: z
    .strictObject({
      requestStates: z.array(
        z.strictObject({
          tool: z.string(),
          influential: z.boolean().describe('Without it the call does not go on, so it decides something.'),
          cases: z.array(requestStateCase),
        }),
      ),
      cached: z.array(
        z.strictObject({
          method: z.string(),
          scope: z.enum(['public', 'private']).nullable(),
          differs: z
            .boolean()
            .describe('The two principals got different contents, and each the same twice.'),
          between: z.array(name),
          evidence,
        }),
      ),
    })
    .nullable()
    .describe('null when no modern revision is spoken.'),
  handles: z.array(
    z.strictObject({
      tool: z.string().describe('The tool that mints it.'),
      principal: name,
      standing,
      outcome: bindingOutcome,
      httpStatus,
      errorCode: rpcCode,
      evidence,
    }),
  ),
});
export type SessionFacts = z.infer<typeof sessionFacts>;
