import { describe, expect, it } from '@jest/globals';
import { attestations } from '../../src/report/attestation.js';
import {
  checkStatement,
  decisiveStatement,
  type Expectations,
  readStatements,
  type Statement,
  StatementError,
} from '../../src/report/statement.js';
import { report, server } from './fixture.js';

const HEX = 'ab'.repeat(32);
const POLICY = `sha256:${'0123456789abcdef'.repeat(4)}`;
const VERIFIED_AT = '2026-11-20T08:00:00.000Z';

function statement(): Statement {
  const plain = server({ decision: 'allow' });
  if (plain.facts === null) throw new Error('the fixture has facts');
  const artifact = { file: 'dist/billing.tgz', digest: `sha256:${HEX}` };
  const one = { ...plain, facts: { ...plain.facts, manifest: { spec: { artifact } } } };
  const options = { verifierId: 'urn:mcp-gate:verifier', reportDigest: '12'.repeat(32), runFailed: false };
  return JSON.parse(attestations(report([one]), options).made[0]?.statement ?? '');
}

/** A statement in which one field of the predicate is another. */
function having(field: string, value: unknown): Statement {
  const plain = statement();
  return { ...plain, predicate: { ...(plain.predicate as object), [field]: value } };
}

const EXPECTED: Expectations = {
  subject: new Map([['sha256', HEX]]),
  policyDigest: POLICY,
  resourceUri: 'pkg:generic/billing.tgz',
  verifierId: 'urn:mcp-gate:verifier',
  maxAgeMs: 3_600_000,
  now: new Date('2026-11-20T08:30:00Z'),
};

const faults = (given: Statement, changes: Partial<Expectations> = {}): readonly string[] =>
  checkStatement(given, { ...EXPECTED, ...changes })
    .filter(({ ok }) => !ok)
    .map(({ text }) => text);

