import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { labelsBefore, readLabels } from '../../src/manifest/labels.js';

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

  it('before a change are those of the same name, be it elsewhere in the file', () => {
    const before = [
      { name: 'a', labels: { environment: 'production' } },
      { name: 'b', labels: { environment: 'test' } },
    ];
    expect(labelsBefore(before, { name: 'b', index: 0 })).toEqual({ environment: 'test' });
  });

  it('before a renaming are those in the same place, so that a new name sheds no environment', () => {
    const before = [{ name: 'a', labels: { environment: 'production' } }];
    expect(labelsBefore(before, { name: 'renamed', index: 0 })).toEqual({ environment: 'production' });
    expect(labelsBefore(before, { name: 'added', index: 1 })).toBeNull();
  });
});
