/** Facts that an earlier run recorded: what policies can be tried on without a candidate. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import { type Facts, facts as factsSchema } from '../facts/facts.js';
import { UsageError } from './failure.js';

/** The facts of one server or of several. @throws UsageError when the file holds anything else */
export async function readFacts(path: string, cwd: string): Promise<Facts[]> {
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
