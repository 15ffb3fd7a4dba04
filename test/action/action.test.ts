/** The Action as the runner starts it: `dist/action.js` under Node 24, inputs and files by environment. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const ACTION = fileURLToPath(new URL('../../dist/action.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-gate-action-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number | null;
  readonly log: string;
  readonly summary: string;
  readonly outputs: string;
}

/** `npx` brings the Action's own runtime, wherever this suite runs. */
async function runAction(name: string, inputs: Readonly<Record<string, string>>): Promise<Ran> {
  const files = { summary: join(folder, `${name}.md`), outputs: join(folder, `${name}.out`) };
  await Promise.all(Object.values(files).map((file) => writeFile(file, '')));
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    npm_config_update_notifier: 'false',
    GITHUB_ACTIONS: 'true',
    GITHUB_WORKSPACE: ROOT,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_OUTPUT: files.outputs,
    RUNNER_TEMP: folder,
    ...Object.fromEntries(
      Object.entries(inputs).map(([key, value]) => [`INPUT_${key.toUpperCase()}`, value]),
    ),
  };
  const command = process.version.startsWith('v24.')
    ? [process.execPath, ACTION]
    : ['npx', '-y', '-p', 'node@24', 'node', ACTION];
  const [program, ...args] = command;
  if (program === undefined) throw new Error('no command');
  const child = spawn(program, args, { cwd: ROOT, env });
  let log = '';
  child.stdout.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    log += chunk.toString();
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  const [summary, outputs] = await Promise.all([
    readFile(files.summary, 'utf8'),
    readFile(files.outputs, 'utf8'),
  ]);
  return { code, log, summary, outputs };
}

/** The outputs file has a delimiter for each value. */
function outputOf(outputs: string, name: string): string | undefined {
  return new RegExp(`^${name}<<(\\S+)\\r?\\n([\\s\\S]*?)\\r?\\n\\1`, 'm').exec(outputs)?.[2];
}

describe('the Action', () => {
  it('fails the step for the careless example, with annotations on the manifest, summary and outputs', async () => {
    const path = join(folder, 'report.json');
    const { code, log, summary, outputs } = await runAction('careless', {
      manifest: 'examples/careless/mcp-gate.yaml',
      report: path,
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
    const { code, log, outputs } = await runAction('compliant', {
      manifest: 'examples/compliant/mcp-gate.yaml',
      report: join(folder, 'good.json'),
    });

    expect(code).toBe(0);
    expect(log).not.toMatch(/^::(error|warning)/m);
    expect(outputOf(outputs, 'decision')).toBe('allow');
  });

  it('does not fail the step in audit mode, and says so with warnings', async () => {
    const { code, log } = await runAction('audit', {
      manifest: 'examples/careless/mcp-gate.yaml',
      mode: 'audit',
      report: join(folder, 'audit.json'),
    });

    expect(code).toBe(0);
    expect(log).not.toMatch(/^::error/m);
    expect(log).toMatch(/^::warning/m);
  });

  it('names the input that is wrong', async () => {
    const { code, log } = await runAction('wrong', { manifest: '', mode: 'strict' });

    expect(code).toBe(2);
    expect(log).toMatch(/^::error title=The gate cannot run as asked::.*input "manifest"/m);
    expect(log).toContain('input "mode"');
  });

  it('reads every input that action.yml offers, and no other', async () => {
    const action = parse(await readFile(join(ROOT, 'action.yml'), 'utf8'));
    const { log } = await runAction('inputs', {});

    expect(action.runs).toEqual({ using: 'node24', main: 'dist/action.js' });
    expect(Object.keys(action.inputs).sort()).toEqual([
      'facts',
      'junit',
      'manifest',
      'mode',
      'policies',
      'report',
      'sarif',
    ]);
    expect(log).toContain('input "manifest"');
  });
});
