/**
 * A careless MCP server: it works, and a review might let it pass. The gate does not.
 * Compare with ../compliant/server.mjs, which offers the same tool.
 */

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

const streams = new Map();
const tools = [
  {
    name: 'exchange_rate',
    description: 'Returns the rate between two currencies.',
    inputSchema: { type: 'object', properties: { from: { type: 'string' }, to: { type: 'string' } } },
  },
];

function answer({ id, method, params }) {
  switch (method) {
    case 'initialize':
      // Agrees to whatever revision it is asked for, even one that does not exist.
      return reply(id, {
        protocolVersion: params.protocolVersion,
        capabilities: { tools: {} },
        serverInfo: { name: 'careless', version: '1.0.0' },
      });
    case 'ping':
      return reply(id, {});
    case 'tools/list':
      return reply(id, { tools });
    case 'tools/call':
      return reply(id, { content: [{ type: 'text', text: '1.09' }] });
    default:
      return { jsonrpc: '2.0', id, error: { code: -32601, message: `Unknown method ${method}` } };
  }
}

const reply = (id, result) => ({ jsonrpc: '2.0', id, result });

async function serve(request, response) {
  // Any site may call it, cookies included: no check of Origin or Host, and CORS for everybody.
  response.setHeader('Access-Control-Allow-Origin', request.headers.origin ?? '*');
  response.setHeader('Access-Control-Allow-Credentials', 'true');
  response.setHeader('Access-Control-Allow-Headers', '*');
  if (request.method === 'OPTIONS') return response.writeHead(204).end();

  const url = new URL(request.url, 'http://localhost');
  // The deprecated HTTP+SSE transport, kept "for older clients".
  if (request.method === 'GET' && url.pathname === '/sse') {
    const id = randomUUID();
    streams.set(id, response);
    response.writeHead(200, { 'Content-Type': 'text/event-stream' });
    response.write(`event: endpoint\ndata: /messages?sessionId=${id}\n\n`);
    return;
  }
  if (request.method !== 'POST') return response.writeHead(405).end();

  let body = '';
  for await (const chunk of request) body += chunk;
  const message = JSON.parse(body); // whatever the content type says
  const result = message.id === undefined ? null : answer(message);

  const stream = streams.get(url.searchParams.get('sessionId'));
  if (stream !== undefined) {
    if (result !== null) stream.write(`event: message\ndata: ${JSON.stringify(result)}\n\n`);
    return response.writeHead(202).end();
  }
  if (result === null) return response.writeHead(202).end();
  response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(result));
}

createServer((request, response) => {
  serve(request, response).catch((error) => response.writeHead(400).end(String(error)));
}).listen(process.env.PORT); // without an address: every interface
