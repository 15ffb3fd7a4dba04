import type { ServerResponse } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import type { AuthorizationPlan } from '../../src/manifest/plan.js';
import { availableIn, open, planOf, reasonsIn } from './kit.js';
import { json, metadataOf, type Route, startStandIn } from './stand-in.js';

const LIMITS = { maxBytes: 20_000, timeoutMs: 400, maxRedirects: 3 };
const SERVER = 'GET /.well-known/oauth-authorization-server';
const RESOURCE = 'GET /.well-known/oauth-protected-resource/mcp';

/** The reason that alice gets, with the ports of this run left out; and what was asked for on the way. */
async function reasonWith(
  routes: Readonly<Record<string, Route>>,
  authorization: Partial<AuthorizationPlan> = {},
): Promise<{ reason: string; requests: readonly string[] }> {
  const standIn = await startStandIn({ users: 'hinted', routes });
  const plan = planOf({ provider: 'discovered', ...authorization }, standIn.endpoint);
  const { identity } = await open(plan, { fetchLimits: LIMITS });
  try {
    await identity.obtain();
    const reasons = reasonsIn(identity);
    expect(availableIn(identity)).toEqual(['anonymous', 'invented']);
    expect(new Set(Object.values(reasons)).size).toBe(1);
    const reason = String(reasons['alice'])
      .replaceAll(standIn.candidate, 'CANDIDATE')
      .replaceAll(standIn.issuer, 'ISSUER');
    return { reason, requests: standIn.requests };
  } finally {
    await identity.close();
    await standIn.close();
  }
}

const forever: Route = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  pour(response);
};
function pour(response: ServerResponse): void {
  if (response.destroyed) return;
  response.write(' '.repeat(5_000), () => pour(response));
}
const silence: Route = () => {};
const trickle: Route = (_, response) => {
  response.writeHead(200, { 'content-type': 'application/json' });
  const timer = setInterval(() => response.write(' '), 50);
  response.on('close', () => clearInterval(timer));
};
const page: Route = (_, response) => {
  response.writeHead(200, { 'content-type': 'text/html' }).end('<html>welcome</html>');
};
const to =
  (location: string): Route =>
  (_, response) => {
    response.writeHead(302, { location }).end();
  };
const says =
  (fields: Record<string, unknown>): Route =>
  (_, response, { issuer }) => {
    json(response, 200, { ...metadataOf(issuer), ...fields });
  };
const names =
  (fields: Record<string, unknown>): Route =>
  (_, response, { candidate, issuer }) => {
    json(response, 200, { resource: `${candidate}/mcp`, authorization_servers: [issuer], ...fields });
  };

const AS = 'authorization server metadata at ISSUER/.well-known/oauth-authorization-server';
const OPENID =
  'authorization server metadata at ISSUER/.well-known/openid-configuration was answered with status 404';
const RS = 'protected resource metadata at CANDIDATE/.well-known/oauth-protected-resource/mcp';

describe('a hostile issuer', () => {
  it.each<readonly [string, Route, string]>([
    [
      'never ends',
      forever,
      'ISSUER/.well-known/oauth-authorization-server answered with more than 20000 bytes',
    ],
    ['never answers', silence, 'ISSUER/.well-known/oauth-authorization-server did not answer within 400 ms'],
    [
      'answers byte by byte',
      trickle,
      'ISSUER/.well-known/oauth-authorization-server did not answer within 400 ms',
    ],
    ['answers with a page', page, `${AS} is an HTML page`],
    ['answers with a list', (_, response) => json(response, 200, []), `${AS} is no JSON object`],
    [
      'redirects elsewhere',
      to('https://evil.example/m?token=1'),
      `${AS} redirects elsewhere, to https://evil.example`,
    ],
    [
      'redirects in circles',
      to('/.well-known/oauth-authorization-server'),
      `${AS} redirects more than 3 times`,
    ],
    [
      'speaks for another issuer',
      says({ issuer: 'https://honest.example' }),
      'the metadata found for ISSUER is of another issuer',
    ],
    ['names no issuer', says({ issuer: 7 }), 'the metadata found for ISSUER is of another issuer'],
    [
      'wants its codes elsewhere',
      says({ token_endpoint: 'https://evil.example/token' }),
      "token_endpoint of the issuer's metadata lies elsewhere, at https://evil.example",
    ],
    [
      'names no web address',
      says({ token_endpoint: 'file:///etc/passwd' }),
      "token_endpoint of the issuer's metadata is no web address",
    ],
    [
      'breaks a line in an address',
      says({ token_endpoint: 'http://127.0.0.1/\n::error::' }),
      "token_endpoint of the issuer's metadata is no web address",
    ],
    [
      'has no token endpoint',
      says({ token_endpoint: undefined }),
      'the metadata of ISSUER/ names no token endpoint',
    ],
    [
      'knows plain PKCE only',
      says({ code_challenge_methods_supported: ['plain'] }),
      'ISSUER/ does not support PKCE with S256',
    ],
  ])('that %s gives a reason', async (_, route, expected) => {
    const { reason } = await reasonWith({ [SERVER]: route });
    expect(reason).toBe(`${expected}; ${OPENID}`);
  });

  it.each<readonly [string, string, Route, string]>([
    [
      'asks for a password',
      'GET /authorize',
      page,
      'ISSUER/ shows a page, so a person would have to log in or consent',
    ],
    [
      'sends users elsewhere',
      'GET /authorize',
      to('https://idp.example/login?hint=1'),
      'ISSUER/ sends its users on to https://idp.example',
    ],
    [
      'sends users in circles',
      'GET /authorize',
      to('/authorize'),
      'ISSUER/ redirects more than 6 times without an answer',
    ],
    [
      'forgets the state',
      'GET /authorize',
      to('http://127.0.0.1/callback?code=1'),
      'ISSUER/ did not return the state it was given',
    ],
    [
      'fails',
      'GET /authorize',
      (_, response) => response.writeHead(500).end(),
      'ISSUER/ answered the authorization request with status 500',
    ],
    [
      'registers nobody',
      'POST /register',
      (_, response) => json(response, 403, { error: 'access_denied' }),
      'ISSUER/ did not register a client: status 403, access_denied',
    ],
    [
      'answers errors in its own words',
      'POST /register',
      (_, response) => json(response, 400, { error: '::warning::\u001b[2J' }),
      'ISSUER/ did not register a client: status 400, no readable error code',
    ],
    [
      'gives a token that breaks out of its header',
      'POST /token',
      (_, response) => json(response, 200, { access_token: 'a\r\nx: y', token_type: 'Bearer' }),
      'ISSUER/ gave no token: status 200, no readable error code',
    ],
    [
      'gives a token of its own kind',
      'POST /token',
      (_, response) => json(response, 200, { access_token: 'abc', token_type: 'mac' }),
      'the token is of a type other than Bearer and DPoP',
    ],
    ['never gives one', 'POST /token', silence, 'ISSUER/token did not answer within 400 ms'],
  ])('that %s gives a reason', async (_, name, route, expected) => {
    expect((await reasonWith({ [name]: route })).reason).toBe(expected);
  });

  it('that returns another issuer in its response gets no code exchanged', async () => {
    const { reason, requests } = await reasonWith({
      'GET /authorize': (request, response) => {
        const state = new URL(request.url ?? '', 'http://127.0.0.1').searchParams.get('state');
        response
          .writeHead(302, {
            location: `http://127.0.0.1/callback?code=1&iss=https://evil.example&state=${state}`,
          })
          .end();
      },
    });
    expect(reason).toBe('the authorization response does not name ISSUER/ as its issuer (RFC 9207)');
    expect(requests).not.toContain('POST /token');
  });
});

