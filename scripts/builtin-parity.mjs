/**
 * Asks every test case that OPA publishes of both engines, the gate's WASM host and OPA's own evaluator, and compares.
 * The cases are read from the Go module cache, so Go is needed; test/policy/builtins/ has cases that need only Node.
 *
 *   node scripts/builtin-parity.mjs [compiler.wasm.br]
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { askCorpus, exceptions, NOW as now } from '../test/policy/builtins/corpus.mjs';
import { createEngines } from '../test/policy/builtins/engines.mjs';
import { fromSources, root } from './sources.mjs';

const sources = await fromSources({
  'policy/compiler/compiler': ['createCompiler'],
  'policy/builtins/host': ['hostPolicy'],
  'policy/builtins/answers': ['createAnswers'],
});
const artefact = process.argv[2] ?? join(root, 'dist/compiler.wasm.br');
const compiler = sources.createCompiler({ artefact, now });
const engines = createEngines({ ...sources, compiler, now });

/** The published cases, in the order of their files. */
function published() {
  const { stdout, status } = spawnSync(
    'go',
    ['list', '-m', '-f', '{{.Dir}}', 'github.com/open-policy-agent/opa'],
    { cwd: join(root, 'compiler'), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const folder = join((stdout ?? '').trim(), 'v1/test/cases/testdata/v1');
  if (status !== 0 || stdout.trim() === '')
    throw new Error('expected OPA in the Go module cache: run "go mod download" in compiler/');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .sort()
    .flatMap((name) => parse(readFileSync(join(folder, name), 'utf8'), { maxAliasCount: -1 }).cases);
}

const PLAIN = /^data\.([\w.]+)\s*=\s*x$/;
const WRAPPER = 'mcp_gate_parity';

/** What both engines are asked: the document of the query, or a rule around it where it is none, or input no JSON. */
function questionOf({ query, modules = [], data, input, input_term: term }) {
  const given = Object.fromEntries(modules.map((source, index) => [`module-${index}.rego`, source]));
  const [, path] = query.trim().match(PLAIN) ?? [];
  if (path !== undefined && term === undefined)
    return { modules: given, entrypoint: path.replaceAll('.', '/'), data, input };
  const asked =
    path === undefined ? `answer contains ${variables(query)} if { ${query} }` : `x := data.${path}`;
  const source = term === undefined ? asked : `answer := x if { ${asked} with input as ${term} }`;
  return {
    modules: { ...given, [`${WRAPPER}.rego`]: `package ${WRAPPER}\n\n${source}\n` },
    entrypoint: `${WRAPPER}/answer`,
    data,
    input: term === undefined ? input : {},
  };
}

/** The variables that a query binds, as a list. */
function variables(query) {
  const bound = [...query.matchAll(/(?:^|;)\s*([a-z]\w*)\s*=|[=,]\s*([a-z]\w*)\s*(?:\)|;|$)/g)];
  return `[${[...new Set(bound.map(([, left, right]) => left ?? right))].join(', ')}]`;
}

function describe({ kind, term, message }) {
  return kind === 'value' ? term : kind === 'error' ? `error: ${message}` : kind;
}

const same = (a, b, { sort_bindings: unordered }) =>
  a.kind === b.kind &&
  (a.kind !== 'value' ||
    engines.equal(a.term, b.term) ||
    (unordered === true && engines.equal(sorted(a.term), sorted(b.term))));

/** An array made by walking an object or a set has no order that Rego promises. */
function sorted(term) {
  const outcome = compiler.callBuiltinInTerms('sort', [term]);
  return outcome.value.value ?? term;
}

/** True when the reference gave what OPA publishes: then the question was the right one. */
function asPublished(
  {
    query,
    want_result: wanted,
    want_error: error,
    want_error_code: code,
    strict_error: strict,
    sort_bindings: sort,
  },
  opa,
) {
  if (strict === true) return true;
  if (error !== undefined || code !== undefined) return opa.kind === 'error';
  if (wanted === undefined || !PLAIN.test(query.trim())) return opa.kind !== 'error';
  if (wanted.length === 0) return opa.kind === 'undefined';
  if (opa.kind !== 'value') return false;
  const json = compiler.callBuiltinInTerms('json.marshal', [opa.term]);
  const given = JSON.parse(JSON.parse(json.value.value));
  const sorted = (x) => (sort && Array.isArray(x) ? x.map((y) => JSON.stringify(y)).sort() : x);
  return isDeepStrictEqual(sorted(given), sorted(wanted[0].x));
}

const counts = { value: 0, undefined: 0, error: 0 };
const { different, unasked } = exceptions();
const seen = { different: new Set(), unasked: new Set(), refused: new Set() };
const called = new Set();
const wrong = [];

/** Says what is wrong with how a case went, or null. */
function judge(testCase, wasm, opa) {
  const { note } = testCase;
  if (wasm.kind === 'not-compiled') {
    if (opa.kind !== 'not-compiled') return 'compiles for one engine only';
    const refused = wasm.problems.some(({ code }) => code === 'builtin_refused');
    seen[refused ? 'refused' : 'unasked'].add(note);
    return refused || unasked.has(note) ? null : `does not compile: ${wasm.problems[0].message}`;
  }
  if (!asPublished(testCase, opa)) return `OPA itself gives ${describe(opa)}, not what is published`;
  if (same(wasm, opa, testCase)) {
    counts[opa.kind] += 1;
    return null;
  }
  seen.different.add(note);
  return different.has(note) ? null : `\n  wasm ${describe(wasm)}\n  opa  ${describe(opa)}`;
}

const cases = published();
for (const testCase of cases) {
  const question = questionOf(testCase);
  const [wasm, opa] = [await engines.wasm(question), await engines.opa(question)];
  for (const { name } of wasm.used ?? []) called.add(name);
  const complaint = judge(testCase, wasm, opa);
  if (complaint !== null) wrong.push(`${testCase.note}: ${complaint}`);
}
for (const [kind, known] of Object.entries({ different, unasked })) {
  for (const note of known.keys())
    if (!seen[kind].has(note)) wrong.push(`${note}: is no longer ${kind}; take it from differences.yaml`);
}

const { answers } = await askCorpus(engines);
for (const { call, gives, wasm, opa } of answers) {
  if (!engines.equal(wasm, opa) || !engines.equal(opa, gives))
    wrong.push(`${call}: expected ${gives}\n  wasm ${wasm}\n  opa  ${opa}`);
}

const { value: versions } = await compiler.version();
const { native, host, module, erased, refused } = versions.builtins;
const callable = native.length + host.length + module.length + erased.length;
const equal = counts.value + counts.undefined + counts.error;
console.log(
  [
    `OPA ${versions.opa} has ${callable + refused.length} built-ins; ${callable} can be called:`,
    `  ${native.length} by code in the WASM, ${host.length} by the gate, ${module.length} by OPA's own implementation, ${erased.length} by the compiler`,
    `${refused.length} are refused: ${refused.join(', ')}`,
    `${cases.length} published cases (${called.size} built-ins): ${equal} equal (${counts.value} values, ${counts.undefined} undefined, ${counts.error} errors),`,
    `  ${seen.different.size} known to differ, ${seen.refused.size} call what is refused, ${seen.unasked.size} cannot be asked`,
    `${answers.length} cases of ours (${new Set(answers.map(({ builtin }) => builtin)).size} built-ins)`,
    `${wrong.length} wrong`,
  ].join('\n'),
);
for (const line of wrong) console.error(line);
if (wrong.length > 0) process.exitCode = 1;
