/** Policies under review that break the compiler itself: they fail the run, and cost neither the verdict nor the report. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testsOfProposal } from '../../src/commands/policy/proposal.js';
import { policySources } from '../../src/commands/policySources.js';
import type { Terminal } from '../../src/commands/terminal.js';
import { gate } from '../../src/gate.js';
import { CHECKED_OUT } from '../../src/report/report.js';

const cwd = mkdtempSync(join(tmpdir(), 'mcp-gate-proposal-'));
const terminal: Terminal = {
  cwd,
  env: { ...process.env, RUNNER_TEMP: cwd },
  dist: new URL('../../dist/', import.meta.url),
  style: { color: false, width: 100 },
  interactive: false,
  out: () => undefined,
  err: () => undefined,
};
const NESTED = `package a\n\ndeny contains x if {\n\tx := ${'['.repeat(20_000)}${']'.repeat(20_000)}\n}\n`;
const BROKE =
  /^the gate itself failed: .*the policy compiler broke during \w+: Maximum call stack size exceeded/u;

beforeAll(() => {
  writeFileSync(join(cwd, 'nested.rego'), NESTED);
  writeFileSync(
    join(cwd, 'gate.yaml'),
    `apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata: { name: server }\nspec:\n  run: { command: [${JSON.stringify(process.execPath)}, -e, "process.exit(1)"] }\n  transport: { type: stdio }\n`,
  );
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe('policies under review that break the compiler', () => {
  it('are a mistake of the change, and the others decide', async () => {
    const { report, proposal } = await gate({
      manifests: ['gate.yaml'],
      policies: await policySources({ policies: [] }, terminal),
      policySource: CHECKED_OUT,
      proposed: {
        policies: await policySources({ policies: ['nested.rego'] }, terminal),
        labels: new Map(),
        base: null,
        labelsUnknown: null,
      },
      mode: 'enforce',
      cwd,
      env: terminal.env,
      startedAt: new Date(0),
      signal: new AbortController().signal,
    });
    expect([report.servers.map(({ name, decision }) => [name, decision]), proposal]).toEqual([
      [['server', 'undecided']],
      {
        problems: [
          { file: '', row: 0, col: 0, message: expect.stringContaining('the policy compiler broke') },
        ],
        impact: null,
        lines: new Map(),
      },
    ]);
  });

  it('fail their tests', async () => {
    const digests = { before: 'a', after: 'b' };
    const impact = { digests, servers: [], compared: 0, rules: [], data: [] };
    const { failed, annotations } = await testsOfProposal(
      ['nested.rego'],
      { problems: [], impact, lines: new Map() },
      terminal,
    );
    expect([failed, annotations.map(({ level, message }) => [level, message])]).toEqual([
      true,
      [['error', expect.stringMatching(BROKE)]],
    ]);
  });
});
