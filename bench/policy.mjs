/**
 * Compares `mcp-gate policy check` and `policy test` with an `opa` binary on the same files: same verdicts, and the times side by side,
 * start-up included. Nothing is remembered between runs: every run of the gate gets an empty cache.
 *
 *   node bench/policy.mjs <opa> [--rounds 5]        or OPA=<opa> node bench/policy.mjs
 *
 * The binary comes from the module that the compiler is built from, without any other tool:
 *   cd compiler && go build -mod=mod -o <opa> github.com/open-policy-agent/opa    (in a copy: it adds to go.sum)
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromSources, root } from '../scripts/sources.mjs';

const [given] = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const opa = given ?? process.env.OPA;
if (opa === undefined) throw new Error('expected the opa binary as the first argument or in OPA');
const asked = process.argv.indexOf('--rounds');
const ROUNDS = asked === -1 ? 5 : Number(process.argv[asked + 1]);

const cli = join(root, 'dist/cli.js');
const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-policy-bench-'));
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** The built-in pack as it is, the tutorial's policies, and the same with one mistake each. */
async function makeSets() {
  const example = join(root, 'examples/policies');
  const broken = {
    'misspelt fact': ['acme.rego', 'candidate.name', 'candidate.nmae'],
    'syntax error': ['acme.rego', 'deny contains finding if {', 'deny contains finding if {{'],
    'unused variable': [
      'acme.rego',
      'owner := input.candidate.labels.owner',
      'other := 1\n\towner := input.candidate.labels.owner',
    ],
    'unknown function': ['acme.rego', 'concat(', 'conct('],
    'failing test': ['acme_test.rego', 'serach is', 'search is'],
  };
  // `data.mcp.recorded` and the pack's fixtures are the gate's; both engines get them as files here.
  const support = { fixtures: await readFile(join(root, 'policies/fixtures_test.rego'), 'utf8') };
  const make = async (name, change) => {
    const path = join(folder, name.replaceAll(' ', '-'));
    await cp(example, path, { recursive: true });
    for (const file of (await readdir(path)).filter((each) => each.endsWith('.rego'))) {
      const source = await readFile(join(path, file), 'utf8');
      await writeFile(join(path, file), withoutRecorded(source));
    }
    if (change !== undefined) {
      const [file, from, to] = change;
      const source = await readFile(join(path, file), 'utf8');
      if (!source.includes(from)) throw new Error(`${file} does not have ${from}`);
      await writeFile(join(path, file), source.replace(from, to));
    }
    const beside = join(folder, `${name.replaceAll(' ', '-')}-beside`);
    await mkdir(beside);
    await writeFile(join(beside, 'fixtures_test.rego'), support.fixtures);
    return { name, ours: [path], theirs: [path, beside] };
  };
  return [
    { name: 'built-in pack', ours: [], theirs: [join(root, 'policies')] },
    await make('tutorial'),
    ...(await Promise.all(Object.entries(broken).map(([name, change]) => make(name, change)))),
  ];
}

/** Recorded facts are not in the repository; the one test on them runs on the fixtures instead. */
const withoutRecorded = (source) =>
  source.replace(
    'data.mcp.recorded.careless',
    'object.union(data.mcp.fixtures.faultless, {"candidate": {"name": "careless"}})',
  );

function repeat(work) {
  const results = Array.from({ length: ROUNDS }, work);
  const verdicts = new Set(results.map(({ verdict }) => verdict));
  if (verdicts.size !== 1) throw new Error(`one command, several verdicts: ${[...verdicts].join(', ')}`);
  return { verdict: results[0].verdict, ms: median(results.map(({ ms }) => ms)) };
}

function timed(program, args, env) {
  const started = performance.now();
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env,
    maxBuffer: 64e6,
  });
  if (error !== undefined) throw error;
  if (status === null || status > 2)
    throw new Error(`${program} ${args.join(' ')} ended with ${status}:\n${stderr}`);
  return { ms: performance.now() - started, status, stdout, stderr };
}

let fresh = 0;
function gate(command, { ours }, cache = join(folder, `cache-${fresh++}`)) {
  const env = { ...process.env, XDG_CACHE_HOME: cache, RUNNER_TEMP: undefined, GITHUB_ACTIONS: undefined };
  const { ms, status, stdout } = timed(process.execPath, [cli, 'policy', command, ...ours, '--json'], env);
  return { ms, verdict: command === 'check' ? checked(status) : testedByGate(status, stdout) };
}

/** OPA has its data from the folders too; its schema types `input` for the whole folder. */
function opaOn(command, { theirs }) {
  const options = {
    check: ['--strict', '--schema', schemaPath()],
    test: ['--schema', schemaPath(), '--format', 'json'],
  }[command];
  const { ms, status, stdout } = timed(opa, [command, ...options, ...theirs], process.env);
  return { ms, verdict: command === 'check' ? checked(status) : testedByOpa(status, stdout) };
}

function schemaPath() {
  return join(folder, 'schema', 'input.json');
}

const checked = (status) => (status === 0 ? 'right' : 'wrong');

function testedByGate(status, stdout) {
  if (status === 2) return 'wrong';
  const { tally } = JSON.parse(stdout);
  return `${tally.pass} passed, ${tally.fail + tally.error} failed`;
}

function testedByOpa(status, stdout) {
  if (status === 1) return 'wrong';
  const tests = JSON.parse(stdout);
  const failed = tests.filter((test) => test.fail === true || test.error !== undefined).length;
  return `${tests.length - failed} passed, ${failed} failed`;
}

/** Milliseconds of a run that finds its answer remembered. */
function remembered(set) {
  const cache = join(folder, 'kept');
  gate('check', set, cache);
  return repeat(() => gate('check', set, cache)).ms;
}

function print(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]))
        .join('  ')
        .trimEnd(),
    );
}

try {
  const { inputSchema } = await fromSources({ 'policy/pack/input-schema': ['inputSchema'] });
  const schema = join(folder, 'schema');
  await mkdir(schema);
  await writeFile(join(schema, 'input.json'), JSON.stringify(inputSchema()));

  const sets = await makeSets();
  const rows = [];
  let disagreements = 0;
  for (const set of sets) {
    for (const command of ['check', 'test']) {
      const ours = repeat(() => gate(command, set));
      const theirs = repeat(() => opaOn(command, set));
      const agree = ours.verdict === theirs.verdict;
      if (!agree) disagreements += 1;
      rows.push([
        set.name,
        command,
        ours.verdict,
        theirs.verdict,
        `${ours.ms.toFixed(0)} ms`,
        `${theirs.ms.toFixed(0)} ms`,
        agree ? '' : 'DIFFERENT',
      ]);
    }
  }
  const again = remembered(sets[0]);
  print([['policies', 'command', 'mcp-gate', 'opa', 'mcp-gate', 'opa', ''], ...rows]);
  console.log(
    `\n${rows.length} verdicts, ${disagreements} different; ${ROUNDS} rounds, medians, start-up included`,
  );
  console.log(`mcp-gate policy check, ${sets[0].name}, asked again without an edit: ${again.toFixed(0)} ms`);
  process.exitCode = disagreements === 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
