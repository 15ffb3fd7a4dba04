/** How the embedded issuer behaves: every default the library would warn of is set, everything unused is off. */
import { randomBytes } from 'node:crypto';
import type { Configuration } from 'oidc-provider';
import { SIGNING_ALGORITHM, type SigningKey } from '../keys.js';
import { type OAuthClient, REDIRECT_URI } from '../oauth/client.js';
import { LOGIN_PATH } from './login.js';
import { createStore } from './store.js';

/** Seconds. Longer than any run, so that no experiment fails for a token that lapsed meanwhile. */
const TOKEN_LIFE = 3600;

export interface IssuerSettings {
  readonly key: SigningKey;
  readonly users: readonly string[];
  readonly clients: readonly OAuthClient[];
  /** Introspects; gets no tokens itself. */
  readonly resourceServer: OAuthClient;
  readonly scopes: readonly string[];
  /** The one resource tokens are issued for, as it is when asked. */
  resource(): string;
  /** What to throw for any other resource (RFC 8707, `invalid_target`). */
  refuseResource(): Error;
}

export function configurationOf(settings: IssuerSettings): Configuration {
  const { key, users, clients, resourceServer, scopes } = settings;
  return {
    adapter: createStore(),
    jwks: { keys: [key.privateJwk] },
    cookies: { keys: [randomBytes(32).toString('base64url')] },
    scopes: ['openid', 'offline_access', ...scopes],
    responseTypes: ['code'],
    pkce: { required: () => true },
    clients: [
      ...clients.map((client) => ({
        client_id: client.id,
        client_name: client.id,
        application_type: 'native' as const,
        token_endpoint_auth_method: 'none' as const,
        redirect_uris: [REDIRECT_URI],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code' as const],
      })),
      {
        client_id: resourceServer.id,
        ...(resourceServer.secret === null ? {} : { client_secret: resourceServer.secret }),
        redirect_uris: [],
        grant_types: [],
        response_types: [],
      },
    ],
    findAccount: (_, sub) => (users.includes(sub) ? { accountId: sub, claims: () => ({ sub }) } : undefined),
    interactions: { url: (_, interaction) => `${LOGIN_PATH}${interaction.uid}` },
    issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
    rotateRefreshToken: true,
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    // Registering a client must not make the gate ask around for it.
    fetch: async () => {
      throw new Error('the embedded issuer sends no requests');
    },
    renderError: (ctx, out) => {
      ctx.type = 'json';
      ctx.body = JSON.stringify({ error: out.error });
    },
    ttl: {
      AccessToken: TOKEN_LIFE,
      AuthorizationCode: 60,
      Grant: TOKEN_LIFE,
      IdToken: TOKEN_LIFE,
      Interaction: 60,
      RefreshToken: TOKEN_LIFE,
      Session: TOKEN_LIFE,
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      registration: { enabled: true },
      dPoP: { enabled: true },
      // Announces the endpoint; ./introspection.ts answers there.
      introspection: { enabled: true, allowedPolicy: () => false },
      revocation: { enabled: true, allowedPolicy: (_, client, token) => token.clientId === client.clientId },
      resourceIndicators: {
        enabled: true,
        useGrantedResource: () => true,
        getResourceServerInfo: (_, resource) => {
          if (resource !== settings.resource()) throw settings.refuseResource();
          return {
            scope: scopes.join(' '),
            audience: resource,
            accessTokenTTL: TOKEN_LIFE,
            accessTokenFormat: 'jwt',
            jwt: { sign: { alg: SIGNING_ALGORITHM } },
          };
        },
      },
    },
  };
}