describe('a candidate that leads the gate astray', () => {
  it.each<readonly [string, Route, string]>([
    [
      'to an issuer beyond this machine',
      names({ authorization_servers: ['https://idp.example'] }),
      'the server names an authorization server that the gate may not use (https://idp.example); authorization.issuers of the manifest lists those beyond this machine',
    ],
    [
      'to an issuer that is no address',
      names({ authorization_servers: ['javascript:alert(1)'] }),
      'the server names an authorization server that the gate may not use (no web address); authorization.issuers of the manifest lists those beyond this machine',
    ],
    [
      'to no issuer',
      names({ authorization_servers: [] }),
      'the protected resource metadata names no authorization server',
    ],
    [
      'with the name of another resource',
      names({ resource: 'https://bank.example/mcp' }),
      'the protected resource metadata is of another resource, at https://bank.example',
    ],
    ['without a name', names({ resource: undefined }), 'the protected resource metadata names no resource'],
    ['with a page', page, `${RS} is an HTML page`],
    [
      'without end',
      forever,
      'CANDIDATE/.well-known/oauth-protected-resource/mcp answered with more than 20000 bytes',
    ],
  ])('%s gives a reason', async (_, route, expected) => {
    const { reason, requests } = await reasonWith({ [RESOURCE]: route });
    expect(reason).toBe(expected);
    expect(requests).not.toContain('POST /register');
  });

  it('with a challenge that names another site gives a reason', async () => {
    const { reason } = await reasonWith({
      'POST /mcp': (_, response) => {
        response
          .writeHead(401, { 'www-authenticate': 'Bearer resource_metadata="https://evil.example/m"' })
          .end();
      },
    });
    expect(reason).toBe('resource_metadata of the 401 answer lies elsewhere, at https://evil.example');
  });

  it('may name an issuer beyond this machine that the manifest names too', async () => {
    // Nothing answers under a reserved name, which proves that the gate went there and nowhere else.
    const { reason } = await reasonWith(
      { [RESOURCE]: names({ authorization_servers: ['https://idp.invalid/tenant'] }) },
      { issuers: ['https://idp.invalid/tenant/'] },
    );
    expect(
      reason.split('; ').map((part) => part.replace(/ (could not be reached|did not answer).*/, ' failed')),
    ).toEqual([
      'https://idp.invalid/.well-known/oauth-authorization-server/tenant failed',
      'https://idp.invalid/.well-known/openid-configuration/tenant failed',
      'https://idp.invalid/tenant/.well-known/openid-configuration failed',
    ]);
  });

  it('that streams its answer without end is left alone after the headers', async () => {
    const { reason } = await reasonWith({ 'POST /mcp': forever, [RESOURCE]: silence });
    // Without metadata the candidate itself is asked, as revision 2025-03-26 had it; here it has none for its name.
    expect(reason).toContain('the metadata found for CANDIDATE is of another issuer');
  });

  it('that is not there at all gives a reason', async () => {
    const { identity } = await open(planOf({ provider: 'discovered' }, 'http://127.0.0.1:9/mcp'), {
      fetchLimits: LIMITS,
    });
    await identity.obtain();
    expect(reasonsIn(identity)['alice']).toBe('http://127.0.0.1:9/mcp could not be reached (ECONNREFUSED)');
    await identity.close();
  });

  it('does not outlast a cancelled run', async () => {
    const controller = new AbortController();
    const abort: Route = () => controller.abort(new Error('the run was cancelled'));
    const standIn = await startStandIn({ users: 'hinted', routes: { 'POST /token': abort } });
    const { identity } = await open(planOf({ provider: 'discovered' }, standIn.endpoint), {
      signal: controller.signal,
    });
    await expect(identity.obtain()).rejects.toThrow('the run was cancelled');
    await identity.close();
    await standIn.close();
  });
});
