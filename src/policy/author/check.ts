/** Checks policies as the gate will take them, tests included, and without building anything. */

import type { Compiler } from '../compiler/compiler.js';
import type { Checked, DataRef, Problem, Sources } from '../compiler/contract.js';
import { checkGateData } from '../data/config.js';
import { type DataTree, isTree, mergeData, placeOf, valueAt } from '../data/data.js';
import { loadPolicy, type PolicySet } from '../load.js';
import { compile, type Modules, type PolicyCompiler } from '../pack/compile.js';
import { inputSchema } from '../pack/input-schema.js';
import type { Pack } from '../pack/pack.js';
import { PolicyError } from '../problem.js';
import { didYouMean } from '../spelling.js';
import { type Authored, isTest } from './authored.js';
import {
  type Complaint,
  fromProblem,
  NO_NAMES,
  namesOf,
  sorted,
  toComplaint,
  uncrashed,
} from './complaint.js';

export interface CheckedPolicies {
  /** In the order of files and lines. */
  readonly complaints: readonly Complaint[];
  readonly modules: number;
  readonly tests: number;
}

/** How the gate itself will load what is checked. */
export interface Loading {
  readonly pack: Pack;
  /** The user's folders, or null when it is the built-in pack that is checked. */
  readonly extra: readonly string[] | null;
  readonly cwd: string;
}

/**
 * Everything that is wrong: Rego that does not compile or reads facts that do not exist; METADATA, packages and data that
 * the gate would refuse; and, as warnings, data that policies read and nobody supplies.
 * @throws CompilerCrash
 */
export async function checkPolicies(
  authored: Authored,
  compiler: Pick<Compiler, 'check' | 'version'>,
  loading: Loading,
): Promise<CheckedPolicies> {
  const { modules, own, shown } = authored;
  const typed = { modules, schemas: { facts: inputSchema() }, input: 'facts' };
  const said = uncrashed(await compiler.check(typed));
  const complaints =
    said.kind === 'wrong'
      ? [
          ...(await wrongRego(said.problems, compiler)),
          ...(await wrongRego(await behind(said.problems, typed, compiler), compiler)),
          ...(await refused(async () => wrongData(authored))),
        ]
      : await wrongUse(authored, said.value, loading);
  return {
    complaints: sorted(complaints.map((each) => ({ ...each, file: shown(each.file) }))),
    modules: [...own].filter((file) => !isTest(file)).length,
    tests: [...own].filter(isTest).length,
  };
}

/** OPA ends at the first stage that fails. Behind what only strict mode refuses there may be misspelt facts. */
async function behind(
  problems: readonly Problem[],
  sources: Sources,
  compiler: Pick<Compiler, 'check'>,
): Promise<readonly Problem[]> {
  if (!problems.every(({ code, message }) => code === 'rego_compile_error' && message.endsWith(' unused')))
    return [];
  const said = uncrashed(await compiler.check({ ...sources, lax: true }));
  return said.kind === 'wrong' ? said.problems : [];
}

/** Puts problems into words; the list of built-ins is asked for only where one was misspelt. */
export async function wrongRego(
  problems: readonly Problem[],
  compiler: Pick<Compiler, 'version'>,
): Promise<readonly Complaint[]> {
  const misspelt = problems.some(({ message }) => message.startsWith('undefined function'));
  const version = misspelt ? uncrashed(await compiler.version()) : null;
  const names = version?.kind === 'done' ? namesOf(version.value) : NO_NAMES;
  return problems.map((problem) => toComplaint(problem, names));
}

/** What can be said about data while the Rego does not compile. */
function wrongData({ defaults, data }: Authored): readonly Complaint[] {
  return checkGateData(mergeData(defaults, data)['mcp']).map(({ path, message }) =>
    fromProblem({ ...placeOf(path, data), message }),
  );
}

/** The gate's own loading, with what is known already in place of the compiler. */
async function wrongUse(
  authored: Authored,
  checked: Checked,
  loading: Loading,
): Promise<readonly Complaint[]> {
  return refused(async () =>
    missingData(authored, checked, await load(authored, alreadyChecked(checked), loading)),
  );
}

