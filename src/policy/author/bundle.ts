/** An OPA bundle of compiled policies, for hosts other than the gate: the WASM, its data, and what it needs. */

import type { Answerer } from '../compiler/contract.js';
import type { DataTree } from '../data/data.js';
import { canonical } from '../digest.js';
import { ENTRYPOINT } from '../pack/collector.js';
import type { Modules } from '../pack/compile.js';
import type { Rule } from '../verdict.js';
import { tarball } from './tar.js';

export interface Bundled {
  readonly wasm: Uint8Array;
  /** `sha256:` of sources and data, as every report of the gate names its policy. */
  readonly digest: string;
  readonly data: DataTree;
  readonly rules: readonly Rule[];
  readonly builtins: readonly { readonly name: string; readonly answeredBy: Answerer }[];
  /** Rego to put beside it, or nothing. */
  readonly sources: Modules;
}

/** The built-ins that whoever loads the WASM has to answer. */
export function neededBuiltins({ builtins }: Pick<Bundled, 'builtins'>): readonly string[] {
  return builtins.filter(({ answeredBy }) => answeredBy !== 'native').map(({ name }) => name);
}

/**
 * The bundle as `.tar.gz`: the same bytes for the same policies. The answer at `mcp_gate/answer` is every finding as the
 * rules give it; levels, waivers and environments of the data are applied by the gate, after it.
 */
export function bundle(policy: Bundled): Uint8Array {
  const manifest = {
    revision: policy.digest,
    roots: [''],
    wasm: [{ entrypoint: ENTRYPOINT, module: '/policy.wasm' }],
    rego_version: 1,
    metadata: {
      'mcp-gate': { rules: policy.rules.map(({ id }) => id), builtins: neededBuiltins(policy) },
    },
  };
  const sources = Object.entries(policy.sources).map(
    ([file, text]) => [`/rego/${inside(file)}`, Buffer.from(text)] as const,
  );
  return tarball(
    new Map<string, Uint8Array>([
      ['/.manifest', Buffer.from(canonical(manifest))],
      ['/data.json', Buffer.from(canonical(policy.data))],
      ['/policy.wasm', policy.wasm],
      ...sources,
    ]),
  );
}

/** A path that stays in its folder, whatever it was outside. */
const inside = (file: string): string =>
  file
    .replaceAll('\\', '/')
    .replace(':', '/')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..')
    .join('/');
