import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { touchedLines } from '../../src/history/changes.js';
import { baseOf, demandCommit, findCommit } from '../../src/history/commit.js';
import { gitIn } from '../../src/history/git.js';
import { snapshot } from '../../src/history/snapshot.js';
import { type Repository, repository } from './repository.js';

const made: Repository[] = [];
const fresh = (): Repository => {
  const one = repository();
  made.push(one);
  return one;
};
afterEach(() => {
  for (const one of made.splice(0)) one.dispose();
});

const gitOf = (one: Repository) => gitIn(one.folder, process.env);

describe('a commit', () => {
  it('is found by any name git knows', async () => {
    const one = fresh();
    const id = one.commit('first');
    expect([await findCommit(gitOf(one), 'main'), await findCommit(gitOf(one), id)]).toEqual([id, id]);
  });

  it('is not found by a name that looks like an option', async () => {
    const one = fresh();
    one.commit('first');
    expect(await findCommit(gitOf(one), '--all')).toBeNull();
  });

  it('that a shallow clone lacks is asked for with the setting that brings it', async () => {
    const one = fresh();
    const first = one.commit('first');
    one.commit('second');
    const clone = one.shallow(1);
    made.push(clone);
    await expect(demandCommit(gitOf(clone), first)).rejects.toThrow(
      `Expected the commit ${first}, whose policies decide, but the history of this checkout is too shallow to have it. Set "fetch-depth: 0" (or 2, on pull_request) for actions/checkout.`,
    );
  });

  it('that a whole clone lacks is to be fetched', async () => {
    const one = fresh();
    one.commit('first');
    const missing = 'a'.repeat(40);
    await expect(demandCommit(gitOf(one), missing)).rejects.toThrow(
      `Expected the commit ${missing}, whose policies decide, but this checkout does not have it. Fetch it first: "git fetch origin ${missing}".`,
    );
  });
});

describe('the base of a pull request', () => {
  const merged = () => {
    const one = fresh();
    one.write({ 'a.txt': '1' });
    const old = one.commit('first');
    one.git('checkout', '--quiet', '-b', 'topic');
    one.write({ 'b.txt': '1' });
    const head = one.commit('topic');
    one.git('checkout', '--quiet', 'main');
    one.write({ 'a.txt': '2' });
    const base = one.commit('main moved on');
    one.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
    return { one, old, head, base, merge: one.git('rev-parse', 'HEAD') };
  };

  it('is the first parent of the merge that GitHub made', async () => {
    const { one, old, head, base, merge } = merged();
    expect(await baseOf(gitOf(one), { base: old, head }, merge)).toBe(base);
  });

  it('is what the event names when the head itself is checked out, be it a merge', async () => {
    const { one, old, merge } = merged();
    expect(await baseOf(gitOf(one), { base: old, head: merge }, merge)).toBe(old);
  });

  it('is what the event names when another commit is checked out than the run is for', async () => {
    const { one, old, head } = merged();
    expect(await baseOf(gitOf(one), { base: old, head }, 'b'.repeat(40))).toBe(old);
  });

  it('is what the event names when what is checked out is no merge of the head', async () => {
    const { one, old, head, base, merge } = merged();
    expect(await baseOf(gitOf(one), { base: merge, head: 'b'.repeat(40) }, merge)).toBe(merge);
    one.git('checkout', '--quiet', base);
    expect(await baseOf(gitOf(one), { base, head }, base)).toBe(base);
    expect(await baseOf(gitOf(one), { base: old, head }, base)).toBe(old);
  });
});

