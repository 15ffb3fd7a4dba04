/** Asks a compiled policy, and turns whatever its host throws into a reason: an evaluation that broke allows nothing. */
import { loadPolicy } from '@open-policy-agent/opa-wasm';
import type { Facts } from '../facts/facts.js';
import { ENTRYPOINT } from './collector.js';
import type { Compiler } from './compiler/compiler.js';
import type { Answerer } from './compiler/contract.js';
import type { DataTree } from './data.js';
import { reasonOf } from './problem.js';
import type { Indecision } from './verdict.js';

export type Evaluation =
  | { readonly kind: 'answered'; readonly answer: unknown }
  | { readonly kind: 'failed'; readonly indecision: Indecision };

/** Never rejects. */
export type Evaluate = (facts: Facts) => Promise<Evaluation>;

export interface Executable {
  readonly wasm: Uint8Array;
  readonly data: DataTree;
  /** Who answers which built-in, as the compiler said. */
  readonly builtins: readonly { readonly name: string; readonly answeredBy: Answerer }[];
  /** Asked only when a policy calls a built-in that neither its WASM nor the host has. */
  readonly compiler: () => Pick<Compiler, 'callBuiltin'>;
}

/** What the OPA host brings along; its own win over ours. */
const FROM_THE_HOST = [
  'sprintf',
  'json.is_valid',
  'regex.split',
  'yaml.is_valid',
  'yaml.marshal',
  'yaml.unmarshal',
];

type LoadedPolicy = Awaited<ReturnType<typeof loadPolicy>>;

/** Loaded at the first question, kept for the next ones, and thrown away after an error. */
export function createEvaluate(executable: Executable): Evaluate {
  const clock = { now: 0 };
  let loaded: Promise<LoadedPolicy> | null = null;

  return async (facts) => {
    try {
      loaded ??= load(executable, clock);
      const policy = await loaded;
      clock.now = facts.gate.startedAtMs;
      return single(policy.evaluate(facts, ENTRYPOINT));
    } catch (cause) {
      loaded = null;
      if (cause instanceof MissingBuiltin) return failed('missing-builtin', cause.message);
      return failed('evaluation-failed', `The policy could not be evaluated: ${reasonOf(cause)}`);
    }
  };
}

const failed = (code: Indecision['code'], message: string): Evaluation => ({
  kind: 'failed',
  indecision: { code, message },
});

class MissingBuiltin extends Error {}

async function load(
  { wasm, data, builtins, compiler }: Executable,
  clock: { readonly now: number },
): Promise<LoadedPolicy> {
  const answerers: Record<string, (...args: unknown[]) => unknown> = Object.create(null);
  answerers['time.now_ns'] = () => clock.now * 1e6;
  for (const { name } of builtins.filter((each) => each.answeredBy === 'module')) {
    answerers[name] = (...args) => callBuiltin(compiler(), name, args);
  }
  const policy = await loadPolicy(wasm, undefined, answerers);
  const missing = wanted(policy).filter((name) => !(name in answerers) && !FROM_THE_HOST.includes(name));
  if (missing.length > 0)
    throw new MissingBuiltin(`Nobody answers the built-in ${missing.join(', ')} that the policy calls.`);
  policy.setData(data);
  return policy;
}

/** OPA makes a failing built-in undefined, and a rule that is undefined denies nothing; so it stops everything here. */
function callBuiltin(
  compiler: Pick<Compiler, 'callBuiltin'>,
  name: string,
  args: readonly unknown[],
): unknown {
  const outcome = compiler.callBuiltin(name, args);
  if (outcome.kind === 'crashed') throw outcome.crash;
  if (outcome.kind === 'wrong')
    throw new Error(outcome.problems.map((problem) => problem.message).join('; '));
  if (outcome.value.kind === 'failed') throw new Error(`${name}: ${outcome.value.reason}`);
  return outcome.value.kind === 'undefined' ? undefined : outcome.value.value;
}

/** The built-ins that the module imports, by its own list. */
function wanted(policy: LoadedPolicy): readonly string[] {
  const { builtins, opa_json_dump: dump } = (
    policy.wasmInstance as { readonly exports: Readonly<Record<string, unknown>> }
  ).exports;
  const address = (dump as (value: number) => number)((builtins as () => number)());
  const memory = new Uint8Array((policy.mem as { readonly buffer: ArrayBuffer }).buffer);
  const text = Buffer.from(memory.subarray(address, memory.indexOf(0, address))).toString('utf8');
  return Object.keys(JSON.parse(text) as Record<string, number>);
}

/** One answer, or none at all: an undefined entry point gives an empty result set. */
function single(resultSet: unknown): Evaluation {
  if (!Array.isArray(resultSet)) return failed('malformed-answer', 'The policy gave no result set.');
  if (resultSet.length !== 1) {
    return failed(
      'malformed-answer',
      `The policy gave ${resultSet.length} answers; exactly one is expected.`,
    );
  }
  return { kind: 'answered', answer: (resultSet[0] as { readonly result?: unknown }).result };
}
