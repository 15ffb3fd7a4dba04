/** What a `--policies` path holds: nothing that looks like a policy is passed over without a word. */
import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readSources } from '../../../src/policy/pack/sources.js';
import { folderOf, problemsOf } from '../kit.js';

const RULE = 'package a\n\ndeny contains "x" if true\n';

describe('a folder of policies', () => {
  it('has Rego and data at any depth, linked files too, and neither tests nor hidden ones', async () => {
    const cwd = await folderOf({
      'p/a.rego': RULE,
      'p/deep/er/b.rego': RULE,
      'p/a_test.rego': RULE,
      'p/.hidden/c.rego': RULE,
      'p/node_modules/x/d.rego': RULE,
      'p/readme.md': '',
      'p/data.yaml': 'a: 1\n',
      'q/e.rego': RULE,
    });
    symlinkSync('../q/e.rego', join(cwd, 'p/e.rego'));
    symlinkSync('nowhere', join(cwd, 'p/broken'));
    symlinkSync('../q', join(cwd, 'p/.hidden-link'));
    const { modules, data } = await readSources(['p'], cwd);
    expect([Object.keys(modules), data.map(({ file }) => file)]).toEqual([
      ['p/a.rego', 'p/deep/er/b.rego', 'p/e.rego'],
      ['p/data.yaml'],
    ]);
  });

  it('with a link to another folder is refused, as its rules would silently be missing', async () => {
    const cwd = await folderOf({ 'p/a.rego': RULE, 'q/b.rego': RULE });
    symlinkSync('../q', join(cwd, 'p/shared'));
    expect(await problemsOf(() => readSources(['p'], cwd))).toEqual([
      {
        file: 'p/shared',
        row: 0,
        col: 0,
        message: 'This is a link to a folder, which is not followed; name that folder among the policies.',
      },
    ]);
    expect(Object.keys((await readSources(['p/shared'], cwd)).modules)).toEqual(['p/shared/b.rego']);
  });

  it('cannot take the place of the built-in pack', async () => {
    const cwd = await folderOf({ 'mcp-gate:session.rego': 'package mcp.session\n' });
    expect(await problemsOf(() => readSources(['.'], cwd))).toEqual([
      {
        file: 'mcp-gate:session.rego',
        row: 0,
        col: 0,
        message: 'Names that begin with mcp-gate: are those of the built-in pack; choose another.',
      },
    ]);
  });
});
