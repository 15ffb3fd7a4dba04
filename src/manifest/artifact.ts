/** The deployable thing a verdict is about (`spec.artifact`): checks how it is named, and takes a file's digest. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { lookUp } from './pointer.js';
import { type Complain, describe } from './problem.js';
import { has, isMapping, textAt } from './raw.js';
import { whatIsWrongWith } from './run-plan.js';
import { reason } from './source.js';

export type DigestAlgorithm = 'sha256' | 'sha512';

const AT = '/spec/artifact';
const KINDS = ['file', 'image', 'package'] as const;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

/** `sha256:<hex>` or `sha512:<hex>` of a file, read as a stream. @throws Error of the file system */
export async function digestOfFile(path: string, algorithm: DigestAlgorithm): Promise<string> {
  const hash = createHash(algorithm);
  await pipeline(createReadStream(path), hash);
  return `${algorithm}:${hash.digest('hex')}`;
}

/** Reports what contradicts itself in `spec.artifact`. Reads fields one by one, so the document need not be valid. */
export function checkArtifact(raw: unknown, complain: Complain): void {
  const artifact = lookUp(raw, AT);
  if (!isMapping(artifact)) return;
  const expected = 'exactly one of file, image, package';
  const [first, second] = Object.keys(artifact).filter((key) => KINDS.some((kind) => kind === key));
  if (first === undefined) complain(AT, 'key', 'spec.artifact does not say what it is', { expected });
  if (second !== undefined) {
    complain(`${AT}/${second}`, 'key', `spec.artifact has both ${first} and ${second}`, { expected });
    return;
  }
  if (first === 'package' && !has(raw, `${AT}/digest`)) {
    complain(`${AT}/package`, 'key', 'spec.artifact.digest is missing', {
      expected: 'the digest of the package, sha256:… or sha512:… in hexadecimal',
      suggestion: 'without it nobody can tell whether what is deployed is what was judged',
    });
  }
  if (first === 'image' && has(raw, `${AT}/digest`)) {
    complain(`${AT}/digest`, 'key', 'spec.artifact.digest means nothing here', {
      expected: 'the digest inside the reference of the image, after @',
    });
  }
}

/** The digest of the artifact's file, taken before any candidate runs; null where there is none. Reports what is wrong. */
export async function planArtifactDigest(
  raw: unknown,
  folder: string,
  complain: Complain,
): Promise<string | null> {
  const pointer = `${AT}/file`;
  const text = textAt(raw, pointer);
  if (text === null || text === '' || text.includes('\0')) return null;
  const path = resolve(folder, text);
  const claimed = textAt(raw, `${AT}/digest`);
  const algorithm = claimed?.startsWith('sha512:') === true ? 'sha512' : 'sha256';
  const actual = await takeDigest(path, algorithm);
  if ('wrong' in actual) {
    complain(pointer, 'value', `the artifact cannot be used: ${actual.wrong}`, {
      expected: 'a file, relative to the manifest',
      seen: describe(text),
      suggestion: 'build it before the gate runs',
    });
    return null;
  }
  if (claimed !== null && DIGEST.test(claimed) && claimed !== actual.digest) {
    complain(`${AT}/digest`, 'value', 'the file has another digest', {
      expected: `"${actual.digest}"`,
      seen: `"${claimed}"`,
    });
    return null;
  }
  return actual.digest;
}

type Taken = { readonly digest: string } | { readonly wrong: string };

async function takeDigest(path: string, algorithm: DigestAlgorithm): Promise<Taken> {
  const wrong = await whatIsWrongWith(path, 'file');
  if (wrong !== null) return { wrong };
  try {
    return { digest: await digestOfFile(path, algorithm) };
  } catch (cause: unknown) {
    return { wrong: reason(cause) };
  }
}
