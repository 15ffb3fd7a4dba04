/** What data may say to the built-in rules, strictly: a misspelt threshold must not be a threshold ignored. */
import { z } from 'zod';
import { KNOWN_REVISIONS } from '../../facts/revisions.js';
import { hint } from '../spelling.js';
import type { Level } from '../verdict.js';
import { type DataTree, isTree, overlay, valueAt } from './data.js';
import { allowedElicitationOrigin, isWildcard } from './elicitationOrigins.js';
import { waiverSchema } from './waiver.js';

const revision = z.enum(KNOWN_REVISIONS);

export const levelSetting = z.enum(['deny', 'warn', 'notice', 'off']);

/** What one server is judged by. */
export const inEffectData = z.strictObject({
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
    maximumTaskLifeMs: z
      .number()
      .int()
      .positive()
      .describe('A task that is kept longer than so many milliseconds is kept without bound.'),
    elicitationWildcards: z
      .boolean()
      .describe('Entries of the allow list may stand for any one label: https://*.example.com.'),
    elicitationLoopback: z
      .boolean()
      .describe('Servers may send users to this machine itself, on any port and by http, without an entry.'),
    waiverMaximumDays: z
      .number()
      .int()
      .min(0)
      .max(3_650)
      .describe('A waiver that ends later than so many days after the run covers nothing; 0 allows none.'),
    waiverNoticeDays: z
      .number()
      .int()
      .min(0)
      .max(3_650)
      .describe('Waivers that end within so many days of the run are mentioned.'),
    waivableUntested: z
      .array(z.string())
      .describe('Rules saying "could not be tested" that waivers may cover, by id. None by default.'),
  }),
  allowedElicitationOrigins: z
    .array(allowedElicitationOrigin)
    .describe('Origins that users may be sent to by elicitation. Whatever is not in it is denied.'),
  rules: z
    .record(z.string(), z.strictObject({ level: levelSetting }))
    .describe('The level of every finding of a rule, by rule id.'),
  waivers: z
    .array(waiverSchema)
    .describe('Findings that are accepted for a while: docs/waivers.md. Those of all files count.'),
});

/** The same, each part optional, and of the configuration only what differs. */
const inEnvironment = inEffectData
  .partial()
  .extend({ config: inEffectData.shape.config.partial().optional() });

export const gateData = inEffectData.extend({
  environments: z
    .record(z.string().regex(/\S/u, 'must be a name'), inEnvironment)
    .describe('What is different for servers whose manifest has the label "environment" of that name.'),
});
export type InEffect = z.infer<typeof inEffectData>;

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
  if (!parsed.success) return parsed.error.issues.flatMap((issue) => describeIssue(issue));
  const general = contradictions(parsed.data);
  if (general.length > 0) return general;
  return Object.keys(parsed.data.environments).flatMap((name) =>
    contradictions(inEffectData.parse(inEffect({ mcp: data }, name)['mcp'])).map(({ path, message }) => ({
      path: ['mcp', 'environments', name, ...path.slice(1)],
      message: `In the environment ${name}: ${message}`,
    })),
  );
}

/**
 * The data that a server of an environment is judged by: what holds for all, with the environment's own part on top.
 * Policies see that, and nothing of the other environments.
 */
export function inEffect(data: DataTree, environment: string | null): DataTree {
  const { mcp } = data;
  if (!isTree(mcp)) return data;
  const { environments, ...forAll } = mcp;
  const general = { ...data, mcp: forAll };
  const own = environment === null ? null : valueAt(environments, [environment]);
  return isTree(own) ? overlay(general, { mcp: own }) : general;
}

const contradictions = (data: InEffect): readonly DataProblem[] => [
  ...orderProblems(data),
  ...wildcardProblems(data),
];

function orderProblems({ config }: InEffect): readonly DataProblem[] {
  if (config.minimumProtocolVersion <= config.preferredProtocolVersion) return [];
  return [
    {
      path: ['mcp', 'config', 'minimumProtocolVersion'],
      message: `minimumProtocolVersion ${config.minimumProtocolVersion} is newer than preferredProtocolVersion ${config.preferredProtocolVersion}; raise the preferred one too.`,
    },
  ];
}

/** An entry that can never match would be missed only when somebody is denied. */
function wildcardProblems({ config, allowedElicitationOrigins }: InEffect): readonly DataProblem[] {
  if (config.elicitationWildcards) return [];
  return allowedElicitationOrigins
    .filter(({ origin }) => isWildcard(origin))
    .map(({ origin }) => ({
      path: ['mcp', 'allowedElicitationOrigins'],
      message: `mcp.allowedElicitationOrigins: ${origin} is a wildcard, and config.elicitationWildcards is false; name the origins one by one, or set it to true.`,
    }));
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
  return hint(key, namesAt(gateData, path.slice(1)));
}

/** The keys that are known at a path of the schema. */
function namesAt(schema: unknown, [key, ...below]: readonly string[]): readonly string[] {
  if (schema instanceof z.ZodOptional)
    return namesAt(schema.unwrap(), key === undefined ? [] : [key, ...below]);
  if (schema instanceof z.ZodObject) {
    const shape: Readonly<Record<string, unknown>> = schema.shape;
    return key === undefined ? Object.keys(shape) : namesAt(shape[key], below);
  }
  if (schema instanceof z.ZodRecord) return key === undefined ? [] : namesAt(schema.valueType, below);
  if (schema instanceof z.ZodArray) return key === undefined ? [] : namesAt(schema.element, below);
  return [];
}
