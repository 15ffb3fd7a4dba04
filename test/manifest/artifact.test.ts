import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../src/manifest/read.js';
import { inWorkspace, manifest, problemsFrom, STDIO } from './workspace.js';

const BYTES = 'the package';
const SHA256 = `sha256:${createHash('sha256').update(BYTES).digest('hex')}`;
const SHA512 = `sha512:${createHash('sha512').update(BYTES).digest('hex')}`;
const OTHER = `sha256:${'0'.repeat(64)}`;
const IMAGE = `ghcr.io/acme/billing@${OTHER}`;
const PURL = 'pkg:npm/%40acme/billing@1.2.3';

/** The artifact stands in line 7. */
const files = (artifact: string) => ({
  'deploy/m.yaml': manifest(`${STDIO}  artifact: ${artifact}\n`),
  'deploy/dist/billing.tgz': BYTES,
});

async function documentOf(artifact: string): Promise<unknown> {
  return inWorkspace(files(artifact), async (cwd) => {
    const plan = await readPlan(['deploy/m.yaml'], { cwd, env: {} });
    const spec = plan.servers[0]?.document['spec'] as Record<string, unknown> | undefined;
    return spec?.['artifact'];
  });
}

function problems(artifact: string): Promise<readonly object[]> {
  return inWorkspace(files(artifact), (cwd) => problemsFrom(readPlan(['deploy/m.yaml'], { cwd, env: {} })));
}

const at = (column: number) => ({ file: 'deploy/m.yaml', line: 7, column });

describe('the artifact of a manifest', () => {
  it.each([
    [
      'a file, with the digest that the gate took',
      '{ file: dist/billing.tgz }',
      { file: 'dist/billing.tgz', digest: SHA256 },
    ],
    [
      'a file with the SHA-512 it must have',
      `{ file: dist/billing.tgz, digest: "${SHA512}" }`,
      { file: 'dist/billing.tgz', digest: SHA512 },
    ],
    ['an image', `{ image: "${IMAGE}" }`, { image: IMAGE }],
    [
      'an image with port and tag',
      `{ image: "localhost:5000/billing:1.2@${OTHER}" }`,
      { image: `localhost:5000/billing:1.2@${OTHER}` },
    ],
    ['a package', `{ package: "${PURL}", digest: "${SHA512}" }`, { package: PURL, digest: SHA512 }],
  ])('is %s', async (_name, artifact, document) => {
    expect(await documentOf(artifact)).toEqual(document);
  });

  it('is nothing where nobody names one', async () => {
    await inWorkspace({ 'm.yaml': manifest(STDIO) }, async (cwd) => {
      const plan = await readPlan(['m.yaml'], { cwd, env: {} });
      expect(Object.keys(plan.servers[0]?.document['spec'] ?? {})).not.toContain('artifact');
    });
  });
});

describe('a mistake in the artifact', () => {
  const one = 'exactly one of file, image, package';
  const digest = 'sha256: and 64, or sha512: and 128 hexadecimal digits in lower case';
  const image = 'an image with its digest, such as ghcr.io/acme/billing@sha256: and 64 hexadecimal digits';
  const purl = 'a package URL with its version, such as pkg:npm/%40acme/billing@1.2.3';
  const cases: readonly (readonly [string, string, readonly object[]])[] = [
    [
      'none of the three',
      '{}',
      [{ ...at(3), message: 'spec.artifact does not say what it is', expected: one }],
    ],
    [
      'two of them',
      `{ file: dist/billing.tgz, image: "${IMAGE}" }`,
      [{ ...at(39), message: 'spec.artifact has both file and image', expected: one }],
    ],
    [
      'a file that is not there',
      '{ file: dist/other.tgz }',
      [
        {
          ...at(21),
          message: 'the artifact cannot be used: it does not exist',
          expected: 'a file, relative to the manifest',
          seen: '"dist/other.tgz"',
          suggestion: 'build it before the gate runs',
        },
      ],
    ],
    [
      'a folder',
      '{ file: dist }',
      [
        {
          ...at(21),
          message: 'the artifact cannot be used: it is not a file',
          expected: 'a file, relative to the manifest',
          seen: '"dist"',
          suggestion: 'build it before the gate runs',
        },
      ],
    ],
    [
      'a file with another digest',
      `{ file: dist/billing.tgz, digest: "${OTHER}" }`,
      [{ ...at(47), message: 'the file has another digest', expected: `"${SHA256}"`, seen: `"${OTHER}"` }],
    ],
    [
      'an image by tag',
      '{ image: "ghcr.io/acme/billing:latest" }',
      [
        {
          ...at(22),
          message: 'spec.artifact.image is not right',
          expected: image,
          seen: '"ghcr.io/acme/billing:latest"',
        },
      ],
    ],
    [
      'an image with a second digest',
      `{ image: "${IMAGE}", digest: "${OTHER}" }`,
      [
        {
          ...at(118),
          message: 'spec.artifact.digest means nothing here',
          expected: 'the digest inside the reference of the image, after @',
        },
      ],
    ],
    [
      'a package without a digest',
      `{ package: "${PURL}" }`,
      [
        {
          ...at(15),
          message: 'spec.artifact.digest is missing',
          expected: 'the digest of the package, sha256:… or sha512:… in hexadecimal',
          suggestion: 'without it nobody can tell whether what is deployed is what was judged',
        },
      ],
    ],
    [
      'a package without a version',
      `{ package: "pkg:npm/billing", digest: "${OTHER}" }`,
      [
        {
          ...at(24),
          message: 'spec.artifact.package is not right',
          expected: purl,
          seen: '"pkg:npm/billing"',
        },
      ],
    ],
    [
      'a digest of another form',
      `{ package: "${PURL}", digest: "sha1:00" }`,
      [{ ...at(65), message: 'spec.artifact.digest is not right', expected: digest, seen: '"sha1:00"' }],
    ],
  ];

  it.each(cases)('%s', async (_name, artifact, expected) => {
    expect(await problems(artifact)).toEqual(expected);
  });
});
