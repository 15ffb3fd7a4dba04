/**
 * Follows docs/writing-policies.md to the letter: runs every `sh` block in one shell, in order, writes every block that a comment names a
 * file for, and compares what is printed with the `text` block that follows. `…` in a `text` block stands for anything.
 *
 *   node scripts/tutorial.mjs            fails at the first difference
 *   node scripts/tutorial.mjs --write    also puts the finished files into examples/policies
 *
 * Comments before a block: `file: <path>` writes it, `append: <path>` adds it to the end, `exit: <code>` is the exit code to expect.
 */
import { spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from './sources.mjs';

const page = join(root, 'docs/writing-policies.md');
const finished = join(root, 'examples/policies');
const FILES = ['acme.rego', 'acme_test.rego', 'data.yaml'];

/** The steps of the page: commands with what they print and end with, and files. */
function steps(markdown) {
  const found = [];
  let comment = null;
  let block = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (block === null) {
      const note = /^<!-- (file|append|exit): (\S+) -->$/.exec(line);
      if (note !== null) comment = { kind: note[1], value: note[2] };
      const fence = /^```(\w+)$/.exec(line);
      if (fence !== null) block = { language: fence[1], line: index + 1, text: '' };
    } else if (line === '```') {
      const last = found.at(-1);
      if (block.language === 'sh') {
        found.push({
          kind: 'run',
          line: block.line,
          text: block.text,
          exit: Number(comment?.value ?? 0),
          prints: null,
        });
      } else if (comment?.kind === 'file' || comment?.kind === 'append') {
        found.push({ kind: comment.kind, line: block.line, text: block.text, path: comment.value });
      } else if (block.language === 'text' && last?.kind === 'run' && last.prints === null) {
        last.prints = block.text;
      }
      [block, comment] = [null, null];
    } else {
      block.text += `${line}\n`;
    }
  }
  return found;
}

/** One script for one shell, so that functions, variables and the folder last from step to step. */
function script(all, folder) {
  const lines = all.map((step, at) => {
    if (step.kind !== 'run')
      return `cat "${folder}/${at}.in" ${step.kind === 'file' ? '>' : '>>'} "${step.path}"`;
    return `{\n${step.text}\n} > "${folder}/${at}.out" 2>&1\necho $? > "${folder}/${at}.exit"`;
  });
  return [...lines, `cp -r policies "${folder}/policies"`, ''].join('\n');
}

const pattern = (line) =>
  new RegExp(
    `^${line
      .split('…')
      .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
      .join('.*')}$`,
    'u',
  );

/** The first line that is not as the page has it, or null. A last line of `…` alone allows for more. */
function difference(expected, printed) {
  const wanted = expected.trimEnd().split('\n');
  const got = printed.trimEnd().split('\n');
  const open = wanted.at(-1) === '…';
  if (open) wanted.pop();
  for (const [at, line] of wanted.entries())
    if (got[at] === undefined || !pattern(line).test(got[at].trimEnd()))
      return { line, got: got[at] ?? '(nothing)' };
  return open || got.length === wanted.length ? null : { line: '(the end)', got: got[wanted.length] };
}

const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-tutorial-'));
try {
  const all = steps(await readFile(page, 'utf8'));
  for (const [at, step] of all.entries())
    if (step.kind !== 'run') await writeFile(join(folder, `${at}.in`), step.text);
  await writeFile(join(folder, 'steps.sh'), script(all, folder));
  spawnSync('bash', [join(folder, 'steps.sh')], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NO_COLOR: '1', GITHUB_ACTIONS: '', XDG_CACHE_HOME: join(folder, 'cache') },
  });
  const complaints = [];
  for (const [at, step] of all.entries()) {
    if (step.kind !== 'run') continue;
    const printed = await readFile(join(folder, `${at}.out`), 'utf8').catch(() => '');
    const exit = Number((await readFile(join(folder, `${at}.exit`), 'utf8').catch(() => '-1')).trim());
    const where = `docs/writing-policies.md:${step.line}`;
    if (exit !== step.exit)
      complaints.push(`${where}: expected exit code ${step.exit}, saw ${exit}\n${printed}`);
    const differs = step.prints === null ? null : difference(step.prints, printed);
    if (differs !== null)
      complaints.push(
        `${where}: expected the line\n  ${differs.line}\nsaw\n  ${differs.got}\nin\n${printed}`,
      );
  }
  if (process.argv.includes('--write')) {
    await mkdir(finished, { recursive: true });
    for (const name of FILES) await cp(join(folder, 'policies', name), join(finished, name));
  }
  for (const name of FILES) {
    const [shown, made] = await Promise.all(
      [join(finished, name), join(folder, 'policies', name)].map((file) =>
        readFile(file, 'utf8').catch(() => null),
      ),
    );
    if (shown !== made)
      complaints.push(`examples/policies/${name} is not what the page ends with; run with --write`);
  }
  const extra = (await readdir(finished).catch(() => [])).filter(
    (name) => !FILES.includes(name) && name !== 'README.md',
  );
  if (extra.length > 0)
    complaints.push(`examples/policies has files the page does not make: ${extra.join(', ')}`);
  for (const complaint of complaints) console.error(complaint);
  const runs = all.filter(({ kind }) => kind === 'run').length;
  console.log(
    `${all.length} steps of the tutorial, ${runs} of them commands: ${complaints.length} differences`,
  );
  process.exitCode = complaints.length === 0 && runs > 0 ? 0 : 1;
} finally {
  await rm(folder, { recursive: true, force: true });
}
