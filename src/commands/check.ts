/** `mcp-gate check`: the whole pipeline, for people by default, for machines on request. */

import { describe } from '../policy/problem.js';
import { terminal as visible } from '../report/escape.js';
import { UNUSABLE } from '../report/exitCode.js';
import { renderImpactTerminal } from '../report/impact/terminal.js';
import { renderJson } from '../report/json.js';
import { renderTerminal } from '../report/terminal.js';
import { type AttestRequest, attest, forget } from './attestation.js';
import { readEvent } from './event.js';
import { exitCodeOf, runGate } from './gateRun.js';
import { type OutputFiles, writeOutputs } from './outputs.js';
import type { PolicyOptions } from './policySources.js';
import { withProgress } from './progress.js';
import type { Terminal } from './terminal.js';

export interface CheckOptions extends OutputFiles, PolicyOptions, AttestRequest {
  readonly policiesFrom?: string;
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
  await forget(options, terminal);
  // By hand, what is checked out decides unless said otherwise; only "base" needs to know the event.
  const { policiesFrom = 'head' } = options;
  const event = await readEvent(policiesFrom === 'base' ? terminal.env : {});
  const { report, rules, proposal } = await withProgress(terminal, (onProgress) =>
    runGate({ ...options, manifests, policiesFrom }, event, terminal, { onProgress }),
  );
  const exitCode = exitCodeOf(report, proposal);
  const meaning = exitCode === 2 ? UNUSABLE : undefined;
  terminal.out(options.json ? renderJson(report) : renderTerminal(report, { ...terminal.style, meaning }));
  if (!options.json && proposal !== null) {
    for (const problem of proposal.problems) terminal.out(`${visible(describe(problem))}\n`);
    if (proposal.impact !== null) terminal.out(renderImpactTerminal(proposal.impact, terminal.style));
  }
  await writeOutputs(options, { report, rules, proposal, meaning }, terminal.cwd);
  const { attested, notices } = await attest(options, { report, exitCode }, terminal);
  for (const { statementPath, result, subjectName } of attested)
    terminal.err(`${visible(`mcp-gate: ${statementPath}: ${result} for ${subjectName}, not signed yet`)}\n`);
  for (const notice of notices) terminal.err(`${visible(`mcp-gate: ${notice}`)}\n`);
  return exitCode;
}
