/** The zoo's server as one file: a gate run starts it dozens of times on stdio, and half of each start was reading modules. */
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SERVER = fileURLToPath(new URL('./server.mjs', import.meta.url));
const TARGET = fileURLToPath(new URL('../../node_modules/.cache/mcp-gate-zoo/server.mjs', import.meta.url));

/** Jest's global setup: bundled anew for each run, so that it never is an older server than the sources. */
export default async function bundleZoo() {
  await build({
    entryPoints: [SERVER],
    outfile: TARGET,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    logLevel: 'error',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  process.env['ZOO_SERVER'] = TARGET;
}
