/**
 * Writes what is generated from the sources: the JSON Schemas, and the reference pages for rules, facts and manifest.
 * `--check` writes nothing and says which files are not what the sources give.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { factsPage, manifestPage, rulesPage } from './reference.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const checking = process.argv.includes('--check');

/** The schema functions of the sources, bundled, because plain Node runs no TypeScript. */
async function schemas() {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-generate-'));
  const outfile = join(folder, 'schemas.mjs');
  try {
    await build({
      stdin: {
        contents: `export { manifestJsonSchema } from './src/manifest/schema.ts';
          export { reportJsonSchema } from './src/report/json.ts';
          export { factsJsonSchema } from './src/facts/schema.ts';`,
        resolveDir: root,
        loader: 'ts',
      },
      absWorkingDir: root,
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'node',
      logLevel: 'warning',
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const { manifestJsonSchema, reportJsonSchema, factsJsonSchema } = await schemas();
const pack = JSON.parse(await readFile(join(root, 'dist/policy/pack.json'), 'utf8'));
const generated = new Map([
  ['schema/manifest.schema.json', json(manifestJsonSchema())],
  ['schema/report.schema.json', json(reportJsonSchema())],
  ['schema/facts.schema.json', json(factsJsonSchema())],
  ['docs/reference/rules.md', rulesPage(pack.compiled.catalogue.rules)],
  ['docs/reference/facts.md', factsPage(factsJsonSchema())],
  ['docs/reference/manifest.md', manifestPage(manifestJsonSchema())],
]);

const stale = [];
for (const [path, text] of generated) {
  const file = join(root, path);
  if (checking) {
    if ((await readFile(file, 'utf8').catch(() => null)) !== text) stale.push(path);
    continue;
  }
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
}
if (stale.length > 0) {
  console.error(
    `not what the sources give: ${stale.join(', ')}\nRun "npm run generate" and commit the result.`,
  );
  process.exitCode = 1;
}
