/** The three transports as a hostile server needs them: raw bytes wherever it likes. Nothing is validated. */
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

/**
 * @typedef {object} Channel One place where an answer can go.
 * @property {(message: unknown) => Promise<void>} message Writes one well-formed frame.
 * @property {(text: string) => Promise<void>} text Writes one frame with anything in it.
 * @property {(bytes: string | Uint8Array) => Promise<void>} bytes Writes anything, framed or not, respecting back-pressure.
 * @property {() => void} end
 * @property {() => boolean} gone Whether nobody reads any more.
 * @property {import('node:http').ServerResponse | null} response The HTTP answer, while its head can still be chosen.
 */

/** @typedef {(message: any, channel: Channel) => unknown} Answer */

/** @param {Answer} answer @param {{ onEof: () => void }} options */
export function listenOnStdio(answer, { onEof }) {
  const channel = channelOn(process.stdout, (text) => `${text}\n`, null);
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => void answer(parse(line), channel));
  lines.on('close', onEof);
}

/** Every POST is answered with an event stream on it. @param {Answer} answer @param {number} port */
export function listenOnStreamableHttp(answer, port) {
  listen(port, (request, response, body) => {
    if (request.method !== 'POST') {
      response.writeHead(405).end();
      return;
    }
    void answer(
      parse(body),
      channelOn(response, (text) => `data: ${text}\n\n`, response),
    );
  });
}

/** The deprecated transport: one event stream, to which all answers go. @param {Answer} answer @param {number} port */
export function listenOnSse(answer, port) {
  /** @type {Map<string, Channel>} */
  const streams = new Map();
  listen(port, (request, response, body) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && url.pathname === '/sse') {
      const id = String(streams.size + 1);
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(`event: endpoint\ndata: /messages?sessionId=${id}\n\n`);
      streams.set(
        id,
        channelOn(response, (text) => `event: message\ndata: ${text}\n\n`, null),
      );
      return;
    }
    const stream = streams.get(url.searchParams.get('sessionId') ?? '');
    response.writeHead(stream === undefined ? 404 : 202).end();
    if (stream !== undefined) void answer(parse(body), stream);
  });
}

/** @param {number} port @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse, body: string) => void} handle */
function listen(port, handle) {
  const server = createServer((request, response) => {
    const chunks = /** @type {Buffer[]} */ ([]);
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => handle(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  server.listen(port, '127.0.0.1', () => process.stderr.write('hostile: listening\n'));
}

/**
 * @param {import('node:stream').Writable} stream
 * @param {(text: string) => string} frame
 * @param {import('node:http').ServerResponse | null} response
 * @returns {Channel}
 */
function channelOn(stream, frame, response) {
  let gone = false;
  stream.on('close', () => {
    gone = true;
  });
  stream.on('error', () => {
    gone = true;
  });
  const bytes = async (/** @type {string | Uint8Array} */ data) => {
    if (gone) return;
    if (response !== null && !response.headersSent)
      response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (stream.write(data)) return;
    await new Promise((resolve) => {
      stream.once('drain', resolve);
      stream.once('close', resolve);
    });
  };
  return {
    bytes,
    text: (text) => bytes(frame(text)),
    message: (message) => bytes(frame(JSON.stringify(message))),
    end: () => void response?.end(),
    gone: () => gone,
    response,
  };
}

/** @param {string} text @returns {any} null when it is no JSON */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
