import { beforeAll, describe, expect, it } from '@jest/globals';
import { loadPolicy as loadWasm } from '@open-policy-agent/opa-wasm';
import { type Facts, facts as factsSchema } from '../../src/facts/facts.js';
import { judge } from '../../src/policy/judging/judge.js';
import { loadPolicy, type PolicySet } from '../../src/policy/load.js';
import { collectorSource } from '../../src/policy/pack/collector.js';
import { isWaiverRule } from '../../src/policy/pack/waiver-rules.js';
import { FAULTS } from './faults.js';
import { builtinData, builtinPack, compiler, faultlessFacts, noCompiler, rego } from './kit.js';

let policy: PolicySet;

beforeAll(async () => {
  policy = await loadPolicy({ pack: await builtinPack(), extra: [], compiler: noCompiler, cacheDir: null });
});

async function faulty(id: string): Promise<Facts> {
  const facts = await faultlessFacts();
  FAULTS.get(id)?.(facts);
  return factsSchema.parse(facts);
}

const ids = [...FAULTS.keys()];

describe('the policy as it ships', () => {
  // Rules on sessions and authorization have their facts in Rego, whose tests the WASM answers below, and in the zoo.
  it('has a fault for every rule of its areas, and a rule for every fault', () => {
    const areas = /^(?:gate|protocol|transport)\//;
    // What is said about waivers is no rule of Rego: test/policy/waive.test.ts makes it fire.
    expect([...ids].sort()).toEqual(
      policy.rules.map((rule) => rule.id).filter((id) => areas.test(id) && !isWaiverRule(id)),
    );
  });

  it.each(ids)('finds %s where it is, and nothing else', async (id) => {
    const { findings } = await judge({ facts: await faulty(id), policy });
    expect([...new Set(findings.map((finding) => finding.rule))]).toEqual([id]);
  });
});

describe("OPA's own evaluator", () => {
  it('answers every question as the WASM does', async () => {
    const questions = await Promise.all([faultlessFacts(), ...ids.map(faulty)]);
    const tests = await Promise.all(questions.map(async (facts, index) => question(index, facts)));
    const modules = {
      ...Object.fromEntries(Object.entries(rego).filter(([name]) => !name.endsWith('_test.rego'))),
      'collector.rego': collectorSource(policy.sets),
      'engines_test.rego': ['package engines_test', ...tests].join('\n\n'),
    };
    const outcome = await compiler.test({ modules, data: policy.data });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    expect(outcome.value.tests.map((test) => test.outcome)).toEqual(questions.map(() => 'pass'));
  });
});

describe('the WASM', () => {
  it("passes the Rego tests as OPA's own evaluator does", async () => {
    const outcome = await compiler.test({ modules: rego, data: builtinData });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome));
    const tests = outcome.value.tests.map((test) => ({
      name: `${test.package}.${test.name}`,
      cases: test.cases?.length ?? null,
    }));
    const runner = tests.map(({ name, cases }) => {
      const holds = cases === null ? name : `count(${name}) == ${cases}`;
      return `passed contains ${JSON.stringify(name)} if ${holds}`;
    });
    const modules = { ...rego, 'runner.rego': ['package runner', ...runner].join('\n\n') };
    const built = await compiler.build({ modules, entrypoints: ['runner/passed'] });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    const wasm = await loadWasm(built.value.wasm);
    wasm.setData(builtinData);
    const [answer] = wasm.evaluate({}, 'runner/passed') as readonly { readonly result: readonly string[] }[];
    const passed = new Set(answer?.result);
    expect(tests.map(({ name }) => name).filter((name) => !passed.has(name))).toEqual([]);
  }, 300_000);
});

/** A Rego test that expects what the WASM answered. */
async function question(index: number, facts: Facts): Promise<string> {
  const evaluation = await policy.general.evaluate(facts);
  if (evaluation.kind !== 'answered') throw new Error(JSON.stringify(evaluation));
  const expected = asRego(evaluation.answer);
  return `test_${index} if data.mcp_gate.answer == ${expected} with input as ${JSON.stringify(facts)}`;
}

/** JSON has no sets, and every list in an answer was one. */
function asRego(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'set()' : `{${value.map(asRego).join(', ')}}`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(([key, member]) => `${JSON.stringify(key)}: ${asRego(member)}`);
  return `{${members.join(', ')}}`;
}
