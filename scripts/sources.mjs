/** Lets plain Node use functions of the TypeScript sources: bundles what is asked for into a passing file and imports it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Some dependencies are CommonJS and ask for `require`; in an ES module there is none. */
export const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Imports names from sources.
 * @param {Record<string, string[]>} wanted exported names by path below `src/`, without the ending
 * @returns {Promise<Record<string, any>>}
 */
export async function fromSources(wanted) {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-sources-'));
  try {
    const outfile = join(folder, 'sources.mjs');
    await build({
      stdin: {
        contents: Object.entries(wanted)
          .map(([path, names]) => `export { ${names.join(', ')} } from './src/${path}.ts';`)
          .join('\n'),
        resolveDir: root,
        loader: 'ts',
      },
      absWorkingDir: root,
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.18',
      logLevel: 'warning',
      banner: { js: REQUIRE_BANNER },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
