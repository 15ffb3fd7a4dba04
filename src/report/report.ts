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
  evidence: z
    .array(z.string())
    .describe('Ids of exchanges in the transcript (x41), and of elicitations in the facts (e1).'),
  waiver: z
    .strictObject({
      owner: z.string(),
      reason: z.string(),
      ticket: z.string().nullable(),
      expires: z.string().describe('The last day it holds, in UTC, or the instant at which it ends.'),
    })
    .nullable()
    .describe('Who accepted the finding, and until when; it does not block. docs/waivers.md'),
});

const decision = z.enum(['allow', 'deny', 'undecided']);

export const serverReport = z.strictObject({
  name: z.string(),
  manifest: z.string(),
  decision,
  environment: z
    .strictObject({
      name: z.string().describe('The label "environment" of the manifest.'),
      applied: z.boolean().describe('Whether policy data has a part for it, which was laid over the rest.'),
    })
    .nullable()
    .describe('null when the manifest names none, or policy data knows no environments at all.'),
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

export const policySource = z
  .strictObject({
    kind: z.enum(['checkout', 'base', 'ref', 'directory']),
    commit: z
      .string()
      .nullable()
      .describe('The commit the policies are of; null where they are files on disk.'),
    pending: z
      .array(z.string())
      .describe(
        'Policy paths that only the change under review has; they decide nothing before it is merged.',
      ),
  })
  .describe(
    'Where the policies are from. checkout: the files that are checked out. base: the base of the pull request or merge group. ref: a commit that was named. directory: a folder that was named.',
  );
export type PolicySource = z.infer<typeof policySource>;

export const review = z
  .strictObject({
    added: z
      .array(
        z.strictObject({
          server: z.string(),
          line: z.number().int().positive().describe('Of its name, in its manifest.'),
          environment: z
            .enum(['own', 'kept'])
            .describe(
              'Whose label "environment" holds for it. own: that of the change. kept: that of the server in whose place it is.',
            ),
        }),
      )
      .describe(
        'Servers whose names the base does not have: what waivers and lists say of these names holds for them.',
      ),
    removed: z
      .array(z.strictObject({ server: z.string(), manifest: z.string() }))
      .describe('Servers of the base that the change no longer has, and that were not judged therefore.'),
  })
  .describe('The servers of the manifests in the change under review, compared with those of its base.');
export type Review = z.infer<typeof review>;

/** The files that are checked out, as they are. */
export const CHECKED_OUT: PolicySource = { kind: 'checkout', commit: null, pending: [] };

export const report = z.strictObject({
  schemaVersion: z.literal(1),
  decision,
  mode: z.enum(['enforce', 'audit']),
  servers: z.array(serverReport),
  policy: z.strictObject({
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
    rules: z.number().int().nonnegative(),
    source: policySource,
    review: review
      .nullable()
      .describe('null where nothing is under review, or the manifests of the base are not known.'),
  }),
  gate: z.strictObject({ version: z.string() }),
});
export type Report = z.infer<typeof report>;
export type ReportFinding = z.infer<typeof finding>;
