/** The GitHub Action: inputs in, annotations, job summary, outputs and the exit code out. */
import * as core from '@actions/core';
import { z } from 'zod';
import { type GateResult, gate } from '../gate.js';
import { type Annotation, annotationBudget, annotations } from '../report/annotations.js';
import { annotation as escaped, terminal as visible } from '../report/escape.js';
import { exitCode } from '../report/exitCode.js';
import { renderSummary } from '../report/summary.js';
import { tallyReport } from '../report/tally.js';
import { renderTerminal } from '../report/terminal.js';
import { toFailure, UsageError } from './failure.js';
import { interruptSignal } from './interrupt.js';
import { writeOutputs } from './outputs.js';
import { policySources } from './policySources.js';
import type { Terminal } from './terminal.js';

const lines = z.string().transform((text) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== ''),
);
const path = z.string().transform((text) => (text === '' ? undefined : text));

/** The inputs of action.yml. Defaults stand here and nowhere else. */
const inputsSchema = z.strictObject({
  manifest: lines.refine(
    (manifests) => manifests.length > 0,
    'expected at least one manifest, one path a line',
  ),
  policies: lines,
  mode: z
    .enum(['', 'enforce', 'audit'], 'expected enforce or audit')
    .transform((mode) => (mode === 'audit' ? 'audit' : 'enforce')),
  report: path.transform((file) => file ?? 'mcp-gate-report.json'),
  sarif: path,
  junit: path,
  facts: path,
});

/** Runs the Action and returns the exit code. Never throws. */
export async function runAction(terminal: Terminal): Promise<number> {
  const { signal, release } = interruptSignal();
  try {
    const inputs = readInputs();
    const result = await gate({
      manifests: inputs.manifest,
      policies: await policySources(inputs, terminal),
      mode: inputs.mode,
      cwd: terminal.cwd,
      env: terminal.env,
      startedAt: new Date(),
      signal,
      onSecret: (secret) => core.setSecret(secret),
      onProgress: ({ server, stage }) => core.info(visible(`${server}: ${stage}`)),
    });
    await publish(result, inputs, terminal);
    return exitCode(result.report);
  } catch (cause: unknown) {
    return reportFailure(cause);
  } finally {
    release();
  }
}

function readInputs() {
  const names = Object.keys(inputsSchema.shape);
  const parsed = inputsSchema.safeParse(Object.fromEntries(names.map((name) => [name, core.getInput(name)])));
  if (parsed.success) return parsed.data;
  throw new UsageError(
    parsed.error.issues.map((issue) => `input "${issue.path.join('.')}": ${issue.message}`).join('\n'),
  );
}

async function publish(
  { report, rules }: GateResult,
  inputs: ReturnType<typeof readInputs>,
  terminal: Terminal,
): Promise<void> {
  core.info(renderTerminal(report, terminal.style));
  for (const one of annotationBudget(annotations(report))) annotate(one);
  const { denied, warnings } = countOf(report);
  core.setOutput('decision', report.decision);
  core.setOutput('report', inputs.report);
  core.setOutput('denied', denied);
  core.setOutput('warnings', warnings);
  await writeOutputs(inputs, report, rules, terminal.cwd);
  // Only a runner has a summary file; elsewhere there is nobody to read it.
  if (terminal.env['GITHUB_STEP_SUMMARY'] !== undefined)
    await core.summary.addRaw(renderSummary(report), true).write();
}

function countOf(report: GateResult['report']): { denied: number; warnings: number } {
  const tally = tallyReport(report);
  return { denied: tally.deny, warnings: tally.warn };
}

function annotate({ level, title, message, file, startLine, startColumn }: Annotation): void {
  const properties = { title, file, startLine, startColumn };
  const write = { error: core.error, warning: core.warning, notice: core.notice }[level];
  write(message, properties);
}

function reportFailure(cause: unknown): number {
  const failure = toFailure(cause);
  for (const { message, file, line, column } of failure.problems) {
    core.error(escaped(message), {
      title: failure.exitCode === 2 ? 'The gate cannot run as asked' : 'The gate itself failed',
      ...(file === null ? {} : { file }),
      ...(line === null ? {} : { startLine: line }),
      ...(column === null ? {} : { startColumn: column }),
    });
  }
  core.setOutput('decision', 'undecided');
  return failure.exitCode;
}
