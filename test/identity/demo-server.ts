/** The TypeScript SDK's example server with its own demo issuer, as it comes from the registry. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';

const EXAMPLE = join(
  process.cwd(),
  'node_modules/@modelcontextprotocol/sdk/dist/esm/examples/server/simpleStreamableHttp.js',
);

export interface DemoServer {
  readonly endpoint: string;
  readonly issuer: string;
  stop(): Promise<void>;
}

export async function startDemoServer(flag: '--oauth' | '--oauth-strict'): Promise<DemoServer> {
  const [port, authPort] = [await freePort(), await freePort()];
  const flags = flag === '--oauth' ? ['--oauth'] : ['--oauth', '--oauth-strict'];
  const child = spawn(process.execPath, [EXAMPLE, ...flags], {
    env: { PATH: process.env['PATH'], MCP_PORT: String(port), MCP_AUTH_PORT: String(authPort) },
    stdio: 'ignore',
  });
  const issuer = `http://localhost:${authPort}/`;
  const endpoint = `http://localhost:${port}/mcp`;
  await Promise.all([answers(issuer), answers(endpoint)]);
  return {
    endpoint,
    issuer,
    stop: async () => {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function answers(url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const response = await fetch(url).catch(() => null);
    if (response !== null) {
      await response.body?.cancel();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`nothing answers at ${url}`);
}
