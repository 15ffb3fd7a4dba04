/** Whatever a candidate does to get away, and however the gate ends: nothing is left. Linux; the last sweep is the same elsewhere. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openCandidate } from '../../src/candidate/open.js';
import { eventually, fixture, hello, isRunning, PORT, pidIn, plan } from './plans.js';

const node = process.execPath;
const esbuild = join(process.cwd(), 'node_modules', '.bin', 'esbuild');
let folder = '';
let files = 0;
const gates = new Set<ChildProcess>();

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'flight-'));
  // Sources are TypeScript; what dies here must be a process of its own.
  for (const name of ['gate', 'hog']) {
    execFileSync(esbuild, [
      fixture(`${name}.ts`),
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--log-level=error',
      `--outfile=${join(folder, `${name}.mjs`)}`,
    ]);
  }
});

afterAll(() => {
  for (const gate of gates) gate.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

function freshFile(): string {
  files += 1;
  return join(folder, `pid-${files}`);
}

describe('a child that fled', () => {
  it.each([
    ['from its session, group and parent', []],
    ['from its environment, too', ['wipe']],
  ])('%s is found and killed', async (_, words) => {
    const file = freshFile();
    const opened = await openCandidate(
      plan([node, fixture('server.mjs'), `port=${PORT}`, `child=${file}`, ...words]),
      { hello },
    );
    if (!opened.ok) throw new Error(opened.reason);
    const fled = await pidIn(file);
    const shutdown = await opened.candidate.dispose();
    expect(shutdown).toEqual({
      alreadyExited: false,
      exitedOnEofAfterMs: null,
      exitedOnSigtermAfterMs: expect.any(Number),
      killed: false,
      leftovers: [{ pid: fled, command: expect.stringContaining(`${fixture('flee.mjs')} ${file} `) }],
      portFreed: true,
    });
    expect(isRunning(fled)).toBe(false);
  });

  it('is killed when the candidate had gone before', async () => {
    const file = freshFile();
    const opened = await openCandidate(plan([node, fixture('flee.mjs'), file], { type: 'stdio' }), { hello });
    if (!opened.ok) throw new Error(opened.reason);
    const fled = await pidIn(file);
    const process = await opened.candidate.launch();
    await process.exited;
    expect(await process.stop()).toMatchObject({
      alreadyExited: true,
      killed: false,
      leftovers: [{ pid: fled }],
    });
    expect(isRunning(fled)).toBe(false);
    await opened.candidate.dispose();
  });

  it('does not escape by multiplying', async () => {
    const bomb =
      'import("node:child_process").then(({ spawn }) => { const again = () => { for (let i = 0; i < 2; i += 1) spawn("/bin/sh", ["-c", "for i in 1 2 3; do setsid sleep 300 & done; wait"], { detached: true, stdio: "ignore" }); }; setInterval(again, 20); })';
    const opened = await openCandidate(plan([node, '-e', bomb], { type: 'stdio' }), { hello });
    if (!opened.ok) throw new Error(opened.reason);
    const process = await opened.candidate.launch();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const { leftovers } = await process.stop({ eofMs: 0, termMs: 0 });
    expect(leftovers.length).toBeGreaterThan(5);
    expect(leftovers.filter(({ pid }) => isRunning(pid))).toEqual([]);
    await opened.candidate.dispose();
  });
});

describe('a gate that ends', () => {
  it.each([
    ['by SIGTERM', 'SIGTERM', { code: null, signal: 'SIGTERM' }],
    ['by Ctrl-C', 'SIGINT', { code: null, signal: 'SIGINT' }],
    ['by SIGHUP', 'SIGHUP', { code: null, signal: 'SIGHUP' }],
    ['by SIGKILL', 'SIGKILL', { code: null, signal: 'SIGKILL' }],
    ['by process.exit', 'exit', { code: 5, signal: null }],
    ['by an exception that nobody caught', 'throw', { code: 1, signal: null }],
  ] as const)('%s leaves no process and no folder', async (_, ending, expected) => {
    const file = freshFile();
    const gate = spawn(node, [join(folder, 'gate.mjs'), ending, fixture('server.mjs'), file], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let complaint = '';
    gate.stderr.on('data', (chunk) => {
      complaint += String(chunk);
    });
    gates.add(gate);
    const exited = new Promise((resolve) => gate.on('exit', (code, signal) => resolve({ code, signal })));
    const said = await new Promise<string>((resolve) => {
      gate.stdout.once('data', (chunk) => resolve(String(chunk)));
      gate.once('close', () => resolve(''));
    });
    if (said === '') throw new Error(complaint);
    const { server, home } = JSON.parse(said);
    const fled = await pidIn(file);
    if (ending.startsWith('SIG')) gate.kill(ending as NodeJS.Signals);

    expect(await exited).toEqual(expected);
    // Everything is over when the gate is; only SIGKILL leaves the work to the watchdog.
    if (ending === 'SIGKILL') await eventually('the watchdog is done', () => !existsSync(home));
    expect({ server: isRunning(server), fled: isRunning(fled), home: existsSync(home) }).toEqual({
      server: false,
      fled: false,
      home: false,
    });
  });
});

describe('200 MB of noise', () => {
  it('block nobody and take no memory', () => {
    const said = JSON.parse(
      execFileSync(node, [join(folder, 'hog.mjs'), fixture('flood.mjs')], { encoding: 'utf8' }),
    );
    expect(said).toEqual({
      ok: true,
      grownMiB: expect.any(Number),
      tailLength: expect.any(Number),
      lastLine: 'the end of the noise',
    });
    expect(said.grownMiB).toBeLessThan(60);
    expect(said.tailLength).toBeLessThanOrEqual(16_384);
  });
});
