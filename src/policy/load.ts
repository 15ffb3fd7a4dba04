/** From what the user named to one policy that can judge: sources and data read, compiled if need be, and checked. */

import { cacheKey, recall, remember } from './cache.js';
import type { FindingSet } from './catalogue.js';
import { type Compiled, compile, type Modules } from './compile.js';
import type { Compiler } from './compiler/compiler.js';
import { checkGateData, gateData, type Levels } from './config.js';
import { type DataFile, type DataTree, mergeData } from './data.js';
import { sha256 } from './digest.js';
import { createEvaluate, type Evaluate } from './evaluate.js';
import type { Pack } from './pack.js';
import { PolicyError, type PolicyProblem } from './problem.js';
import { readSources } from './sources.js';
import { hint } from './spelling.js';
import type { Rule } from './verdict.js';

export interface LoadOptions {
  readonly pack: Pack;
  /** More folders or files, as `--policies` named them. */
  readonly extra: readonly string[];
  /** Called only when there is Rego to compile, or a built-in to answer that WASM lacks. */
  readonly compiler: () => Compiler;
  /** Where compiled user policies are kept; null keeps none. */
  readonly cacheDir: string | null;
  readonly cwd?: string;
}

/** Everything one run judges by. */
export interface PolicySet {
  /** `sha256:` of the sources and the data. */
  readonly digest: string;
  readonly rules: readonly Rule[];
  readonly sets: readonly FindingSet[];
  readonly levels: Levels;
  readonly data: DataTree;
  readonly evaluate: Evaluate;
}

/**
 * Loads the built-in pack with the user's policies and data on top. The compiler is not touched for data alone.
 * @throws PolicyError for what the user can mend: Rego that does not compile, data that conflicts or names what is not
 * there. CompilerCrash when the compiler itself broke.
 */
export async function loadPolicy({
  pack,
  extra,
  compiler,
  cacheDir,
  cwd = process.cwd(),
}: LoadOptions): Promise<PolicySet> {
  const users = await readSources(extra, cwd);
  const data = mergeData(pack.data, users.data);
  refuse(checkGateData(data['mcp']), users.data);
  const lazily = once(compiler);
  const modules = { ...pack.modules, ...users.modules };
  const compiled =
    Object.keys(users.modules).length === 0
      ? pack.compiled
      : await compiledBy(modules, pack.compiler, lazily, cacheDir);
  refuse(hidden(data, compiled.documents), users.data);
  const { rules, sets } = compiled.catalogue;
  return {
    digest: `sha256:${sha256({ modules, data })}`,
    rules,
    sets,
    levels: readLevels(data, rules, users.data),
    data,
    evaluate: createEvaluate({ wasm: compiled.wasm, builtins: compiled.builtins, data, compiler: lazily }),
  };
}

async function compiledBy(
  modules: Modules,
  version: string,
  compiler: () => Compiler,
  cacheDir: string | null,
): Promise<Compiled> {
  if (cacheDir === null) return compile(modules, compiler());
  const key = cacheKey(modules, version);
  const kept = await recall(cacheDir, key);
  if (kept !== null) return kept;
  const compiled = await compile(modules, compiler());
  await remember(cacheDir, key, compiled);
  return compiled;
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

interface DataComplaint {
  readonly path: readonly string[];
  readonly message: string;
}

/** Complaints about data, each at the line of the user's file that set it. */
function refuse(complaints: readonly DataComplaint[], files: readonly DataFile[]): void {
  if (complaints.length === 0) return;
  throw new PolicyError(complaints.map(({ path, message }) => ({ ...placeOf(path, files), message })));
}

function placeOf(path: readonly string[], files: readonly DataFile[]): Omit<PolicyProblem, 'message'> {
  for (let depth = path.length; depth > 0; depth--) {
    for (const { file, locate } of files) {
      const place = locate(path.slice(0, depth));
      if (place !== null) return { file, ...place };
    }
  }
  return { file: '', row: 0, col: 0 };
}

/** Data at the path of a rule would never be seen: the rule is what policies get. */
function hidden(data: DataTree, documents: readonly string[]): readonly DataComplaint[] {
  return documents.flatMap((document) => {
    const path = document.replace(/^data\./, '').split('.');
    if (!exists(data, path)) return [];
    return [
      {
        path,
        message: `${document} is a rule; data of the same name would never be seen. Choose another name.`,
      },
    ];
  });
}

function exists(data: unknown, [key, ...below]: readonly string[]): boolean {
  if (key === undefined) return true;
  if (typeof data !== 'object' || data === null || !Object.hasOwn(data, key)) return false;
  return exists(new Map(Object.entries(data)).get(key), below);
}

function readLevels(data: DataTree, rules: readonly Rule[], files: readonly DataFile[]): Levels {
  const { rules: settings } = gateData.parse(data['mcp']);
  const levels = new Map(Object.entries(settings).map(([id, { level }]) => [id, level] as const));
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const complaints = [...levels].flatMap(([id, level]): readonly DataComplaint[] => {
    const path = ['mcp', 'rules', id];
    const rule = known.get(id);
    if (rule === undefined)
      return [{ path, message: `There is no rule ${id}.${hint(id, [...known.keys()])}` }];
    if (level !== 'off' || !(rule.undecides || id.startsWith('gate/'))) return [];
    return [
      {
        path: [...path, 'level'],
        message: `${id} cannot be off: what was not tested must be seen. Set warn or notice.`,
      },
    ];
  });
  refuse(complaints, files);
  return levels;
}
