/** From what the user named to one policy that can judge: sources and data read, compiled if need be, and checked. */

import type { Compiler } from './compiler/compiler.js';
import { checkGateData, type DataProblem } from './data/config.js';
import { type DataFile, type DataTree, mergeData, placeOf } from './data/data.js';
import type { WaiverEntry } from './data/waiver.js';
import { sha256 } from './digest.js';
import { type InEnvironment, inEnvironments, ruleComplaints } from './judging/environments.js';
import { createEvaluate } from './judging/evaluate.js';
import type { JudgingPolicies } from './judging/judge.js';
import { cacheKey, recall, remember } from './pack/cache.js';
import type { FindingSet } from './pack/catalogue.js';
import { type Compiled, compile, type Modules } from './pack/compile.js';
import type { Pack } from './pack/pack.js';
import { readSources } from './pack/sources.js';
import { PolicyError } from './problem.js';
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

/** Everything one run judges by. `for` says what one server is judged by; the rest is for comparing two of these. */
export interface PolicySet extends JudgingPolicies {
  /** `sha256:` of the sources and the data. */
  readonly digest: string;
  /** All sources, the built-in ones too, and what they compiled to. */
  readonly modules: Modules;
  readonly compiled: Compiled;
  readonly rules: readonly Rule[];
  readonly sets: readonly FindingSet[];
  /** The merged data, that of all environments in it. */
  readonly data: DataTree;
  /** The user's data files, which know their lines. */
  readonly files: readonly DataFile[];
  /** What holds for all servers. */
  readonly general: InEnvironment;
  /** What holds for the servers of an environment, by its name. */
  readonly environments: ReadonlyMap<string, InEnvironment>;
  /** Every waiver with its line, those of the environments too. */
  readonly waivers: readonly WaiverEntry[];
  for(labels: Readonly<Record<string, string>>): InEnvironment;
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
  refuse(ruleComplaints(data, rules), users.data);
  const { wasm, builtins } = compiled;
  return {
    digest: `sha256:${sha256({ modules, data })}`,
    modules,
    compiled,
    rules,
    sets,
    data,
    files: users.data,
    ...inEnvironments({
      data,
      files: users.data,
      rules,
      sets,
      evaluateWith: (own) => createEvaluate({ wasm, builtins, data: own, compiler: lazily }),
    }),
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

/** Complaints about data, each at the line of the user's file that set it. */
function refuse(complaints: readonly DataProblem[], files: readonly DataFile[]): void {
  if (complaints.length === 0) return;
  throw new PolicyError(complaints.map(({ path, message }) => ({ ...placeOf(path, files), message })));
}

/** Data at the path of a rule would never be seen: the rule is what policies get. */
function hidden(data: DataTree, documents: readonly string[]): readonly DataProblem[] {
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
