/** Ports of the loopback interface: reserve a free one, see whether somebody listens. */
import { connect, createServer } from 'node:net';

/** Hands out ports; a test can hand out a busy one. */
export interface PortSource {
  /** A port that was free a moment ago and that this source never handed out before. */
  reserve(): Promise<number>;
}

const attempts = 50;
const connectMs = 1_000;

/** Free ports of the loopback interface. Share one among candidates that run side by side. */
export class LoopbackPorts implements PortSource {
  readonly #given = new Set<number>();

  async reserve(): Promise<number> {
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const port = await bindAndClose(0, '127.0.0.1');
      if (port === null || this.#given.has(port)) continue;
      if (await listensOn('::1', port)) continue;
      this.#given.add(port);
      return port;
    }
    throw new Error(`no free port was found on 127.0.0.1 in ${attempts} attempts`);
  }
}

/** Whether a connection to the port is accepted. `host` may have the brackets of a URL. */
export async function listensOn(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: host.replace(/^\[|\]$/g, ''), port });
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(connectMs, () => done(false));
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}

/** Whether nobody on this machine's loopback listens on the port any more. */
export async function isFreed(port: number): Promise<boolean> {
  const [four, six] = await Promise.all([listensOn('127.0.0.1', port), listensOn('::1', port)]);
  return !four && !six;
}

async function bindAndClose(port: number, host: string): Promise<number | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host }, () => {
      const address = server.address();
      const chosen = typeof address === 'object' && address !== null ? address.port : null;
      server.close(() => resolve(chosen));
    });
  });
}
