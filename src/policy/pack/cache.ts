/** Compiled user policies, kept by the hash of everything that decides what compiling them gives. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../digest.js';
import type { Compiled, Modules } from './compile.js';
import { inputSchema } from './input-schema.js';
import { describeCompiled, description, readCompiled } from './stored.js';

/** Raised when what compiling gives changes for equal sources. */
const FORMAT = 2;

/** The name under which a compilation is kept. */
export function cacheKey(modules: Modules, compiler: string): string {
  return sha256({ format: FORMAT, compiler, schema: inputSchema(), modules });
}

/** What was kept, or null. Whatever is wrong with it, compiling again is right. */
export async function recall(folder: string, key: string): Promise<Compiled | null> {
  try {
    const about = description.parse(JSON.parse(await readFile(join(folder, `${key}.json`), 'utf8')));
    return await readCompiled(about, join(folder, `${key}.wasm`));
  } catch {
    return null;
  }
}

/** Keeps a compilation; a cache that cannot be written is no reason to fail. */
export async function remember(folder: string, key: string, compiled: Compiled): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
    await put(join(folder, `${key}.wasm`), compiled.wasm);
    await put(join(folder, `${key}.json`), JSON.stringify(describeCompiled(compiled)));
  } catch {
    return;
  }
}

/** Two runs may write at once; each file appears whole or not at all. */
async function put(file: string, content: Uint8Array | string): Promise<void> {
  const draft = `${file}.${randomUUID()}.tmp`;
  await writeFile(draft, content);
  await rename(draft, file);
}
