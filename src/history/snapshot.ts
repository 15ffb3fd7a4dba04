/** Files as another commit has them, laid out in a folder of their own: the checkout itself is never touched. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, posix, relative, resolve, sep } from 'node:path';
import { findCommit } from './commit.js';
import { type Git, HistoryError } from './git.js';

const FILES_LIMIT = 2_000;
const BYTES_LIMIT = 32 * 1024 * 1024;
/** Mode of an entry of a tree. */
const SUBMODULE = '160000';

/** Where a path stands in the history of the checkout. */
export type Standing =
  /** In the other commit. */
  | 'there'
  /** Only in the commit that is checked out: what is under review brings it. */
  | 'new'
  /** In neither: outside the repository, or put there by the workflow itself. */
  | 'foreign';

export interface Snapshot {
  readonly commit: string;
  /** The folder that stands for the working directory. Relative paths in it are those of the checkout. */
  readonly cwd: string;
  readonly standing: ReadonlyMap<string, Standing>;
  /** Where the paths that are there stand in the snapshot: absolute, since an absolute path leads to the checkout. */
  readonly laidOut: ReadonlyMap<string, string>;
  dispose(): Promise<void>;
}

interface Entry {
  readonly mode: string;
  readonly type: string;
  readonly id: string;
  readonly path: string;
}

/**
 * Lays out `paths` (relative to `cwd`, or absolute) as `commit` has them. Paths that are foreign are not copied.
 * @throws HistoryError for what cannot be read faithfully: a symbolic link or a submodule, which the commit only points with
 */
export async function snapshot(
  git: Git,
  commit: string,
  paths: readonly string[],
  cwd: string,
): Promise<Snapshot> {
  const top = await realpath((await git.run('rev-parse', '--show-toplevel')).trim());
  const real = await realpath(cwd);
  const head = await findCommit(git, 'HEAD');
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'mcp-gate-base-')));
  const dispose = (): Promise<void> => rm(folder, { recursive: true, force: true });
  try {
    const standing = new Map<string, Standing>();
    const laidOut = new Map<string, string>();
    for (const path of paths) {
      const asked = resolve(real, path);
      // A link that git does not know may still lead to what it knows: the workspace of a package manager does.
      const places = [asked, await realOf(asked)].map((place) => insideOf(top, place));
      standing.set(path, 'foreign');
      for (const inside of new Set(places)) {
        if (inside === null || standing.get(path) !== 'foreign') continue;
        const stands = await layOut(git, { commit, head, inside, folder });
        standing.set(path, stands);
        if (stands === 'there') laidOut.set(path, join(folder, ...inside.split('/')));
      }
    }
    const below = join(folder, relative(top, real));
    await mkdir(below, { recursive: true });
    return { commit, cwd: below, standing, laidOut, dispose };
  } catch (cause: unknown) {
    await dispose();
    throw cause;
  }
}

/** The path without links, as far as it exists. */
async function realOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    return dirname(path) === path ? path : join(await realOf(dirname(path)), basename(path));
  }
}

/** The path within the repository, with slashes; null outside. The top itself is ".". */
function insideOf(top: string, path: string): string | null {
  const inside = relative(top, path);
  if (inside === '') return '.';
  if (inside === '..' || inside.startsWith(`..${sep}`) || resolve(inside) === inside) return null;
  return inside.split(sep).join(posix.sep);
}

async function layOut(
  git: Git,
  where: { commit: string; head: string | null; inside: string; folder: string },
): Promise<Standing> {
  const { commit, head, inside, folder } = where;
  await refuseDetours(git, commit, inside);
  if (head !== null) await refuseDetours(git, head, inside);
  const entries = await entriesOf(git, commit, inside);
  if (entries.length === 0)
    return head !== null && (await entriesOf(git, head, inside)).length > 0 ? 'new' : 'foreign';
  // A path that names a file is wanted whatever it is called.
  const files = entries.filter(({ path, mode }) => path === inside || isSource(path) || mode === SUBMODULE);
  if (files.length > FILES_LIMIT)
    throw new HistoryError(
      `Expected at most ${FILES_LIMIT} policy files in ${inside}, but ${commit} has more.`,
    );
  let left = BYTES_LIMIT;
  for (const entry of files) {
    if (entry.mode === SUBMODULE && isPassedOver(entry.path.slice(inside === '.' ? 0 : inside.length)))
      continue;
    refuseIndirect(entry, commit);
    const content = await git.bytes('cat-file', 'blob', entry.id);
    left -= content.byteLength;
    if (left < 0)
      throw new HistoryError(`Expected at most ${BYTES_LIMIT} bytes of policy in ${inside} of ${commit}.`);
    const target = join(folder, ...entry.path.split('/'));
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, content);
  }
  await mkdir(join(folder, ...(inside === '.' ? [] : [dirname(inside)])), { recursive: true });
  return 'there';
}

/** Where nobody looks for policies. */
function isPassedOver(below: string): boolean {
  return below.split('/').some((part) => part.startsWith('.') || part === 'node_modules');
}

/** Policies, data, and the manifests whose labels choose an environment. */
function isSource(path: string): boolean {
  return /\.(rego|ya?ml|json)$/u.test(path);
}

async function entriesOf(git: Git, commit: string, path: string): Promise<readonly Entry[]> {
  const scope = path === '.' ? [] : ['--', path];
  const listing = await git.run('ls-tree', '-r', '-z', '--full-tree', commit, ...scope);
  return listing.split('\0').flatMap((line) => {
    const match = /^(\d+) (\w+) ([0-9a-f]+)\t(.*)$/su.exec(line);
    if (match === null) return [];
    const [, mode = '', type = '', id = '', name = ''] = match;
    return [{ mode, type, id, path: name }];
  });
}

/** A link or a submodule on the way to the path would lead somewhere else than the path says. */
async function refuseDetours(git: Git, commit: string, path: string): Promise<void> {
  const parts = path.split('/');
  for (let depth = 1; path !== '.' && depth <= parts.length; depth++) {
    const step = parts.slice(0, depth).join('/');
    const listing = await git.run('ls-tree', '-z', '--full-tree', commit, '--', step);
    const [, mode = '', type = '', id = ''] = /^(\d+) (\w+) ([0-9a-f]+)\t/u.exec(listing) ?? [];
    if (mode !== '') refuseIndirect({ mode, type, id, path: step }, commit);
  }
}

function refuseIndirect({ mode, path }: Entry, commit: string): void {
  const kind = mode === '120000' ? 'a symbolic link' : mode === SUBMODULE ? 'a submodule' : null;
  if (kind === null) return;
  throw new HistoryError(
    `Expected files in ${path} of ${commit.slice(0, 12)}, but it is ${kind}, which cannot be read from the history. Put the files there, or check the policies out beside this repository and name that folder in policies-from.`,
  );
}
