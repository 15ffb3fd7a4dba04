import { describe, expect, it } from '@jest/globals';
import {
  type Attestation,
  type AttestationOptions,
  artifactOf,
  attestations,
} from '../../src/report/attestation.js';
import type { Report, ServerReport } from '../../src/report/report.js';
import { finding, report, server } from './fixture.js';
import { expectGolden } from './golden.js';

const SHA256 = `sha256:${'ab'.repeat(32)}`;
const SHA512 = `sha512:${'cd'.repeat(64)}`;
const OPTIONS: AttestationOptions = {
  verifierId: 'https://github.com/acme/mcp-deploy-gate',
  reportDigest: '12'.repeat(32),
  runFailed: false,
};

function about(artifact: unknown, changes: Partial<ServerReport> = {}): ServerReport {
  const plain = server({ decision: 'allow', ...changes });
  if (plain.facts === null) throw new Error('the fixture has facts');
  return { ...plain, facts: { ...plain.facts, manifest: { spec: { artifact } } } };
}

const FILE = { file: 'dist/billing.tgz', digest: SHA256 };

function made(given: Report, options: Partial<AttestationOptions> = {}): readonly Attestation[] {
  return attestations(given, { ...OPTIONS, ...options }).made;
}

const results = (given: Report, options: Partial<AttestationOptions> = {}): readonly string[] =>
  made(given, options).map(({ server: name, result }) => `${name} ${result}`);

describe('the attestation of an allowed server', () => {
  it('is the golden statement', () => {
    const findings = [
      finding({
        level: 'warn',
        waiver: { owner: 'o', reason: 'r', ticket: null, expires: '2027-01-01' },
      }),
      finding({ level: 'notice' }),
    ];
    const policy = {
      digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
      rules: 8,
      source: { kind: 'base' as const, commit: 'ab12'.repeat(10), pending: [] },
      review: null,
    };
    const [one] = made(report([about(FILE, { findings })], { policy }));
    expectGolden('goldens/vsa.json', one?.statement ?? '');
  });

  it('has the same predicate in both files', () => {
    const [one] = made(report([about(FILE)]));
    expect(JSON.parse(one?.predicate ?? '')).toEqual(JSON.parse(one?.statement ?? '').predicate);
  });
});

describe('an artifact becomes subject and resource', () => {
  it.each([
    [
      'a file',
      FILE,
      {
        name: 'billing.tgz',
        digest: SHA256,
        resourceUri: 'pkg:generic/billing.tgz',
        file: 'dist/billing.tgz',
      },
    ],
    [
      'a file whose name a URI would misread',
      { file: 'a b#?.tgz', digest: SHA512 },
      { name: 'a b#?.tgz', digest: SHA512, resourceUri: 'pkg:generic/a%20b%23%3F.tgz', file: 'a b#?.tgz' },
    ],
    [
      'an image',
      { image: `ghcr.io/acme/billing@${SHA256}` },
      {
        name: 'ghcr.io/acme/billing',
        digest: SHA256,
        resourceUri: 'pkg:oci/billing?repository_url=ghcr.io/acme/billing',
        file: null,
      },
    ],
    [
      'an image with port and tag',
      { image: `localhost:5000/billing:1.2@${SHA256}` },
      {
        name: 'localhost:5000/billing',
        digest: SHA256,
        resourceUri: 'pkg:oci/billing?repository_url=localhost%3A5000/billing',
        file: null,
      },
    ],
    [
      'a package',
      { package: 'pkg:npm/%40acme/billing@1.2.3', digest: SHA512 },
      {
        name: 'pkg:npm/%40acme/billing@1.2.3',
        digest: SHA512,
        resourceUri: 'pkg:npm/%40acme/billing@1.2.3',
        file: null,
      },
    ],
    ['a digest that was masked', { file: 'a', digest: 'sha256:***' }, null],
    ['an image without a digest', { image: 'acme/billing:1' }, null],
    ['nothing', undefined, null],
  ])('%s', (_name, artifact, expected) => {
    expect(artifactOf(about(artifact))).toEqual(expected);
  });
});

describe('an attestation says PASSED', () => {
  const indecisions = [{ code: 'internal', message: 'm' }];
  it.each<readonly [string, Report, Partial<AttestationOptions>, readonly string[]]>([
    ['for an allowed server', report([about(FILE)]), {}, ['billing PASSED']],
    ['not for a denied one', report([about(FILE, { decision: 'deny' })]), {}, ['billing FAILED']],
    ['not for an undecided one', report([about(FILE, { decision: 'undecided' })]), {}, ['billing FAILED']],
    ['not where something was left open', report([about(FILE, { indecisions })]), {}, ['billing FAILED']],
    ['not in audit mode', report([about(FILE)], { mode: 'audit' }), {}, ['billing FAILED']],
    ['not when the run failed otherwise', report([about(FILE)]), { runFailed: true }, ['billing FAILED']],
    [
      'for the allowed one of several servers, each with a subject of its own',
      report([
        about(FILE),
        about({ file: 'b', digest: SHA512 }, { name: 'search', decision: 'deny' }),
        server({ name: 'weather', decision: 'allow' }),
      ]),
      {},
      ['billing PASSED', 'search FAILED'],
    ],
    [
      'for no subject of which another server was denied',
      report([about(FILE), about({ ...FILE, file: 'copy' }, { name: 'search', decision: 'deny' })]),
      {},
      ['billing FAILED', 'search FAILED'],
    ],
  ])('%s', (_name, given, options, expected) => {
    expect(results(given, options)).toEqual(expected);
  });

  it('with the level FAILED and nothing else where it does not', () => {
    const [one] = made(report([about(FILE, { decision: 'deny' })]));
    expect(JSON.parse(one?.predicate ?? '')).toMatchObject({
      verificationResult: 'FAILED',
      verifiedLevels: ['FAILED'],
    });
  });
});

describe('where there is no attestation', () => {
  it('says why', () => {
    const given = report([server({ name: 'weather', decision: 'allow' }), about(FILE)], { mode: 'audit' });
    expect(attestations(given, OPTIONS).notices).toEqual([
      'weather: no attestation, because its manifest names no spec.artifact',
      'audit mode enforces nothing, so no attestation says PASSED',
    ]);
  });
});
