import type { Engines } from './engines.mjs';

export interface Case {
  readonly builtin: string;
  readonly kind: 'usual' | 'edge';
  readonly call: string;
  readonly gives: string;
}

export const NOW: Date;
export const INTERNAL: readonly string[];
export const DATA: Readonly<Record<string, unknown>>;
export const CASES: readonly Case[];
export function exceptions(): {
  readonly different: ReadonlyMap<string, string>;
  readonly unasked: ReadonlyMap<string, string>;
};
export function askCorpus(engines: Engines): Promise<{
  readonly answers: readonly (Case & { readonly wasm: string; readonly opa: string })[];
  readonly used: readonly string[];
}>;
