/** Candidates over stdio: a process for each connection, each ended for itself. */
import { describe, expect, it } from '@jest/globals';
import type { WatchedCandidate } from '../../src/candidate/candidate.js';
import { openCandidate } from '../../src/candidate/open.js';
import type { CandidateOptions } from '../../src/candidate/options.js';
import { fixture, hello, isRunning, plan } from './plans.js';

const node = process.execPath;

async function open(
  command: readonly [string, ...string[]],
  limits: CandidateOptions['limits'] = {},
): Promise<WatchedCandidate> {
  const opened = await openCandidate(plan(command, { type: 'stdio' }), { hello, limits });
  if (!opened.ok) throw new Error(opened.reason);
  return opened.candidate;
}

describe('a candidate over stdio', () => {
  it('is refused when its command cannot be started', async () => {
    const opened = await openCandidate(plan(['no-such-program-here'], { type: 'stdio' }), { hello });
    expect(opened).toEqual({
      ok: false,
      reason: expect.stringContaining('no program "no-such-program-here" was found on PATH'),
      outputTail: '',
    });
  });

  it('gives each connection a process of its own', async () => {
    const candidate = await open([node, fixture('polite.mjs')]);
    const [one, two] = [await candidate.launch(), await candidate.launch()];
    expect(one.pid).not.toBe(two.pid);
    await one.stop();
    expect([isRunning(one.pid), isRunning(two.pid)]).toEqual([false, true]);
    expect(await candidate.dispose()).toBeNull();
    expect(isRunning(two.pid)).toBe(false);
    expect(candidate.exits).toMatchObject([
      { pid: one.pid, code: 0, requested: true },
      { pid: two.pid, code: 0, requested: true },
    ]);
  });

  it('tells what each step of a shutdown needed', async () => {
    const candidate = await open([node, fixture('polite.mjs')]);
    const process = await candidate.launch();
    expect(await process.stop()).toEqual({
      alreadyExited: false,
      exitedOnEofAfterMs: expect.any(Number),
      exitedOnSigtermAfterMs: null,
      killed: false,
      leftovers: [],
      portFreed: null,
    });
    await candidate.dispose();
  });

  it('is killed when it heeds nothing', async () => {
    const candidate = await open([node, fixture('idle.mjs'), 'stubborn']);
    const process = await candidate.launch();
    await new Promise((resolve) => process.stdout.once('data', resolve));
    const shutdown = await process.stop({ eofMs: 100, termMs: 100 });
    expect(shutdown).toMatchObject({ exitedOnEofAfterMs: null, exitedOnSigtermAfterMs: null, killed: true });
    expect(process.exitStatus).toEqual({ code: null, signal: 'SIGKILL', afterMs: expect.any(Number) });
    await candidate.dispose();
  });

  it('may have exited before anything was done', async () => {
    const candidate = await open([node, fixture('quit.mjs')], { tailLines: 1 });
    const process = await candidate.launch();
    expect(await process.exited).toMatchObject({ code: 3, signal: null });
    expect(await process.stop()).toMatchObject({ alreadyExited: true, killed: false, leftovers: [] });
    expect([process.outputTail(), candidate.outputTail()]).toEqual(['complaint 500', 'complaint 500']);
    await candidate.dispose();
  });

  it('is not started more often than allowed', async () => {
    const candidate = await open([node, fixture('polite.mjs')], { launches: 1 });
    await candidate.launch();
    await expect(candidate.launch()).rejects.toThrow('was started 1 times, which is all that is allowed');
    expect(await candidate.ensureRunning()).toBe(false);
    await candidate.dispose();
    await expect(candidate.launch()).rejects.toThrow('was disposed of');
  });

  it('is gone although nobody asked for the process that was started first', async () => {
    const candidate = await open([node, fixture('idle.mjs'), 'stubborn']);
    expect(await candidate.dispose()).toBeNull();
    expect(candidate.exits).toMatchObject([{ requested: true }]);
  });
});
