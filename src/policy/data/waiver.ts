/** One waiver: what somebody has to write to accept one finding of one server, and until when. docs/waivers.md */
import { z } from 'zod';
import { RULE_ID } from '../verdict.js';

export const DAY_MS = 86_400_000;

const LIMITS = { name: 200, text: 500 } as const;

/** The names of servers as manifests allow them: what is refused there could never match. */
const SERVER_NAME = /^[^\s\p{C}](?:[^\p{C}]*[^\s\p{C}])?$/u;

const said = (limit: number): z.ZodString =>
  z
    .string()
    .max(limit, `at most ${limit} characters`)
    .regex(/\S/u, 'must say something')
    .regex(/^[^\p{Cc}\p{Cf}]*$/u, 'must have no control characters and no line breaks');

export const waiverSchema = z
  .strictObject({
    rule: z
      .string()
      .max(LIMITS.name)
      .regex(RULE_ID, 'must be the id of one rule, like session/weak-id; there are no patterns')
      .describe('The id of one rule, exactly.'),
    server: z
      .string()
      .max(LIMITS.name)
      .regex(SERVER_NAME, 'must be the name of one server, as in metadata.name of its manifest')
      .describe('The name of one server, exactly.'),
    at: z
      .string()
      .regex(
        /^(\/([^~/\p{Cc}]|~[01])*)+$/u,
        'must be the JSON pointer that the report gives as "at", like /spec/transport',
      )
      .optional()
      .describe('Covers only findings with exactly this "at".'),
    reason: said(LIMITS.text).describe('Why the finding is accepted.'),
    owner: said(LIMITS.name).describe('Who answers for it.'),
    ticket: said(LIMITS.name).optional().describe('Where it is being mended.'),
    expires: z
      .string()
      .refine((text) => endOf(text) !== null, {
        error: 'must be a day like 2027-01-31 or an instant like 2027-01-31T18:00:00Z',
      })
      .nullish()
      .describe(
        'The last day it holds, in UTC, or the instant at which it ends. Without it, it covers nothing.',
      ),
  })
  .describe('Accepts one finding of one server for a while.');

/** A waiver as data says it, with the line that says it. */
export interface WaiverEntry {
  readonly rule: string;
  readonly server: string;
  /** JSON pointer; null covers every place. */
  readonly at: string | null;
  readonly reason: string;
  readonly owner: string;
  readonly ticket: string | null;
  readonly expires: string | null;
  /** The environment it is limited to; null holds everywhere. */
  readonly environment: string | null;
  readonly source: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** What policy data allows waivers to be. */
export interface WaiverTerms {
  /** A waiver that ends later than so many days from the run covers nothing. */
  readonly maximumDays: number;
  /** One that ends within so many days is mentioned. */
  readonly noticeDays: number;
  /** The rules saying "could not be tested" that may be waived at all. */
  readonly waivableUntested: readonly string[];
}

/** @param value a waiver that `waiverSchema` accepts */
export function waiverOf(value: unknown, place: Pick<WaiverEntry, 'environment' | 'source'>): WaiverEntry {
  const { at, ticket, expires, ...rest } = waiverSchema.parse(value);
  return { ...rest, at: at ?? null, ticket: ticket ?? null, expires: expires ?? null, ...place };
}

/** When a waiver ends. Milliseconds since 1970, in UTC. */
export interface End {
  /** From here on it covers nothing any more. */
  readonly at: number;
  /** What is compared with the maximum: a day counts from its beginning, so that "today + 180" is 180 days. */
  readonly counted: number;
  readonly words: string;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT =
  /^(\d{4}-\d{2}-\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/** The end that `expires` names: a day ends when it is over in UTC. Null when it is neither a day nor RFC 3339. */
export function endOf(expires: string): End | null {
  if (DATE.test(expires)) {
    const day = dayOf(expires);
    return day === null ? null : { at: day + DAY_MS, counted: day, words: `at the end of ${expires} (UTC)` };
  }
  const date = INSTANT.exec(expires)?.[1];
  if (date === undefined || dayOf(date) === null) return null;
  const at = Date.parse(expires);
  return Number.isNaN(at) ? null : { at, counted: at, words: `at ${expires}` };
}

/** Its first millisecond in UTC; null for a day that no calendar has. */
function dayOf(date: string): number | null {
  const day = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(day)) return null;
  return new Date(day).toISOString().startsWith(date) ? day : null;
}
