/** A folder of files for one test, and what the manifest stage makes of them. */
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Plan } from '../../src/manifest/plan.js';
import { ManifestError, type Problem } from '../../src/manifest/problem.js';
import { readPlan } from '../../src/manifest/read.js';

export type Files = Readonly<Record<string, string | Uint8Array>>;

/** Writes the files, runs `use` in their folder, and removes them. */
export async function inWorkspace<T>(files: Files, use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'manifest-')));
  try {
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), content);
    }
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The plan of the first file. */
export function planOf(files: Files, env: NodeJS.ProcessEnv = {}): Promise<Plan> {
  return inWorkspace(files, (cwd) => readPlan([first(files)], { cwd, env }));
}

/** The problems of the first file; fails when there are none. */
export async function problemsOf(files: Files, env: NodeJS.ProcessEnv = {}): Promise<readonly Problem[]> {
  return inWorkspace(files, (cwd) => problemsFrom(readPlan([first(files)], { cwd, env })));
}

export async function problemsFrom(reading: Promise<Plan>): Promise<readonly Problem[]> {
  try {
    await reading;
  } catch (cause: unknown) {
    if (cause instanceof ManifestError) return cause.problems;
    throw cause;
  }
  throw new Error('the manifest was accepted');
}

function first(files: Files): string {
  const [name] = Object.keys(files);
  if (name === undefined) throw new Error('no file given');
  return name;
}

/** A native manifest with `spec` as its body, indented as given. The body starts in line 5. */
export function manifest(spec: string, name = 'billing'): string {
  return `apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata: { name: ${name} }\nspec:\n${spec}`;
}

export const STDIO = '  run: { command: [node, server.js] }\n  transport: { type: stdio }\n';
export const HTTP = '  run: { command: [node, server.js] }\n  transport: { type: streamable-http }\n';
export const URL_RUN =
  '  run: { url: "http://127.0.0.1:3000/mcp" }\n  transport: { type: streamable-http }\n';
