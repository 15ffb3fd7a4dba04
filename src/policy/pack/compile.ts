/** From Rego sources to something that can be asked: checked against the facts, catalogued, and built. */

import type { Compiler } from '../compiler/compiler.js';
import type { Answerer, BuildRequest, Outcome, Package, Problem } from '../compiler/contract.js';
import { gateData } from '../data/config.js';
import { PolicyError, type PolicyProblem } from '../problem.js';
import { BUILTIN, type Catalogue, readCatalogue } from './catalogue.js';
import { COLLECTOR_FILE, COLLECTOR_PACKAGE, collectorSource, ENTRYPOINT } from './collector.js';
import { inputSchema } from './input-schema.js';

/** Rego by file. */
export type Modules = Readonly<Record<string, string>>;

export interface Compiled {
  readonly wasm: Uint8Array;
  readonly catalogue: Catalogue;
  /** `data.mcp.protocol.deny`, …: where data of the same path would never be seen. */
  readonly documents: readonly string[];
  readonly builtins: readonly { readonly name: string; readonly answeredBy: Answerer }[];
}

export type PolicyCompiler = Pick<Compiler, 'check' | 'build'>;

/**
 * Compiles all modules into one policy; a portable one is for hosts other than the gate.
 * @throws PolicyError for what the author can mend; CompilerCrash when the compiler itself broke.
 */
export async function compile(
  modules: Modules,
  compiler: PolicyCompiler,
  { portable }: Pick<BuildRequest, 'portable'> = {},
): Promise<Compiled> {
  const typed = { modules, schemas: { facts: inputSchema() }, input: 'facts' };
  const checked = finished(await compiler.check(typed));
  const trespassers = checked.packages.flatMap(trespass(checked.packages));
  if (trespassers.length > 0) throw new PolicyError(trespassers);
  const catalogue = readCatalogue(checked);
  const unasked = silent(checked.packages, catalogue);
  if (unasked.length > 0) throw new PolicyError(unasked);
  const collector = { [COLLECTOR_FILE]: collectorSource(catalogue.sets) };
  const built = finished(
    await compiler.build({
      ...typed,
      modules: { ...modules, ...collector },
      entrypoints: [ENTRYPOINT],
      ...(portable === undefined ? {} : { portable }),
    }),
  );
  return {
    wasm: built.wasm,
    catalogue,
    documents: [...new Set(checked.rules.map((rule) => `${rule.package}.${rule.name}`))].sort(),
    builtins: built.builtinsUsed.map(({ name, answeredBy }) => ({ name, answeredBy })),
  };
}

function finished<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  if (outcome.kind === 'crashed') throw outcome.crash;
  throw new PolicyError(outcome.problems.map(toPolicyProblem));
}

function toPolicyProblem(problem: Problem): PolicyProblem {
  const { file, row, col, message, details, hint } = problem;
  const advice = hint === undefined ? '' : `; ${hint}`;
  return { file, row, col, message: `${message}${advice}`, ...(details === undefined ? {} : { details }) };
}

/** Policies written for another tool, with `allow` for example, would compile, and never be asked. */
function silent(packages: readonly Package[], { sets }: Catalogue): readonly PolicyProblem[] {
  const [first] = packages.filter((each) => !each.file.startsWith(BUILTIN));
  if (first === undefined || sets.some((set) => !set.builtin)) return [];
  const message =
    'None of these policies has a deny, warn or notice: write "deny contains finding if { … }".';
  return [{ file: first.file, row: first.row, col: first.col, message }];
}

const RESERVED = [
  'data.mcp',
  `data.${COLLECTOR_PACKAGE}`,
  ...Object.keys(gateData.shape).map((key) => `data.mcp.${key}`),
];

/** A user's module in a built-in package could switch a rule off by redefining what it relies on. */
function trespass(packages: readonly Package[]) {
  const builtin = new Set(packages.filter((each) => each.file.startsWith(BUILTIN)).map((each) => each.path));
  const taken = (path: string): boolean =>
    RESERVED.includes(path) || builtin.has(path) || path.startsWith(`data.${COLLECTOR_PACKAGE}.`);
  return ({ path, file, row, col }: Package): readonly PolicyProblem[] => {
    if (file.startsWith(BUILTIN) || !taken(path)) return [];
    const name = path.replace(/^data\./, '');
    return [
      {
        file,
        row,
        col,
        message: `The package ${name} belongs to the gate; use one of your own, like mcp.acme.`,
      },
    ];
  };
}
