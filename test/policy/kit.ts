/** What the tests of the policy stage share: the pack compiled from its sources, and the facts of a faultless candidate. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from '@jest/globals';
import { loadPolicy as loadWasm } from '@open-policy-agent/opa-wasm';
import { type Facts, facts as factsSchema } from '../../src/facts/facts.js';
import { type Compiler, createCompiler } from '../../src/policy/compiler/compiler.js';
import { type DataTree, readData } from '../../src/policy/data/data.js';
import { assemblePack, type Pack } from '../../src/policy/pack/pack.js';
import { PolicyError, type PolicyProblem } from '../../src/policy/problem.js';

export const compiler = createCompiler({ artefact: 'dist/compiler.wasm.br', now: new Date(0) });

/** Every Rego file of the built-in pack, tests too, by file name. */
export const rego: Readonly<Record<string, string>> = Object.fromEntries(
  readdirSync('policies')
    .filter((name) => name.endsWith('.rego'))
    .map((name) => [name, readFileSync(join('policies', name), 'utf8')]),
);

export const builtinData: DataTree = readData(
  'policies/data.yaml',
  readFileSync('policies/data.yaml', 'utf8'),
).value;

let assembled: Promise<Pack> | null = null;

/** The built-in pack, compiled from policies/ once for each test file. */
export function builtinPack(): Promise<Pack> {
  const sources = Object.fromEntries(Object.entries(rego).filter(([name]) => !name.endsWith('_test.rego')));
  assembled ??= assemblePack(sources, builtinData, { compiler, sha256: 'of the compiler' });
  return assembled;
}

let faultless: Promise<Facts> | null = null;

/** The facts that the Rego tests start from, read out of their own fixtures and checked against the schema. */
export async function faultlessFacts(): Promise<Facts> {
  faultless ??= evaluateFixture('faultless');
  return structuredClone(await faultless);
}

async function evaluateFixture(name: string): Promise<Facts> {
  const entrypoint = 'reader/answer';
  const modules = {
    'fixtures_test.rego': rego['fixtures_test.rego'] ?? '',
    'reader.rego': `package reader\n\nanswer := data.mcp.fixtures.${name}\n`,
  };
  const built = await compiler.build({ modules, entrypoints: [entrypoint] });
  if (built.kind !== 'done') throw new Error(JSON.stringify(built));
  const policy = await loadWasm(built.value.wasm);
  const [answer] = policy.evaluate({}, entrypoint) as readonly { readonly result: unknown }[];
  return factsSchema.parse(answer?.result);
}

/** A compiler that must not be asked anything. */
export function noCompiler(): Compiler {
  throw new Error('the compiler was started');
}

/** Writes files into a folder that is gone after the tests; the paths of errors are relative to it. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-gate-policy-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The problems of a PolicyError, without the details that OPA adds; any other outcome fails the test. */
export async function problemsOf(work: () => unknown): Promise<readonly PolicyProblem[]> {
  try {
    await work();
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    return withoutDetails(cause);
  }
  throw new Error('expected a PolicyError, and nothing was thrown');
}

function withoutDetails(error: PolicyError): readonly PolicyProblem[] {
  return error.problems.map(({ file, row, col, message }) => ({ file, row, col, message }));
}
