/** Whose policies decide, by the files that are really read: however a workflow spells a path, a change cannot bring its own. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decidingPolicies } from '../../src/commands/decidingPolicies.js';
import type { RunEvent } from '../../src/commands/event.js';
import type { Terminal } from '../../src/commands/terminal.js';
import type { Before } from '../../src/manifest/labels.js';
import { readSources } from '../../src/policy/pack/sources.js';
import { ROOT } from '../action/kit.js';
import { type Repository, repository } from '../history/repository.js';

const RULE = (named: string): string => `package acme\n\ndeny contains "the ${named} decides"\n`;
const MANIFEST = (environment: string): string =>
  `apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata: { name: server, labels: { environment: ${environment} } }\n`;

let home: Repository;
let event: RunEvent;
let base = '';
let orphan = '';
const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'mcp-gate-elsewhere-')));

beforeAll(() => {
  home = repository();
  home.write({
    'policies/acme.rego': RULE('base'),
    'gate.yaml': MANIFEST('production'),
    'deploy/manifest': MANIFEST('production'),
  });
  base = home.commit('base');
  home.git('checkout', '--quiet', '--orphan', 'only-policies');
  home.git('rm', '-r', '--quiet', '--cached', '.');
  home.git('add', 'policies');
  home.git('commit', '--quiet', '-m', 'policies');
  orphan = home.git('rev-parse', 'HEAD');
  home.git('checkout', '--quiet', '--force', 'main');
  home.git('checkout', '--quiet', '-b', 'changes');
  home.write({
    'policies/acme.rego': RULE('head'),
    'gate.yaml': MANIFEST('test'),
    'deploy/manifest': MANIFEST('test'),
  });
  const head = home.commit('edit');
  event = { kind: 'pull-request', number: 2, base, baseBranch: 'main', head, fork: false };
  symlinkSync(home.folder, join(elsewhere, 'workspace'));
  mkdirSync(join(elsewhere, 'trusted'));
  writeFileSync(join(elsewhere, 'trusted/acme.rego'), RULE('folder'));
});
afterAll(() => {
  home.dispose();
  rmSync(elsewhere, { recursive: true, force: true });
});

interface Asked {
  readonly policies: string;
  readonly manifest: string;
  readonly policiesFrom?: string;
}

/** What the deciding rule says, and the environment that the deciding commit gives the server. */
async function decider({ policies, manifest, policiesFrom }: Asked, repo = home, of = event) {
  const terminal: Terminal = {
    cwd: repo.folder,
    env: process.env,
    dist: new URL(`file://${join(ROOT, 'dist')}/`),
    style: { color: false, width: 100 },
    interactive: false,
    out: () => undefined,
    err: () => undefined,
  };
  const request = { policies: [policies], policiesFrom, manifests: [manifest] };
  const found = await decidingPolicies(request, of, terminal);
  try {
    const { modules } = await readSources(found.deciding.extra, found.deciding.cwd ?? '');
    const shown = (of: Before) =>
      [...of].map(([path, all]) => [path, all.map(({ labels }) => labels['environment']).join(' ')]);
    const labels = shown(found.proposed?.labels ?? new Map());
    const compared = found.proposed?.base ?? null;
    return {
      files: Object.keys(modules),
      says: Object.values(modules).map((text) => /the (\w+) decides/u.exec(text)?.[1]),
      labels,
      unknown: found.proposed?.labelsUnknown ?? null,
      base: compared === null ? null : shown(compared),
    };
  } finally {
    await found.dispose();
  }
}

describe('the policies that decide', () => {
  const ofBase = () => ({
    files: ['policies/acme.rego'],
    says: ['base'],
    labels: [[join(home.folder, 'gate.yaml'), 'production']],
    unknown: null,
    base: [[join(home.folder, 'gate.yaml'), 'production']],
  });

  it('are those of the base for relative paths', async () => {
    expect(await decider({ policies: 'policies', manifest: 'gate.yaml' })).toEqual(ofBase());
    expect(await decider({ policies: './policies/', manifest: './gate.yaml' })).toEqual(ofBase());
  });

  it('are those of the base for absolute paths', async () => {
    const policies = join(home.folder, 'policies');
    expect(await decider({ policies, manifest: join(home.folder, 'gate.yaml') })).toEqual(ofBase());
  });

  it('are those of the base for paths that reach the checkout through a link outside', async () => {
    const through = join(elsewhere, 'workspace');
    const asked = { policies: join(through, 'policies'), manifest: join(through, 'gate.yaml') };
    const labels = [[asked.manifest, 'production']];
    expect(await decider(asked)).toEqual({ ...ofBase(), labels, base: labels });
  });

  it('are those of the base for a link of the workflow itself, as package managers make them', async () => {
    symlinkSync('policies', join(home.folder, 'linked'));
    const found = await decider({ policies: 'linked', manifest: 'gate.yaml' });
    rmSync(join(home.folder, 'linked'));
    expect(found).toEqual(ofBase());
  });

  it('are those of the folder that was named, also for absolute paths', async () => {
    const trusted = join(home.folder, 'trusted');
    mkdirSync(join(trusted, 'policies'), { recursive: true });
    writeFileSync(join(trusted, 'policies/acme.rego'), RULE('folder'));
    const asked = { manifest: 'gate.yaml', policiesFrom: './trusted' };
    const found = [
      await decider({ ...asked, policies: 'policies' }),
      await decider({ ...asked, policies: join(home.folder, 'policies') }),
    ];
    rmSync(trusted, { recursive: true });
    expect(found.map(({ says }) => says)).toEqual([['folder'], ['folder']]);
  });
});

