/**
 * Writes what is generated from the sources: the JSON Schemas, and the reference pages for rules, facts and manifest.
 * `--check` writes nothing and says which files are not what the sources give.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { factsPage, manifestPage, rulesPage } from './reference.mjs';
import { fromSources, root } from './sources.mjs';

const checking = process.argv.includes('--check');

const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const { manifestJsonSchema, reportJsonSchema, factsJsonSchema } = await fromSources({
  'manifest/schema': ['manifestJsonSchema'],
  'report/json': ['reportJsonSchema'],
  'facts/schema': ['factsJsonSchema'],
});
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
