import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { compareServers, labelsBefore, readLabels } from '../../src/manifest/labels.js';

const folder = mkdtempSync(join(tmpdir(), 'mcp-gate-labels-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const manifest = (name: string, labels: string): string =>
  `apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata: { name: ${name}, labels: ${labels} }\n`;

describe('the labels of manifests', () => {
  it('are read without what else a manifest needs', async () => {
    writeFileSync(
      join(folder, 'two.yaml'),
      `${manifest('a', '{ environment: production }')}---\n${manifest('b', '{ team: x, number: 3 }')}`,
    );
    expect([...(await readLabels(['two.yaml'], folder)).entries()]).toEqual([
      [
        join(folder, 'two.yaml'),
        [
          { name: 'a', labels: { environment: 'production' } },
          { name: 'b', labels: { team: 'x' } },
        ],
      ],
    ]);
  });

  it('of a manifest that is not there, or is none, are unknown', async () => {
    writeFileSync(join(folder, 'broken.yaml'), '{ [');
    expect(
      (await readLabels(['missing.yaml', 'broken.yaml'], folder)).get(join(folder, 'missing.yaml')),
    ).toBeUndefined();
  });

  it('of an mcp.json are none, and its servers have names all the same', async () => {
    writeFileSync(join(folder, 'mcp.json'), '{ "mcpServers": { "a": { "command": "a" }, "b": {} } }');
    expect([...(await readLabels(['mcp.json'], folder)).values()]).toEqual([
      [
        { name: 'a', labels: {} },
        { name: 'b', labels: {} },
      ],
    ]);
  });
});

const production = { environment: 'production' };
const test = { environment: 'test' };
const TWO = new Map([
  [
    '/one.yaml',
    [
      { name: 't', labels: test },
      { name: 'p', labels: production },
    ],
  ],
  ['/other.yaml', [{ name: 'o', labels: production }]],
]);
const at = (path: string, ...names: string[]) => names.map((name) => ({ name, path }));

/** By name: the labels that each server of the change had before. */
function labelsOf(servers: readonly { readonly name: string; readonly path: string }[]) {
  return Object.fromEntries(servers.map((one) => [one.name, labelsBefore(TWO, one, servers)]));
}

describe('the labels before a change', () => {
  it('are those of the same name, be it elsewhere in the file, or in another', () => {
    expect(labelsOf([...at('/one.yaml', 'p', 't', 'o')])).toEqual({ p: production, t: test, o: production });
    expect(labelsOf(at('/new.yaml', 'p'))).toEqual({ p: production });
  });

  it('are for a new name those in the same place, so that it sheds no environment', () => {
    expect(labelsOf(at('/one.yaml', 't', 'renamed', 'added'))).toEqual({
      t: test,
      renamed: production,
      added: null,
    });
  });

  it('of a server that moved are not those of the one put in its place', () => {
    expect(labelsOf(at('/one.yaml', 'added', 't', 'p'))).toEqual({ added: null, t: test, p: production });
  });
});

describe('the servers of a change', () => {
  it('that are new, and those that are gone, are told apart by their names', () => {
    const servers = [...at('/one.yaml', 't', 'x'), ...at('/new.yaml', 'o', 'y')];
    expect(compareServers(TWO, servers)).toEqual({
      added: ['x', 'y'],
      removed: [{ name: 'p', path: '/one.yaml' }],
    });
  });

  it('are all known where nothing but their order changes', () => {
    expect(compareServers(TWO, [...at('/one.yaml', 'p', 't'), ...at('/other.yaml', 'o')])).toEqual({
      added: [],
      removed: [],
    });
  });
});
