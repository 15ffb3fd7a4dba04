import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createProofKey } from '../../src/identity/dpop.js';
import { type Issuer, openIssuer } from '../../src/identity/embedded/issuer.js';
import { authorizeByCode } from '../../src/identity/oauth/authorize.js';
import { registerClient } from '../../src/identity/oauth/client.js';
import { createFetcher, type Fetcher } from '../../src/identity/oauth/fetcher.js';
import { type AuthorizationServer, discoverServer } from '../../src/identity/oauth/server.js';
import { refreshGrant, type TokenContext } from '../../src/identity/oauth/tokens.js';
import { type Opened, open, planOf, RESOURCE, tokenOf } from './kit.js';

let issuer: Issuer;
let fetcher: Fetcher;
let server: AuthorizationServer;
let context: TokenContext;
const mask = (): void => {};

beforeAll(async () => {
  issuer = await openIssuer({ host: '127.0.0.1', scopes: ['mcp:tools'], resource: () => RESOURCE });
  fetcher = createFetcher({ limits: undefined, signal: new AbortController().signal });
  fetcher.allow(new URL(issuer.issuer));
  server = await discoverServer(fetcher, new URL(issuer.issuer), issuer.issuer);
  context = { fetcher, server, client: issuer.clientA, mask };
});
afterAll(async () => {
  await fetcher.close();
  await issuer.close();
});

const wish = (loginHint: string | null) => ({ scopes: ['mcp:tools'], resource: RESOURCE, loginHint });

describe('the embedded issuer', () => {
  it.each(['oauth-authorization-server', 'openid-configuration'])('describes itself at %s', async (place) => {
    const metadata: unknown = await (await fetch(`${issuer.issuer}/.well-known/${place}`)).json();
    expect(metadata).toMatchObject({
      issuer: issuer.issuer,
      authorization_endpoint: `${issuer.issuer}/auth`,
      token_endpoint: `${issuer.issuer}/token`,
      registration_endpoint: `${issuer.issuer}/reg`,
      introspection_endpoint: issuer.introspectionEndpoint,
      jwks_uri: issuer.jwksUri,
      code_challenge_methods_supported: ['S256'],
      authorization_response_iss_parameter_supported: true,
      scopes_supported: expect.arrayContaining(['mcp:tools']),
      grant_types_supported: expect.arrayContaining(['authorization_code', 'refresh_token']),
      dpop_signing_alg_values_supported: expect.arrayContaining(['ES256']),
    });
  });

  it('publishes the public half of its key only', async () => {
    expect(await (await fetch(issuer.jwksUri)).json()).toEqual({ keys: [issuer.key.publicJwk] });
    expect(Object.keys(issuer.key.publicJwk).sort()).toEqual(['alg', 'e', 'kid', 'kty', 'n', 'use']);
  });

  it('lets nobody in without a ticket, and nobody twice with one', async () => {
    const refusal = `${issuer.issuer}/ answered the authorization request with status 403`;
    await expect(authorizeByCode(context, wish(null))).rejects.toThrow(refusal);
    await expect(authorizeByCode(context, wish('alice'))).rejects.toThrow(refusal);
    const ticket = issuer.ticket('alice');
    await expect(authorizeByCode(context, wish(ticket))).resolves.toMatchObject({ type: 'Bearer' });
    await expect(authorizeByCode(context, wish(ticket))).rejects.toThrow(refusal);
  });

  it('registers clients, who get in no more than anybody else', async () => {
    const client = await registerClient(fetcher, server, {
      name: 'visitor',
      grantTypes: ['authorization_code'],
      mask,
    });
    expect(client).toEqual({ id: expect.any(String), secret: null, authentication: 'none' });
    await expect(authorizeByCode({ ...context, client }, wish('bob'))).rejects.toThrow('with status 403');
  });

  it('issues tokens for no other resource', async () => {
    await expect(
      authorizeByCode(context, { ...wish(issuer.ticket('alice')), resource: 'http://127.0.0.1:4000/other' }),
    ).rejects.toThrow(`${issuer.issuer}/ refused the authorization: invalid_target`);
  });

  it('rotates refresh tokens, and ends the grant when an old one comes back', async () => {
    const first = await authorizeByCode(context, wish(issuer.ticket('alice')));
    const second = await refreshGrant(context, first.refreshToken ?? '', { resource: RESOURCE });
    expect(second.refreshToken).not.toBe(first.refreshToken);
    expect(second.accessToken).not.toBe(first.accessToken);
    const reuse = refreshGrant(context, first.refreshToken ?? '', { resource: RESOURCE });
    await expect(reuse).rejects.toThrow(`${issuer.issuer}/ gave no token: status 400, invalid_grant`);
    const rest = refreshGrant(context, second.refreshToken ?? '', { resource: RESOURCE });
    await expect(rest).rejects.toThrow('invalid_grant');
  });

  it('refuses the refresh token of another client', async () => {
    const { refreshToken } = await authorizeByCode(context, wish(issuer.ticket('alice')));
    const stolen = refreshGrant({ ...context, client: issuer.clientB }, refreshToken ?? '', {
      resource: RESOURCE,
    });
    await expect(stolen).rejects.toThrow('invalid_grant');
  });

  it('binds a token to the key that was shown, and to none otherwise', async () => {
    const key = await createProofKey();
    const bound = await authorizeByCode(context, { ...wish(issuer.ticket('alice')), key });
    const free = await authorizeByCode(context, wish(issuer.ticket('alice')));
    expect([bound.type, decodeJwt(bound.accessToken)['cnf']]).toEqual(['DPoP', { jkt: key.thumbprint }]);
    expect([free.type, decodeJwt(free.accessToken)['cnf']]).toEqual(['Bearer', undefined]);
  });

  it('grants only the scopes that were asked for', async () => {
    const { accessToken } = await authorizeByCode(context, {
      ...wish(issuer.ticket('alice')),
      scopes: ['openid', 'mcp:tools'],
    });
    expect(decodeJwt(accessToken)['scope']).toBe('mcp:tools');
  });
});

