import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { outputOf, ROOT, runAction } from './kit.js';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-gate-action-test-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('the Action', () => {
  it('fails the step for the careless example, with annotations on the manifest, summary and outputs', async () => {
    const path = join(folder, 'report.json');
    const { code, log, summary, outputs } = await runAction({
      inputs: {
        manifest: 'examples/careless/mcp-gate.yaml',
        report: path,
      },
    });

    expect(code).toBe(1);
    expect(log).toMatch(/^::error title=[^,]+,file=examples\/careless\/mcp-gate\.yaml,line=\d+,col=\d+::/m);
    expect(log).toMatch(/^::warning title=[^,]+,file=examples\/careless\/mcp-gate\.yaml,line=\d+,col=\d+::/m);
    expect(summary).toContain('careless');
    expect(summary).toContain('protocol/echoes-unknown-version');
    const report = JSON.parse(await readFile(path, 'utf8'));
    expect(outputOf(outputs, 'decision')).toBe('deny');
    expect(outputOf(outputs, 'report')).toBe(path);
    expect(outputOf(outputs, 'denied')).toBe(
      String(
        report.servers[0].findings.filter((finding: { level: string }) => finding.level === 'deny').length,
      ),
    );
  });

  it('passes the step for the compliant example', async () => {
    const { code, log, outputs } = await runAction({
      inputs: {
        manifest: 'examples/compliant/mcp-gate.yaml',
        report: join(folder, 'good.json'),
      },
    });

    expect(code).toBe(0);
    expect(log).not.toMatch(/^::(error|warning)/m);
    expect(outputOf(outputs, 'decision')).toBe('allow');
  });

  it('does not fail the step in audit mode, and says so with warnings', async () => {
    const { code, log } = await runAction({
      inputs: {
        manifest: 'examples/careless/mcp-gate.yaml',
        mode: 'audit',
        report: join(folder, 'audit.json'),
      },
    });

    expect(code).toBe(0);
    expect(log).not.toMatch(/^::error/m);
    expect(log).toMatch(/^::warning/m);
  });

  it('names the input that is wrong', async () => {
    const { code, log } = await runAction({ inputs: { manifest: '', mode: 'strict' } });

    expect(code).toBe(2);
    expect(log).toMatch(/^::error title=The gate cannot run as asked::.*input "manifest"/m);
    expect(log).toContain('input "mode"');
  });

  it('leaves no older attestation where it cannot even read its inputs', async () => {
    const attestation = join(folder, 'vsa.json');
    await writeFile(attestation, '{ "older": "PASSED" }');
    const { code } = await runAction({
      inputs: { manifest: 'examples/compliant/mcp-gate.yaml', mode: 'strict', attestation },
    });

    expect([code, (await readdir(folder)).includes('vsa.json')]).toEqual([2, false]);
  });

  it('reads every input that action.yml offers, and no other', async () => {
    const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
    const { log } = await runAction({ inputs: {} });

    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
    expect(Object.keys(action.inputs).sort()).toEqual([
      'attestation',
      'audit-log',
      'check-name',
      'check-run',
      'comment',
      'facts',
      'html',
      'junit',
      'manifest',
      'mode',
      'policies',
      'policies-from',
      'report',
      'sarif',
      'token',
      'verifier-id',
    ]);
    expect(log).toContain('input "manifest"');
  });
});
