/** The server behind one session: it works for the user who opened it. */
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';

export function createAccount(user) {
  const server = new McpServer({ name: 'account', version: '1.0.0' });
  server.registerTool(
    'my_account',
    {
      description: 'Returns the name and the balance of your account.',
      annotations: { readOnlyHint: true },
    },
    async () => {
      const account = { owner: user.split(' ')[1], balance: 1250 };
      return { content: [{ type: 'text', text: JSON.stringify(account) }], structuredContent: account };
    },
  );
  return server;
}
