/** A candidate with an issuer of its own, both as small as can be; each route can be replaced by a hostile one. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, SignJWT } from 'jose';
import { createSigningKey } from '../../src/identity/keys.js';

export type Route = (request: IncomingMessage, response: ServerResponse, urls: Urls) => void;

export interface Urls {
  readonly candidate: string;
  readonly issuer: string;
}

export interface Traits {
  /** Who logs in: the user that was hinted at, always the same one, or tokens that name nobody. */
  readonly users: 'hinted' | 'one' | 'nameless';
  readonly refresh?: 'rotates' | 'same' | 'none';
  readonly audience?: 'asked' | 'ignored';
  readonly scopes?: 'asked' | 'all';
  readonly grantTypes?: readonly string[];
  /** Binds tokens to the key of a proof that repeats the nonce; a proof without it is sent back. */
  readonly dpop?: 'with-nonce';
  readonly routes?: Readonly<Record<string, Route>>;
}

export interface StandIn extends Urls {
  readonly endpoint: string;
  /** "POST /token", in the order they came. */
  readonly requests: readonly string[];
  readonly clients: ReadonlyMap<string, Record<string, unknown>>;
  close(): Promise<void>;
}

/** One for all stand-ins of a file: making one takes longer than most tests. */
const signingKey = createSigningKey();

export async function startStandIn(traits: Traits): Promise<StandIn> {
  const key = await signingKey;
  const requests: string[] = [];
  const clients = new Map<string, Record<string, unknown>>();
  const codes = new Map<string, URLSearchParams>();
  const refreshTokens = new Map<string, URLSearchParams>();
  const urls = { candidate: '', issuer: '' };

  const accessToken = async (asked: URLSearchParams): Promise<string> => {
    if (traits.users === 'nameless') return randomUUID();
    const client = asked.get('client_id') ?? '';
    const sub = traits.users === 'one' ? 'the-user' : (asked.get('login_hint') ?? client);
    const aud = traits.audience === 'ignored' ? urls.candidate : (asked.get('resource') ?? '');
    const scope = traits.scopes === 'all' ? 'mcp:tools' : (asked.get('scope') ?? '');
    const jkt = asked.get('jkt');
    return new SignJWT({
      client_id: client,
      scope,
      jti: randomUUID(),
      ...(jkt === null ? {} : { cnf: { jkt } }),
    })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid: key.kid })
      .setIssuer(urls.issuer)
      .setSubject(sub)
      .setAudience(aud)
      .setIssuedAt()
      .setExpirationTime('10m')
      .sign(key.privateKey);
  };
  const grant = async (asked: URLSearchParams, previous?: string): Promise<object> => {
    const refreshToken = randomUUID();
    if (traits.refresh !== 'none') refreshTokens.set(refreshToken, asked);
    return {
      access_token: previous ?? (await accessToken(asked)),
      token_type: asked.has('jkt') ? 'dpop' : 'bearer',
      expires_in: 600,
      scope: traits.scopes === 'all' ? 'mcp:tools' : (asked.get('scope') ?? ''),
      ...(traits.refresh === 'none' ? {} : { refresh_token: refreshToken }),
    };
  };

  const routes: Record<string, Route> = {
    'POST /mcp': (_, response, { candidate }) => {
      const metadata = `${candidate}/.well-known/oauth-protected-resource/mcp`;
      response
        .writeHead(401, { 'www-authenticate': `Bearer scope="mcp:tools", resource_metadata="${metadata}"` })
        .end();
    },
    'GET /.well-known/oauth-protected-resource/mcp': (_, response, { candidate, issuer }) =>
      json(response, 200, { resource: `${candidate}/mcp`, authorization_servers: [issuer] }),
    'GET /.well-known/oauth-authorization-server': (_, response, { issuer }) =>
      json(response, 200, metadataOf(issuer, traits)),
    'GET /jwks': (_, response) => json(response, 200, { keys: [key.publicJwk] }),
    'POST /register': async (request, response) => {
      const id = `client-${clients.size + 1}`;
      const registered = JSON.parse(await bodyOf(request)) as Record<string, unknown>;
      const secret =
        registered['token_endpoint_auth_method'] === 'none' ? {} : { client_secret: randomUUID() };
      clients.set(id, registered);
      json(response, 201, { ...registered, ...secret, client_id: id });
    },
    'GET /authorize': (request, response) => {
      const { searchParams } = new URL(request.url ?? '', urls.issuer);
      const code = randomUUID();
      codes.set(code, searchParams);
      const next = new URL(searchParams.get('redirect_uri') ?? '');
      next.searchParams.set('code', code);
      next.searchParams.set('state', searchParams.get('state') ?? '');
      response.writeHead(302, { location: next.href }).end();
    },
    'POST /token': async (request, response) => {
      const form = new URLSearchParams(await bodyOf(request));
      const asked = codes.get(form.get('code') ?? '') ?? refreshTokens.get(form.get('refresh_token') ?? '');
      if (form.get('grant_type') === 'client_credentials') {
        const [id = ''] = Buffer.from((request.headers.authorization ?? '').slice(6), 'base64')
          .toString()
          .split(':');
        form.set('client_id', id);
        return json(response, 200, await grant(form));
      }
      if (asked === undefined) return json(response, 400, { error: 'invalid_grant' });
      const proof = request.headers['dpop'];
      if (typeof proof === 'string') {
        const { jwk } = decodeProtectedHeader(proof);
        if (decodeJwt(proof)['nonce'] !== 'n-1') {
          response.setHeader('dpop-nonce', 'n-1');
          return json(response, 400, { error: 'use_dpop_nonce' });
        }
        asked.set('jkt', await calculateJwkThumbprint(jwk ?? {}));
      }
      const previous = asked.get('last') ?? undefined;
      const answer = (await grant(asked, traits.refresh === 'same' ? previous : undefined)) as {
        access_token: string;
      };
      asked.set('last', answer.access_token);
      return json(response, 200, answer);
    },
  };
  const table: Record<string, Route> = { ...routes, ...traits.routes };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    const name = `${request.method} ${(request.url ?? '').split('?', 1)[0]}`;
    requests.push(name);
    const route = table[name];
    if (route === undefined) response.writeHead(404).end();
    else route(request, response, urls);
  };
  const servers = [createServer(listener), createServer(listener)] as const;
  [urls.candidate, urls.issuer] = [await listen(servers[0]), await listen(servers[1])];
  return {
    ...urls,
    endpoint: `${urls.candidate}/mcp`,
    requests,
    clients,
    close: async () => {
      for (const server of servers) {
        server.closeAllConnections();
        server.close();
        await once(server, 'close');
      }
    },
  };
}

export function metadataOf(
  issuer: string,
  traits: Pick<Traits, 'grantTypes' | 'dpop'> = {},
): Record<string, unknown> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    registration_endpoint: `${issuer}/register`,
    jwks_uri: `${issuer}/jwks`,
    code_challenge_methods_supported: ['S256'],
    ...(traits.dpop === undefined ? {} : { dpop_signing_alg_values_supported: ['ES256'] }),
    ...(traits.grantTypes === undefined ? {} : { grant_types_supported: traits.grantTypes }),
  };
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
