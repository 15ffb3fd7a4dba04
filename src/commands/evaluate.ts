/** `mcp-gate eval`: policy on recorded facts, with no candidate, to try an edit or to test a policy. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Facts, facts as factsSchema } from '../facts/facts.js';
import { judge } from '../policy/judge.js';
import { loadPolicy } from '../policy/load.js';
import { reportOf, serverReportOf } from '../report/assemble.js';
import { exitCode } from '../report/exitCode.js';
import { renderJson } from '../report/json.js';
import { renderTerminal } from '../report/terminal.js';
import { VERSION } from '../version.js';
import { UsageError } from './failure.js';
import { type OutputFiles, writeOutputs } from './outputs.js';
import { type PolicyOptions, policySources } from './policySources.js';
import type { Terminal } from './terminal.js';

export interface EvaluateOptions extends OutputFiles, PolicyOptions {
  readonly input: string;
  readonly mode: 'enforce' | 'audit';
  readonly json: boolean;
}

/** Returns the exit code as `check` would. Findings stand on the first line of the facts file. */
export async function evaluate(options: EvaluateOptions, terminal: Terminal): Promise<number> {
  const recorded = await readFacts(options.input, terminal.cwd);
  const policy = await loadPolicy(await policySources(options, terminal));
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
  const report = reportOf({ servers, mode: options.mode, policy, version: VERSION });
  terminal.out(options.json ? renderJson(report) : renderTerminal(report, terminal.style));
  await writeOutputs(options, report, policy.rules, terminal.cwd);
  return exitCode(report);
}

async function readFacts(path: string, cwd: string): Promise<Facts[]> {
  const value = await readJson(path, cwd);
  const parsed = z
    .array(factsSchema)
    .min(1)
    .safeParse(Array.isArray(value) ? value : [value]);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const at = issue === undefined ? '' : ` at /${issue.path.slice(1).join('/')}: ${issue.message}`;
  throw new UsageError(
    `${path}: expected facts as "mcp-gate probe" writes them${at}. Record them again with this version.`,
  );
}

async function readJson(path: string, cwd: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(resolve(cwd, path), 'utf8'));
  } catch (cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`${path}: expected a JSON file with facts, but: ${reason}`);
  }
}
