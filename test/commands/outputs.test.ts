/** What a run leaves behind: one output that cannot be written costs no other. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '../../src/commands/failure.js';
import { writeOutputs } from '../../src/commands/outputs.js';
import { CLEAN } from '../report/fixture.js';

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mcp-gate-outputs-'));
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

describe('the outputs of a run', () => {
  const files = { report: '.', sarif: 'out/a.sarif', summary: '', junit: 'out/a.xml', html: 'out/a.html' };
  const written = { report: CLEAN, rules: [], proposal: null };

  it('are written where they can be, and those that cannot be are named', async () => {
    const thrown = await writeOutputs(files, written, cwd).catch((cause: unknown) => cause);
    expect(thrown).toBeInstanceOf(UsageError);
    expect(String(thrown).match(/expected to write [^,]*, but: .*EISDIR/gu)).toHaveLength(2);
    expect(await readdir(join(cwd, 'out'))).toEqual(['a.html', 'a.sarif', 'a.xml']);
  });

  it('are written also where the gate itself cannot render one of them, which is then said', async () => {
    const broken = { ...written, report: { ...CLEAN, schemaVersion: 2 as never } };
    await expect(writeOutputs({ ...files, report: 'out/a.json' }, broken, cwd)).rejects.toThrow(
      'The report does not match its schema, a fault of the gate',
    );
    expect(await readdir(join(cwd, 'out'))).toEqual(['a.html', 'a.sarif', 'a.xml']);
  });
});
