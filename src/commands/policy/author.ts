/** What every policy author's command starts with: the sources, the built-in pack, and a compiler that remembers. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Authored, readAuthored, readPack } from '../../policy/author/authored.js';
import { remembering } from '../../policy/author/cached.js';
import type { Loading } from '../../policy/author/check.js';
import { type Compiler, createCompiler } from '../../policy/compiler/compiler.js';
import { loadPack } from '../../policy/pack/pack.js';
import { policyCacheFolder } from '../cacheFolder.js';
import type { Terminal } from '../terminal.js';

export interface Author {
  readonly authored: Authored;
  readonly loading: Loading;
  readonly compiler: Compiler;
}

/**
 * No path is the built-in pack alone, and so is the pack's own folder; other paths are a user's, together with the pack.
 * @throws PolicyError for paths that cannot be read
 */
export async function authorOf(paths: readonly string[], terminal: Terminal): Promise<Author> {
  const { cwd, dist, env } = terminal;
  const pack = await loadPack(new URL('policy/', dist));
  const folder = fileURLToPath(new URL('../policies', dist));
  const home = existsSync(folder) ? folder : null;
  const packAlone = paths.every((path) => resolve(cwd, path) === folder);
  return {
    authored: packAlone
      ? await readPack(pack, { cwd, home })
      : await readAuthored(paths, { cwd, pack, home }),
    loading: { pack, extra: packAlone ? null : paths, cwd },
    compiler: remembering(createCompiler({ artefact: new URL('compiler.wasm.br', dist) }), {
      folder: join(policyCacheFolder(env), 'author'),
      version: await readFile(new URL('compiler.json', dist), 'utf8'),
    }),
  };
}
