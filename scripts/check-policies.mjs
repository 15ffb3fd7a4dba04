/**
 * Checks the built-in pack by the commands that everybody has for their own: every file is formatted, the strict compiler
 * and the types of the facts accept it, its tests pass, and they cover all of it. Runs the sources, so that neither
 * `dist/cli.js` nor a remembered answer can be out of date.
 */
import { join } from 'node:path';
import { fromSources, root } from './sources.mjs';

const { policyCheck, policyFormat, policyTest } = await fromSources({
  'commands/policy/check': ['policyCheck'],
  'commands/policy/format': ['policyFormat'],
  'commands/policy/test': ['policyTest'],
});
const terminal = {
  cwd: root,
  env: process.env,
  dist: new URL(`file://${join(root, 'dist')}/`),
  style: { color: false, width: 120 },
  interactive: false,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

const coverage = { run: '', verbose: false, coverage: true, threshold: 100, json: false };
const codes = [
  await policyFormat(['policies'], { check: true, write: false }, terminal),
  await policyCheck([], { json: false }, terminal),
  await policyTest([], coverage, terminal),
];
process.exitCode = Math.max(...codes);
