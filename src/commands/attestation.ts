/** Writes the verdict of a run as statements for the next step to sign, and makes sure that none is left from before. */
import { createHash } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { digestOfFile } from '../manifest/artifact.js';
import { readTextFile, reason } from '../manifest/source.js';
import { artifactOf, attestations, isOwn, type VerificationResult, VSA_TYPE } from '../report/attestation.js';
import { renderJson } from '../report/json.js';
import type { Report, ServerReport } from '../report/report.js';
import { UsageError } from './failure.js';
import { write } from './outputs.js';
import type { Terminal } from './terminal.js';

export interface AttestRequest {
  /** Where the statement goes; undefined means that nobody wants one. */
  readonly attestation?: string | undefined;
  /** Names the verifier; undefined: the Action's repository, or a name that says no more than "an mcp-gate". */
  readonly verifierId?: string | undefined;
}

/** One statement that was written, with what `actions/attest` needs to sign it. */
export interface Attested {
  readonly server: string;
  readonly result: VerificationResult;
  readonly statementPath: string;
  readonly predicatePath: string;
  readonly predicateType: string;
  readonly subjectName: string;
  /** `sha256:<hex>` or `sha512:<hex>`. */
  readonly subjectDigest: string;
}

export interface AttestResult {
  readonly attested: readonly Attested[];
  /** For people: why a server has no statement. May hold hostile text. */
  readonly notices: readonly string[];
}

const NOBODY: AttestResult = { attested: [], notices: [] };
const ANONYMOUS = 'urn:mcp-gate:verifier';

/**
 * Removes what an earlier run left, before anything can go wrong: a run that ends without a verdict leaves no older one.
 * @throws UsageError when it cannot be removed
 */
export async function forget({ attestation: path }: AttestRequest, { cwd }: Terminal): Promise<void> {
  if (path === undefined) return;
  const names = [path, predicateOf(path), ...(await partsOf(path, cwd))];
  for (const name of names) await remove(resolve(cwd, name), name);
}

/** The files of several servers, whose names this run may never come to know; others are not the gate's to remove. */
async function partsOf(path: string, cwd: string): Promise<readonly string[]> {
  const folder = dirname(path);
  const own = extname(path);
  const [lead, ending] = [`${basename(path, own)}.`, own === '' ? '.json' : own];
  const parts: string[] = [];
  for (const name of await namesIn(resolve(cwd, folder), folder)) {
    if (!name.startsWith(lead) || !name.endsWith(ending)) continue;
    if (!PART.test(name.slice(lead.length, name.length - ending.length))) continue;
    const read = await readTextFile(resolve(cwd, folder, name));
    if ('text' in read && isOwn(read.text)) parts.push(join(folder, name));
  }
  return parts;
}

/** What stands for a server in the name of its files, as `slug` and `unique` make it. */
const PART = /^[A-Za-z0-9_-]{1,120}(?:\.predicate)?$/u;

async function namesIn(folder: string, asked: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (cause: unknown) {
    const why = reason(cause);
    if (why === NOT_THERE) return [];
    throw new UsageError(
      `expected to find what earlier runs left in ${asked}, but: ${why}. Name a folder that can be read.`,
    );
  }
}

/** As `reason` says it. */
const NOT_THERE = 'it does not exist';

/**
 * Writes a statement and its predicate for each server whose manifest names an artifact. With one server they are `path`
 * and `….predicate.json`; with several, the server's name is in both. `exitCode` is that of the run.
 * @throws UsageError when a file cannot be written, the verifier is no URI, or an artifact changed while the gate ran
 */
