/**
 * The same server, bound: a session remembers who opened it, and to everybody else it does not exist.
 * The owner is issuer and subject, not the token: a refreshed token is still alice.
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
    onsessioninitialized: (id) => sessions.set(id, { transport, owner: user }),
    onsessionclosed: (id) => sessions.delete(id),
  });
  await createAccount(user).connect(transport);
  return { transport, owner: user };
}

async function serve(request, response) {
  const user = await authenticate(request, response);
  if (user === null) return;
  if (request.url !== '/mcp') return response.writeHead(404).end();

  const id = request.headers['mcp-session-id'];
  const session = id === undefined ? await open(user) : sessions.get(id);
  if (session?.owner !== user) return response.writeHead(404).end();
  await session.transport.handleRequest(request, response);
}

createServer((request, response) => {
  serve(request, response).catch(() => response.destroy());
}).listen(Number(process.env.PORT), '127.0.0.1');