describe('introspection at the embedded issuer', () => {
  let opened: Opened;
  beforeAll(async () => {
    opened = await open(planOf({}));
    await opened.identity.obtain();
  });
  afterAll(() => opened.identity.close());

  const ask = async (
    token: string,
    headers: Record<string, string>,
    extra: Record<string, string> = {},
  ): Promise<Response> =>
    fetch(opened.identity.variables['identity.introspectionEndpoint'] ?? '', {
      method: 'POST',
      headers,
      body: new URLSearchParams({ token, ...extra }),
    });
  const credentials = (): { id: string; secret: string } => ({
    id: opened.identity.variables['identity.clientId'] ?? '',
    secret: opened.identity.variables['identity.clientSecret'] ?? '',
  });
  const basic = (): Record<string, string> => {
    const { id, secret } = credentials();
    return { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` };
  };

  it('tells everything about a token of its own', async () => {
    const token = await tokenOf(opened.identity, 'bob');
    const response = await ask(token, basic());
    expect([response.status, await response.json()]).toEqual([
      200,
      { ...decodeJwt(token), active: true, token_type: 'Bearer' },
    ]);
  });

  it.each([
    ['alice', true],
    ['alice-refreshed', true],
    ['alice-other-client', true],
    ['low-scope', true],
    ['alice-dpop', true],
    // The audience is told, not judged: looking at it is the candidate's part.
    ['wrong-audience', true],
    ['sibling-audience', true],
    ['audience-list', true],
    ['missing-audience', true],
    ['wrong-issuer', false],
    ['foreign-issuer', false],
    ['expired', false],
    ['not-yet-valid', false],
    ['bad-signature', false],
    ['alg-none', false],
    ['hs256-public-key', false],
    ['invented', false],
  ] as const)('calls the token of %s active: %s', async (name, active) => {
    const answer = (await (await ask(await tokenOf(opened.identity, name), basic())).json()) as {
      active: boolean;
    };
    expect(answer.active).toBe(active);
    if (!active) expect(answer).toEqual({ active: false });
  });

  it('says that a bound token is one', async () => {
    const answer: unknown = await (await ask(await tokenOf(opened.identity, 'alice-dpop'), basic())).json();
    expect(answer).toMatchObject({ token_type: 'DPoP', cnf: { jkt: expect.any(String) } });
  });

  it('takes the credentials in the body too', async () => {
    const { id, secret } = credentials();
    const token = await tokenOf(opened.identity, 'alice');
    const response = await ask(token, {}, { client_id: id, client_secret: secret });
    expect(await response.json()).toMatchObject({ active: true });
  });

  it('answers nobody else', async () => {
    const token = await tokenOf(opened.identity, 'alice');
    const { id } = credentials();
    const wrong = { authorization: `Basic ${Buffer.from(`${id}:guess`).toString('base64')}` };
    for (const response of [
      await ask(token, {}),
      await ask(token, wrong),
      await ask(token, {}, { client_id: id }),
    ]) {
      expect([response.status, await response.json()]).toEqual([401, { error: 'invalid_client' }]);
    }
  });

  it('refuses a body without a token, or without an end', async () => {
    expect((await ask('', basic())).status).toBe(400);
    expect((await ask('x'.repeat(100_000), basic())).status).toBe(413);
  });
});
