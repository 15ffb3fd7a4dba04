/** Which policies a command evaluates: the built-in pack, and what `--policies` adds. */
import { createCompiler } from '../policy/compiler/compiler.js';
import type { LoadOptions } from '../policy/load.js';
import { loadPack } from '../policy/pack/pack.js';
import { policyCacheFolder } from './cacheFolder.js';
import type { Terminal } from './terminal.js';

export interface PolicyOptions {
  readonly policies: readonly string[];
}

export async function policySources({ policies }: PolicyOptions, terminal: Terminal): Promise<LoadOptions> {
  return {
    pack: await loadPack(new URL('policy/', terminal.dist)),
    extra: policies,
    compiler: () => createCompiler({ artefact: new URL('compiler.wasm.br', terminal.dist) }),
    cacheDir: policyCacheFolder(terminal.env),
    cwd: terminal.cwd,
  };
}
