/** A headless Chromium that is already on this machine, spoken to over a pipe by the DevTools protocol; nothing is downloaded. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const COMMAND_MS = 60_000;

/** The program: $CHROMIUM, or the first known name on the PATH; null where there is none. */
export function findChromium() {
  const asked = process.env.CHROMIUM;
  const names = asked === undefined || asked === '' ? NAMES : [asked];
  return names.find((name) => spawnSync(name, ['--version'], { timeout: 60_000 }).status === 0) ?? null;
}

/** What to say where there is none. */
export const NO_CHROMIUM = `There is no Chromium: tried ${process.env.CHROMIUM || NAMES.join(', ')}. Install one (Debian: apt-get install chromium), or set CHROMIUM to its path.`;

/**
 * Starts it and passes it to `work`, with a page that is open; ends it afterwards, whatever happened.
 * @template T
 * @param {string} program
 * @param {(page: {send: (method: string, parameters?: object) => Promise<any>, events: {method: string, params: any}[]}) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withChromium(program, work) {
  const profile = await mkdtemp(join(tmpdir(), 'mcp-gate-chromium-'));
  // Chromium refuses its sandbox to root, as which containers run.
  const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const options = ['--headless=new', '--disable-gpu', '--hide-scrollbars', '--remote-debugging-pipe'];
  const quiet = ['--no-first-run', '--disable-background-networking', '--disable-component-update'];
  const child = spawn(program, [...options, ...quiet, ...sandbox, `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    const browser = conversation(child);
    const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' });
    const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true });
    const send = (method, parameters) => browser.send(method, parameters, sessionId);
    return await work({ send, events: browser.events });
  } finally {
    child.kill();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5_000);
    await ended;
    clearTimeout(timer);
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

/** Messages are JSON that ends with a NUL; answers come by id, everything else is an event. */
function conversation(child) {
  const [, , , into, from] = child.stdio;
  const waiting = new Map();
  const events = [];
  let last = 0;
  let rest = '';
  from.setEncoding('utf8');
  from.on('data', (chunk) => {
    const parts = (rest + chunk).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const message = JSON.parse(part);
      const settle = waiting.get(message.id);
      if (settle === undefined) events.push(message);
      else settle(message);
    }
  });
  const failed = new Promise((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Chromium ended with ${code}`)));
  });
  failed.catch(() => {});
  into.on('error', () => {});

  async function send(method, params = {}, sessionId = undefined) {
    last += 1;
    const id = last;
    const answered = new Promise((resolve) => waiting.set(id, resolve));
    let timer;
    const late = new Promise((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`${method}: no answer from Chromium`)), COMMAND_MS);
    });
    into.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    try {
      const { result, error } = await Promise.race([answered, failed, late]);
      if (error !== undefined) throw new Error(`${method}: ${error.message}`);
      return result;
    } finally {
      clearTimeout(timer);
      waiting.delete(id);
    }
  }
  return { send, events };
}

/** Opens an address and waits until the page is loaded. */
export async function open({ send, events }, url) {
  await send('Page.enable');
  const before = events.length;
  const { errorText } = await send('Page.navigate', { url });
  if (errorText !== undefined) throw new Error(`${url}: ${errorText}`);
  const deadline = Date.now() + COMMAND_MS;
  while (!events.slice(before).some(({ method }) => method === 'Page.loadEventFired')) {
    if (Date.now() > deadline) throw new Error(`${url}: was not loaded in time`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The value of an expression in the page; what runs here is no script of the page, so its policy does not stop it. */
export async function evaluate({ send }, expression) {
  const { result, exceptionDetails } = await send('Runtime.evaluate', {
    expression,
    awaitPromise: true,
    returnByValue: true,
  });
  if (exceptionDetails !== undefined) {
    throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  }
  return result.value;
}
