/**
 * Measures what docs/architecture.md promises to hold: sizes, start-up, evaluation, compilation, and a gate run beside the
 * candidate's own time to ready. Prints a table; machines are noisy, so compare ratios within one run.
 *
 *   node bench/run.mjs
 */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources, root } from '../scripts/sources.mjs';

const dist = join(root, 'dist');
const ROUNDS = 5;
const EVALUATIONS = 500;

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const ms = (value) => `${value.toFixed(value < 10 ? 2 : 0)} ms`;
const mb = (bytes) => `${(bytes / 1024 / 1024).toFixed(2)} MiB`;
const rows = [];
const row = (what, value, target) => rows.push({ what, value, target });

async function sizeOf(folder) {
  let total = 0;
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (entry.isFile() && !entry.name.startsWith('compiler.'))
      total += (await stat(join(entry.parentPath ?? entry.path, entry.name))).size;
  }
  return total;
}

/** Runs a command; resolves with the time to its first output, to its end, and its peak memory where the platform tells. */
function timed(args) {
  return new Promise((resolve) => {
    const started = performance.now();
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, CI: '1' } });
    let first = null;
    let out = '';
    let peak = 0;
    const watch = setInterval(async () => {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024);
    }, 50);
    child.stdout.on('data', (chunk) => {
      first ??= performance.now() - started;
      out += chunk;
    });
    child.on('close', () => {
      clearInterval(watch);
      resolve({ first: first ?? Number.NaN, total: performance.now() - started, out, peak });
    });
  });
}

async function repeat(work, rounds = ROUNDS) {
  const results = [];
  for (let round = 0; round < rounds; round += 1) results.push(await work());
  return results;
}

const compiler = JSON.parse(await readFile(join(dist, 'compiler.json'), 'utf8'));
row('dist without the compiler', mb(await sizeOf(dist)), 'under 5 MB');
row('compiler, compressed', mb(compiler.compressedBytes), 'under 10 MB');
row('compiler, raw', mb(compiler.rawBytes), '');

const help = await repeat(() => timed(['dist/cli.js', '--help']));
row('command line, start to first output', ms(median(help.map((run) => run.first))), '');
const action = await repeat(() => timed(['dist/action.js']));
row('Action, start to first output', ms(median(action.map((run) => run.first))), 'under 250 ms');

const { loadPack, loadPolicy, judge, createCompiler } = await fromSources({
  'policy/pack/pack': ['loadPack'],
  'policy/load': ['loadPolicy'],
  'policy/judging/judge': ['judge'],
  'policy/compiler/compiler': ['createCompiler'],
});
const pack = await loadPack(join(dist, 'policy'));
const policy = await loadPolicy({
  pack,
  extra: [],
  compiler: () => createCompiler({ artefact: join(dist, 'compiler.wasm.br') }),
  cacheDir: null,
});
for (const manifest of [
  'examples/real/everything-streamable-http.yaml',
  'examples/real/everything-stdio.yaml',
]) {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-bench-'));
  const facts = join(folder, 'facts.json');
  const runs = await repeat(() => timed(['dist/cli.js', 'check', manifest, '--json', '--facts', facts]), 3);
  const ready = runs.map((run) => JSON.parse(run.out).servers[0].facts.candidate.readyMs);
  const name = manifest.replace(/^.*\/|\.yaml$/g, '');
  row(`${name}: candidate's own time to ready`, ms(median(ready)), '');
  row(`${name}: whole gate run`, ms(median(runs.map((run) => run.total))), '');
  row(
    `${name}: ratio`,
    (median(runs.map((run) => run.total)) / median(ready)).toFixed(1),
    'under 2, plus waits',
  );
  row(`${name}: peak memory of the gate`, mb(Math.max(...runs.map((run) => run.peak))), 'under 300 MB');
  const recorded = JSON.parse(await readFile(facts, 'utf8'));
  await judge({ facts: recorded, policy });
  const started = performance.now();
  for (let round = 0; round < EVALUATIONS; round += 1) await judge({ facts: recorded, policy });
  row(
    `${name}: evaluate the built-in pack, warm`,
    ms((performance.now() - started) / EVALUATIONS),
    'under 5 ms',
  );
  await rm(folder, { recursive: true, force: true });
}

const entrypoints = ['mcp/protocol/deny', 'mcp/transport/deny', 'mcp/gate/deny'];
const cold = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const fresh = createCompiler({ artefact: join(dist, 'compiler.wasm.br') });
  const started = performance.now();
  const outcome = await fresh.build({ modules: pack.modules, entrypoints });
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  cold.push(performance.now() - started);
}
row('compile the whole pack, cold, starting included', ms(median(cold)), 'under 1.5 s');

const width = Math.max(...rows.map(({ what }) => what.length));
for (const { what, value, target } of rows)
  console.log(`${what.padEnd(width)}  ${value.padStart(10)}  ${target}`);
