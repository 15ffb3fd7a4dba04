import type { createAnswers } from '../../../src/policy/builtins/answers.js';
import type { hostPolicy } from '../../../src/policy/builtins/host.js';
import type { Compiler } from '../../../src/policy/compiler/compiler.js';
import type { Answerer, Problem } from '../../../src/policy/compiler/contract.js';

export interface EngineQuestion {
  readonly modules: Readonly<Record<string, string>>;
  readonly entrypoint: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly input?: unknown;
}

export type Given =
  | { readonly kind: 'value'; readonly term: string }
  | { readonly kind: 'undefined' }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'not-compiled'; readonly problems: readonly Problem[] };

export interface Engines {
  wasm(
    question: EngineQuestion,
  ): Promise<Given & { readonly used?: readonly { readonly name: string; readonly answeredBy: Answerer }[] }>;
  opa(question: EngineQuestion): Promise<Given>;
  equal(a: string, b: string): boolean;
}

export const UNDEFINED: string;
export function members(object: string): ReadonlyMap<string, string>;

export function createEngines(given: {
  readonly compiler: Compiler;
  readonly hostPolicy: typeof hostPolicy;
  readonly createAnswers: typeof createAnswers;
  readonly now: Date;
}): Engines;
