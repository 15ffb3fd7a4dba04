/** The stamp finds what shed everything else, and never takes a process of the runner's own for the candidate's. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { findInProc } from '../../src/candidate/proc.js';

const STAMP = 0x1a5;
/** Other systems have no such mark. */
const onLinux = process.platform === 'linux' ? it : it.skip;

/** A process that wears the stamp as a gate does while it spawns, or as a candidate's child does for good. */
async function stampedSleeper(env: NodeJS.ProcessEnv) {
  const script = `echo ${STAMP} > /proc/self/coredump_filter && echo ready && exec sleep 60`;
  const child = spawn('/bin/sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  return child;
}

describe('the stamp', () => {
  onLinux(
    'finds a process without an environment, and leaves one with the home of the runner alone',
    async () => {
      const fled = await stampedSleeper({});
      const anotherGate = await stampedSleeper({ PATH: process.env['PATH'], HOME: process.env['HOME'] });
      try {
        const found = findInProc({ marker: 'nobody', root: null, stamp: STAMP, seen: new Map() });

        expect(found.map(({ pid }) => pid)).toEqual([fled.pid]);
      } finally {
        fled.kill('SIGKILL');
        anotherGate.kill('SIGKILL');
      }
    },
  );
});