describe('a statement', () => {
  it('holds when everything is as expected, and says what was looked at', () => {
    expect(checkStatement(statement(), EXPECTED)).toEqual([
      { ok: true, text: 'the statement is of type https://in-toto.io/Statement/v1' },
      { ok: true, text: 'the predicate is of type https://slsa.dev/verification_summary/v1' },
      { ok: true, text: `it is about billing.tgz (sha256:${HEX})` },
      { ok: true, text: 'the result is PASSED' },
      { ok: true, text: 'it has the level MCP_DEPLOY_GATE_PASSED' },
      { ok: true, text: `it was verified at ${VERIFIED_AT}` },
      { ok: true, text: `the policies have the digest ${POLICY}` },
      { ok: true, text: 'the resource is pkg:generic/billing.tgz' },
      { ok: true, text: 'the verifier is urn:mcp-gate:verifier' },
    ]);
  });

  const wrong = '0'.repeat(64);
  it.each<readonly [string, Statement, Partial<Expectations>, readonly string[]]>([
    [
      'is about something else',
      statement(),
      { subject: new Map([['sha256', wrong]]) },
      [`expected a statement about sha256:${wrong}, saw one about billing.tgz (sha256:${HEX})`],
    ],
    [
      'has no digest of the kind at hand',
      statement(),
      { subject: new Map([['sha512', HEX.repeat(2)]]) },
      [`expected a statement about sha512:${HEX.repeat(2)}, saw one about billing.tgz (sha256:${HEX})`],
    ],
    [
      'has one right digest and one wrong',
      { ...statement(), subject: [{ name: 'a', digest: { sha256: HEX, sha512: 'x' } }] },
      {
        subject: new Map([
          ['sha256', HEX],
          ['sha512', 'y'],
        ]),
      },
      [`expected a statement about sha256:${HEX}, saw one about a (sha256:${HEX}), a (sha512:x)`],
    ],
    [
      'is about something else, too: the gate judged one of them, and nobody can tell which',
      {
        ...statement(),
        subject: [
          { name: 'billing.tgz', digest: { sha256: HEX } },
          { name: 'never-judged.tgz', digest: { sha256: wrong } },
        ],
      },
      {},
      [
        `expected a statement about sha256:${HEX} alone, saw one about billing.tgz (sha256:${HEX}), never-judged.tgz (sha256:${wrong})`,
      ],
    ],
    [
      'has the artifact under two names',
      {
        ...statement(),
        subject: [
          { name: 'acme/billing', digest: { sha256: HEX } },
          { name: 'billing.tgz', digest: { sha256: HEX } },
        ],
      },
      {},
      [],
    ],
    [
      'has another result',
      having('verificationResult', 'FAILED'),
      {},
      ['expected that the result is PASSED, saw FAILED'],
    ],
    [
      'was passed by something that is no gate',
      having('verifiedLevels', ['SLSA_BUILD_LEVEL_3']),
      {},
      ['expected the level MCP_DEPLOY_GATE_PASSED, saw SLSA_BUILD_LEVEL_3'],
    ],
    [
      'names the level and FAILED',
      having('verifiedLevels', ['MCP_DEPLOY_GATE_PASSED', 'FAILED']),
      {},
      ['expected the level MCP_DEPLOY_GATE_PASSED, saw MCP_DEPLOY_GATE_PASSED, FAILED'],
    ],
    [
      'is too old',
      statement(),
      { now: new Date('2026-11-20T09:00:00.001Z') },
      [`expected a verification since 2026-11-20T08:00:00.001Z, saw ${VERIFIED_AT}`],
    ],
    [
      'is from the future',
      statement(),
      { now: new Date('2026-11-20T07:54:59Z') },
      [`expected a verification in the past, saw ${VERIFIED_AT}`],
    ],
    [
      'has no time',
      having('timeVerified', undefined),
      {},
      ['expected the time of the verification, saw none'],
    ],
    [
      'has a time that is none',
      having('timeVerified', '2026-11-20'),
      {},
      ['expected the time of the verification, saw 2026-11-20'],
    ],
    [
      'was judged by other policies',
      having('policy', { uri: 'urn:x', digest: { sha256: wrong } }),
      {},
      [`expected that the policies have the digest ${POLICY}, saw sha256:${wrong}`],
    ],
    [
      'does not say by which policies',
      having('policy', { uri: 'urn:x' }),
      {},
      [`expected that the policies have the digest ${POLICY}, saw none`],
    ],
    [
      'is about another resource',
      statement(),
      { resourceUri: 'pkg:generic/search.tgz' },
      ['expected that the resource is pkg:generic/search.tgz, saw pkg:generic/billing.tgz'],
    ],
    [
      'is by another verifier',
      statement(),
      { verifierId: 'https://github.com/acme/gate' },
      ['expected that the verifier is https://github.com/acme/gate, saw urn:mcp-gate:verifier'],
    ],
    [
      'is of another type',
      { ...statement(), predicateType: 'https://slsa.dev/provenance/v1' },
      {},
      [
        'expected that the predicate is of type https://slsa.dev/verification_summary/v1, saw https://slsa.dev/provenance/v1',
      ],
    ],
    [
      'is an older kind of statement',
      { ...statement(), _type: 'https://in-toto.io/Statement/v0.1' },
      {},
      [
        'expected that the statement is of type https://in-toto.io/Statement/v1, saw https://in-toto.io/Statement/v0.1',
      ],
    ],
    [
      'has a predicate that is no summary',
      having('verificationResult', 'passed'),
      {},
      [
        'expected a verification summary, but: /verificationResult: Invalid option: expected one of "PASSED"|"FAILED"',
      ],
    ],
  ])('does not hold when it %s', (_name, given, changes, expected) => {
    expect(faults(given, changes)).toEqual(expected);
  });

  it('is not fooled by a digest algorithm that every object has', () => {
    const subject = [{ name: 'a', digest: {} }];
    expect(faults({ ...statement(), subject }, { subject: new Map([['constructor', 'x']]) })).toHaveLength(1);
  });

  it('needs only what is asked for', () => {
    const others = { ...statement(), predicate: { ...(statement().predicate as object), 'x:y': 1 } };
    expect(faults(others, { policyDigest: null, resourceUri: null, verifierId: null })).toEqual([]);
  });
});

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64');
const envelope = (value: unknown) => ({
  payloadType: 'application/vnd.in-toto+json',
  payload: base64(value),
  signatures: [{ sig: 'x' }],
});
const bundle = (value: unknown) => ({
  mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
  dsseEnvelope: envelope(value),
});

