/** A listening socket on 127.0.0.1 that can be closed at once, whoever is still connected. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Listener {
  readonly port: number;
  /** Serves from now on; until then every request gets 503. */
  serve(listener: RequestListener): void;
  close(): Promise<void>;
}

/** Listens on a free port. Rejects when there is none. */
export async function listenOnLoopback(): Promise<Listener> {
  let serving: RequestListener = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => serving(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      server.off('error', reject);
      resolve();
    });
  });
  return {
    port: (server.address() as AddressInfo).port,
    serve(listener) {
      serving = listener;
    },
    close: () =>
      new Promise((resolve) => {
        // The error of a second close is that it was closed already.
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
