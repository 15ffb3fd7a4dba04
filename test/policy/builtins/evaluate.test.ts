import { describe, expect, it } from '@jest/globals';
import { hostPolicy } from '../../../src/policy/builtins/host.js';
import { createCompiler } from '../../../src/policy/compiler/compiler.js';
import { createEvaluate, type Evaluation } from '../../../src/policy/judging/evaluate.js';
import { builtinPack, faultlessFacts, noCompiler } from '../kit.js';
import { DATA } from './corpus.mjs';

/** Not the time of any question below. */
const compiler = createCompiler({ artefact: 'dist/compiler.wasm.br', now: new Date(0) });

interface Question {
  readonly expression: string;
  readonly startedAt?: string;
  readonly with?: typeof noCompiler;
}

/** What a policy answers with an expression, on facts of a run that started then. */
async function answer(question: Question): Promise<Evaluation> {
  const { expression, startedAt = '2026-11-23T12:00:00Z', with: other = () => compiler } = question;
  const built = await compiler.build({
    modules: {
      'a.rego': `package mcp_gate\n\nanswer := {"is": ${expression}}\n\nanswer := "undefined" if not defined\n\ndefined if _ := {${expression}}\n`,
    },
    entrypoints: ['mcp_gate/answer'],
  });
  if (built.kind !== 'done') throw new Error(JSON.stringify(built));
  const { wasm, builtinsUsed: builtins } = built.value;
  const evaluate = createEvaluate({ wasm, builtins, data: DATA, compiler: other });
  const facts = await faultlessFacts();
  facts.gate.startedAtMs = Date.parse(startedAt);
  return evaluate(facts);
}

const is = (value: unknown): Evaluation => ({ kind: 'answered', answer: { is: value } });

describe('a policy in the gate', () => {
  it.each([
    ['sprintf("%q is %v", ["a", {{"b": null}, set()}])', '"a" is {{"b": null}, set()}'],
    ['regex.split(`[,;]`, "a,b;c")', ['a', 'b', 'c']],
    ['yaml.marshal({"b": {2, 1}, "a": "yes"})', 'a: "yes"\nb:\n  - 1\n  - 2\n'],
    ['json.is_valid("{} {}")', false],
  ])("gets OPA's answer to %s, not that of OPA's host", async (expression, value) => {
    expect(await answer({ expression })).toEqual(is(value));
  });

  it('has the start of the run for the time, to the nanosecond and without the compiler', async () => {
    const expression = 'format_int(time.now_ns(), 10)';
    const startedAt = '2026-11-23T12:00:00.123Z';
    expect(await answer({ expression, startedAt, with: noCompiler })).toEqual(is('1795435200123000000'));
  });

  it.each([
    ['2026-11-23T11:15:00Z', true],
    ['2026-11-23T11:45:00Z', false],
  ])('verifies a token at %s as of then: %s', async (startedAt, valid) => {
    const expression =
      'io.jwt.decode_verify(data.material.HS256expired, {"secret": "parity", "aud": "gate"})[0]';
    expect(await answer({ expression, startedAt })).toEqual(is(valid));
  });

  it.each([
    ['2026-06-15T00:00:00Z', true],
    ['2026-07-15T00:00:00Z', false],
  ])('verifies a certificate at %s as of then: %s', async (startedAt, valid) => {
    const chain = 'concat("", [data.material.root, data.material.expired])';
    const expression = `crypto.x509.parse_and_verify_certificates(${chain})[0]`;
    expect(await answer({ expression, startedAt })).toEqual(is(valid));
  });

  it('has undefined for a built-in of the WASM that fails, whoever answers it', async () => {
    expect(await answer({ expression: 'json.unmarshal("{")' })).toEqual({
      kind: 'answered',
      answer: 'undefined',
    });
  });

  it('gets no answer where another fails: a rule that is undefined would deny nothing', async () => {
    expect(await answer({ expression: 'time.parse_rfc3339_ns("soon")' })).toMatchObject({
      kind: 'failed',
      indecision: { code: 'evaluation-failed', message: expect.stringContaining('cannot parse "soon"') },
    });
  });

  it('gets no answer where OPA would give up', async () => {
    expect(await answer({ expression: 'count(net.cidr_expand("::/0"))' })).toMatchObject({
      kind: 'failed',
      indecision: {
        code: 'evaluation-failed',
        message: expect.stringContaining('net.cidr_expand: eval_cancel_error'),
      },
    });
  });

  it("does not need the compiler where the WASM answers as OPA's evaluator does", async () => {
    const expression = [
      'concat("-", {"b", "a"})',
      'replace("aba", "b", "-")',
      '6 / 3',
      'to_number("42")',
      'glob.match("*.example.com", ["."], "a.example.com")',
      'regex.match("^a+$", "aa")',
      'count(numbers.range(1, 1000))',
      'json.marshal(["<é\\u2028\\u0000>", 1.5, null])',
    ].join(', ');
    expect(await answer({ expression: `[${expression}]`, with: noCompiler })).toEqual(
      is(['a-b', 'a-a', 2, 42, true, true, 1000, '["\\u003cé\\u2028\\u0000\\u003e",1.5,null]']),
    );
  });
});

describe('the built-in pack', () => {
  it('does not need the compiler', async () => {
    const { compiled, data } = await builtinPack();
    const { wasm, builtins } = compiled;
    const evaluate = createEvaluate({ wasm, builtins, data, compiler: noCompiler });
    expect(await evaluate(await faultlessFacts())).toMatchObject({ kind: 'answered' });
  });
});

describe('a portable policy', () => {
  it('asks any host for what the WASM lacks, and for that only, by its own name', async () => {
    const modules = {
      'a.rego':
        'package a\n\np := [json.marshal(1), concat("", {"a"}), 1 / 3, semver.compare("1.0.0", "2.0.0")]\n',
    };
    const built = await compiler.build({ modules, entrypoints: ['a/p'], portable: true });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    expect((await hostPolicy(built.value.wasm, () => null)).wanted).toEqual(['semver.compare']);
    const { builtinsUsed } = built.value;
    expect(builtinsUsed.filter(({ answeredBy }) => answeredBy !== 'native')).toEqual([
      { name: 'semver.compare', answeredBy: 'module' },
    ]);
  });
});

describe('a name of a built-in', () => {
  it('is left alone where the policy gives it a meaning of its own', async () => {
    const modules = {
      'a.rego':
        'package a\n\nimport data.lib.json\n\nconcat(x, y) := [x, y]\n\np := [concat("-", {1}), json.marshal({"a"})]\n',
      'lib.rego': 'package lib.json\n\nmarshal(x) := count(x)\n',
    };
    const built = await compiler.build({ modules, entrypoints: ['a/p'] });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    const { policy, wanted } = await hostPolicy(built.value.wasm, () => null);
    expect([wanted, policy.evaluate({}, 'a/p')]).toEqual([[], [{ result: [['-', [1]], 1] }]]);
  });

  it('can be replaced with another by with', async () => {
    const modules = {
      'a.rego':
        'package a\n\nmine(_, _) := "mine"\n\nq := concat("-", {"b", "a"})\n\np := [q, r] if r := q with concat as mine\n',
    };
    const built = await compiler.build({ modules, entrypoints: ['a/p'] });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    const { policy } = await hostPolicy(built.value.wasm, () => null);
    expect(policy.evaluate({}, 'a/p')).toEqual([{ result: ['a-b', 'mine'] }]);
  });
});
