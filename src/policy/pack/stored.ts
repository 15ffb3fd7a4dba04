/** A compiled policy on disk: the WASM, and beside it what the compiler said about it. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { sha256 } from '../digest.js';
import type { Compiled } from './compile.js';

const rule = z.strictObject({
  id: z.string(),
  level: z.enum(['deny', 'warn', 'notice']),
  title: z.string(),
  description: z.string(),
  severity: z.enum(['critical', 'high', 'medium', 'low']),
  remediation: z.string(),
  references: z.array(z.string()).readonly(),
  requirement: z.string().nullable().default(null),
  undecides: z.boolean(),
  builtin: z.boolean(),
  source: z.strictObject({ file: z.string(), line: z.number() }),
});

const findingSet = z.strictObject({
  package: z.string(),
  name: z.string(),
  level: z.enum(['deny', 'warn', 'notice']),
  builtin: z.boolean(),
  rule: z.string(),
  file: z.string(),
});

/** Everything of `Compiled` but the WASM, which is named by its hash. */
export const description = z.strictObject({
  wasmSha256: z.string(),
  catalogue: z.strictObject({ rules: z.array(rule).readonly(), sets: z.array(findingSet).readonly() }),
  documents: z.array(z.string()).readonly(),
  builtins: z
    .array(z.strictObject({ name: z.string(), answeredBy: z.enum(['native', 'host', 'module']) }))
    .readonly(),
});

export function describeCompiled({ wasm, ...rest }: Compiled): z.infer<typeof description> {
  return { wasmSha256: sha256(wasm), ...rest };
}

/** The compiled policy, or null when the two files are not of one piece. */
export async function readCompiled(
  about: z.infer<typeof description>,
  wasmFile: URL | string,
): Promise<Compiled | null> {
  const wasm = await readFile(wasmFile);
  const { wasmSha256, ...rest } = about;
  return sha256(wasm) === wasmSha256 ? { ...rest, wasm } : null;
}
