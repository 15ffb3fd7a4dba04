/** `mcp-gate verify` through the command line: exit codes and sentences for right and wrong artifacts. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { run } from '../../src/commands/program.js';
import { attestations } from '../../src/report/attestation.js';
import { report, server } from '../report/fixture.js';

const BYTES = 'the package';
const HEX = createHash('sha256').update(BYTES).digest('hex');
const OTHER_HEX = createHash('sha256').update('other').digest('hex');
const POLICY = `sha256:${'0123456789abcdef'.repeat(4)}`;
const ESC = '\u001b';

let cwd = '';
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mcp-gate-verify-'));
  const files: Record<string, string> = {
    'billing.tgz': BYTES,
    'other.tgz': 'other',
    'vsa.json': statement(),
    'failed.json': statement({ decision: 'deny' }),
    'old.json': statement({ hoursAgo: 25 }),
    'future.json': statement({ hoursAgo: -1 }),
    'hostile.json': statement().replace('billing.tgz', '\\u001b[2J::error::x'),
    'provenance.json': statement().replace('verification_summary/v1', 'provenance/v1'),
    'several.jsonl': `${bundle(statement({ decision: 'deny', hoursAgo: 2 }))}\n${bundle(statement())}\n`,
    'signed.json': bundle(statement()),
    'broken.json': '{',
  };
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
});
afterAll(async () => {
  await rm(cwd, { recursive: true, force: true });
});

function statement(given: { decision?: 'allow' | 'deny'; hoursAgo?: number } = {}): string {
  const { decision = 'allow', hoursAgo = 0 } = given;
  const plain = server({ decision });
  if (plain.facts === null) throw new Error('the fixture has facts');
  const startedAt = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
  const facts = {
    ...plain.facts,
    gate: { ...plain.facts.gate, startedAt },
    manifest: { spec: { artifact: { file: 'dist/billing.tgz', digest: `sha256:${HEX}` } } },
  };
  const options = { verifierId: 'urn:mcp-gate:verifier', reportDigest: '12'.repeat(32), runFailed: false };
  return attestations(report([{ ...plain, facts }]), options).made[0]?.statement ?? '';
}

function bundle(text: string): string {
  const dsseEnvelope = {
    payloadType: 'application/vnd.in-toto+json',
    payload: Buffer.from(text).toString('base64'),
    signatures: [{ sig: 'AA==' }],
  };
  return JSON.stringify({ mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope });
}

async function verify(...args: readonly string[]): Promise<{ code: number; out: string; err: string }> {
  let out = '';
  let err = '';
  const code = await run(['verify', ...args], {
    cwd,
    env: {},
    dist: new URL('file:///dist/'),
    style: { color: false, width: 100 },
    interactive: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

describe('mcp-gate verify', () => {
  it('exits 0 for the right file, and says loudly that no signature was checked', async () => {
    const { code, out } = await verify('vsa.json', '--subject', 'billing.tgz', '--policy-digest', POLICY);
    expect(code).toBe(0);
    expect(out.replace(/verified at \S+/u, 'verified at T')).toBe(`✓ VERIFIED  vsa.json
  ✓ the statement is of type https://in-toto.io/Statement/v1
  ✓ the predicate is of type https://slsa.dev/verification_summary/v1
  ✓ it is about billing.tgz (sha256:${HEX})
  ✓ the result is PASSED
  ✓ it has the level MCP_DEPLOY_GATE_PASSED
  ✓ it was verified at T
  ✓ the policies have the digest ${POLICY}
  ! it came as a plain statement, which nobody has signed: "gh attestation verify" checks who made it
`);
  });

  it.each([
    ['a digest', `sha256:${HEX}`],
    ['a digest in capitals', `SHA256:${HEX.toUpperCase()}`],
    ['an image with its digest', `ghcr.io/acme/billing@sha256:${HEX}`],
  ])('takes %s as the subject', async (_name, subject) => {
    expect((await verify('vsa.json', '--subject', subject)).code).toBe(0);
  });

  it.each<readonly [string, readonly string[], string]>([
    [
      'another file',
      ['vsa.json', '--subject', 'other.tgz'],
      `✗ expected a statement about sha256:${OTHER_HEX}, saw one about billing.tgz (sha256:${HEX})`,
    ],
    [
      'a denial',
      ['failed.json', '--subject', 'billing.tgz'],
      '✗ expected that the result is PASSED, saw FAILED',
    ],
    ['an old statement', ['old.json', '--subject', 'billing.tgz'], '✗ expected a verification since '],
    [
      'a statement from the future',
      ['future.json', '--subject', 'billing.tgz'],
      '✗ expected a verification in the past, saw ',
    ],
    [
      'another kind of statement',
      ['provenance.json', '--subject', 'billing.tgz'],
      '✗ expected that the predicate is of type https://slsa.dev/verification_summary/v1, saw https://slsa.dev/provenance/v1',
    ],
    [
      'other policies',
      ['vsa.json', '--subject', 'billing.tgz', '--policy-digest', `sha256:${'0'.repeat(64)}`],
      `✗ expected that the policies have the digest sha256:${'0'.repeat(64)}, saw ${POLICY}`,
    ],
    [
      'another resource',
      ['vsa.json', '--subject', 'billing.tgz', '--resource-uri', 'pkg:npm/x@1'],
      '✗ expected that the resource is pkg:npm/x@1, saw pkg:generic/billing.tgz',
    ],
    [
      'another verifier',
      ['vsa.json', '--subject', 'billing.tgz', '--verifier-id', 'https://x.example'],
      '✗ expected that the verifier is https://x.example, saw urn:mcp-gate:verifier',
    ],
    [
      'a list with nothing on the subject',
      ['several.jsonl', '--subject', 'other.tgz'],
      '✗ NOT VERIFIED  several.jsonl: none of its 2 statements is a verdict of mcp-gate on the subject',
    ],
  ])('exits 1 for %s', async (_name, args, sentence) => {
    const { code, out } = await verify(...args);
    expect(code).toBe(1);
    expect(out).toContain(sentence);
    expect(out).toMatch(/^✗ NOT VERIFIED/u);
  });

  it('takes an older statement when that is asked for', async () => {
    expect((await verify('old.json', '--subject', 'billing.tgz', '--max-age', '2d')).code).toBe(0);
  });

  it('goes by the newest of several, and says that signatures were not checked', async () => {
    const { code, out } = await verify('several.jsonl', '--subject', 'billing.tgz');
    expect(code).toBe(0);
    expect(out).toContain('several.jsonl, the newest verdict of 2 statements');
    expect(out).toContain('! it came as a bundle whose signature was NOT checked: "gh attestation verify"');
  });

  it('shows hostile text without letting it act', async () => {
    const { code, out } = await verify('hostile.json', '--subject', 'billing.tgz');
    expect(code).toBe(0);
    expect(out.includes(ESC)).toBe(false);
    expect(out).toContain('\\u{1b}[2J::error::x');
  });

  it.each<readonly [string, readonly string[], RegExp]>([
    [
      'a statement that is not there',
      ['no.json', '--subject', 'billing.tgz'],
      /expected a statement in no\.json, but: it does not exist/u,
    ],
    ['a folder', ['.', '--subject', 'billing.tgz'], /expected a statement in \., but: it is not a file/u],
    [
      'no JSON',
      ['broken.json', '--subject', 'billing.tgz'],
      /broken\.json: expected JSON, or JSON on every line, but: /u,
    ],
    ['no subject', ['vsa.json'], /required option '--subject <artifact>' not specified/u],
    [
      'a subject that is not there',
      ['vsa.json', '--subject', 'no.tgz'],
      /expected --subject to be a file, sha256:…, sha512:… or an image with its digest, saw "no\.tgz": it does not exist/u,
    ],
    ['half a digest', ['vsa.json', '--subject', 'sha256:00'], /expected --subject to be a file/u],
    [
      'a policy digest that is none',
      ['vsa.json', '--subject', 'billing.tgz', '--policy-digest', 'abc'],
      /expected --policy-digest as sha256: and 64 hexadecimal digits, saw "abc"/u,
    ],
    [
      'an age that is none',
      ['vsa.json', '--subject', 'billing.tgz', '--max-age', '1w'],
      /expected --max-age as 90s, 30m, 24h or 7d, saw "1w"/u,
    ],
  ])('exits 2 for %s', async (_name, args, message) => {
    const { code, err, out } = await verify(...args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('exits 2 for a file that is too large to be one', async () => {
    await writeFile(join(cwd, 'large.json'), ' '.repeat(16 * 1024 * 1024 + 1));
    const { code, err } = await verify('large.json', '--subject', 'billing.tgz');
    expect(code).toBe(2);
    expect(err).toContain('it has 16777217 bytes, and at most 16777216 are read');
  });
});