describe('a folder of the change under review', () => {
  const asked = { policies: '.', manifest: 'gate.yaml', policiesFrom: './policies' };
  const REFUSED =
    /^policies-from \.\/policies: expected a folder that the change under review cannot edit, but /u;

  it('decides nothing, as that would be the change itself', async () => {
    await expect(decider(asked)).rejects.toThrow(REFUSED);
    await expect(decider({ ...asked, policiesFrom: join(home.folder, 'policies') })).rejects.toThrow(
      'cannot edit, but ',
    );
  });

  it('decides nothing through a link either, or from a submodule, which the change moves', async () => {
    symlinkSync('policies', join(home.folder, 'linked'));
    const linked = decider({ ...asked, policiesFrom: './linked' });
    await expect(linked).rejects.toThrow('cannot edit, but ');
    rmSync(join(home.folder, 'linked'));

    const clone = home.shallow(1);
    clone.git('update-index', '--add', '--cacheinfo', `160000,${base},trusted`);
    clone.git('commit', '--quiet', '-m', 'submodule');
    mkdirSync(join(clone.folder, 'trusted'));
    writeFileSync(join(clone.folder, 'trusted/acme.rego'), RULE('submodule'));
    await expect(decider({ ...asked, policiesFrom: './trusted' }, clone)).rejects.toThrow(
      'cannot edit, but ',
    );
    clone.dispose();
  });

  it('decides where nothing is under review', async () => {
    const { says } = await decider(asked, home, { kind: 'other', name: 'push' });
    expect(says).toEqual(['head']);
  });
});

describe('what the servers of a change are compared with', () => {
  const compared = async (asked: Partial<Asked>, of = event) =>
    (await decider({ policies: 'policies', manifest: 'gate.yaml', ...asked }, home, of)).base;
  const ofBase = () => [[join(home.folder, 'gate.yaml'), 'production']];
  const push: RunEvent = { kind: 'other', name: 'push' };

  it('is its base, whosever policies decide', async () => {
    expect([
      await compared({}),
      await compared({ policiesFrom: orphan }),
      await compared({ policiesFrom: 'changes' }),
      await compared({ policies: '.', policiesFrom: join(elsewhere, 'trusted') }),
    ]).toEqual([ofBase(), ofBase(), ofBase(), ofBase()]);
  });

  it('is nothing where the change itself decides, or nothing is under review', async () => {
    expect([
      await compared({ policiesFrom: 'head' }),
      await compared({}, push),
      await compared({ policiesFrom: base }, push),
      await compared({ policies: '.', policiesFrom: join(elsewhere, 'trusted') }, push),
    ]).toEqual([null, null, null, null]);
  });
});

describe('the label that chooses the environment', () => {
  const labelled = (path = 'gate.yaml') => [[join(home.folder, path), 'production']];

  it('is that of the base whatever the name of the manifest ends in', async () => {
    const { labels } = await decider({ policies: 'policies', manifest: 'deploy/manifest' });
    expect(labels).toEqual(labelled('deploy/manifest'));
  });

  it('is that of the base where the policies are from a folder', async () => {
    const asked = { policies: '.', manifest: 'gate.yaml', policiesFrom: join(elsewhere, 'trusted') };
    const { says, labels } = await decider(asked);
    expect([says, labels]).toEqual([['folder'], labelled()]);
  });

  it('is that of the base where the policies are from a commit without the manifest', async () => {
    const asked = { policies: 'policies', manifest: 'gate.yaml', policiesFrom: orphan };
    const { says, labels } = await decider(asked);
    expect([says, labels]).toEqual([['base'], labelled()]);
  });

  it('is that of the base for a server that the named commit does not have', async () => {
    home.git('checkout', '--quiet', '-b', 'release', base);
    home.write({ 'gate.yaml': MANIFEST('test').replace('name: server', 'name: another') });
    home.commit('release');
    home.git('checkout', '--quiet', '--force', 'changes');
    const { labels } = await decider({
      policies: 'policies',
      manifest: 'gate.yaml',
      policiesFrom: 'release',
    });
    expect(labels).toEqual([[join(home.folder, 'gate.yaml'), 'test production']]);
  });

  it('is said to be unknown where the history does not have the base', async () => {
    const clone = home.shallow(1);
    const { unknown } = await decider(
      { policies: '.', manifest: 'gate.yaml', policiesFrom: join(elsewhere, 'trusted') },
      clone,
    );
    clone.dispose();
    expect(unknown).toMatch(
      /^The environment of each server: Expected the commit [0-9a-f]{40}, .* too shallow/u,
    );
  });

  it('is the checked-out one where nothing is under review', async () => {
    const asked = { policies: '.', manifest: 'gate.yaml', policiesFrom: join(elsewhere, 'trusted') };
    const { labels, unknown } = await decider(asked, home, { kind: 'other', name: 'push' });
    expect([labels, unknown]).toEqual([[], null]);
  });
});
