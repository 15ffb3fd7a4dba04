/** Runs the whole gate on manifests written for one test. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GateOptions, type GateResult, gate } from '../../src/gate.js';
import { createCompiler } from '../../src/policy/compiler/compiler.js';
import { loadPack } from '../../src/policy/pack/pack.js';
import type { ServerReport } from '../../src/report/report.js';
import { CHECKED_OUT } from '../../src/report/report.js';

const DIST = new URL('../../dist/', import.meta.url);

/** Gates the manifests, each given as text. Extra policies by file name. */
export async function gateTexts(
  manifests: readonly string[],
  policies: Readonly<Record<string, string>> = {},
  changes: Partial<GateOptions> = {},
): Promise<GateResult> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-test-'));
  try {
    const paths = await Promise.all(
      manifests.map(async (text, index) => {
        const path = join(folder, `mcp-gate-${index}.yaml`);
        await writeFile(path, text);
        return path;
      }),
    );
    const extra = await Promise.all(
      Object.entries(policies).map(async ([name, text]) => {
        const path = join(folder, name);
        await writeFile(path, text);
        return path;
      }),
    );
    return await gate({
      manifests: paths,
      policies: {
        pack: await loadPack(new URL('policy/', DIST)),
        extra,
        compiler: () => createCompiler({ artefact: new URL('compiler.wasm.br', DIST) }),
        cacheDir: null,
        cwd: folder,
      },
      policySource: CHECKED_OUT,
      proposed: null,
      mode: 'enforce',
      cwd: folder,
      env: process.env,
      startedAt: new Date(),
      signal: new AbortController().signal,
      ...changes,
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The only server's part of the report. */
export async function gateText(
  manifest: string,
  policies: Readonly<Record<string, string>> = {},
): Promise<ServerReport> {
  const { report } = await gateTexts([manifest], policies);
  const [server] = report.servers;
  if (server === undefined || report.servers.length !== 1) throw new Error('expected one server');
  return server;
}

/** The rules that fired, each once, sorted. */
export function firedBy(server: ServerReport): string[] {
  return [...new Set(server.findings.map((finding) => finding.rule))].sort();
}

/** Runs `work` for each item, `width` at a time, in order of the list. */
export async function inLanes<T>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: width }, lane));
}
