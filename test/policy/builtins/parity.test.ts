import { beforeAll, describe, expect, it } from '@jest/globals';
import { createAnswers } from '../../../src/policy/builtins/answers.js';
import { hostPolicy } from '../../../src/policy/builtins/host.js';
import { createCompiler } from '../../../src/policy/compiler/compiler.js';
import type { Versions } from '../../../src/policy/compiler/contract.js';
import { askCorpus, CASES, INTERNAL, NOW } from './corpus.mjs';
import { createEngines, members, UNDEFINED } from './engines.mjs';

const compiler = createCompiler({ artefact: 'dist/compiler.wasm.br', now: NOW });
const engines = createEngines({ compiler, hostPolicy, createAnswers, now: NOW });

const covered = [...new Set(CASES.map(({ builtin }) => builtin))];

let builtins: Versions['builtins'];
beforeAll(async () => {
  const outcome = await compiler.version();
  if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
  builtins = outcome.value.builtins;
});

describe('the cases for built-ins', () => {
  it('cover every built-in that a policy may call, and no other', () => {
    const { native, host, module, erased } = builtins;
    const callable = [...native, ...host, ...module, ...erased].filter((name) => !INTERNAL.includes(name));
    expect([...covered].sort()).toEqual(callable.sort());
  });

  it('have for each a usual one, which gives a value, and an edge', () => {
    const lacking = covered.filter((name) => {
      const own = CASES.filter(({ builtin }) => builtin === name);
      const usual = own.filter(({ kind, gives }) => kind === 'usual' && gives !== 'undefined');
      return usual.length === 0 || own.every(({ kind }) => kind !== 'edge');
    });
    expect(lacking).toEqual([]);
  });

  let asked: Awaited<ReturnType<typeof askCorpus>>;
  beforeAll(async () => {
    asked = await askCorpus(engines);
  });

  it('call all of them', () => {
    const { native, host, module } = builtins;
    expect(asked.used).toEqual(expect.arrayContaining([...native, ...host, ...module]));
  });

  it.each(covered)("get from %s in the WASM what OPA's evaluator gives", (name) => {
    const own = asked.answers.filter(({ builtin }) => builtin === name);
    const unequal = own.filter(
      ({ gives, wasm, opa }) => !engines.equal(wasm, opa) || !engines.equal(opa, gives),
    );
    expect(unequal).toEqual([]);
  });
});

/** Where the WASM of OPA has an implementation of its own, cases picked by hand have missed differences. */
describe('built-ins with code in the WASM', () => {
  const values = [
    ...['""', '"a"', '"abcabc"', '"é€😀"', '" a\\tb\\n"', '"-"', '"1.50"', '"1e"', '"YQ"', '"a*"', '"[a-c"'],
    ...['"(a)"', '"10.0.0.0/8"', '"{\\"b\\": [1], \\"a\\": 2} x"', '"\\u0000x"', '"<&>"', 'null', 'false'],
    ...['0', '1', '-1', '1.5', '64', '[]', '[1, 2]', '["b", "a"]', '{}', '{"b": {"c": [1]}, "a": null}'],
    ...[
      '{1: {2}, {3}: "x"}',
      'set()',
      '{"b", "a", "é"}',
      '{{1, 2}, {2, 3}}',
      '[{"a": {2}}, {"a": {"b": 1}}]',
    ],
  ];
  /** Their arguments are written another way; replace, whose third must be a string to matter, is among the cases. */
  const apart = ['walk', 'internal.template_string'];

  it("answer any one and two of many values as OPA's evaluator does", async () => {
    const outcome = await compiler.capabilities();
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    const { builtins: declared } = outcome.value as unknown as {
      readonly builtins: readonly {
        readonly name: string;
        readonly decl: { readonly args?: readonly unknown[] };
      }[];
    };
    const mended = ['concat', 'div', 'glob.match', 'indexof', 'json.is_valid', 'json.marshal', 'regex.match'];
    const more = ['base64.decode', 'base64.is_valid', 'base64url.decode', 'json.unmarshal', 'to_number'];
    const asked = declared
      .map(({ name, decl }) => ({ name, arity: decl.args?.length ?? 0 }))
      .filter(({ name, arity }) => arity >= 1 && arity <= 2 && !apart.includes(name))
      .filter(({ name }) => [...builtins.native, ...mended, ...more].includes(name));
    const rules = asked.map(({ name, arity }, at) =>
      arity === 1
        ? `answers["${name}"][i] := v if {\n\tsome i, x in pool\n\tv := ${name}(x)\n}`
        : `r${at}[[i, j]] := v if {\n\tsome i, x in pool\n\tsome j, y in pool\n\tv := ${name}(x, y)\n}\n\nanswers["${name}"] := r${at}`,
    );
    const question = {
      modules: {
        'any.rego': [
          'package any_values',
          `pool := array.concat(input.none, [${values.join(', ')}])`,
          ...rules,
          '',
        ].join('\n\n'),
      },
      entrypoint: 'any_values/answers',
      input: { none: [] },
    };
    const [wasm, opa] = [await engines.wasm(question), await engines.opa(question)];
    if (wasm.kind !== 'value' || opa.kind !== 'value') throw new Error(JSON.stringify({ wasm, opa }));
    const given = { wasm: members(wasm.term), opa: members(opa.term) };
    const unequal = asked
      .map(({ name }) => ({
        name,
        wasm: given.wasm.get(`"${name}"`) ?? UNDEFINED,
        opa: given.opa.get(`"${name}"`) ?? UNDEFINED,
      }))
      .filter((each) => !engines.equal(each.wasm, each.opa));
    expect(unequal).toEqual([]);
  });
});

describe('a built-in that is refused', () => {
  const calls: Readonly<Record<string, string>> = {
    'http.send': 'http.send({})',
    'io.jwt.encode_sign': 'io.jwt.encode_sign({}, {}, {})',
    'io.jwt.encode_sign_raw': 'io.jwt.encode_sign_raw("", "", "")',
    'net.lookup_ip_addr': 'net.lookup_ip_addr("example.com")',
    'opa.runtime': 'opa.runtime()',
    'rand.intn': 'rand.intn("a", 2)',
    'uuid.rfc4122': 'uuid.rfc4122("a")',
  };

  it('is one of these', () => {
    expect([...builtins.refused].sort()).toEqual(Object.keys(calls));
  });

  it.each(Object.entries(calls))(
    'is refused by name and line, with what to use instead: %s',
    async (name, call) => {
      const outcome = await compiler.check({ modules: { 'a.rego': `package a\n\np := ${call}\n` } });
      if (outcome.kind !== 'wrong') throw new Error(JSON.stringify(outcome));
      expect(outcome.problems.map(({ code, builtin, file, row }) => ({ code, builtin, file, row }))).toEqual([
        { code: 'builtin_refused', builtin: name, file: 'a.rego', row: 3 },
      ]);
      expect(outcome.problems[0]?.message).toContain(`${name} is refused: `);
      expect(outcome.problems[0]?.hint).toMatch(/\w+ \w+/);
    },
  );
});
