/** `mcp-gate eval`: policy on recorded facts, with no candidate, to try an edit or to test a policy. */
import type { Facts } from '../facts/facts.js';
import type { Compiler } from '../policy/compiler/compiler.js';
import { judge } from '../policy/judging/judge.js';
import { loadPolicy, type PolicySet } from '../policy/load.js';
import { reportOf, serverReportOf } from '../report/assemble.js';
import { exitCode } from '../report/exitCode.js';
import { renderJson } from '../report/json.js';
import { CHECKED_OUT } from '../report/report.js';
import { renderTerminal } from '../report/terminal.js';
import { VERSION } from '../version.js';
import { UsageError } from './failure.js';
import { type OutputFiles, writeOutputs } from './outputs.js';
import { type PolicyOptions, policySources } from './policySources.js';
import { readFacts } from './recordedFacts.js';
import type { Terminal } from './terminal.js';

export interface EvaluateOptions extends OutputFiles, PolicyOptions {
  /** The file with recorded facts. */
  readonly input: string;
  /** Says which rules were true, and which facts they read. */
  readonly explain: boolean;
  readonly mode: 'enforce' | 'audit';
  readonly json: boolean;
}

/** Returns the exit code as `check` would. Findings stand on the first line of the facts file. */
export async function evaluate(options: EvaluateOptions, terminal: Terminal): Promise<number> {
  if (options.explain && options.json)
    throw new UsageError('--explain is for people: expected it or --json, not both');
  const recorded = await readFacts(options.input, terminal.cwd);
  const sources = await policySources(options, terminal);
  const policy = await loadPolicy(sources);
  const servers = [];
  for (const facts of recorded) {
    const started = performance.now();
    const verdict = await judge({ facts, policy });
    const plan = {
      name: facts.candidate.name,
      manifest: options.input,
      locate: () => ({ file: options.input, line: 1, column: 1 }),
    };
    const durationMs = Math.round(performance.now() - started);
    servers.push(
      serverReportOf({ plan, examination: { facts, exchanges: [], output: '' }, verdict, durationMs }),
    );
  }
  const report = reportOf({
    servers,
    mode: options.mode,
    policy,
    source: CHECKED_OUT,
    review: null,
    version: VERSION,
  });
  terminal.out(options.json ? renderJson(report) : renderTerminal(report, terminal.style));
  if (options.explain) await explainTo(terminal, policy, recorded, sources.compiler());
  await writeOutputs(options, { report, rules: policy.rules, proposal: null }, terminal.cwd);
  return exitCode(report);
}

async function explainTo(
  terminal: Terminal,
  policy: PolicySet,
  recorded: readonly Facts[],
  compiler: Compiler,
): Promise<void> {
  const { explain } = await import('../policy/author/explain.js');
  const { renderExplanation } = await import('./policy/explanation.js');
  for (const facts of recorded)
    terminal.out(renderExplanation(facts.candidate.name, await explain(policy, facts, compiler)));
}
