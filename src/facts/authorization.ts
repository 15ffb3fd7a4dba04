/** Facts of the probe `authorization`: whom the candidate serves, and what it tells those it turns away. Specification: basic/authorization. */
import { z } from 'zod';
import { evidence, httpStatus, rpcCode } from './shared.js';

const challenge = z
  .strictObject({
    schemes: z.array(z.string()).describe('Authentication schemes of the header, in lower case.'),
    bearer: z.boolean(),
    resourceMetadata: z.string().nullable().describe('RFC 9728 section 5.1.'),
    scopes: z.array(z.string()).nullable().describe('null when the challenge says nothing of scopes.'),
    error: z.string().nullable().describe('RFC 6750 section 3.1: invalid_token, insufficient_scope, …'),
    malformed: z.boolean().describe('The header breaks the grammar of RFC 9110 section 11.6.1.'),
  })
  .describe('What WWW-Authenticate of an answer says.');
export type Challenge = z.infer<typeof challenge>;

const operation = z
  .enum([
    'initialize',
    'request',
    'call',
    'notification',
    'stream',
    'delete',
    'discover',
    'listen',
    'message',
  ])
  .describe(
    'request: a list of tools, or a ping. stream: GET of an event stream. delete: end of a session. listen: subscriptions/listen. message: POST to the deprecated message route.',
  );
export type OperationKind = z.infer<typeof operation>;

const attempt = z.strictObject({
  face: z.string().describe('Path of the route.'),
  era: z.enum(['legacy', 'modern']),
  operation,
  method: z.string().describe('JSON-RPC method, or the HTTP method where no message was sent.'),
  outcome: z
    .enum(['accepted', 'refused', 'not-offered', 'inconclusive'])
    .describe(
      'accepted: a result, a stream or an effect came back. refused: none did, while the legitimate user was served before and after. not-offered: the legitimate user does not get it either. inconclusive: there was no legitimate user to compare with.',
    ),
  httpStatus,
  errorCode: rpcCode,
  challenge: challenge.nullable().describe('null when the answer had no WWW-Authenticate.'),
  evidence,
});
export type Attempt = z.infer<typeof attempt>;

const tokenAttempt = z.strictObject({
  principal: z.string().describe('The member of the cast whose token was sent.'),
  ...attempt.shape,
});
export type TokenAttempt = z.infer<typeof tokenAttempt>;

const doubledAttempt = z.strictObject({
  case: z
    .enum(['valid-first', 'valid-last'])
    .describe('Two Authorization headers, one with a valid token and one with an invented one.'),
  ...attempt.shape,
});
export type DoubledAttempt = z.infer<typeof doubledAttempt>;

const principal = z
  .strictObject({
    name: z.string(),
    available: z.boolean(),
    reason: z.string().nullable().describe('Why there is no token; null when available.'),
    distinction: z
      .enum(['not', 'subject', 'client', 'nobody', 'unproven'])
      .describe('How a server can tell this one from alice.'),
    subjectKnown: z.boolean(),
    audienceKnown: z.boolean(),
    scopes: z.array(z.string()).nullable().describe('null where neither the token nor its issuer tells.'),
    caveat: z.string().nullable(),
  })
  .describe('Who the gate could be. Tokens are never written anywhere.');
export type PrincipalFact = z.infer<typeof principal>;

const metadataDocument = z.strictObject({
  place: z
    .enum(['path', 'root', 'other'])
    .describe(
      'path, root: the well-known URI with and without the path of the endpoint. other: a URL that only a challenge named.',
    ),
  url: z.string(),
  announced: z.boolean().describe('A challenge named this URL.'),
  used: z.boolean().describe('The one that a client ends up with.'),
  outcome: z
    .enum(['document', 'absent', 'redirect', 'html', 'invalid', 'elsewhere', 'no-answer'])
    .describe(
      'absent: an HTTP error. invalid: no JSON object. elsewhere: not on the candidate, so not fetched. no-answer: nothing complete came in time.',
    ),
  httpStatus,
  resource: z.string().nullable(),
  resourceMatch: z
    .enum(['exact', 'loopback-alias', 'trailing-slash', 'parent', 'different', 'missing'])
    .nullable()
    .describe(
      'How `resource` compares with the endpoint. loopback-alias: another name of this machine. parent: a path above the endpoint. null without a document.',
    ),
  authorizationServers: z.array(z.string()),
  scopesSupported: z.array(z.string()).nullable(),
  evidence,
});
export type MetadataDocument = z.infer<typeof metadataDocument>;

