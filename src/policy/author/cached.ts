/** Remembers what the compiler said, by the content it was asked about: whoever saves without an edit waits for nothing. */
import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Compiler } from '../compiler/compiler.js';
import type { Outcome } from '../compiler/contract.js';
import { sha256 } from '../digest.js';

/** Raised when the form of what is kept changes. */
const FORMAT = 1;
const KEPT = 200;

export interface Memory {
  readonly folder: string;
  /** Names the compiler; another one may say something else. */
  readonly version: string;
}

/** A compiler for an author's commands. Only what depends on nothing but the request is remembered. */
export function remembering(compiler: Compiler, { folder, version }: Memory): Compiler {
  const remembered = async <T>(operation: string, request: unknown, ask: () => Promise<Outcome<T>>) => {
    const file = join(folder, `${sha256({ format: FORMAT, version, operation, request })}.json`);
    const kept = await recall<T>(file);
    if (kept !== null) return kept;
    const outcome = await ask();
    if (outcome.kind !== 'crashed') await remember(folder, file, outcome);
    return outcome;
  };
  return {
    ...compiler,
    check: (sources) => remembered('check', sources, () => compiler.check(sources)),
    format: (modules) => remembered('format', modules, () => compiler.format(modules)),
    version: () => remembered('version', null, () => compiler.version()),
    // The clock is the start of the run, so tests that ask for it are not the same tests later.
    test: (request) =>
      Object.values(request.modules).some((source) => source.includes('time.now_ns'))
        ? compiler.test(request)
        : remembered('test', request, () => compiler.test(request)),
  };
}

/** Only this program writes here; whatever cannot be read is as good as nothing. */
async function recall<T>(file: string): Promise<Outcome<T> | null> {
  try {
    const kept: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof kept === 'object' && kept !== null && 'kind' in kept ? (kept as Outcome<T>) : null;
  } catch {
    return null;
  }
}

/** A memory that cannot be written is no reason to fail. */
async function remember(folder: string, file: string, outcome: unknown): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    const draft = `${file}.${randomUUID()}.tmp`;
    await writeFile(draft, JSON.stringify(outcome));
    await rename(draft, file);
    await forget(folder);
  } catch {
    return;
  }
}

/** Each edit leaves an entry behind, and nobody else clears up. */
async function forget(folder: string): Promise<void> {
  const names = await readdir(folder);
  if (names.length <= KEPT) return;
  const aged = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(folder, name))).mtimeMs })),
  );
  const old = aged.sort((a, b) => a.at - b.at).slice(0, names.length - KEPT / 2);
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })));
}
