/** The embedded authorization server: a real one, on loopback, for as long as the candidate is examined. */
import { randomBytes } from 'node:crypto';
import { createSigningKey, type SigningKey } from '../keys.js';
import { listenOnLoopback } from '../listener.js';
import type { OAuthClient } from '../oauth/client.js';
import { configurationOf } from './configuration.js';
import { INTROSPECTION_PATH, introspect } from './introspection.js';
import { loadLibrary } from './library.js';
import { createTickets, LOGIN_PATH, logIn } from './login.js';

export const USERS = ['alice', 'bob'] as const;
export type User = (typeof USERS)[number];

export interface Issuer {
  readonly issuer: string;
  readonly jwksUri: string;
  readonly introspectionEndpoint: string;
  readonly key: SigningKey;
  readonly clientA: OAuthClient;
  readonly clientB: OAuthClient;
  readonly resourceServer: OAuthClient;
  /** A `login_hint` that logs the user in once. */
  ticket(user: User): string;
  /** Stops listening and drops every connection. Idempotent. */
  close(): Promise<void>;
}

/** Starts an issuer with two users, two clients and a resource server. Rejects when no port is to be had. */
export async function openIssuer(settings: {
  readonly host: string;
  readonly scopes: readonly string[];
  resource(): string;
}): Promise<Issuer> {
  const [{ Provider, errors }, key, listener] = await Promise.all([
    loadLibrary(),
    createSigningKey(),
    listenOnLoopback(),
  ]);
  const issuer = `http://${settings.host}:${listener.port}`;
  const clientA: OAuthClient = { id: 'mcp-gate-client-a', secret: null, authentication: 'none' };
  const clientB: OAuthClient = { id: 'mcp-gate-client-b', secret: null, authentication: 'none' };
  const resourceServer: OAuthClient = {
    id: 'mcp-gate-candidate',
    secret: randomBytes(32).toString('base64url'),
    authentication: 'client_secret_basic',
  };
  const tickets = createTickets();
  try {
    const provider = new Provider(
      issuer,
      configurationOf({
        key,
        users: USERS,
        clients: [clientA, clientB],
        resourceServer,
        scopes: settings.scopes,
        resource: settings.resource,
        refuseResource: () => new errors.InvalidTarget(),
      }),
    );
    // Koa would print what went wrong, request and all.
    provider.silent = true;
    const serveLibrary = provider.callback();

    listener.serve((request, response) => {
      const path = (request.url ?? '').split('?', 1)[0] ?? '';
      if (request.method === 'POST' && path === INTROSPECTION_PATH) {
        introspect({ issuer, key, resourceServer }, { request, response }).catch(() => response.destroy());
      } else if (path.startsWith(LOGIN_PATH)) {
        logIn(provider, tickets, { request, response }).catch(() => {
          if (!response.headersSent) response.writeHead(400);
          response.end();
        });
      } else {
        serveLibrary(request, response).catch(() => response.destroy());
      }
    });
  } catch (cause: unknown) {
    await listener.close();
    throw cause;
  }
  return {
    issuer,
    jwksUri: `${issuer}/jwks`,
    introspectionEndpoint: `${issuer}${INTROSPECTION_PATH}`,
    key,
    clientA,
    clientB,
    resourceServer,
    ticket: (user) => tickets.issue(user),
    close: () => listener.close(),
  };
}
