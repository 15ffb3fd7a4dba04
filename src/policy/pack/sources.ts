/** Finds what a `--policies` path holds: Rego to compile, data to merge, and nothing else. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join, relative, resolve } from 'node:path';
import { type DataFile, readData } from '../data/data.js';
import { PolicyError } from '../problem.js';
import { BUILTIN } from './catalogue.js';

const FILE_LIMIT = 1_000_000;
const COUNT_LIMIT = 1_000;

export interface UserSources {
  /** Rego by path, relative to the working directory; tests are left out unless they are wanted. */
  readonly modules: Readonly<Record<string, string>>;
  readonly data: readonly DataFile[];
  /** Recorded facts (`*.facts.json`) by path, as text; read only where tests are. */
  readonly recorded: Readonly<Record<string, string>>;
}

/** A gate judges by policies; their author wants the tests too, and the facts that these run on. */
export type Wanted = 'policies' | 'policies-and-tests';

/**
 * Reads policy folders and files. Rego and data (`.yaml`, `.yml`, `.json`) are taken from folders at any depth; hidden
 * entries, `node_modules`, `*_test.rego` and recorded facts (`*.facts.json`, which are no data) are passed over.
 * @throws PolicyError when a path does not exist, holds nothing, or holds data that cannot be read
 */
export async function readSources(
  paths: readonly string[],
  cwd: string,
  wanted: Wanted = 'policies',
): Promise<UserSources> {
  const modules = new Map<string, string>();
  const data = new Map<string, DataFile>();
  const recorded = new Map<string, string>();
  for (const path of paths) {
    const files = await filesOf(resolve(cwd, path), path, wanted);
    if (files.length === 0)
      throw problem(path, 'There is no policy (.rego) and no data (.yaml, .yml, .json) here.');
    for (const file of files) {
      const name = relative(cwd, file) || file;
      if (name.startsWith(BUILTIN))
        throw problem(
          name,
          `Names that begin with ${BUILTIN} are those of the built-in pack; choose another.`,
        );
      const text = await read(file, name);
      if (extname(file) === '.rego') modules.set(name, text);
      else if (isRecorded(file)) recorded.set(name, text);
      else data.set(name, readData(name, text));
    }
  }
  return {
    modules: Object.fromEntries(modules),
    data: [...data.values()],
    recorded: Object.fromEntries(recorded),
  };
}

async function filesOf(path: string, given: string, wanted: Wanted): Promise<readonly string[]> {
  const found = await stat(path).catch(() => null);
  if (found === null) throw problem(given, 'This path of --policies does not exist.');
  const files = found.isDirectory() ? await walk(path, given, wanted) : [path];
  if (files.length > COUNT_LIMIT)
    throw problem(given, `More than ${COUNT_LIMIT} files are here; name the folder that holds the policies.`);
  return files;
}

async function walk(folder: string, given: string, wanted: Wanted): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    const [path, shown] = [join(folder, entry.name), join(given, entry.name)];
    if (entry.isDirectory()) files.push(...(await walk(path, shown, wanted)));
    else if (entry.isSymbolicLink() && (await isFolder(path)))
      throw problem(
        shown,
        'This is a link to a folder, which is not followed; name that folder among the policies.',
      );
    else if (isSource(entry.name, wanted)) files.push(path);
  }
  return files;
}

async function isFolder(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

const isRecorded = (name: string): boolean => name.endsWith('.facts.json');

function isSource(name: string, wanted: Wanted): boolean {
  if (wanted === 'policies' && (name.endsWith('_test.rego') || isRecorded(name))) return false;
  return ['.rego', '.yaml', '.yml', '.json'].includes(extname(name));
}

async function read(file: string, name: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw problem(
      name,
      `This file cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
    );
  });
  if (text.length > FILE_LIMIT) throw problem(name, `This file is larger than ${FILE_LIMIT} characters.`);
  return text;
}

const problem = (file: string, message: string): PolicyError =>
  new PolicyError([{ file, row: 0, col: 0, message }]);
