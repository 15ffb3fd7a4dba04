/** Asks a compiled policy, and turns whatever its host throws into a reason: an evaluation that broke allows nothing. */
import type { Facts } from '../../facts/facts.js';
import { createAnswers, OWN } from '../builtins/answers.js';
import { type HostedPolicy, hostPolicy } from '../builtins/host.js';
import type { Compiler } from '../compiler/compiler.js';
import type { Answerer } from '../compiler/contract.js';
import type { DataTree } from '../data/data.js';
import { ENTRYPOINT } from '../pack/collector.js';
import { reasonOf } from '../problem.js';
import type { Indecision } from '../verdict.js';

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
  readonly compiler: () => Pick<Compiler, 'callBuiltinInTerms'>;
}

/** Loaded at the first question, kept for the next ones, and thrown away after an error. */
export function createEvaluate(executable: Executable): Evaluate {
  const clock = { nowMs: 0 };
  let loaded: Promise<HostedPolicy> | null = null;

  return async (facts) => {
    try {
      loaded ??= load(executable, clock);
      const { policy } = await loaded;
      clock.nowMs = facts.gate.startedAtMs;
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
  clock: { readonly nowMs: number },
): Promise<HostedPolicy> {
  const answers = createAnswers({ compiler, nowMs: () => clock.nowMs, onFailure: stop });
  const hosted = await hostPolicy(wasm, answers);
  const answered = new Set<string>([
    ...OWN,
    ...builtins.filter(({ answeredBy }) => answeredBy === 'module').map(({ name }) => name),
  ]);
  const missing = hosted.wanted.filter((name) => !answered.has(name));
  if (missing.length > 0)
    throw new MissingBuiltin(`Nobody answers the built-in ${missing.join(', ')} that the policy calls.`);
  hosted.policy.setData(data);
  return hosted;
}

/** OPA makes a failing built-in undefined, and a rule that is undefined denies nothing; so it stops everything here. */
function stop(name: string, reason: string): never {
  throw new Error(`${name}: ${reason}`);
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
  return {
    kind: 'answered',
    answer: (resultSet[0] as { readonly result?: unknown }).result,
  };
}
