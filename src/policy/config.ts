/** What data may say to the built-in rules, strictly: a misspelt threshold must not be a threshold ignored. */
import { z } from 'zod';
import { KNOWN_REVISIONS } from '../facts/revisions.js';
import { hint } from './spelling.js';
import type { Level } from './verdict.js';

const revision = z.enum(KNOWN_REVISIONS);

export const levelSetting = z.enum(['deny', 'warn', 'notice', 'off']);

export const gateData = z.strictObject({
  config: z.strictObject({
    minimumProtocolVersion: revision.describe('A server whose best revision is older is denied.'),
    preferredProtocolVersion: revision.describe('A server whose best revision is older gets a warning.'),
    sessionBinding: z
      .enum(['principal', 'credential'])
      .describe(
        'What a session must be bound to: the user (issuer and subject), or the client and token it was opened with.',
      ),
    stdoutNoiseLimit: z
      .number()
      .int()
      .nonnegative()
      .describe('More lines on stdout that are no messages than this are denied; fewer get a warning.'),
  }),
  rules: z
    .record(z.string(), z.strictObject({ level: levelSetting }))
    .describe('The level of every finding of a rule, by rule id.'),
});
export type GateData = z.infer<typeof gateData>;

/** Levels that data sets, by rule id; rules that are not in it keep those of their own. */
export type Levels = ReadonlyMap<string, Level | 'off'>;

export interface DataProblem {
  /** Keys from the top of the data, `mcp` first. */
  readonly path: readonly string[];
  readonly message: string;
}

/** Checks `data.mcp`; the names of rules are checked against the catalogue elsewhere. */
export function checkGateData(data: unknown): readonly DataProblem[] {
  const parsed = gateData.safeParse(data);
  if (parsed.success) return orderProblems(parsed.data);
  return parsed.error.issues.flatMap((issue) => describeIssue(issue));
}

function orderProblems({ config }: GateData): readonly DataProblem[] {
  if (config.minimumProtocolVersion <= config.preferredProtocolVersion) return [];
  return [
    {
      path: ['mcp', 'config', 'minimumProtocolVersion'],
      message: `minimumProtocolVersion ${config.minimumProtocolVersion} is newer than preferredProtocolVersion ${config.preferredProtocolVersion}; raise the preferred one too.`,
    },
  ];
}

function describeIssue(issue: z.core.$ZodIssue): readonly DataProblem[] {
  const path = ['mcp', ...issue.path.map(String)];
  if (issue.code !== 'unrecognized_keys') return [{ path, message: `${path.join('.')}: ${issue.message}.` }];
  return issue.keys.map((key) => ({
    path: [...path, key],
    message: `${[...path, key].join('.')} is not known.${hintFor(path, key)}`,
  }));
}

function hintFor(path: readonly string[], key: string): string {
  if (path.length === 1) return hint(key, Object.keys(gateData.shape));
  if (path[1] === 'config') return hint(key, Object.keys(gateData.shape.config.shape));
  return hint(key, ['level']);
}