describe('reading statements', () => {
  const one = statement();
  it.each<readonly [string, string, readonly string[]]>([
    ['a plain statement', JSON.stringify(one), ['statement']],
    ['a DSSE envelope', JSON.stringify(envelope(one)), ['envelope']],
    ['a Sigstore bundle', JSON.stringify(bundle(one)), ['bundle']],
    [
      'a bundle on each line',
      `${JSON.stringify(bundle(one))}\n${JSON.stringify(bundle(one))}\n`,
      ['bundle', 'bundle'],
    ],
    [
      'the answer of "gh attestation verify --format json"',
      JSON.stringify([{ attestation: { bundle: bundle(one) }, verificationResult: { statement: one } }]),
      ['bundle'],
    ],
    ['the answer of the API', JSON.stringify({ attestations: [{ bundle: bundle(one) }] }), ['bundle']],
  ])('takes %s', (_name, text, wrappings) => {
    const found = readStatements(text);
    expect(found.map(({ wrapping }) => wrapping)).toEqual(wrappings);
    expect(found.map(({ statement: read }) => read)).toEqual(wrappings.map(() => one));
  });

  it.each<readonly [string, string, RegExp]>([
    ['no JSON', 'hello', /^expected JSON, or JSON on every line, but: /u],
    ['lines of which one is no JSON', '{}\nhello', /^expected JSON, or JSON on every line, but: /u],
    ['an empty list', '[]', /^expected at least one statement, saw an empty list$/u],
    ['a number', '1', /^expected a JSON object, saw number$/u],
    ['null', 'null', /^expected a JSON object, saw null$/u],
    [
      'another object',
      '{"a":1}',
      /^expected an in-toto statement, a DSSE envelope or a Sigstore bundle, saw an object/u,
    ],
    [
      'a statement without a subject',
      JSON.stringify({ ...one, subject: [] }),
      /^expected an in-toto statement, but: \/subject: /u,
    ],
    [
      'another payload',
      JSON.stringify({ ...envelope(one), payloadType: 'text/plain' }),
      /^expected payloadType application\/vnd\.in-toto\+json, saw "text\/plain"$/u,
    ],
    [
      'a payload that is not base64',
      JSON.stringify({ ...envelope(one), payload: '{}' }),
      /^expected a payload in base64$/u,
    ],
    [
      'a payload that is not JSON',
      JSON.stringify({ ...envelope(one), payload: 'aGVsbG8=' }),
      /^expected JSON in the payload, but: /u,
    ],
    [
      'wrappings without an end',
      '['.repeat(50) + ']'.repeat(50),
      /^expected a statement, saw wrappings without an end$/u,
    ],
    [
      'a thousand and one',
      JSON.stringify(Array.from({ length: 1_001 }, () => one)),
      /^expected at most 1000 statements, saw 1001$/u,
    ],
  ])('refuses %s', (_name, text, message) => {
    expect(() => readStatements(text)).toThrow(StatementError);
    expect(() => readStatements(text)).toThrow(message);
  });
});

describe('of several statements', () => {
  const at = (time: string, result: string): Statement => {
    const plain = statement();
    const predicate = { ...(plain.predicate as object), timeVerified: time, verificationResult: result };
    return { ...plain, predicate };
  };
  const chosen = (all: readonly Statement[], changes: Partial<Expectations> = {}): unknown => {
    const wrapped = all.map((one) => ({ wrapping: 'bundle' as const, statement: one }));
    return decisiveStatement(wrapped, { ...EXPECTED, ...changes })?.statement.predicate;
  };

  it('the newest verdict counts, also when it is the worse one', () => {
    const [older, newer] = [at('2026-11-20T08:00:00Z', 'PASSED'), at('2026-11-20T08:10:00Z', 'FAILED')];
    expect(chosen([older, newer])).toEqual(newer.predicate);
    expect(chosen([newer, older])).toEqual(newer.predicate);
  });

  it('the failed one counts of two from the same moment', () => {
    const [passed, failed] = [at(VERIFIED_AT, 'PASSED'), at(VERIFIED_AT, 'FAILED')];
    expect([chosen([passed, failed]), chosen([failed, passed])]).toEqual([
      failed.predicate,
      failed.predicate,
    ]);
  });

  it('those do not count that are about something else, by somebody else, or no verdict of a gate', () => {
    const provenance = { ...statement(), predicateType: 'https://slsa.dev/provenance/v1' };
    const { 'urn:mcp-gate:report:v1': _report, ...foreign } = statement().predicate as Record<
      string,
      unknown
    >;
    const other = { ...statement(), subject: [{ name: 'x', digest: { sha256: '00' } }] };
    const elsewhere = having('verifier', { id: 'urn:other' });
    const all = [provenance, { ...statement(), predicate: foreign }, other, elsewhere];
    expect(chosen(all)).toBeUndefined();
    expect(chosen([...all, statement()])).toEqual(statement().predicate);
  });
});
