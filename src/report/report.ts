/** The report: the one document every renderer starts from. `schema/report.schema.json` is generated from here. */
import { z } from 'zod';
import { facts, probeStatus } from '../facts/facts.js';

export const finding = z.strictObject({
  rule: z.string().describe('`<area>/<slug>`'),
  level: z.enum(['deny', 'warn', 'notice']),
  title: z.string(),
  message: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  remediation: z.string(),
  references: z.array(z.string()),
  at: z
    .string()
    .describe('JSON pointer into the manifest: what the finding is about, whatever line that moves to.'),
  location: z.strictObject({
    file: z.string(),
    line: z.number().int().positive(),
    column: z.number().int().positive(),
  }),
  evidence: z.array(z.string()).describe('Ids of exchanges in the transcript.'),
  waiver: z.strictObject({ owner: z.string(), reason: z.string(), expires: z.string() }).nullable(),
});

const decision = z.enum(['allow', 'deny', 'undecided']);

export const serverReport = z.strictObject({
  name: z.string(),
  manifest: z.string(),
  decision,
  durationMs: z.number().nonnegative(),
  findings: z.array(finding),
  indecisions: z
    .array(z.strictObject({ code: z.string(), message: z.string() }))
    .describe('Why no decision could be reached, beside the findings.'),
  probes: z.array(
    z.strictObject({
      id: z.string(),
      status: probeStatus,
      reason: z.string().nullable(),
      durationMs: z.number().nonnegative(),
    }),
  ),
  facts: facts.nullable().describe('null when the candidate could not even be described.'),
  transcript: z
    .array(z.record(z.string(), z.unknown()))
    .describe('The exchanges that evidence names, bodies cut short.'),
  output: z.string().describe('The last lines of the candidate, cut short. Hostile text.'),
});
export type ServerReport = z.infer<typeof serverReport>;

export const report = z.strictObject({
  schemaVersion: z.literal(1),
  decision,
  mode: z.enum(['enforce', 'audit']),
  servers: z.array(serverReport),
  policy: z.strictObject({
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    rules: z.number().int().nonnegative(),
  }),
  gate: z.strictObject({ version: z.string() }),
});
export type Report = z.infer<typeof report>;
export type ReportFinding = z.infer<typeof finding>;
