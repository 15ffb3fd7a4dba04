/** `mcp-gate check`: the whole pipeline, for people by default, for machines on request. */
import { gate } from '../gate.js';
import { exitCode } from '../report/exitCode.js';
import { renderJson } from '../report/json.js';
import { renderTerminal } from '../report/terminal.js';
import { type OutputFiles, writeOutputs } from './outputs.js';
import { type PolicyOptions, policySources } from './policySources.js';
import { withProgress } from './progress.js';
import type { Terminal } from './terminal.js';

export interface CheckOptions extends OutputFiles, PolicyOptions {
  readonly mode: 'enforce' | 'audit';
  readonly json: boolean;
  readonly signal: AbortSignal;
}

/** Returns the exit code: 0 allowed, 1 denied, 3 undecided. Throws for the user's mistakes. */
export async function check(
  manifests: readonly string[],
  options: CheckOptions,
  terminal: Terminal,
): Promise<number> {
  const { report, rules } = await withProgress(terminal, async (onProgress) =>
    gate({
      manifests,
      policies: await policySources(options, terminal),
      mode: options.mode,
      cwd: terminal.cwd,
      env: terminal.env,
      startedAt: new Date(),
      signal: options.signal,
      onProgress,
    }),
  );
  terminal.out(options.json ? renderJson(report) : renderTerminal(report, terminal.style));
  await writeOutputs(options, report, rules, terminal.cwd);
  return exitCode(report);
}
