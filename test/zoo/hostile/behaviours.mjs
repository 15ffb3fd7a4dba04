/** How each hostile server answers. What is not listed here answers politely; see table.mjs for what each is about. */
import { createGzip } from 'node:zlib';
import { poisonAnswer } from './injection.mjs';
import { politeAnswer, tool } from './polite.mjs';

/** @typedef {import('./channels.mjs').Channel} Channel */
/** @typedef {(message: any, channel: Channel) => unknown} Answer */

const MEGABYTE = Buffer.alloc(1024 * 1024, 'A');

/** @type {Answer} */
export const polite = async (message, channel) => {
  const answer = politeAnswer(message);
  if (answer !== null) await channel.message(answer);
  else channel.response?.writeHead(202);
  channel.end();
};

/** Polite to `initialize`, and `answer` to everything else. @param {Answer} answer @returns {Answer} */
const afterHandshake = (answer) => (message, channel) =>
  message?.method === 'initialize' || message?.id === undefined
    ? polite(message, channel)
    : answer(message, channel);

/** Repeats until nobody reads any more. @param {Channel} channel @param {(count: number) => Promise<void>} step */
async function forEver(channel, step) {
  for (let count = 0; !channel.gone(); count += 1) {
    await step(count);
    if (count % 64 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

let requests = 0;

/** @type {Record<string, Answer>} */
export const BEHAVIOURS = {
  silent: () => undefined,
  'crash-after-handshake': afterHandshake(() => process.exit(1)),
  'endless-notifications': afterHandshake((_message, channel) =>
    forEver(channel, (count) =>
      channel.message({
        jsonrpc: '2.0',
        method: 'notifications/message',
        params: { level: 'info', data: count },
      }),
    ),
  ),
  'endless-requests': afterHandshake((_message, channel) =>
    forEver(channel, (count) => channel.message({ jsonrpc: '2.0', id: `hostile-${count}`, method: 'ping' })),
  ),
  'endless-comments': (_message, channel) => forEver(channel, () => channel.bytes(`:${'.'.repeat(1024)}\n`)),
  garbage: async (_message, channel) => {
    await channel.bytes(Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 167 + 13) % 256)));
    await channel.bytes('\n');
    channel.end();
  },
  'half-json': async (message, channel) => {
    const text = JSON.stringify(politeAnswer(message) ?? {});
    await channel.text(text.slice(0, text.length / 2));
    channel.end();
  },
  oversized: async (message, channel) => {
    await channel.bytes(`{"jsonrpc":"2.0","id":${JSON.stringify(message?.id ?? null)},"result":{"padding":"`);
    for (let sent = 0; sent < 1024 && !channel.gone(); sent += 1) await channel.bytes(MEGABYTE);
    channel.end();
  },
  'oversized-string': async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer?.result?.serverInfo !== undefined) answer.result.serverInfo.name = 'A'.repeat(8 * 1024 * 1024);
    if (answer !== null) await channel.message(answer);
    channel.end();
  },
  'gzip-bomb': async (_message, channel) => {
    channel.response?.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    const gzip = createGzip();
    gzip.on('data', (chunk) => void channel.bytes(chunk));
    gzip.on('end', channel.end);
    for (let sent = 0; sent < 1024 && !channel.gone(); sent += 1) {
      if (!gzip.write(MEGABYTE)) await new Promise((resolve) => gzip.once('drain', resolve));
    }
    gzip.end();
  },
  'header-flood': (message, channel) => {
    for (let index = 0; index < 1024; index += 1)
      channel.response?.setHeader(`x-flood-${index}`, 'A'.repeat(1024));
    return polite(message, channel);
  },
  'deep-json': async (message, channel) => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify(politeAnswer(message) ?? { jsonrpc: '2.0' });
    await channel.text(`${text.slice(0, -1)},"deep":${deep}}`);
    channel.end();
  },
  'slow-drip': async (message, channel) => {
    const text = JSON.stringify(politeAnswer(message) ?? {});
    for (const letter of channel.response === null ? text : `data: ${text}`) {
      if (channel.gone()) return;
      await channel.bytes(letter);
      await new Promise((resolve) => setTimeout(resolve, 1000));
    }
    await channel.bytes('\n\n');
    channel.end();
  },
  'wrong-ids': async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer !== null)
      await channel.message({ ...answer, id: typeof answer.id === 'number' ? answer.id + 1000 : 'nobody' });
    channel.end();
  },
  'string-ids': async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer !== null) await channel.message({ ...answer, id: String(answer.id) });
    channel.end();
  },
  'answers-twice': async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer !== null) {
      await channel.message(answer);
      await channel.message({
        jsonrpc: '2.0',
        id: answer.id,
        error: { code: -32603, message: 'On second thought' },
      });
    }
    channel.end();
  },
  'answers-before': async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer !== null) {
      await channel.message(answer);
      if (typeof answer.id === 'number') await channel.message({ ...answer, id: answer.id + 1 });
    }
    channel.end();
  },
  redirects: (_message, channel) => {
    requests += 1;
    channel.response?.writeHead(307, { location: `http://outside.example.invalid/${requests}` }).end();
  },
  html: (_message, channel) => {
    channel.response?.writeHead(200, { 'content-type': 'text/html' });
    return channel.bytes('<!doctype html><title>Welcome</title><p>Nothing to see').then(channel.end);
  },
  'locks-out': (message, channel) => {
    requests += 1;
    if (requests < 10) return polite(message, channel);
    channel.response?.writeHead(429, { 'retry-after': '3600' }).end();
  },
  'many-tools': async (message, channel) => {
    if (message?.method !== 'tools/list') return polite(message, channel);
    const tools = Array.from({ length: 100_000 }, (_, index) => tool(`tool_${index}`));
    await channel.message({ jsonrpc: '2.0', id: message.id, result: { tools } });
    channel.end();
  },
  'endless-cursor': (message, channel) => {
    requests += 1;
    return page(message, channel, `page-${requests}`);
  },
  'same-cursor': (message, channel) => page(message, channel, 'again'),
  injection: async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer === null) return polite(message, channel);
    await channel.message(poisonAnswer(answer));
    channel.end();
  },
  prototype: async (message, channel) => {
    const answer = politeAnswer(message);
    if (answer === null) return polite(message, channel);
    const text = JSON.stringify(answer).replace(
      '"tools":{}',
      '"tools":{},"__proto__":{"polluted":true},"constructor":{}',
    );
    const poisoned = JSON.parse(text);
    if (message.method === 'tools/list')
      poisoned.result.tools = ['__proto__', 'constructor', 'toString'].map(tool);
    await channel.message(poisoned);
    channel.end();
  },
};

/** @param {any} message @param {Channel} channel @param {string} nextCursor */
async function page(message, channel, nextCursor) {
  if (message?.method !== 'tools/list') return polite(message, channel);
  await channel.message({
    jsonrpc: '2.0',
    id: message.id,
    result: { tools: [tool(nextCursor)], nextCursor },
  });
  channel.end();
}