async function load(authored: Authored, compiler: PolicyCompiler, loading: Loading): Promise<PolicySet> {
  const { pack, extra, cwd } = loading;
  const policies = Object.fromEntries(Object.entries(authored.modules).filter(([file]) => !isTest(file)));
  return loadPolicy({
    pack: extra === null ? await packOf(policies, authored, pack, compiler) : pack,
    extra: extra ?? authored.data.map(({ file }) => file),
    cwd,
    cacheDir: null,
    compiler: () => ({ ...NOTHING, ...compiler }),
  });
}

async function packOf(
  modules: Modules,
  { defaults }: Authored,
  pack: Pack,
  compiler: PolicyCompiler,
): Promise<Pack> {
  return { ...pack, compiled: await compile(modules, compiler), modules, data: defaults };
}

/** What work complains about, and what it threw because it could not go on. */
async function refused(work: () => Promise<readonly Complaint[]>): Promise<readonly Complaint[]> {
  try {
    return await work();
  } catch (cause: unknown) {
    if (!(cause instanceof PolicyError)) throw cause;
    return cause.problems.map(fromProblem);
  }
}

/** A compiler that has compiled before: it answers for the files it is asked about, and builds nothing. */
function alreadyChecked(checked: Checked): PolicyCompiler {
  const about = (modules: Modules): Checked => {
    const within = <T extends { readonly file: string }>(all: readonly T[]): readonly T[] =>
      all.filter(({ file }) => Object.hasOwn(modules, file));
    return {
      packages: within(checked.packages),
      rules: within(checked.rules),
      annotations: within(checked.annotations),
      dataRefs: within(checked.dataRefs),
      builtinsUsed: checked.builtinsUsed,
    };
  };
  return {
    check: async ({ modules }) => ({ kind: 'done', value: about(modules) }),
    build: async ({ modules, entrypoints }) => ({
      kind: 'done',
      value: { ...about(modules), wasm: new Uint8Array(), entrypoints },
    }),
  };
}

const unasked = (): never => {
  throw new Error('checking policies evaluates nothing');
};

/** The rest of a compiler, which loading alone never asks. */
const NOTHING: Omit<Compiler, keyof PolicyCompiler> = {
  test: unasked,
  format: unasked,
  explain: unasked,
  interpret: unasked,
  version: unasked,
  capabilities: unasked,
  callBuiltin: unasked,
  callBuiltinInTerms: unasked,
};

/** Nothing tells OPA which data there will be, so a misspelt name is undefined, and its rule silent. */
function missingData({ own }: Authored, checked: Checked, policy: PolicySet): readonly Complaint[] {
  const trees = [policy.general, ...policy.environments.values()].map(({ data }) => data);
  return checked.dataRefs
    .filter(({ file, path }) => own.has(file) && !isTest(file) && !trees.some((data) => supplied(data, path)))
    .map((reference) => missing(reference, policy.general.data, checked));
}

/** Of lists and scalars the inside is not looked at: what is asked of them depends on more than names. */
function supplied(data: DataTree, path: readonly string[]): boolean {
  const values = path.map((_, depth) => valueAt(data, path.slice(0, depth + 1)));
  return values.at(-1) !== undefined || values.some((value) => value !== undefined && !isTree(value));
}

function missing({ path, ...place }: DataRef, data: DataTree, { rules }: Checked): Complaint {
  const depth = path.findIndex((_, at) => valueAt(data, path.slice(0, at + 1)) === undefined);
  const siblings = depth === 0 ? data : valueAt(data, path.slice(0, depth));
  const beside = rules.filter((rule) => rule.package === ['data', ...path.slice(0, -1)].join('.'));
  const near =
    didYouMean(
      path.at(-1) ?? '',
      beside.map(({ name }) => name),
    ) || didYouMean(path[depth] ?? '', isTree(siblings) ? Object.keys(siblings) : []);
  return {
    ...place,
    kind: 'warning',
    title: 'No such data',
    message: `data.${path.join('.')} is neither a rule nor in the data, so it is undefined.${near === '' ? ' Put it into a data file, or mend the name.' : near}`,
  };
}
