/**
 * Every request needs a valid token, and yet bob reads alice's account: he sends his own token and her session id.
 * This is how most documentation shows it: sessions are found by their id, and nobody asks whose they are.
 * Compare with bound.mjs.
 */
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { createAccount } from './account.mjs';
import { authenticate } from './authenticate.mjs';

const sessions = new Map();

async function open(user) {
  const transport = new StreamableHTTPServerTransport({
    sessionIdGenerator: randomUUID,
    onsessioninitialized: (id) => sessions.set(id, { transport }),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await createAccount(user).connect(transport);
  return { transport };
}

async function serve(request, response) {
  const user = await authenticate(request, response);
  if (user === null) return;
  if (request.url !== '/mcp') return response.writeHead(404).end();

  const id = request.headers['mcp-session-id'];
  const session = id === undefined ? await open(user) : sessions.get(id);
  if (session === undefined) return response.writeHead(404).end();
  await session.transport.handleRequest(request, response);
}

createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
}).listen(Number(process.env.PORT), '127.0.0.1');
