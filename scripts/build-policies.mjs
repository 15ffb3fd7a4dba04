/**
 * Compiles the built-in policy pack into dist/policy: `pack.wasm` to ask, `pack.json` with its catalogue, sources and data.
 *
 *   node scripts/build-policies.mjs           builds
 *   node scripts/build-policies.mjs --check   proves that what is in dist/policy is what policies/ gives
 */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fromSources, root } from './sources.mjs';

const policies = join(root, 'policies');
const target = join(root, 'dist/policy');

async function sources() {
  const names = (await readdir(policies)).filter(
    (name) => name.endsWith('.rego') && !name.endsWith('_test.rego'),
  );
  const read = async (name) => [name, await readFile(join(policies, name), 'utf8')];
  return Object.fromEntries(await Promise.all(names.sort().map(read)));
}

async function assemble() {
  const { createCompiler, readData, assemblePack, writePack, describe, PolicyError } = await fromSources({
    'policy/compiler/compiler': ['createCompiler'],
    'policy/data/data': ['readData'],
    'policy/pack/pack': ['assemblePack', 'writePack'],
    'policy/problem': ['describe', 'PolicyError'],
  });
  const { sha256 } = JSON.parse(await readFile(join(root, 'dist/compiler.json'), 'utf8'));
  const compiler = createCompiler({ artefact: join(root, 'dist/compiler.wasm.br'), now: new Date(0) });
  const data = readData('policies/data.yaml', await readFile(join(policies, 'data.yaml'), 'utf8')).value;
  try {
    const { json, wasm } = writePack(await assemblePack(await sources(), data, { compiler, sha256 }));
    return new Map([
      ['pack.json', Buffer.from(json)],
      ['pack.wasm', Buffer.from(wasm)],
    ]);
  } catch (cause) {
    if (!(cause instanceof PolicyError)) throw cause;
    for (const problem of cause.problems)
      console.error([describe(problem), ...(problem.details ?? [])].join('\n'));
    process.exit(1);
  }
}

async function check(files) {
  const committed = async (name) => readFile(join(target, name)).catch(() => Buffer.alloc(0));
  const differing = [];
  for (const [name, content] of files) if (!content.equals(await committed(name))) differing.push(name);
  const known = await readdir(target).catch(() => []);
  differing.push(...known.filter((name) => !files.has(name)));
  if (differing.length === 0) return;
  console.error(
    `dist/policy is not what policies/ gives: ${differing.join(', ')}\nRun "npm run build" and commit the result.`,
  );
  process.exitCode = 1;
}

async function write(files) {
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  for (const [name, content] of files) await writeFile(join(target, name), content);
}

const files = await assemble();
await (process.argv.includes('--check') ? check(files) : write(files));