describe('a snapshot', () => {
  const withPolicies = () => {
    const one = fresh();
    one.write({
      'gate/policies/a.rego': 'package a\n',
      'gate/policies/data.yaml': 'mcp: {}\n',
      'gate/x.txt': 'x',
    });
    const base = one.commit('first');
    one.write({ 'gate/policies/a.rego': 'package b\n', 'gate/more/b.rego': 'package c\n' });
    one.commit('second');
    one.write({ 'gate/untracked/c.rego': 'package d\n' });
    return { one, base };
  };

  it('has the files as that commit has them, under the same relative paths', async () => {
    const { one, base } = withPolicies();
    const shot = await snapshot(gitOf(one), base, ['policies'], join(one.folder, 'gate'));
    expect(readFileSync(join(shot.cwd, 'policies/a.rego'), 'utf8')).toBe('package a\n');
    expect(readdirSync(join(shot.cwd, 'policies')).sort()).toEqual(['a.rego', 'data.yaml']);
    await shot.dispose();
    expect(existsSync(shot.cwd)).toBe(false);
  });

  it('tells what that commit has from what the review brings and what the workflow put there', async () => {
    const { one, base } = withPolicies();
    const paths = ['policies', 'more', 'untracked', 'missing', '..', '../..', 'policies/data.yaml'];
    const shot = await snapshot(gitOf(one), base, paths, join(one.folder, 'gate'));
    expect([...shot.standing]).toEqual([
      ['policies', 'there'],
      ['more', 'new'],
      ['untracked', 'foreign'],
      ['missing', 'foreign'],
      ['..', 'there'],
      ['../..', 'foreign'],
      ['policies/data.yaml', 'there'],
    ]);
    await shot.dispose();
  });

  it('leaves the checkout as it was', async () => {
    const { one, base } = withPolicies();
    const before = one.git('status', '--porcelain');
    await (await snapshot(gitOf(one), base, ['gate'], one.folder)).dispose();
    expect([
      one.git('status', '--porcelain'),
      readFileSync(join(one.folder, 'gate/policies/a.rego'), 'utf8'),
    ]).toEqual([before, 'package b\n']);
  });

  it('refuses a folder of policies that has become a symbolic link', async () => {
    const { one, base } = withPolicies();
    one.git('rm', '-r', '--quiet', 'gate/policies');
    symlinkSync('more', join(one.folder, 'gate/policies'));
    one.commit('third');
    await expect(snapshot(gitOf(one), base, ['gate/policies'], one.folder)).rejects.toThrow(
      /^Expected files in gate\/policies of [0-9a-f]{12}, but it is a symbolic link/u,
    );
  });

  it('refuses a file of policies that is a symbolic link', async () => {
    const { one } = withPolicies();
    symlinkSync('a.rego', join(one.folder, 'gate/policies/linked.rego'));
    const base = one.commit('third');
    await expect(snapshot(gitOf(one), base, ['gate/policies'], one.folder)).rejects.toThrow(
      /it is a symbolic link/u,
    );
  });

  it('refuses a folder of policies that has become a submodule', async () => {
    const { one, base } = withPolicies();
    one.git('rm', '-r', '--quiet', 'gate/policies');
    one.git('update-index', '--add', '--cacheinfo', `160000,${base},gate/policies`);
    one.git('commit', '--quiet', '-m', 'third');
    await expect(snapshot(gitOf(one), base, ['gate/policies/deep'], one.folder)).rejects.toThrow(
      /^Expected files in gate\/policies of [0-9a-f]{12}, but it is a submodule/u,
    );
  });

  it('refuses a submodule inside a folder of policies, whose rules would silently be missing', async () => {
    const { one, base: other } = withPolicies();
    one.git('update-index', '--add', '--cacheinfo', `160000,${other},gate/policies/shared`);
    one.git('commit', '--quiet', '-m', 'third');
    const base = one.git('rev-parse', 'HEAD');
    await expect(snapshot(gitOf(one), base, ['gate'], one.folder)).rejects.toThrow(
      /^Expected files in gate\/policies\/shared of [0-9a-f]{12}, but it is a submodule/u,
    );
  });

  it('passes over submodules where no policy is looked for', async () => {
    const { one, base: other } = withPolicies();
    for (const path of ['gate/policies/.hidden', 'gate/policies/node_modules/x'])
      one.git('update-index', '--add', '--cacheinfo', `160000,${other},${path}`);
    one.git('commit', '--quiet', '-m', 'third');
    const base = one.git('rev-parse', 'HEAD');
    const shot = await snapshot(gitOf(one), base, ['gate'], one.folder);
    expect(readdirSync(join(shot.cwd, 'gate/policies')).sort()).toEqual(['a.rego', 'data.yaml']);
    await shot.dispose();
  });

  it('says so outside a repository', async () => {
    await expect(gitIn('/', process.env).run('rev-parse', '--show-toplevel')).rejects.toThrow(
      /not a git repository/u,
    );
  });
});

describe('the lines that a change touches', () => {
  it('are those of the new version, by the path seen from the working directory', async () => {
    const one = fresh();
    one.write({
      'd/a.yaml': '1\n2\n3\n4\n5\n',
      'd/gone.yaml': 'x\n',
      'other.txt': 'x\n',
      'd/ü b.yaml': '1\n',
    });
    const base = one.commit('first');
    one.git('rm', '--quiet', 'd/gone.yaml');
    one.write({
      'd/a.yaml': '1\n+++ b/evil\n@@ -1 +1 @@\n3\n4\n',
      'other.txt': 'y\n',
      'd/new.yaml': 'a\nb\n',
      'd/ü b.yaml': '2\n',
    });
    one.commit('second');
    expect([...(await touchedLines(gitIn(`${one.folder}/d`, process.env), base))]).toEqual([
      ['a.yaml', [{ first: 2, last: 3 }]],
      ['new.yaml', [{ first: 1, last: 2 }]],
      ['ü b.yaml', [{ first: 1, last: 1 }]],
    ]);
  });

  it('are none where git does not have the commit', async () => {
    const one = fresh();
    one.commit('first');
    expect([...(await touchedLines(gitOf(one), 'a'.repeat(40)))]).toEqual([]);
  });
});
