/**
 * Checks the built-in pack as `mcp-gate` checks anybody's policies, in the embedded compiler: every file is formatted, the
 * strict compiler and the types of the facts accept it, its tests pass, and they cover all of it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { fromSources, root } from './sources.mjs';

function done(outcome) {
  if (outcome.kind === 'done') return outcome.value;
  if (outcome.kind === 'crashed') throw outcome.crash;
  const problems = outcome.problems.map(
    ({ file, row, col, message }) => `policies/${file}:${row}:${col}: ${message}`,
  );
  throw new Error(problems.join('\n'));
}

const { createCompiler, inputSchema } = await fromSources({
  'policy/compiler/compiler': ['createCompiler'],
  'policy/input-schema': ['inputSchema'],
});
const compiler = createCompiler({ artefact: join(root, 'dist/compiler.wasm.br') });
const names = (await readdir(join(root, 'policies'))).filter((name) => name.endsWith('.rego')).sort();
const modules = {};
for (const name of names) modules[name] = await readFile(join(root, 'policies', name), 'utf8');
const data = parse(await readFile(join(root, 'policies/data.yaml'), 'utf8'));

const complaints = [];
const formatted = done(await compiler.format(modules)).modules;
for (const name of names) if (formatted[name].changed) complaints.push(`policies/${name}: not formatted`);
const schemas = { facts: inputSchema() };
done(await compiler.check({ modules, schemas, input: 'facts' }));
const { tests, coverage } = done(await compiler.test({ modules, data, schemas, input: 'facts' }));
for (const test of tests.filter((one) => one.outcome !== 'pass')) {
  complaints.push(`policies/${test.file}:${test.row}: ${test.name}: ${test.outcome}`);
}
for (const [name, { uncovered }] of Object.entries(coverage.files)) {
  for (const { from, to } of uncovered)
    complaints.push(`policies/${name}:${from}-${to}: no test reaches this`);
}
for (const complaint of complaints) console.error(complaint);
console.log(`${tests.length} policy tests, ${coverage.percentage}% covered, ${complaints.length} complaints`);
process.exitCode = complaints.length === 0 ? 0 : 1;
