/** Between Node's HTTP and the web-standard requests that both SDKs take; closing a connection cancels its stream at once. */

const MAX_BODY = 4 * 1024 * 1024;

/**
 * @param {number} status
 * @param {number} code JSON-RPC error code
 * @param {string} message
 * @param {string | number | null} [id] Left out of the answer when it is not known.
 */
export function refuse(status, code, message, id) {
  const body = { jsonrpc: '2.0', ...(id !== undefined && id !== null && { id }), error: { code, message } };
  return Response.json(body, { status });
}

/**
 * The body as text; null when it is larger than any message may be.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<string | null>}
 */
export async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * @param {import('node:http').IncomingMessage} incoming
 * @param {string} text Body of a POST.
 * @param {AbortSignal} signal Aborted when the client is gone.
 */
export function toRequest(incoming, text, signal) {
  const headers = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const item of [value ?? []].flat()) headers.append(name, item);
  }
  headers.delete('content-length');
  const method = incoming.method ?? 'GET';
  const init = { method, headers, signal, ...(method === 'POST' && text !== '' && { body: text }) };
  return new Request(new URL(incoming.url ?? '/', 'http://127.0.0.1'), init);
}

/** @param {import('node:http').ServerResponse} response */
export function goneSignal(response) {
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  return gone.signal;
}

/**
 * @param {Response} answer
 * @param {import('node:http').ServerResponse} response
 */
export async function writeResponse(answer, response) {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body === null) {
    response.end();
    return;
  }
  response.flushHeaders();
  const reader = answer.body.getReader();
  response.on('close', () => void reader.cancel().catch(() => undefined));
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    response.write(value);
  }
  response.end();
}
