/**
 * A server that the gate allows without a finding: the official SDK, told which revisions to speak,
 * behind a check of Host and Origin, on loopback.
 */
import { createServer } from 'node:http';
import {
  localhostHostValidation,
  localhostOriginValidation,
  toNodeHandler,
} from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

// Left to itself the SDK also agrees to revisions from 2024, which have weaker rules.
const supportedProtocolVersions = ['2026-07-28', '2025-11-25', '2025-06-18'];

function createRates() {
  const server = new McpServer({ name: 'compliant', version: '1.0.0' }, { supportedProtocolVersions });
  server.registerTool(
    'exchange_rate',
    {
      description: 'Returns the rate between two currencies.',
      inputSchema: z.object({ from: z.string(), to: z.string() }),
      annotations: { readOnlyHint: true },
    },
    async () => ({ content: [{ type: 'text', text: '1.09' }] }),
  );
  return server;
}

const handle = toNodeHandler(createMcpHandler(createRates));
const hostIsOurs = localhostHostValidation();
const originIsOurs = localhostOriginValidation();

createServer((request, response) => {
  // Both answer 403 themselves. They stand before every route and method.
  if (!hostIsOurs(request, response) || !originIsOurs(request, response)) return;
  if (request.url !== '/mcp') {
    response.writeHead(404).end();
    return;
  }
  void handle(request, response);
}).listen(Number(process.env.PORT), '127.0.0.1');
