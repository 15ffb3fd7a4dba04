import { mkdtempSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import { hostPolicy } from '../../src/policy/builtins/host.js';
import { type Compiler, createCompiler } from '../../src/policy/compiler/compiler.js';
import type { Built, Outcome, Problem } from '../../src/policy/compiler/contract.js';

const artefact = new URL('../../dist/compiler.wasm.br', import.meta.url);
const now = new Date('2026-11-23T12:00:00Z');

const session = `# METADATA
# title: Sessions
# custom: {owner: security}
package mcp.session

import data.mcp.config

# METADATA
# title: Other principal accepted
# description: A session answers to somebody else.
# related_resources:
#   - ref: https://example.com/spec#session
#     description: The specification
# custom:
#   severity: high
deny contains {"rule": "session/other-principal-accepted", "attempts": n} if {
	n := count([a | some a in input.attempts; a.accepted])
	n > config.tolerated
}
`;

const facts = {
  type: 'object',
  properties: {
    attempts: {
      type: 'array',
      items: { type: 'object', properties: { accepted: { type: 'boolean' } } },
    },
  },
};

let compiler: Compiler;
beforeAll(() => {
  compiler = createCompiler({ artefact, now });
});

function done<T>(outcome: Outcome<T>): T {
  if (outcome.kind === 'done') return outcome.value;
  throw new Error(`expected an answer, not ${JSON.stringify(outcome, null, 2)}`);
}

function problems(outcome: Outcome<unknown>): readonly Problem[] {
  if (outcome.kind === 'wrong') return outcome.problems;
  throw new Error(`expected problems, not ${JSON.stringify(outcome, null, 2)}`);
}

const buildOf = (source: string, entrypoint: string): Promise<Outcome<Built>> =>
  compiler.build({ modules: { 'p.rego': source }, entrypoints: [entrypoint] });

async function answerOf(source: string, entrypoint: string, input: unknown): Promise<unknown> {
  const policy = await loadPolicy(done(await buildOf(source, entrypoint)).wasm);
  const [first] = policy.evaluate(input, entrypoint) as { result: unknown }[];
  return first?.result;
}

type Policy = Awaited<ReturnType<typeof loadPolicy>>;
type Export = 'opa_malloc' | 'opa_value_dump' | 'opa_value_parse';

const exportsOf = (policy: Policy) =>
  (policy.wasmInstance as WebAssembly.Instance).exports as Record<Export, (...args: number[]) => number>;
const memoryOf = (policy: Policy) => policy.mem as WebAssembly.Memory;

function text(policy: Policy, at: number): string {
  const bytes = Buffer.from(memoryOf(policy).buffer);
  return bytes.toString('utf8', at, bytes.indexOf(0, at));
}

describe('build', () => {
  test('compiles a policy that the WASM host evaluates, with data from outside', async () => {
    const { wasm, entrypoints } = done(await buildOf(session, 'mcp/session/deny'));
    const policy = await loadPolicy(wasm);
    policy.setData({ mcp: { config: { tolerated: 1 } } });

    expect(entrypoints).toEqual(['mcp/session/deny']);
    expect(policy.evaluate({ attempts: [{ accepted: true }, { accepted: true }] })).toEqual([
      { result: [{ rule: 'session/other-principal-accepted', attempts: 2 }] },
    ]);
    expect(policy.evaluate({ attempts: [{ accepted: true }] })).toEqual([{ result: [] }]);
  });

  test('gives the same bytes for the same sources, from another instance too', async () => {
    const first = done(await buildOf(session, 'mcp/session/deny')).wasm;
    const again = done(await buildOf(session, 'mcp/session/deny')).wasm;
    const other = await createCompiler({ artefact, now }).build({
      modules: { 'p.rego': session },
      entrypoints: ['mcp/session/deny'],
    });

    expect(Buffer.compare(first, again)).toBe(0);
    expect(Buffer.compare(first, done(other).wasm)).toBe(0);
  });

  test('tells what METADATA says, of what, and where that stands', async () => {
    expect(done(await buildOf(session, 'mcp/session/deny')).annotations).toEqual([
      {
        path: 'data.mcp.session',
        scope: 'package',
        title: 'Sessions',
        custom: { owner: 'security' },
        file: 'p.rego',
        row: 4,
        col: 1,
      },
      {
        path: 'data.mcp.session.deny',
        scope: 'rule',
        title: 'Other principal accepted',
        description: 'A session answers to somebody else.',
        relatedResources: [{ ref: 'https://example.com/spec#session', description: 'The specification' }],
        custom: { severity: 'high' },
        file: 'p.rego',
        row: 16,
        col: 1,
      },
    ]);
  });

  test('lists packages and rules with their kinds and places', async () => {
    const source =
      'package a\n\ndefault p := 1\n\ns contains 1\n\nf(x) := x\n\no[k] := 1 if some k in ["a"]\n';
    const { packages, rules } = done(await buildOf(source, 'a/p'));

    expect(packages).toEqual([{ path: 'data.a', file: 'p.rego', row: 1, col: 1 }]);
    expect(rules.map(({ name, kind, default: fallback, row }) => [name, kind, fallback, row])).toEqual([
      ['p', 'complete', true, 3],
      ['s', 'set', false, 5],
      ['f', 'function', false, 7],
      ['o[k]', 'object', false, 9],
    ]);
  });

  test('says who will have to answer each built-in', async () => {
    const source = 'package a\n\np if startswith(sprintf("%d", [time.now_ns()]), "1")\n';

    expect(done(await buildOf(source, 'a/p')).builtinsUsed).toEqual([
      { name: 'sprintf', answeredBy: 'module' },
      { name: 'startswith', answeredBy: 'native' },
      { name: 'time.now_ns', answeredBy: 'host' },
    ]);
  });

  test('leaves nothing to the host for annotations, template strings and print', async () => {
    const source = [
      '# METADATA',
      '# title: T',
      'package a',
      '',
      'p := $"{input.n} of {rego.metadata.chain()[1].annotations.title}" if print(input.n)',
    ].join('\n');

    expect(await answerOf(source, 'a/p', { n: 3 })).toBe('3 of T');
  });

  test('aggregates packages it does not name', async () => {
    const source = 'package a.x\n\ndeny contains "x" if input.x\n';
    const outcome = await compiler.build({
      modules: {
        'x.rego': source,
        'main.rego': 'package main\n\nall contains d if some d in data.a[_].deny\n',
      },
      entrypoints: ['main/all'],
    });
    const policy = await loadPolicy(done(outcome).wasm);

    expect(policy.evaluate({ x: true })).toEqual([{ result: ['x'] }]);
  });

  test('refuses http.send by name and line', async () => {
    const source =
      'package a\n\np if {\n\tinput.x\n\thttp.send({"method": "get", "url": input.x}).status_code == 200\n}\n';

    expect(problems(await buildOf(source, 'a/p'))).toEqual([
      {
        code: 'builtin_refused',
        message: 'http.send is refused: a policy sees facts, not the network',
        hint: 'let a probe record the fact, or pass it as data',
        builtin: 'http.send',
        file: 'p.rego',
        row: 5,
        col: 2,
      },
    ]);
  });

  test.each([
    ['net.lookup_ip_addr', 'net.lookup_ip_addr("example.com")'],
    ['opa.runtime', 'opa.runtime()'],
    ['rand.intn', 'rand.intn("a", 2)'],
    ['uuid.rfc4122', 'uuid.rfc4122("a")'],
    ['io.jwt.encode_sign', 'io.jwt.encode_sign({}, {}, {})'],
  ])('refuses %s inside a comprehension', async (builtin, call) => {
    const found = problems(await buildOf(`package a\n\np := [x | x := ${call}]\n`, 'a/p'));

    expect(found.map(({ code, row, ...rest }) => [code, row, rest.builtin])).toEqual([
      ['builtin_refused', 3, builtin],
    ]);
  });

  test('refuses what the given capabilities leave out', async () => {
    const outcome = await compiler.build({
      modules: { 'p.rego': 'package a\n\np := count([])\n' },
      entrypoints: ['a/p'],
      capabilities: { builtins: [{ name: 'sum' }] },
    });

    expect(problems(outcome)).toMatchObject([{ code: 'builtin_refused', builtin: 'count', row: 3 }]);
  });

  test('refuses an entrypoint that leads nowhere', async () => {
    expect(problems(await buildOf(session, 'mcp/session/denied'))).toMatchObject([
      { code: 'entrypoint_unknown', message: 'no rule or package is at the entrypoint "mcp/session/denied"' },
    ]);
  });
});

describe('check', () => {
  const check = (source: string) => compiler.check({ modules: { 'p.rego': source }, schemas: { facts } });

  test('accepts facts the schema has', async () => {
    expect((await check(session)).kind).toBe('done');
  });

  test('finds a misspelt fact through the schema, and knows what was meant', async () => {
    const found = problems(await check('package a\n\np if {\n\tsome a in input.atempts\n\ta.accepted\n}\n'));

    expect(found).toMatchObject([
      {
        code: 'rego_type_error',
        message: expect.stringContaining('undefined ref: input.atempts'),
        file: 'p.rego',
        row: 4,
      },
    ]);
    expect(found[0]?.details?.join('\n')).toContain('want (one of): ["attempts"]');
  });

  test('follows the schema an annotation names', async () => {
    const source = '# METADATA\n# schemas:\n#   - input: schema.other\npackage a\n\np if input.attempts\n';
    const other = { type: 'object', properties: { name: { type: 'string' } } };
    const outcome = await compiler.check({ modules: { 'p.rego': source }, schemas: { facts, other } });

    expect(problems(outcome)).toMatchObject([{ message: 'undefined ref: input.attempts', row: 6 }]);
  });

  test('is strict unless told otherwise', async () => {
    const modules = { 'p.rego': 'package a\n\nimport data.unused\n\np if {\n\tx := 1\n}\n' };

    expect(problems(await compiler.check({ modules })).map(({ message, row }) => [row, message])).toEqual([
      [3, 'import data.unused unused'],
      [6, 'assigned var x unused'],
    ]);
    expect((await compiler.check({ modules, lax: true })).kind).toBe('done');
  });

  test('reports every file that does not parse, with row and column', async () => {
    const outcome = await compiler.check({
      modules: { 'a.rego': 'package a\n\np if {\n', 'b.rego': 'package b\n\nq := 08\n', 'c.rego': '' },
    });

    expect([
      ...new Set(problems(outcome).map(({ code, file, row, col }) => `${code} ${file}:${row}:${col}`)),
    ]).toEqual(['rego_parse_error a.rego:4:1', 'rego_parse_error b.rego:3:6', 'rego_parse_error c.rego:1:1']);
  });

  test('reports an unknown function', async () => {
    expect(problems(await check('package a\n\np := stars.count(1)\n'))).toMatchObject([
      { code: 'rego_type_error', message: 'undefined function stars.count', row: 3, col: 6 },
    ]);
  });

  test('reports a schema that is none', async () => {
    const outcome = await compiler.check({
      modules: { 'p.rego': session },
      schemas: { facts: { type: 'objet' } },
    });

    expect(problems(outcome)).toMatchObject([{ code: 'schema_invalid' }]);
  });
});

describe('test', () => {
  const tests = `package mcp.session_test

import data.mcp.session

test_counts if {
	count(session.deny) == 1 with input.attempts as [{"accepted": true}] with data.mcp.config.tolerated as 0
}

test_is_wrong if {
	found := session.deny with input.attempts as []
	print("found", count(found))
	found == {{"rule": "x", "attempts": 1}}
}

todo_test_later if false

test_table[name] if {
	some name, n in {"one": 1, "two": 2}
	n == 1
}

test_breaks if f(1) == 1

f(x) := x

f(x) := x + 1

test_never_ends if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a + b < 0
}

test_sees_the_frozen_clock if time.now_ns() == ${now.getTime()}000000

test_sees_data if data.mcp.config.tolerated == 0
`;
  const run = async (filter = '') =>
    done(
      await compiler.test({
        modules: { 'session.rego': session, 'session_test.rego': tests },
        data: { mcp: { config: { tolerated: 0 } } },
        timeoutMs: 200,
        filter,
      }),
    );

  test('tells each outcome, in the order of the file', async () => {
    expect((await run()).tests.map(({ name, outcome, row }) => [row, name, outcome])).toEqual([
      [5, 'test_counts', 'pass'],
      [9, 'test_is_wrong', 'fail'],
      [15, 'todo_test_later', 'skip'],
      [17, 'test_table', 'fail'],
      [22, 'test_breaks', 'error'],
      [28, 'test_never_ends', 'error'],
      [34, 'test_sees_the_frozen_clock', 'pass'],
      [36, 'test_sees_data', 'pass'],
    ]);
  });

  test('shows what was printed, which expression failed and its values', async () => {
    const [wrong] = (await run('is_wrong')).tests;

    expect(wrong).toMatchObject({ output: 'found 0\n', failedAt: { file: 'session_test.rego', row: 12 } });
    expect(wrong?.failedAt?.text).toContain('set()');
  });

  test('tells the rows of a table apart', async () => {
    expect((await run('table')).tests[0]?.cases).toEqual([
      { name: ['one'], passed: true },
      { name: ['two'], passed: false },
    ]);
  });

  test('says why a test could not be evaluated', async () => {
    expect((await run('breaks')).tests[0]?.error).toMatchObject({ code: 'eval_conflict_error', row: 26 });
    expect((await run('never_ends')).tests[0]?.error).toMatchObject({ code: 'eval_cancel_error' });
  });

  test('needs no data', async () => {
    const modules = { 'a_test.rego': 'package a_test\n\ntest_x if not data.b\n' };

    expect(done(await compiler.test({ modules })).tests).toMatchObject([{ name: 'test_x', outcome: 'pass' }]);
  });

  test('counts the rows of policies that tests reached', async () => {
    const { coverage } = await run('sees_data');

    expect(coverage).toEqual({
      percentage: 0,
      files: { 'session.rego': { percentage: 0, covered: [], uncovered: [{ from: 16, to: 18 }] } },
    });
    expect((await run('counts')).coverage).toEqual({
      percentage: 100,
      files: { 'session.rego': { percentage: 100, covered: [{ from: 16, to: 18 }], uncovered: [] } },
    });
  });
});

test('formats as opa fmt does, and leaves what is tidy', async () => {
  const formatted = await compiler.format({
    'a.rego': 'package a\np if {\ninput.x==1}',
    'b.rego': 'package b\n',
  });

  expect(done(formatted).modules).toEqual({
    'a.rego': { source: 'package a\n\np if {\n\tinput.x == 1\n}\n', changed: true },
    'b.rego': { source: 'package b\n', changed: false },
  });
});

describe('built-ins', () => {
  test.each<[string, readonly unknown[], unknown]>([
    ['sprintf', ['%s: %d, %v', ['a', 2, { x: [null] }]], 'a: 2, {"x": [null]}'],
    ['semver.compare', ['1.10.0', '1.9.3'], 1],
    ['crypto.sha256', ['a'], 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['time.parse_rfc3339_ns', ['1970-01-02T00:00:00Z'], 86_400_000_000_000],
    ['regex.replace', ['a-b-c', '-', '+'], 'a+b+c'],
    ['object.subset', [{ a: 1, b: 2 }, { a: 1 }], true],
    ['json.patch', [{ a: null }, [{ op: 'add', path: '/b', value: 1 }]], { a: null, b: 1 }],
    ['urlquery.encode', ['a b&c'], 'a+b%26c'],
    ['net.cidr_expand', ['10.0.0.0/31'], ['10.0.0.0', '10.0.0.1']],
    ['yaml.unmarshal', ['null'], null],
    ['time.now_ns', [], now.getTime() * 1e6],
  ])('%s answers as OPA does', (name, args, value) => {
    expect(compiler.callBuiltin(name, args)).toEqual({ kind: 'done', value: { kind: 'value', value } });
  });

  test('one that fails says why', () => {
    expect(compiler.callBuiltin('time.parse_rfc3339_ns', ['soon'])).toMatchObject({
      kind: 'done',
      value: { kind: 'failed', reason: expect.stringContaining('cannot parse "soon"') },
    });
    expect(compiler.callBuiltin('sprintf', ['a'])).toEqual({
      kind: 'done',
      value: { kind: 'failed', reason: 'sprintf takes 2 arguments; 1 were given' },
    });
  });

  test('one that would never end is stopped', () => {
    expect(compiler.callBuiltin('net.cidr_expand', ['::/0'])).toMatchObject({
      kind: 'done',
      value: { kind: 'failed', reason: expect.stringContaining('eval_cancel_error') },
    });
  });

  test('one that is refused or unknown is not answered', () => {
    expect(problems(compiler.callBuiltin('http.send', [{}]))).toMatchObject([{ code: 'builtin_refused' }]);
    expect(problems(compiler.callBuiltin('nope', []))).toMatchObject([{ code: 'builtin_unknown' }]);
  });

  test('terms carry sets, keys that are not strings and big numbers', () => {
    expect(compiler.callBuiltinInTerms('object.subset', ['{1,{2}}', '{{2}}'])).toMatchObject({
      value: { value: 'true' },
    });
    expect(
      compiler.callBuiltinInTerms('json.patch', ['{1:{"é",set()},"n":12345678901234567890}', '[]']),
    ).toEqual({
      kind: 'done',
      value: { kind: 'value', value: '{1:{"é",set()},"n":12345678901234567890}' },
    });
  });

  test('what terms say, a policy reads and writes', async () => {
    const values =
      '{"s": {1, {"x"}, set()}, "o": {1: "a"}, "n": 12345678901234567890, "u": "é\\u0000\\"😀", "z": null}';
    const policy = await loadPolicy(done(await buildOf(`package a\n\np := ${values}\n`, 'a/p')).wasm);
    const { opa_malloc, opa_value_parse, opa_value_dump } = exportsOf(policy);
    const ours = (term: string) => done(compiler.callBuiltinInTerms('json.patch', [term, '[]']));
    const answer = ours(values);
    const bytes = Buffer.from(answer.kind === 'value' ? answer.value : '');
    const at = opa_malloc(bytes.length);
    new Uint8Array(memoryOf(policy).buffer).set(bytes, at);

    expect(ours(text(policy, opa_value_dump(opa_value_parse(at, bytes.length))))).toEqual(answer);
  });

  test('a policy gets what OPA would give it', async () => {
    const source = 'package a\n\np := semver.compare(input.have, input.want)\n';
    const policy = await loadPolicy(done(await buildOf(source, 'a/p')).wasm, undefined, {
      'semver.compare': (...args: unknown[]) => {
        const answer = done(compiler.callBuiltin('semver.compare', args));
        return answer.kind === 'value' ? answer.value : undefined;
      },
    });

    expect(policy.evaluate({ have: '1.10.0', want: '1.9.0' })).toEqual([{ result: 1 }]);
    expect(policy.evaluate({ have: 'x', want: '1.9.0' })).toEqual([]);
  });
});

describe('categories', () => {
  interface Declared {
    readonly builtins: readonly {
      readonly name: string;
      readonly decl: { readonly args?: readonly unknown[] };
    }[];
  }

  test('are what OPA compiles into a policy, and what it leaves to a host', async () => {
    const { builtins } = done(await compiler.version());
    const declared = (done(await compiler.capabilities()) as unknown as Declared).builtins;
    const calls = declared
      .filter(({ name }) => !builtins.erased.includes(name))
      .map(({ name, decl }, i) => `p${i} := ${name}(${(decl.args ?? []).map((_, at) => `input[${at}]`)})\n`);
    const { wasm, builtinsUsed } = done(await buildOf(`package a\n\n${calls.join('\n')}`, 'a'));
    const answeredBy = (...who: string[]) =>
      builtinsUsed.filter((used) => who.includes(used.answeredBy)).map(({ name }) => name);

    expect((await hostPolicy(wasm, () => null)).wanted).toEqual(answeredBy('host', 'module'));
    expect(answeredBy('native')).toEqual(builtins.native);
    expect(answeredBy('module')).toEqual(builtins.module);
    expect(builtins.native.length).toBeGreaterThan(70);
  });

  test('the capabilities list nothing that is refused', async () => {
    const { builtins } = done(await compiler.version());
    const declared = (done(await compiler.capabilities()) as unknown as Declared).builtins.map(
      ({ name }) => name,
    );

    expect(declared.filter((name) => builtins.refused.includes(name))).toEqual([]);
    expect(declared).toContain('time.now_ns');
  });
});

describe('trouble', () => {
  const folder = mkdtempSync(join(tmpdir(), 'compiler-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each([
    ['is missing', null],
    ['is not compressed', Buffer.from('nonsense')],
    ['is not a module', brotliCompressSync(Buffer.from('nonsense'))],
    ['is another module', brotliCompressSync(Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]))],
  ])('an artefact that %s is a crash, not a throw', async (_, bytes) => {
    const path = join(folder, 'artefact');
    if (bytes !== null) await writeFile(path, bytes);
    const broken = createCompiler({ artefact: path });

    expect(await broken.version()).toMatchObject({ kind: 'crashed', crash: { name: 'CompilerCrash' } });
    expect(broken.callBuiltin('sprintf', [])).toMatchObject({ kind: 'crashed' });
  });
});
