/**
 * Builds `dist/`, which ships and is committed: two bundled entries that need no node_modules, and the compiled policy pack.
 * `--check` builds elsewhere and says whether the committed files are what the sources give.
 */
import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { REQUIRE_BANNER, root } from './sources.mjs';

const dist = join(root, 'dist');
const checking = process.argv.includes('--check');

/** What other scripts build into the same folder. */
const FOREIGN = new Set(['compiler.wasm.br', 'compiler.json', 'policy', 'package.json']);

async function bundle(outdir) {
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'src/cli.ts', action: 'src/action.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.18',
    chunkNames: 'chunks/[name]-[hash]',
    // Syntax is left alone: with it rewritten, candidates refuse the tokens of the bundled authorization server.
    minifyWhitespace: true,
    charset: 'utf8',
    legalComments: 'none',
    logLevel: 'warning',
    define: { 'globalThis.MCP_GATE_VERSION': JSON.stringify(version) },
    banner: { js: REQUIRE_BANNER },
  });
}

async function files(folder, below = folder) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    const name = relative(below, path);
    if (FOREIGN.has(name)) continue;
    if (entry.isDirectory()) found.push(...(await files(path, below)));
    else found.push(name);
  }
  return found.sort();
}

async function check() {
  const elsewhere = await mkdtemp(join(tmpdir(), 'mcp-gate-build-'));
  try {
    await bundle(elsewhere);
    const [committed, built] = [await files(dist), await files(elsewhere)];
    const differing = [...new Set([...committed, ...built])].filter(
      (name) => !committed.includes(name) || !built.includes(name),
    );
    for (const name of built.filter((file) => committed.includes(file))) {
      const [a, b] = await Promise.all([readFile(join(dist, name)), readFile(join(elsewhere, name))]);
      if (!a.equals(b)) differing.push(name);
    }
    if (differing.length === 0) return;
    console.error(
      `dist/ is not what src/ gives: ${differing.sort().join(', ')}\nRun "npm run build" and commit the result.`,
    );
    process.exitCode = 1;
  } finally {
    await rm(elsewhere, { recursive: true, force: true });
  }
}

async function rebuild() {
  await mkdir(dist, { recursive: true });
  for (const name of await files(dist)) await rm(join(dist, name));
  await bundle(dist);
  await writeFile(join(dist, 'package.json'), `${JSON.stringify({ type: 'module', private: true })}\n`);
}

const policies = join(root, 'scripts/build-policies.mjs');
execFileSync(process.execPath, [policies, ...(checking ? ['--check'] : [])], { stdio: 'inherit', cwd: root });
await (checking ? check() : rebuild());
