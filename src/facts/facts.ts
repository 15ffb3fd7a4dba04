/** The policy input: everything the gate learnt about one candidate. `schema/facts.schema.json` is generated from here. */
import { z } from 'zod';
import { authorizationFacts } from './authorization.js';
import { elicitationFacts } from './elicitation.js';
import { protocolFacts } from './protocol.js';
import { sessionFacts } from './session.js';
import { durationMs } from './shared.js';
import { tasksFacts } from './tasks.js';
import { transportFacts } from './transport.js';

export const probeStatus = z
  .enum(['completed', 'inconclusive', 'not-applicable', 'failed'])
  .describe(
    'completed: every experiment gave a fact. inconclusive: at least one could not be told. not-applicable: a fact makes the probe meaningless here. failed: the gate itself broke.',
  );
export type ProbeStatus = z.infer<typeof probeStatus>;

export const probeRecord = z.strictObject({
  id: z.string(),
  status: probeStatus,
  reason: z.string().nullable().describe('Why the status is not completed, for people.'),
  untested: z
    .array(z.strictObject({ experiment: z.string(), reason: z.string() }))
    .describe('The experiments that gave no fact, each with the reason.'),
  durationMs,
});
export type ProbeRecord = z.infer<typeof probeRecord>;

export const facts = z.strictObject({
  gate: z.strictObject({
    version: z.string(),
    startedAt: z.string().describe('Start of the run, RFC 3339. The only clock a policy sees.'),
    startedAtMs: z.number().describe('The same in milliseconds since 1970.'),
    probes: z.array(z.string()).describe('The probes that had to report.'),
  }),
  manifest: z
    .record(z.string(), z.unknown())
    .describe(
      'The manifest in its native form, defaults filled in (exercise: [] where there is none; it may also be the word auto).',
    ),
  candidate: z.strictObject({
    name: z.string(),
    labels: z.record(z.string(), z.string()),
    transport: z.enum(['stdio', 'streamable-http', 'sse']),
    run: z.enum(['command', 'url']),
    started: z.boolean(),
    readyMs: durationMs
      .nullable()
      .describe('From start to the first answer; null when it never came, or already ran.'),
    failure: z.string().nullable().describe('Why it could not be started.'),
  }),
  probes: z.array(probeRecord),
  protocol: protocolFacts.nullable().describe('null when the probe gave no facts.'),
  authorization: authorizationFacts.nullable().describe('null when the probe gave no facts, and on stdio.'),
  session: sessionFacts.nullable().describe('null when the probe gave no facts, and on stdio.'),
  tasks: tasksFacts
    .nullable()
    .describe('null when the probe gave no facts, and where nothing has to do with tasks.'),
  elicitation: elicitationFacts.nullable().describe('null when the probe gave no facts.'),
  transport: transportFacts.nullable().describe('null when the probe gave no facts.'),
});
export type Facts = z.infer<typeof facts>;
