/** The gate as a visitor of somebody else's issuer: its clients there, its logins, and what each token stands for. */

import type { ClientCredentials } from '../../manifest/plan.js';
import type { ProofKey } from '../dpop.js';
import { authorizeAsClient, authorizeByCode } from '../oauth/authorize.js';
import { clientOf, type OAuthClient, registerClient, secretMethodOf } from '../oauth/client.js';
import type { Fetcher } from '../oauth/fetcher.js';
import type { AuthorizationServer } from '../oauth/server.js';
import { type Grant, refreshGrant, type TokenContext } from '../oauth/tokens.js';
import { IdentityProblem } from '../problem.js';
import type { Discovery } from './discovery.js';
import { type Held, hold } from './held.js';

export type ClientLetter = 'A' | 'B';

export interface Login {
  readonly client: ClientLetter;
  /** A hint for issuers that know several users. */
  readonly user: 'alice' | 'bob';
  readonly scopes?: readonly string[];
  readonly resource?: string;
  readonly key?: ProofKey | null;
}

export interface Visitor {
  /** Throws IdentityProblem. */
  logIn(login: Login): Promise<Held>;
  /** The refreshed token of a login of its own, so that the first one stays as it is. Throws IdentityProblem. */
  logInAndRefresh(login: Login): Promise<Held>;
}

export function visit(
  { server, resource, scopes: wanted }: Discovery & { readonly scopes: readonly string[] },
  {
    fetcher,
    mask,
    clients,
  }: {
    readonly fetcher: Fetcher;
    mask(secret: string): void;
    /** Registered beforehand: client A, then client B. Empty: the gate registers both. */
    readonly clients: readonly ClientCredentials[];
  },
): Visitor {
  const known = new Map<ClientLetter, Promise<OAuthClient>>();

  const register = (letter: ClientLetter): Promise<OAuthClient> => {
    const asClient = server.grantTypes !== null && !server.grantTypes.includes('authorization_code');
    const grantTypes = asClient ? ['client_credentials'] : ['authorization_code', 'refresh_token'];
    return registerClient(fetcher, server, { name: `mcp-deploy-gate ${letter}`, grantTypes, mask });
  };
  const clientFor = (letter: ClientLetter): Promise<OAuthClient> => {
    const supplied = clients[letter === 'A' ? 0 : 1];
    const client =
      known.get(letter) ??
      (clients.length === 0 ? register(letter) : suppliedClient(letter, supplied, { server, mask }));
    known.set(letter, client);
    return client;
  };
  const contextFor = async (letter: ClientLetter): Promise<TokenContext> => ({
    fetcher,
    server,
    client: await clientFor(letter),
    mask,
  });

  const logIn = async (login: Login): Promise<Held> => {
    const context = await contextFor(login.client);
    const wish = {
      scopes: login.scopes ?? wanted,
      resource: login.resource ?? resource,
      loginHint: login.user,
      key: login.key ?? null,
    };
    return hold(context, { grant: await obtain(context, wish), asked: wish.scopes });
  };

  return {
    logIn,
    async logInAndRefresh(login) {
      const offline = server.scopes?.includes('offline_access') ? ['offline_access'] : [];
      const first = await logIn({ ...login, scopes: [...(login.scopes ?? wanted), ...offline] });
      if (first.grant.refreshToken === null) {
        throw new IdentityProblem(`${server.name} gave no refresh token`);
      }
      const context = await contextFor(login.client);
      const grant = await refreshGrant(context, first.grant.refreshToken, { resource });
      if (grant.accessToken === first.grant.accessToken) {
        throw new IdentityProblem(`${server.name} answered the refresh with the same access token`);
      }
      return hold(context, { grant, asked: first.standing.scopes });
    },
  };
}

/** The code flow where it needs no person, else the client's own credentials where it has some. */
async function obtain(context: TokenContext, wish: Parameters<typeof authorizeByCode>[1]): Promise<Grant> {
  const { server, client } = context;
  const allowed = (type: string): boolean => server.grantTypes === null || server.grantTypes.includes(type);
  const hasCodeFlow = server.authorizationEndpoint !== null && allowed('authorization_code');
  if (!hasCodeFlow) return authorizeAsClient(context, wish);
  try {
    return await authorizeByCode(context, wish);
  } catch (cause: unknown) {
    const hasOwnGrant = client.secret !== null && server.grantTypes?.includes('client_credentials') === true;
    if (!(cause instanceof IdentityProblem) || !hasOwnGrant) throw cause;
    return authorizeAsClient(context, wish);
  }
}

async function suppliedClient(
  letter: ClientLetter,
  credentials: ClientCredentials | undefined,
  { server, mask }: { readonly server: AuthorizationServer; mask(secret: string): void },
): Promise<OAuthClient> {
  if (credentials === undefined) {
    throw new IdentityProblem(`the manifest names no credentials for client ${letter}`);
  }
  return clientOf(credentials.id.value, credentials.secret?.value ?? null, secretMethodOf(server), mask);
}
