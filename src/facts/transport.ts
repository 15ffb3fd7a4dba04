/** Facts of the probe `transport`: what else the candidate's channel lets through. Specification: basic/transports. */
import { z } from 'zod';
import { attemptOutcome, durationMs, evidence, httpStatus } from './shared.js';

const face = z.strictObject({
  path: z.string(),
  kind: z
    .enum(['mcp', 'sse', 'messages'])
    .describe('The MCP endpoint, the deprecated event stream, or the deprecated message route.'),
  announcedBy: z.enum(['manifest', 'well-known-path', 'server']),
  evidence,
});

/** One request that a web page of another site, or a rebinding page, could send. */
const foreignRequest = z.strictObject({
  face: z.string().describe('Path of the route that was tried.'),
  kind: z.enum(['mcp', 'sse', 'messages']),
  era: z.enum(['legacy', 'modern']),
  operation: z
    .enum(['initialize', 'request', 'stream', 'message'])
    .describe(
      'initialize: opens a session. request: a request in a live session, or a modern one. stream: GET of an event stream. message: POST to the deprecated message route.',
    ),
  case: z
    .enum(['foreign-origin', 'null-origin', 'foreign-host', 'rebinding'])
    .describe(
      'foreign-origin, null-origin: Origin alone. foreign-host: Host alone. rebinding: Host and Origin of one foreign name, port included.',
    ),
  outcome: attemptOutcome,
  httpStatus,
  authenticated: z
    .boolean()
    .describe('Whether the request carried a token. A page of another site has none.'),
  evidence,
});
export type ForeignRequest = z.infer<typeof foreignRequest>;

const crossSitePost = z.strictObject({
  face: z.string(),
  contentType: z.string().describe('A content type that a browser sends across sites without asking first.'),
  origin: z.string().nullable().describe('Origin that was sent with it; null when none was.'),
  outcome: attemptOutcome,
  httpStatus,
  authenticated: z.boolean(),
  evidence,
});

const cors = z.strictObject({
  face: z.string(),
  method: z.enum(['OPTIONS', 'POST', 'GET']),
  httpStatus,
  allowOrigin: z.string().nullable().describe('Access-Control-Allow-Origin of the answer.'),
  reflectsOrigin: z.boolean().describe('The foreign origin itself came back.'),
  allowCredentials: z.boolean(),
  evidence,
});

const listener = z.strictObject({
  address: z.string(),
  port: z.number().int(),
  allInterfaces: z.boolean(),
});

const batch = z.strictObject({
  revision: z.string(),
  allowed: z.boolean().describe('Only revision 2025-03-26 has batches.'),
  outcome: attemptOutcome,
  httpStatus,
  evidence,
});

const resumption = z.strictObject({
  offered: z.boolean().describe('The server put ids on its events.'),
  foreignEvents: attemptOutcome.describe(
    'accepted: another session got events of this stream by naming an event id of it.',
  ),
  evidence,
});

const httpFacts = z.strictObject({
  host: z.string().describe('Host name under which the candidate answered: 127.0.0.1 or localhost.'),
  path: z.string(),
  servesWithoutToken: z.boolean().describe('A request without any token got a result.'),
  faces: z.array(face),
  deprecatedSse: z.strictObject({ offered: z.boolean(), path: z.string().nullable(), evidence }),
  foreignRequests: z.array(foreignRequest),
  crossSitePosts: z.array(crossSitePost),
  cors: z.array(cors),
  listeners: z
    .array(listener)
    .nullable()
    .describe('Listening sockets of the candidate; null when the platform cannot tell.'),
  resumption: resumption.nullable(),
});

const stdioFacts = z.strictObject({
  noise: z.strictObject({
    lines: z.number().int().describe('Lines on stdout that were no JSON-RPC message.'),
    samples: z.array(z.string()).describe('The first of them, cut short.'),
    evidence,
  }),
  exitOnEof: z.strictObject({
    exited: z.boolean(),
    afterMs: durationMs.nullable(),
    evidence,
  }),
});

const leftover = z.strictObject({
  pid: z.number().int(),
  command: z.string().describe('Cut short.'),
});

export const transportFacts = z.strictObject({
  type: z.enum(['stdio', 'streamable-http', 'sse']),
  http: httpFacts.nullable(),
  stdio: stdioFacts.nullable(),
  batches: z.array(batch),
  shutdown: z
    .strictObject({
      sigtermHonoured: z.boolean().nullable().describe('null when it had ended before a signal was needed.'),
      afterMs: durationMs.nullable(),
      leftovers: z.array(leftover).describe('Processes of the candidate that outlived it.'),
      portFreed: z.boolean().nullable(),
    })
    .nullable()
    .describe('null for a candidate that the gate did not start.'),
  crashes: z.array(
    z.strictObject({
      experiment: z.string(),
      afterExchange: z.string().nullable().describe('The exchange before the candidate died.'),
      exitCode: z.number().int().nullable(),
      signal: z.string().nullable(),
      evidence,
    }),
  ),
});
export type TransportFacts = z.infer<typeof transportFacts>;
