/** The command line as it ships: exit codes, streams and messages of `dist/cli.js`, pinned. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { report as reportSchema } from '../../src/report/report.js';
import { zooManifest, zooPolicies } from '../zoo/manifest.mjs';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ROOT = fileURLToPath(new URL('../../', import.meta.url));

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mcp-gate-cli-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], cwd = folder): Promise<Ended> {
  const child = spawn(process.execPath, [CLI, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

async function write(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

const faultless = () =>
  write('good.yaml', zooManifest({ fault: null, transport: 'streamable-http', era: 'both' }));

describe('mcp-gate check', () => {
  it('exits 1 for the careless example and names file and line of each finding', async () => {
    const { code, out } = await run(['check', 'examples/careless/mcp-gate.yaml'], ROOT);

    expect(code).toBe(1);
    expect(out).toMatch(/^✗ DENIED {2}careless/);
    expect(out).toMatch(/examples\/careless\/mcp-gate\.yaml:\d+:\d+ {2}protocol\/echoes-unknown-version/);
    expect(out).toContain('exit code 1');
  });

  it('exits 0 for the compliant example, without a finding', async () => {
    const { code, out } = await run(['check', 'examples/compliant/mcp-gate.yaml'], ROOT);

    expect(code).toBe(0);
    expect(out).toContain('No findings');
  });

  it('writes every output, and with --json only the report to stdout', async () => {
    const manifest = await faultless();
    const policies = ['--policies', await write('data.yaml', zooPolicies(null)['data.yaml'] ?? '')];
    const files = [
      '--report',
      'r.json',
      '--sarif',
      'r.sarif',
      '--summary',
      'r.md',
      '--junit',
      'r.xml',
      '--facts',
      'facts.json',
    ];
    const { code, out } = await run(['check', manifest, '--json', ...policies, ...files]);

    expect(code).toBe(0);
    expect(reportSchema.parse(JSON.parse(out)).decision).toBe('allow');
    expect(await readFile(join(folder, 'r.json'), 'utf8')).toBe(out);
    expect(JSON.parse(await readFile(join(folder, 'r.sarif'), 'utf8'))).toMatchObject({ version: '2.1.0' });
    expect(await readFile(join(folder, 'r.md'), 'utf8')).toContain('zoo-none');
    expect(await readFile(join(folder, 'r.xml'), 'utf8')).toContain('<testsuites');
    const evaluated = await run(['eval', '--facts', 'facts.json', '--json', ...policies]);
    expect(evaluated.code).toBe(0);
    expect(reportSchema.parse(JSON.parse(evaluated.out)).decision).toBe('allow');
  });

  it('exits 0 in audit mode for a denied server, with the same findings', async () => {
    const { code, out } = await run(['check', 'examples/careless/mcp-gate.yaml', '--mode', 'audit'], ROOT);

    expect(code).toBe(0);
    expect(out).toContain('protocol/echoes-unknown-version');
  });

  it('exits 2 with file, line and the nearest name for a typo in the manifest', async () => {
    const manifest = await write(
      'typo.yaml',
      zooManifest({ fault: null, transport: 'stdio', era: 'both' }).replace('transport:', 'transprot:'),
    );
    const { code, err } = await run(['check', manifest]);

    expect(code).toBe(2);
    expect(err).toMatch(/typo\.yaml:\d+:\d+: .*transprot/);
    expect(err).toContain('transport');
  });

  it('lets nothing in a manifest or in policy data write a workflow command', async () => {
    await write('hostile.yaml', '"a\\n::stop-commands::x": 1\nmcp:\n  "b\\n::error::pwned": 1\n');
    const ended = [
      await run(['check', 'hostile.yaml']),
      await run(['check', await faultless(), '--policies', 'hostile.yaml']),
      await run(['check', 'none\n::error::pwned']),
    ];
    expect(ended.map(({ code, err }) => [code, err.split('\n').length])).toEqual([
      [2, 2],
      [2, 2],
      [2, 2],
    ]);
    expect(ended[1]?.err).toContain('mcp.b\\n::error::pwned is not known.');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)('ends a run with its report on %s', async (signal) => {
    const marker = join(folder, `started-${signal}`);
    const command = `require('fs').writeFileSync(${JSON.stringify(marker)}, String(process.pid)); setInterval(() => {}, 1000)`;
    await write(
      'waits.yaml',
      `apiVersion: mcp-gate/v1\nkind: McpServerDeployment\nmetadata: { name: waits }\nspec:\n  run: { command: [node, -e, ${JSON.stringify(command)}] }\n  transport: { type: stdio }\n`,
    );
    const child = spawn(process.execPath, [CLI, 'check', 'waits.yaml', '--report', 'waits.json'], {
      cwd: folder,
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    while (!existsSync(marker)) await setTimeout(50);
    child.kill(signal);
    expect(await ended).toBe(3);
    const { decision, servers } = reportSchema.parse(
      JSON.parse(await readFile(join(folder, 'waits.json'), 'utf8')),
    );
    expect([decision, servers.map((server) => server.decision)]).toEqual(['undecided', ['undecided']]);
    const candidate = Number(await readFile(marker, 'utf8'));
    expect(() => process.kill(candidate, 0)).toThrow('ESRCH');
  });

  it('exits 3 when what it allows cannot be written, because then nobody can read it', async () => {
    const child = spawn('sh', ['-c', '"$0" "$1" policy rules >/dev/full', process.execPath, CLI], {
      cwd: folder,
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    expect([await new Promise((resolve) => child.on('close', resolve)), err]).toEqual([3, '']);
  });

  it('exits 2 for a manifest that does not exist, an unknown command and no argument at all', async () => {
    const codes = await Promise.all([run(['check', 'nowhere.yaml']), run(['chekc']), run(['check'])]);

    expect(codes.map(({ code }) => code)).toEqual([2, 2, 2]);
    expect(codes[0]?.err).toContain('nowhere.yaml');
  });

  it('exits 3 with the last words of a candidate that does not start', async () => {
    const manifest = await write(
      'dies.yaml',
      [
        'apiVersion: mcp-gate/v1',
        'kind: McpServerDeployment',
        'metadata: { name: dies }',
        'spec:',
        '  run:',
        '    command: [node, -e, "console.error(\'no database\'); process.exit(7)"]',
        '  transport: { type: stdio }',
        '',
      ].join('\n'),
    );
    const { code, out } = await run(['check', manifest, '--report', 'dies.json']);

    expect(code).toBe(3);
    expect(out).toContain('no database');
    const written = reportSchema.parse(JSON.parse(await readFile(join(folder, 'dies.json'), 'utf8')));
    expect(written.servers[0]?.findings.map(({ rule }) => rule)).toEqual(['gate/candidate-not-started']);
  });

  it('exits 2 with file, row and column for a policy that does not compile', async () => {
    const manifest = await faultless();
    await write('typo.rego', 'package mine\n\ndeny contains "x" if input.protocl.best == "2025-11-25"\n');
    const { code, err } = await run(['check', manifest, '--policies', 'typo.rego']);

    expect(code).toBe(2);
    expect(err).toMatch(/typo\.rego:3:\d+: .*protocl/);
  });

  it('exits 2 for a policy with a built-in that reaches the network', async () => {
    const manifest = await faultless();
    await write(
      'net.rego',
      'package mine\n\ndeny contains "x" if http.send({"method": "get", "url": "http://a"}).status_code == 200\n',
    );
    const { code, err } = await run(['check', manifest, '--policies', 'net.rego']);

    expect(code).toBe(2);
    expect(err).toMatch(/net\.rego:3:\d+: .*http\.send/);
  });

  it('exits 1 for a rule of the user on facts of the gate', async () => {
    const manifest = await faultless();
    await write(
      'own.rego',
      'package main\n\ndeny contains "no dual-era servers here" if count(input.protocol.eras) > 1\n',
    );
    const { code, out } = await run(['check', manifest, '--policies', 'own.rego']);

    expect(code).toBe(1);
    expect(out).toContain('no dual-era servers here');
  });
});
