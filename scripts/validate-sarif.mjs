/**
 * Lets Microsoft's SARIF multitool judge our SARIF: its own rules and those it has for GitHub's code scanning. Without
 * arguments: the goldens and every log of the tests; with arguments: those files. Ends with 1 on an error or a warning
 * that is not among the ones explained below.
 */
import { spawnSync } from 'node:child_process';
import {
  access,
  chmod,
  constants,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { fromSources, root } from './sources.mjs';

/** What the multitool would like and does not get. Notes are shown by number only. */
const EXPLAINED = new Map([
  ['SARIF2005', 'informationUri: nobody knows from here where the gate was taken from'],
]);

/** It would fetch every address in every log. */
const CONFIGURATION = `<?xml version="1.0" encoding="utf-8"?>
<Properties>
  <Properties Key="SARIF2006.UrisShouldBeReachable.Options">
    <Property Key="RuleEnabled" Value="Disabled" Type="Driver.RuleEnabledState" />
  </Properties>
</Properties>
`;

const PLATFORMS = { linux: 'Sarif.Multitool', darwin: 'Sarif.Multitool', win32: 'Sarif.Multitool.exe' };

const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-sarif-'));
try {
  process.exitCode = await validate(await multitool(), await logs(process.argv.slice(2)));
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** The program itself: the wrapper package starts it through a shell, and an install without scripts leaves it inert. */
async function multitool() {
  const name = PLATFORMS[process.platform];
  if (name === undefined) throw new Error(`expected linux, darwin or win32, saw ${process.platform}`);
  const wrapper = createRequire(join(root, 'package.json')).resolve(
    '@microsoft/sarif-multitool/package.json',
  );
  const manifest = `@microsoft/sarif-multitool-${process.platform}/package.json`;
  const program = join(dirname(createRequire(wrapper).resolve(manifest)), name);
  try {
    await access(program, constants.X_OK);
  } catch {
    await chmod(program, 0o755);
  }
  return program;
}

/** Copies of what is to be judged, under names that tell them apart. */
async function logs(asked) {
  const inputs = join(folder, 'logs');
  await mkdir(inputs);
  for (const file of asked) await copyFile(resolve(file), join(inputs, basename(file)));
  if (asked.length > 0) return inputs;
  const goldens = join(root, 'test/report/goldens');
  for (const file of await readdir(goldens)) {
    if (file.endsWith('.sarif')) await copyFile(join(goldens, file), join(inputs, `golden-${file}`));
  }
  const { SARIF_CASES } = await fromSources({ '../test/report/sarifCases': ['SARIF_CASES'] });
  for (const [name, log] of SARIF_CASES) await writeFile(join(inputs, `${name}.sarif`), log);
  return inputs;
}

async function validate(program, inputs) {
  const files = (await readdir(inputs)).sort();
  const output = join(folder, 'verdict.sarif');
  const config = join(folder, 'configuration.xml');
  await writeFile(config, CONFIGURATION);
  const ended = spawnSync(
    program,
    [
      'validate',
      ...files.map((file) => join(inputs, file)),
      '--rule-kind',
      'Sarif;Ghas',
      '--level',
      'Error;Warning;Note',
      '--config',
      config,
      '--output',
      output,
      '--log',
      'ForceOverwrite',
      '--quiet',
    ],
    // ICU is not on every machine, and nothing here depends on a language.
    {
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      env: { ...process.env, DOTNET_SYSTEM_GLOBALIZATION_INVARIANT: '1' },
    },
  );
  if (ended.error !== undefined || ended.status !== 0) {
    throw new Error(`the multitool failed: ${ended.error?.message ?? `${ended.stdout}${ended.stderr}`}`);
  }
  // Its exit code is 0 whatever it finds, and it ends the same way when it could not read a file.
  const { runs } = JSON.parse((await readFile(output, 'utf8')).replace(/^\ufeff/u, ''));
  const [run] = runs;
  const failures = (run.invocations ?? [])
    .flatMap((one) => one.toolExecutionNotifications ?? [])
    .filter(({ level }) => level === 'error');
  const results = run.results ?? [];
  const problems = [
    ...results.filter((one) => one.level !== 'note' && !EXPLAINED.has(one.ruleId)),
    ...failures,
  ];
  for (const one of problems) console.error(words(one));
  const numbers = new Map();
  for (const { level = 'warning', ruleId } of results) {
    const key = `${level} ${ruleId}${EXPLAINED.has(ruleId) ? `: ${EXPLAINED.get(ruleId)}` : ''}`;
    numbers.set(key, (numbers.get(key) ?? 0) + 1);
  }
  for (const [key, number] of [...numbers].sort()) console.log(`${String(number).padStart(7)} ${key}`);
  console.log(`${files.length} logs, ${problems.length} problems`);
  return problems.length === 0 ? 0 : 1;
}

function words(one) {
  const place = one.locations?.[0]?.physicalLocation;
  const file = basename(decodeURIComponent(place?.artifactLocation?.uri ?? ''));
  const text = one.message.text ?? [one.message.id, ...(one.message.arguments ?? [])].join(' ');
  return `${file}:${place?.region?.startLine ?? 1}: ${one.level ?? 'warning'} ${one.ruleId ?? one.descriptor?.id}: ${text}`;
}