export async function attest(
  { attestation: path, verifierId }: AttestRequest,
  { report, exitCode }: { readonly report: Report; readonly exitCode: number },
  { cwd, env }: Terminal,
): Promise<AttestResult> {
  if (path === undefined) return NOBODY;
  const files = filesOf(path, report.servers);
  // What a run before this one left is about another artifact, or about this one with another verdict.
  for (const name of new Set([path, predicateOf(path), ...[...files.values()].flat()]))
    await remove(resolve(cwd, name), name);
  const verifier = verifierOf(verifierId, env);
  for (const server of report.servers) await insistOnSameBytes(server, cwd);
  const { made, notices } = attestations(report, {
    verifierId: verifier,
    reportDigest: createHash('sha256').update(renderJson(report)).digest('hex'),
    runFailed: exitCode === 2,
  });
  const attested: Attested[] = [];
  for (const { server, artifact, result, statement, predicate } of made) {
    const [statementPath, predicatePath] = files.get(server) ?? [path, predicateOf(path)];
    await write(resolve(cwd, statementPath), statementPath, statement);
    await write(resolve(cwd, predicatePath), predicatePath, predicate);
    attested.push({
      server,
      result,
      statementPath,
      predicatePath,
      predicateType: VSA_TYPE,
      subjectName: artifact.name,
      subjectDigest: artifact.digest,
    });
  }
  return { attested, notices };
}

async function remove(path: string, asked: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch (cause: unknown) {
    throw new UsageError(
      `expected to write ${asked}, but: ${reason(cause)}. Name a path that can be written.`,
    );
  }
}

/** The candidate ran on this machine and could write to its own package; the digest was taken before it was started. */
async function insistOnSameBytes(server: ServerReport, cwd: string): Promise<void> {
  const artifact = artifactOf(server);
  if (artifact === null || artifact.file === null) return;
  const path = resolve(cwd, dirname(server.manifest), artifact.file);
  const algorithm = artifact.digest.startsWith('sha512:') ? 'sha512' : 'sha256';
  let seen = 'a file that cannot be read';
  try {
    seen = await digestOfFile(path, algorithm);
  } catch {
    // The message below says what was seen.
  }
  if (seen === artifact.digest) return;
  throw new UsageError(
    `${server.name}: expected ${artifact.file} to stay ${artifact.digest} while the gate ran, but now it is ${seen}. No attestation is written: start the server from a copy, and build before the gate.`,
  );
}

/** Who says so. What is signed proves more: GitHub's certificate names the workflow. */
function verifierOf(asked: string | undefined, env: NodeJS.ProcessEnv): string {
  if (asked !== undefined) {
    if (URL.canParse(asked)) return asked;
    throw new UsageError(
      `expected a URI as --verifier-id, such as https://github.com/acme/gate, saw ${JSON.stringify(asked)}`,
    );
  }
  const [server, repository] = [env['GITHUB_SERVER_URL'], env['GITHUB_ACTION_REPOSITORY']];
  if (server === undefined || repository === undefined || repository === '') return ANONYMOUS;
  const id = `${server}/${repository}`;
  return URL.canParse(id) ? id : ANONYMOUS;
}

type Pair = readonly [statement: string, predicate: string];

function filesOf(path: string, servers: readonly ServerReport[]): ReadonlyMap<string, Pair> {
  if (servers.length < 2) return new Map(servers.map(({ name }) => [name, [path, predicateOf(path)]]));
  const taken = new Set<string>();
  return new Map(
    servers.map(({ name }) => {
      const statement = withPart(path, unique(slug(name), taken));
      return [name, [statement, predicateOf(statement)]];
    }),
  );
}

function slug(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]+/gu, '-').replace(/^-+|-+$/gu, '');
  return plain.slice(0, 100) || 'server';
}

/** Also unique where case does not tell files apart. */
function unique(wanted: string, taken: Set<string>): string {
  let name = wanted;
  for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${wanted}-${number}`;
  taken.add(name.toLowerCase());
  return name;
}

function predicateOf(path: string): string {
  return withPart(path, 'predicate');
}

/** `out/vsa.json` and `billing` give `out/vsa.billing.json`. */
function withPart(path: string, part: string): string {
  const ending = extname(path);
  return `${path.slice(0, path.length - ending.length)}.${part}${ending === '' ? '.json' : ending}`;
}
