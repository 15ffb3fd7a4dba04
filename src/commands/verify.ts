/** `mcp-gate verify`: may this artifact be deployed by that statement? Everything but the signature, which is gh's part. */
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { digestOfFile } from '../manifest/artifact.js';
import { whatIsWrongWith } from '../manifest/run-plan.js';
import { terminal as visible } from '../report/escape.js';
import {
  type Check,
  checkStatement,
  decisiveStatement,
  type Expectations,
  readStatements,
  StatementError,
  type Wrapped,
} from '../report/statement.js';
import { UsageError } from './failure.js';
import type { Terminal } from './terminal.js';

export interface VerifyOptions {
  /** A file, a digest, or an image with its digest. */
  readonly subject: string;
  readonly policyDigest?: string;
  readonly resourceUri?: string;
  readonly verifierId?: string;
  /** `90s`, `30m`, `24h`, `7d`. */
  readonly maxAge: string;
}

/** Bytes; the most that GitHub takes for a predicate. */
const LARGEST = 16 * 1024 * 1024;
const UNITS = new Map([
  ['s', 1_000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
]);

const CAME_AS = {
  statement: 'a plain statement, which nobody has signed',
  envelope: 'an envelope whose signature was NOT checked',
  bundle: 'a bundle whose signature was NOT checked',
} as const;

/**
 * Returns 0 when the statement allows the deployment and 1 when it does not.
 * @throws UsageError for what cannot be read or understood (exit code 2)
 */
export async function verify(
  file: string,
  options: VerifyOptions,
  terminal: Terminal,
  now = new Date(),
): Promise<number> {
  const expected = await expectations(options, terminal.cwd, now);
  const found = await statementsIn(file, terminal.cwd);
  const [only] = found;
  const decisive = found.length === 1 && only !== undefined ? only : decisiveStatement(found, expected);
  const checks = decisive === null ? [] : checkStatement(decisive.statement, expected);
  const holds = decisive !== null && checks.every(({ ok }) => ok);
  terminal.out(rendered(file, { found, decisive, checks, holds }));
  return holds ? 0 : 1;
}

interface Outcome {
  readonly found: readonly Wrapped[];
  readonly decisive: Wrapped | null;
  readonly checks: readonly Check[];
  readonly holds: boolean;
}

function rendered(file: string, { found, decisive, checks, holds }: Outcome): string {
  const many = found.length === 1 ? '' : `, the newest verdict of ${found.length} statements`;
  const lines =
    decisive === null
      ? [
          `✗ NOT VERIFIED  ${file}: none of its ${found.length} statements is a verdict of mcp-gate on the subject`,
        ]
      : [
          `${holds ? '✓ VERIFIED' : '✗ NOT VERIFIED'}  ${file}${many}`,
          ...checks.map(({ ok, text }) => `  ${ok ? '✓' : '✗'} ${text}`),
          `  ! it came as ${CAME_AS[decisive.wrapping]}: "gh attestation verify" checks who made it`,
        ];
  return `${lines.map(visible).join('\n')}\n`;
}

async function expectations(options: VerifyOptions, cwd: string, now: Date): Promise<Expectations> {
  const { policyDigest = null, resourceUri = null, verifierId = null } = options;
  if (policyDigest !== null && !/^sha256:[0-9a-f]{64}$/iu.test(policyDigest)) {
    throw new UsageError(
      `expected --policy-digest as sha256: and 64 hexadecimal digits, saw ${JSON.stringify(policyDigest)}. The report has it as policy.digest.`,
    );
  }
  return {
    subject: await subjectOf(options.subject, cwd),
    policyDigest: policyDigest?.toLowerCase() ?? null,
    resourceUri,
    verifierId,
    maxAgeMs: duration(options.maxAge),
    now,
  };
}

function duration(text: string): number {
  const [, number = '', unit = ''] = /^(\d{1,6})([smhd])$/u.exec(text) ?? [];
  const factor = UNITS.get(unit);
  if (factor !== undefined && Number(number) > 0) return Number(number) * factor;
  throw new UsageError(`expected --max-age as 90s, 30m, 24h or 7d, saw ${JSON.stringify(text)}`);
}

/** Both digests of a file, since nobody knows which one the statement has; or the digest that was given. */
async function subjectOf(text: string, cwd: string): Promise<ReadonlyMap<string, string>> {
  const given = /(?:^|@)(?:(sha256):([0-9a-f]{64})|(sha512):([0-9a-f]{128}))$/iu.exec(text);
  const algorithm = given?.[1] ?? given?.[3];
  const hex = given?.[2] ?? given?.[4];
  if (algorithm !== undefined && hex !== undefined)
    return new Map([[algorithm.toLowerCase(), hex.toLowerCase()]]);
  const path = resolve(cwd, text);
  const wrong = await whatIsWrongWith(path, 'file');
  if (wrong !== null) {
    throw new UsageError(
      `expected --subject to be a file, sha256:…, sha512:… or an image with its digest, saw ${JSON.stringify(text)}: ${wrong}`,
    );
  }
  const digests = [await digestOfFile(path, 'sha256'), await digestOfFile(path, 'sha512')];
  return new Map(digests.map((digest) => [digest.slice(0, 6), digest.slice(7)]));
}

async function statementsIn(file: string, cwd: string): Promise<readonly Wrapped[]> {
  const text = await readBounded(resolve(cwd, file), file);
  try {
    return readStatements(text);
  } catch (cause: unknown) {
    if (cause instanceof StatementError) throw new UsageError(visible(`${file}: ${cause.message}`));
    throw cause;
  }
}

async function readBounded(path: string, asked: string): Promise<string> {
  const wrong = (await whatIsWrongWith(path, 'file')) ?? (await tooLarge(path));
  if (wrong !== null) throw new UsageError(`expected a statement in ${asked}, but: ${wrong}`);
  return readFile(path, 'utf8');
}

async function tooLarge(path: string): Promise<string | null> {
  const { size } = await stat(path);
  return size > LARGEST ? `it has ${size} bytes, and at most ${LARGEST} are read` : null;
}
