/** Both eras over stdin and stdout: each line goes to the era it claims. Specification: basic/transports (2025-11-25), basic/transports/stdio (2026-07-28). */
import { createInterface } from 'node:readline';
import { crashOn } from './crash.mjs';
import { serveLegacy } from './legacy.mjs';
import { claimsModern, modernStdio } from './modern.mjs';
import { createWorld } from './world.mjs';

/**
 * @param {'legacy' | 'modern' | 'both'} era
 * @param {import('./switches.mjs').Switches} switches
 * @param {{ input: import('node:stream').Readable, output: import('node:stream').Writable, exit: () => void }} [streams]
 */
export async function serveOverStdio(era, switches, streams = ownProcess()) {
  const { input, output, exit } = streams;
  if (switches.noise === 'banner') output.write('zoo server listening on stdio\n');
  if (switches.noise === 'json') output.write('{"level":"info","msg":"started"}\n');
  /** @type {unknown[] | null} */
  let gathered = null;
  const write = (/** @type {unknown} */ message) => {
    if (switches.noise === 'per-message') output.write('DEBUG sending an answer\n');
    if (gathered !== null) gathered.push(message);
    else output.write(`${JSON.stringify(message)}\n`);
  };
  const route = await createRoute(era, write, createWorld(switches));

  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  lines.on('line', (line) => {
    const message = parse(line);
    if (message === undefined) return;
    crashOn(message, switches);
    if (!Array.isArray(message)) return route(message);
    if (switches.batches === 'refused') {
      return write({ jsonrpc: '2.0', error: { code: -32600, message: 'Batches are not supported' } });
    }
    gathered = [];
    for (const part of message) route(part);
    setTimeout(() => {
      const answers = gathered ?? [];
      gathered = null;
      write(answers);
    }, 50);
  });
  lines.on('close', () => {
    if (switches.onEof === 'exits') exit();
    else setInterval(() => undefined, 60_000);
  });
}

function ownProcess() {
  return { input: process.stdin, output: process.stdout, exit: () => process.exit(0) };
}

/**
 * @param {'legacy' | 'modern' | 'both'} era
 * @param {(message: unknown) => void} write
 * @param {import('./world.mjs').World} world
 * @returns {Promise<(message: any) => void>}
 */
async function createRoute(era, write, world) {
  const legacy = era === 'modern' ? null : await legacyChannel(write, world);
  const modern = era === 'legacy' ? null : modernStdio({ write, onlyEra: era === 'modern', world });
  return (message) => {
    if (modern !== null && (legacy === null || claimsModern(message))) return modern.receive(message);
    return legacy?.onmessage?.(message);
  };
}

/** What the SDK's own stdio transport is, without the reading: the lines are shared with the modern era. @param {(message: unknown) => void} write @param {import('./world.mjs').World} world */
async function legacyChannel(write, world) {
  /** @type {any} */
  const channel = {
    start: async () => undefined,
    close: async () => channel.onclose?.(),
    send: async (/** @type {unknown} */ message) => write(message),
  };
  await serveLegacy(channel, world);
  return channel;
}

/** A line that is no JSON object or array has no id to answer to: it is dropped. @param {string} line */
function parse(line) {
  try {
    const value = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
