/** The built-in pack: compiled when the gate is built, so that a run with policy data alone never starts the compiler. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DataTree } from '../data/data.js';
import { sha256 } from '../digest.js';
import { BUILTIN } from './catalogue.js';
import { type Compiled, compile, type Modules, type PolicyCompiler } from './compile.js';
import { describeCompiled, description, readCompiled } from './stored.js';

export interface Pack {
  readonly compiled: Compiled;
  /** The sources, for compiling them together with a user's. */
  readonly modules: Modules;
  readonly data: DataTree;
  /** SHA-256 of the compiler that built it. */
  readonly compiler: string;
}

const packFile = z.strictObject({
  digest: z.string(),
  compiler: z.string(),
  compiled: description,
  data: z.record(z.string(), z.unknown()),
  modules: z.record(z.string(), z.string()),
});

/**
 * Reads `pack.json` and `pack.wasm`.
 * @param folder ends in a slash when it is a URL
 */
export async function loadPack(folder: URL | string): Promise<Pack> {
  const file = (name: string): URL | string =>
    folder instanceof URL ? new URL(name, folder) : `${folder}/${name}`;
  const stored = packFile.parse(JSON.parse(await readFile(file('pack.json'), 'utf8')));
  const compiled = await readCompiled(stored.compiled, file('pack.wasm'));
  if (compiled === null)
    throw new Error(
      'The built-in policy pack is damaged: pack.wasm is not the one that pack.json describes.',
    );
  return { compiled, modules: stored.modules, data: stored.data, compiler: stored.compiler };
}

/**
 * Compiles the pack from its sources.
 * @param sources Rego by file name, without tests
 */
export async function assemblePack(
  sources: Modules,
  data: DataTree,
  by: { readonly compiler: PolicyCompiler; readonly sha256: string },
): Promise<Pack> {
  const modules = Object.fromEntries(
    Object.entries(sources).map(([name, source]) => [`${BUILTIN}${name}`, source]),
  );
  return { compiled: await compile(modules, by.compiler), modules, data, compiler: by.sha256 };
}

/** The two files of a pack, for whoever builds it. */
export function writePack({ compiled, modules, data, compiler }: Pack): {
  readonly json: string;
  readonly wasm: Uint8Array;
} {
  const stored: z.infer<typeof packFile> = {
    digest: `sha256:${sha256({ modules, data })}`,
    compiler,
    compiled: describeCompiled(compiled),
    data,
    modules,
  };
  return { json: `${JSON.stringify(stored, null, 1)}\n`, wasm: compiled.wasm };
}