const authorizationServer = z.strictObject({
  issuer: z.string().describe('As the resource metadata names it.'),
  https: z.boolean(),
  loopback: z.boolean(),
  named: z.boolean().describe('The manifest, or the identity the gate opened, names it too.'),
  outcome: z
    .enum(['document', 'none', 'unreachable', 'not-asked'])
    .describe(
      'none: it answers, and has no metadata. not-asked: it is neither at the candidate nor at an issuer that the manifest names.',
    ),
  reason: z.string().nullable(),
  metadataUrl: z.string().nullable(),
  announcedIssuer: z.string().nullable().describe('`issuer` of its metadata.'),
  issuerMatch: z.enum(['exact', 'trailing-slash', 'different', 'missing']).nullable(),
  s256: z
    .boolean()
    .nullable()
    .describe('Its metadata lists S256 among code_challenge_methods_supported; null without metadata.'),
  insecureEndpoints: z.array(z.string()).describe('Members whose URL is neither https nor on loopback.'),
  evidence,
});
export type AuthorizationServerFact = z.infer<typeof authorizationServer>;

const oddity = z.strictObject({
  kind: z
    .enum([
      'challenge-with-success',
      'error-instead-of-status',
      'server-error-for-token',
      'refused-without-401',
      'html-at-well-known',
      'redirect-at-well-known',
      'metadata-elsewhere',
      'malformed-challenge',
    ])
    .describe(
      'challenge-with-success: WWW-Authenticate on an answer that served. error-instead-of-status: a JSON-RPC error under a status of success. server-error-for-token: 5xx for a bad token. refused-without-401: a bad token got another refusal than 401.',
    ),
  where: z.string(),
  evidence,
});
export type Oddity = z.infer<typeof oddity>;

export const authorizationFacts = z.strictObject({
  provider: z.enum(['embedded', 'discovered', 'tokens', 'none']),
  endpoint: z.string().describe('URL of the MCP endpoint as it was reached, without a query.'),
  scopes: z.array(z.string()).describe('The scopes that the manifest names.'),
  required: z
    .enum(['all', 'some', 'none', 'unknown'])
    .describe(
      'Which operations are refused without a token. unknown: nothing was served, and nobody had a token.',
    ),
  bearer: z
    .boolean()
    .describe('Bearer tokens are what it wants: a challenge says so, or alice was served for hers.'),
  principals: z.array(principal),
  anonymous: z.array(attempt).describe('Every route, method and operation without a token.'),
  tokenTests: z.strictObject({
    applicable: z.boolean(),
    reason: z.string().nullable().describe('Why tokens prove nothing here.'),
  }),
  defects: z
    .array(tokenAttempt)
    .describe(
      'What a token with one defect got where no token gets nothing. sibling-audience: for another path of the same origin. audience-list: for two other resources.',
    ),
  tokenInQuery: z.array(attempt).describe("Alice's token as `access_token` in the query, and no header."),
  doubledHeader: z.array(doubledAttempt),
  lowScope: z
    .array(attempt)
    .describe(
      'What a token got that has none of the scopes the manifest names, or where it names none, none of those the server names.',
    ),
  documents: z.array(metadataDocument).describe('Protected resource metadata, RFC 9728.'),
  authorizationServers: z.array(authorizationServer),
  oddities: z.array(oddity).describe('Facts of their own that prove nothing by themselves.'),
  notTested: z
    .array(z.strictObject({ what: z.string(), reason: z.string() }))
    .describe('What could not be tried here, by name, without making the probe inconclusive.'),
});
export type AuthorizationFacts = z.infer<typeof authorizationFacts>;
