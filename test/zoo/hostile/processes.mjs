/** Hostile servers whose processes are the trouble: they leave children, refuse to go, or hold what they were given. */
import { spawn } from 'node:child_process';

/** Nothing here lives longer, whoever forgets to end it. */
const LIFE_MS = 120_000;
const STAY = `for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {}); setTimeout(() => process.exit(0), ${LIFE_MS});`;
/** Shows in the list of processes, so that a test can look for it. */
export const LEFTOVER_NAME = 'zoo-leftover';

/** A child in a session of its own starts a grandchild in another, then ends: the grandchild belongs to nobody. */
export function forkAndFlee() {
  const flee = `require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(STAY)}, '${LEFTOVER_NAME}'], { detached: true, stdio: 'ignore' }).unref();`;
  spawn(process.execPath, ['-e', flee], { detached: true, stdio: 'ignore' }).unref();
}

/** A child that inherited stdout and stderr keeps both open. */
export function holdStreams() {
  spawn(process.execPath, ['-e', STAY, LEFTOVER_NAME], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit'],
  }).unref();
}

export function refuseToGo() {
  for (const signal of /** @type {const} */ (['SIGTERM', 'SIGINT', 'SIGHUP']))
    process.on(signal, () => undefined);
  setTimeout(() => process.exit(0), LIFE_MS);
}

/** Writes without end, as fast as somebody reads. @param {NodeJS.WriteStream} stream */
export async function flood(stream) {
  const line = `${'noise '.repeat(200)}\n`;
  let gone = false;
  for (const event of ['close', 'error']) {
    stream.on(event, () => {
      gone = true;
    });
  }
  while (!gone) {
    if (!stream.write(line)) await new Promise((resolve) => stream.once('drain', resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
}
