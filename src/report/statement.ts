/**
 * Reads verdicts that were attested and checks what they say. Statements come from outside and are unknown until parsed;
 * whether a signature on them is good is not looked at here.
 */
import { z } from 'zod';
import { GATE_LEVEL, REPORT_FIELD, STATEMENT_TYPE, VSA_TYPE } from './attestation.js';

const PAYLOAD_TYPE = 'application/vnd.in-toto+json';
/** `{attestations: [{bundle: {dsseEnvelope}}]}` is the deepest of the known wrappings. */
const DEPTH = 6;
const STATEMENTS = 1_000;

const statementSchema = z.looseObject({
  _type: z.string(),
  subject: z
    .array(z.looseObject({ name: z.string().optional(), digest: z.record(z.string(), z.string()) }))
    .min(1)
    .max(1_024),
  predicateType: z.string(),
  predicate: z.unknown(),
});
export type Statement = z.output<typeof statementSchema>;

const summarySchema = z.looseObject({
  verifier: z.looseObject({ id: z.string() }),
  timeVerified: z.string().optional(),
  resourceUri: z.string(),
  policy: z.looseObject({
    uri: z.string().optional(),
    digest: z.record(z.string(), z.string()).optional(),
  }),
  verificationResult: z.enum(['PASSED', 'FAILED']),
  verifiedLevels: z.array(z.string()),
});
type Summary = z.output<typeof summarySchema>;

/** How a statement came: only the last two can carry a signature. */
export type Wrapping = 'statement' | 'envelope' | 'bundle';

export interface Wrapped {
  readonly wrapping: Wrapping;
  readonly statement: Statement;
}

/** What was given is no statement: the message says what was expected and seen. */
export class StatementError extends Error {
  override readonly name = 'StatementError';
}

/**
 * The statements in a text: a plain in-toto statement, a DSSE envelope, a Sigstore bundle, a list of these, a bundle on
 * each line (`gh attestation download`), or what `gh attestation verify --format json` prints.
 * @throws StatementError
 */
export function readStatements(text: string): readonly Wrapped[] {
  const found = documents(text).flatMap((value) => unwrap(value, 'statement', DEPTH));
  if (found.length === 0) throw new StatementError('expected at least one statement, saw an empty list');
  if (found.length > STATEMENTS)
    throw new StatementError(`expected at most ${STATEMENTS} statements, saw ${found.length}`);
  return found;
}

function documents(text: string): readonly unknown[] {
  const whole = parsed(text);
  if (whole.ok) return [whole.value];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const each = lines.map(parsed);
  if (lines.length > 1 && each.every(({ ok }) => ok)) return each.map(({ value }) => value);
  throw new StatementError(`expected JSON, or JSON on every line, but: ${whole.reason}`);
}

function parsed(text: string): { readonly ok: boolean; readonly value: unknown; readonly reason: string } {
  try {
    return { ok: true, value: JSON.parse(text), reason: '' };
  } catch (cause: unknown) {
    return { ok: false, value: null, reason: cause instanceof Error ? cause.message : String(cause) };
  }
}

function unwrap(value: unknown, wrapping: Wrapping, depth: number): readonly Wrapped[] {
  if (depth === 0) throw new StatementError('expected a statement, saw wrappings without an end');
  if (Array.isArray(value)) return value.flatMap((one: unknown) => unwrap(one, wrapping, depth - 1));
  const has = z.looseObject({}).safeParse(value);
  if (!has.success)
    throw new StatementError(`expected a JSON object, saw ${value === null ? 'null' : typeof value}`);
  const { data } = has;
  if (Object.hasOwn(data, '_type')) return [{ wrapping, statement: statementOf(data) }];
  if (Object.hasOwn(data, 'payloadType')) {
    const statement = statementOf(payloadOf(data));
    return [{ wrapping: wrapping === 'bundle' ? 'bundle' : 'envelope', statement }];
  }
  for (const key of ['dsseEnvelope', 'bundle', 'attestation', 'attestations']) {
    if (Object.hasOwn(data, key)) return unwrap(data[key], 'bundle', depth - 1);
  }
  throw new StatementError(
    'expected an in-toto statement, a DSSE envelope or a Sigstore bundle, saw an object with none of _type, payloadType, dsseEnvelope',
  );
}

function payloadOf(envelope: Record<string, unknown>): unknown {
  const { payloadType, payload } = envelope;
  if (payloadType !== PAYLOAD_TYPE)
    throw new StatementError(`expected payloadType ${PAYLOAD_TYPE}, saw ${JSON.stringify(payloadType)}`);
  if (
    typeof payload !== 'string' ||
    !/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(payload)
  )
    throw new StatementError('expected a payload in base64');
  const document = parsed(Buffer.from(payload, 'base64').toString('utf8'));
  if (!document.ok) throw new StatementError(`expected JSON in the payload, but: ${document.reason}`);
  return document.value;
}

function statementOf(value: unknown): Statement {
  const result = statementSchema.safeParse(value);
  if (result.success) return result.data;
  throw new StatementError(`expected an in-toto statement, but: ${firstIssue(result.error)}`);
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'it has another shape' : `/${issue.path.join('/')}: ${issue.message}`;
}

/** What a deploy job expects of a statement. */
export interface Expectations {
  /** Digests of what is to be deployed, hexadecimal by algorithm. */
  readonly subject: ReadonlyMap<string, string>;
  /** `sha256:<hex>`; null when it does not matter. */
  readonly policyDigest: string | null;
  readonly resourceUri: string | null;
  readonly verifierId: string | null;
  readonly maxAgeMs: number;
  readonly now: Date;
}

/** One thing that was looked at; `text` is a sentence that may hold hostile text. */
export interface Check {
  readonly ok: boolean;
  readonly text: string;
}

