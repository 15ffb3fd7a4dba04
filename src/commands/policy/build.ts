/** `mcp-gate policy build`: the compiled policies as an OPA bundle, for hosts other than the gate. */
import { resolve } from 'node:path';
import { bundle, neededBuiltins } from '../../policy/author/bundle.js';
import { sha256 } from '../../policy/digest.js';
import { loadPolicy } from '../../policy/load.js';
import { compile } from '../../policy/pack/compile.js';
import { json as inert, terminal as visible } from '../../report/escape.js';
import { count } from '../../report/phrases.js';
import { write } from '../outputs.js';
import { policySources } from '../policySources.js';
import type { Terminal } from '../terminal.js';

export interface PolicyBuildOptions {
  readonly output: string;
  /** Puts the Rego beside the WASM. */
  readonly sources: boolean;
  readonly json: boolean;
}

/** Exit code 0. Throws for policies that do not compile. */
export async function policyBuild(
  paths: readonly string[],
  options: PolicyBuildOptions,
  terminal: Terminal,
): Promise<number> {
  const from = await policySources({ policies: paths }, terminal);
  const policy = await loadPolicy(from);
  const { wasm, builtins } = await compile(policy.modules, from.compiler(), { portable: true });
  const { digest, rules } = policy;
  const sources = options.sources ? policy.modules : {};
  const bytes = bundle({ wasm, builtins, digest, rules, sources, data: policy.general.data });
  await write(resolve(terminal.cwd, options.output), options.output, bytes);
  const built = {
    file: options.output,
    sha256: sha256(bytes),
    digest,
    rules: rules.length,
    builtins: neededBuiltins({ builtins }),
  };
  terminal.out(options.json ? `${inert(JSON.stringify(built, null, 2))}\n` : render(built));
  return 0;
}

function render(built: {
  readonly file: string;
  readonly sha256: string;
  readonly digest: string;
  readonly rules: number;
  readonly builtins: readonly string[];
}): string {
  const needs =
    built.builtins.length === 0 ? '' : `needs   ${built.builtins.join(', ')} from whoever loads it\n`;
  return `${visible(built.file)}  ${count(built.rules, 'rule')}, entry point mcp_gate/answer\npolicy  ${built.digest}\nfile    sha256:${built.sha256}\n${needs}`;
}
