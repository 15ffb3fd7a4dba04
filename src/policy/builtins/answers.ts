/** Who says what a built-in gives: the gate what it knows itself, OPA's own implementations everything else. */
import type { Compiler } from '../compiler/compiler.js';
import type { AnswerBuiltin } from './host.js';

export interface Answers {
  /** Asked for OPA's implementations, and only when a policy calls one. */
  readonly compiler: () => Pick<Compiler, 'callBuiltinInTerms'>;
  /** The one time there is, in milliseconds. */
  readonly nowMs: () => number;
  /**
   * Called when a built-in fails, which OPA makes undefined; throws where that must not pass. Not called where the WASM's
   * own code would have failed without a word.
   */
  readonly onFailure: (name: string, reason: string) => void;
}

/** Built-ins that are answered without OPA; the compiler calls them `host`. */
export const OWN = ['time.now_ns'] as const;

/**
 * Answers every built-in as OPA does: one that fails is undefined, one that would end OPA's evaluation ends this one.
 * Certificates and tokens are verified at `nowMs`.
 */
export function createAnswers({ compiler, nowMs, onFailure }: Answers): AnswerBuiltin {
  return ({ name, operands, corrects }) => {
    if (name === 'time.now_ns') return nanoseconds(nowMs());
    const outcome = compiler().callBuiltinInTerms(name, operands, new Date(nowMs()));
    if (outcome.kind === 'crashed') throw outcome.crash;
    if (outcome.kind === 'wrong')
      throw new Error(outcome.problems.map((problem) => problem.message).join('; '));
    const answer = outcome.value;
    if (answer.kind === 'value') return answer.value;
    if (answer.kind === 'undefined') return null;
    if (answer.halts === true) throw new Error(`${name}: ${answer.reason}`);
    if (!corrects) onFailure(name, answer.reason);
    return null;
  };
}

/** A double cannot hold the nanoseconds of this century. */
function nanoseconds(ms: number): string {
  return String(BigInt(Math.trunc(ms)) * 1_000_000n);
}