/** How far the clocks of two machines may be apart. */
const SKEW_MS = 5 * 60_000;

/** Everything that was looked at, in order; the statement holds when all of it is ok. */
export function checkStatement(statement: Statement, expected: Expectations): readonly Check[] {
  const form = [
    same('the statement is of type', STATEMENT_TYPE, statement._type),
    same('the predicate is of type', VSA_TYPE, statement.predicateType),
  ];
  const subject = checkSubject(statement, expected.subject);
  if (form.some(({ ok }) => !ok)) return [...form, subject];
  const summary = summarySchema.safeParse(statement.predicate);
  if (!summary.success) {
    const reason = firstIssue(summary.error);
    return [...form, subject, { ok: false, text: `expected a verification summary, but: ${reason}` }];
  }
  return [...form, subject, ...checkSummary(summary.data, expected)];
}

function checkSummary(summary: Summary, expected: Expectations): readonly Check[] {
  const { policy, verifiedLevels } = summary;
  const policyDigest = Object.hasOwn(policy.digest ?? {}, 'sha256')
    ? `sha256:${policy.digest?.['sha256'] ?? ''}`
    : 'none';
  return [
    same('the result is', 'PASSED', summary.verificationResult),
    checkLevel(verifiedLevels),
    checkAge(summary.timeVerified, expected),
    ...(expected.policyDigest === null
      ? []
      : [same('the policies have the digest', expected.policyDigest, policyDigest)]),
    ...(expected.resourceUri === null
      ? []
      : [same('the resource is', expected.resourceUri, summary.resourceUri)]),
    ...(expected.verifierId === null
      ? []
      : [same('the verifier is', expected.verifierId, summary.verifier.id)]),
  ];
}

function checkLevel(levels: readonly string[]): Check {
  return levels.includes(GATE_LEVEL) && !levels.includes('FAILED')
    ? { ok: true, text: `it has the level ${GATE_LEVEL}` }
    : { ok: false, text: `expected the level ${GATE_LEVEL}, saw ${levels.join(', ') || 'none'}` };
}

function same(what: string, expected: string, seen: string): Check {
  if (seen === expected) return { ok: true, text: `${what} ${expected}` };
  return { ok: false, text: `expected that ${what} ${expected}, saw ${seen}` };
}

function checkSubject(statement: Statement, wanted: ReadonlyMap<string, string>): Check {
  const match = statement.subject.find(({ digest }) => isSubject(digest, wanted));
  const digest = [...wanted].map(([algorithm, hex]) => `${algorithm}:${hex}`)[0] ?? 'none';
  // A verdict is about one artifact. Signed for several, it would speak for some that nobody judged.
  if (match !== undefined && statement.subject.every((one) => isSubject(one.digest, wanted)))
    return { ok: true, text: `it is about ${match.name ?? 'a subject'} (${digest})` };
  const about = statement.subject.flatMap(({ name = 'a subject without a name', digest: set }) =>
    Object.entries(set).map(([algorithm, hex]) => `${name} (${algorithm}:${hex})`),
  );
  const more = about.length > 5 ? ` and ${about.length - 5} more` : '';
  return {
    ok: false,
    text: `expected a statement about ${digest}${match === undefined ? '' : ' alone'}, saw one about ${about.slice(0, 5).join(', ')}${more}`,
  };
}

/** At least one digest in common, and none that differs: a subject with one right and one wrong digest is no match. */
function isSubject(digest: Readonly<Record<string, string>>, wanted: ReadonlyMap<string, string>): boolean {
  const common = [...wanted].filter(([algorithm]) => Object.hasOwn(digest, algorithm));
  return common.length > 0 && common.every(([algorithm, hex]) => digest[algorithm] === hex);
}

function checkAge(timeVerified: string | undefined, { maxAgeMs, now }: Expectations): Check {
  const at = instant(timeVerified);
  if (at === null) {
    return { ok: false, text: `expected the time of the verification, saw ${timeVerified ?? 'none'}` };
  }
  const age = now.getTime() - at;
  if (age < -SKEW_MS)
    return { ok: false, text: `expected a verification in the past, saw ${timeVerified ?? ''}` };
  if (age > maxAgeMs) {
    const limit = new Date(now.getTime() - maxAgeMs).toISOString();
    return { ok: false, text: `expected a verification since ${limit}, saw ${timeVerified ?? ''}` };
  }
  return { ok: true, text: `it was verified at ${timeVerified ?? ''}` };
}

function instant(text: string | undefined): number | null {
  if (text === undefined || !/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/u.test(text))
    return null;
  const milliseconds = Date.parse(text);
  return Number.isNaN(milliseconds) ? null : milliseconds;
}

/**
 * Of several statements the one that counts: the newest verdict of the gate on the subject, a failed one before a passed
 * one of the same moment. Null when none of them is a verdict of the gate on it.
 */
export function decisiveStatement(all: readonly Wrapped[], expected: Expectations): Wrapped | null {
  const verdicts = all.flatMap((wrapped) => {
    const { predicateType, predicate, subject } = wrapped.statement;
    const summary = summarySchema.safeParse(predicate);
    if (predicateType !== VSA_TYPE || !summary.success || !Object.hasOwn(summary.data, REPORT_FIELD))
      return [];
    if (!subject.some(({ digest }) => isSubject(digest, expected.subject))) return [];
    const { verifierId } = expected;
    if (verifierId !== null && summary.data.verifier.id !== verifierId) return [];
    const { verificationResult, timeVerified } = summary.data;
    return [{ wrapped, at: instant(timeVerified) ?? 0, passed: verificationResult === 'PASSED' }];
  });
  const [newest] = verdicts.sort((a, b) => b.at - a.at || Number(a.passed) - Number(b.passed));
  return newest?.wrapped ?? null;
}
