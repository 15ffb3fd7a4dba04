/** What an author works on: policies, their tests, data and recorded facts, with the built-in pack beside them. */
import { basename } from 'node:path';
import { type Facts, facts as factsSchema } from '../../facts/facts.js';
import type { DataFile, DataTree } from '../data/data.js';
import { BUILTIN } from '../pack/catalogue.js';
import type { Modules } from '../pack/compile.js';
import type { Pack } from '../pack/pack.js';
import { readSources } from '../pack/sources.js';
import { PolicyError } from '../problem.js';

export interface Authored {
  /** Everything that is compiled together, by the name the compiler knows it under. */
  readonly modules: Modules;
  /** The modules that are the author's; the rest comes along. */
  readonly own: ReadonlySet<string>;
  /** What the author's data goes on top of. */
  readonly defaults: DataTree;
  readonly data: readonly DataFile[];
  /** Recorded facts for tests, by file name without its ending: `data.mcp.recorded.<name>`. */
  readonly recorded: Readonly<Record<string, unknown>>;
  /** The path to show for a module. */
  shown(module: string): string;
}

/** Tests live beside policies, as OPA has it; coverage does not count them. */
export const isTest = (file: string): boolean => file.endsWith('_test.rego');

/**
 * The folders of a user, with the built-in pack.
 * @param home `policies/` of the gate, for the fixtures that tests may start from; null where it did not ship
 * @throws PolicyError for what cannot be read
 */
export async function readAuthored(
  paths: readonly string[],
  { cwd, pack, home }: { readonly cwd: string; readonly pack: Pack; readonly home: string | null },
): Promise<Authored> {
  const users = await readSources(paths, cwd, 'policies-and-tests');
  const wantsFixtures = Object.entries(users.modules).some(
    ([file, source]) => isTest(file) && /\bmcp\.\w*fixtures\b/.test(source),
  );
  const fixtures = wantsFixtures && home !== null ? await packFixtures(home, cwd) : {};
  return {
    modules: { ...pack.modules, ...fixtures, ...users.modules },
    own: new Set(Object.keys(users.modules)),
    defaults: pack.data,
    data: users.data,
    recorded: readRecorded(users.recorded),
    shown: (module) => module,
  };
}

/**
 * The built-in pack itself, as its own authors see it: with its tests where they shipped.
 * @param home `policies/` of the gate, or null
 */
export async function readPack(
  pack: Pack,
  { cwd, home }: { readonly cwd: string; readonly home: string | null },
): Promise<Authored> {
  if (home === null) {
    const own = new Set(Object.keys(pack.modules));
    return {
      modules: pack.modules,
      own,
      defaults: pack.data,
      data: [],
      recorded: {},
      shown: (module) => module,
    };
  }
  const { modules, data } = await readSources([home], cwd, 'policies-and-tests');
  const files = new Map(Object.keys(modules).map((file) => [`${BUILTIN}${basename(file)}`, file]));
  const named = Object.fromEntries([...files].map(([module, file]) => [module, modules[file] ?? '']));
  return {
    modules: named,
    own: new Set(files.keys()),
    defaults: {},
    data,
    recorded: {},
    shown: (module) => files.get(module) ?? module,
  };
}

/** The facts that the tests of the built-in pack start from: `data.mcp.fixtures.faultless` and ways to change them. */
async function packFixtures(home: string, cwd: string): Promise<Modules> {
  const { modules } = await readSources([home], cwd, 'policies-and-tests');
  return Object.fromEntries(
    Object.entries(modules)
      .filter(([file]) => file.endsWith('fixtures_test.rego'))
      .map(([file, source]) => [`${BUILTIN}${basename(file)}`, source]),
  );
}

/** @throws PolicyError for facts of another version: a test on a fact that has moved would test nothing. */
function readRecorded(files: Readonly<Record<string, string>>): Readonly<Record<string, unknown>> {
  const recorded = new Map<string, unknown>();
  const owners = new Map<string, string>();
  for (const [file, text] of Object.entries(files)) {
    const name = basename(file, '.facts.json');
    const other = owners.get(name);
    if (other !== undefined)
      throw problem(file, `data.mcp.recorded[${JSON.stringify(name)}] is ${other} already; rename one.`);
    owners.set(name, file);
    recorded.set(name, readFacts(file, text));
  }
  return Object.fromEntries(recorded);
}

function readFacts(file: string, text: string): Facts | readonly Facts[] {
  const value = parseJson(file, text);
  const parsed = factsSchema.array().min(1).safeParse([value].flat());
  if (parsed.success) {
    const [only, ...others] = parsed.data;
    return only !== undefined && others.length === 0 && !Array.isArray(value) ? only : parsed.data;
  }
  const [issue] = parsed.error.issues;
  const at = issue === undefined ? '' : ` at /${issue.path.slice(1).join('/')}: ${issue.message}`;
  throw problem(
    file,
    `Expected facts as "mcp-gate probe" writes them${at}. Record them again with this version.`,
  );
}

function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw problem(file, `Expected recorded facts, which are JSON, but: ${reason}.`);
  }
}

const problem = (file: string, message: string): PolicyError =>
  new PolicyError([{ file, row: 1, col: 1, message }]);
