import { describe, expect, it } from '@jest/globals';
import { readChallenge } from '../../src/identity/discovered/challenge.js';
import { discover } from '../../src/identity/discovered/discovery.js';
import { type OAuthClient, secretMethodOf } from '../../src/identity/oauth/client.js';
import { createJar } from '../../src/identity/oauth/cookies.js';
import {
  createFetcher,
  DEFAULT_LIMITS,
  type Fetcher,
  type Outgoing,
} from '../../src/identity/oauth/fetcher.js';
import { isLoopback, placeOf, webUrl } from '../../src/identity/oauth/loopback.js';
import { discoverServer } from '../../src/identity/oauth/server.js';
import { requestToken } from '../../src/identity/oauth/tokens.js';
import { metadataOf } from './stand-in.js';

describe('a challenge', () => {
  it.each<readonly [readonly string[], string | null, readonly string[] | null]>([
    [[], null, null],
    [['Bearer'], null, null],
    [['Bearer resource_metadata="http://h/m", scope="a  b"'], 'http://h/m', ['a', 'b']],
    [['bearer error="invalid_token",resource_metadata=http://h/m'], 'http://h/m', null],
    [['Basic realm="x"', 'Bearer RESOURCE_METADATA = "http://h/m"'], 'http://h/m', null],
    [['Basic realm="x", resource_metadata="http://h/m"'], null, null],
    [['Bearer x_resource_metadata="http://h/m"'], null, null],
  ])('%j is read', (headers, resourceMetadata, scopes) => {
    expect(readChallenge(headers)).toEqual({ resourceMetadata, scopes });
  });
});

describe('a cookie jar', () => {
  it('keeps, replaces and forgets', () => {
    const jar = createJar();
    jar.keep(['a=1; Path=/; HttpOnly', 'b=2=2', 'c=3', 'nonsense', '=x']);
    jar.keep(['a=9', 'b=; Max-Age=0', 'c=x; Expires=Thu, 01 Jan 1970 00:00:00 GMT']);
    expect(jar.header()).toBe('a=9');
  });

  it('has an end', () => {
    const jar = createJar();
    jar.keep(Array.from({ length: 500 }, (_, index) => `c${index}=1`));
    expect(jar.header().split('; ')).toHaveLength(50);
  });
});

describe('an address', () => {
  it.each([
    'http://localhost',
    'http://a.localhost',
    'http://127.1.2.3',
    'http://[::1]',
    'http://2130706433',
  ])('%s is loopback', (url) => {
    expect(isLoopback(new URL(url))).toBe(true);
  });

  it.each([
    'http://localhost.example',
    'http://127.0.0.1.example',
    'http://10.0.0.1',
    'http://0.0.0.0',
    'http://[::2]',
  ])('%s is not', (url) => {
    expect(isLoopback(new URL(url))).toBe(false);
  });

  it('of this machine is the same place under every name, but not under another port or scheme', () => {
    const places = [
      'http://127.0.0.1:1',
      'http://localhost:1',
      'http://[::1]:1',
      'http://localhost:2',
      'https://localhost:1',
    ];
    expect(places.map((place) => placeOf(new URL(place)))).toEqual([
      'http://localhost:1',
      'http://localhost:1',
      'http://localhost:1',
      'http://localhost:2',
      'https://localhost:1',
    ]);
  });

  it.each([
    7,
    '',
    'x',
    'ftp://h',
    'http://u:p@h',
    'http://h/\nx',
    'http://h/ü',
    `http://h/${'x'.repeat(2048)}`,
  ])('%j is none of the web', (value) => {
    expect(webUrl(value)).toBeNull();
  });
});

describe('the token endpoint', () => {
  it.each<readonly [OAuthClient['authentication'], string | undefined, string]>([
    ['none', undefined, 'grant_type=x&client_id=a+b'],
    ['client_secret_post', undefined, 'grant_type=x&client_id=a+b&client_secret=s%3Ae'],
    ['client_secret_basic', `Basic ${Buffer.from('a+b:s%3Ae').toString('base64')}`, 'grant_type=x'],
  ])('sees a client authenticate with %s', async (authentication, authorization, body) => {
    const sent: Outgoing[] = [];
    const fetcher: Fetcher = {
      limits: DEFAULT_LIMITS,
      allow: () => {},
      allows: () => true,
      exchange: async (outgoing) => {
        sent.push(outgoing);
        return {
          url: outgoing.url,
          status: 200,
          header: () => [],
          text: '{"access_token":"t","token_type":"bearer"}',
        };
      },
      document: async () => metadataOf('http://127.0.0.1:1'),
      close: async () => {},
    };
    const server = await discoverServer(fetcher, new URL('http://127.0.0.1:1'), 'http://127.0.0.1:1');
    const client = { id: 'a b', secret: 's:e', authentication };
    const grant = await requestToken({ fetcher, server, client, mask: () => {} }, { grant_type: 'x' }, null);
    expect(grant).toEqual({
      accessToken: 't',
      type: 'Bearer',
      refreshToken: null,
      scopes: null,
      expiresAt: null,
    });
    expect(sent.map((one) => [one.headers?.['authorization'], one.body])).toEqual([[authorization, body]]);
  });

  it.each<readonly [readonly string[] | undefined, string]>([
    [undefined, 'client_secret_basic'],
    [['none', 'client_secret_post'], 'client_secret_post'],
    [['client_secret_post', 'client_secret_basic'], 'client_secret_basic'],
  ])('that supports %j gets %s', async (supported, expected) => {
    const metadata = {
      ...metadataOf('http://127.0.0.1:1'),
      token_endpoint_auth_methods_supported: supported,
    };
    const fetcher = createFetcher({ limits: undefined, signal: new AbortController().signal });
    const described = { ...fetcher, allows: () => true, document: async () => metadata };
    const server = await discoverServer(described, new URL('http://127.0.0.1:1'), 'http://127.0.0.1:1');
    expect(secretMethodOf(server)).toBe(expected);
    await fetcher.close();
  });
});

describe('a candidate beyond this machine', () => {
  it('cannot send the gate to what listens beside it', async () => {
    const asked: string[] = [];
    const fetcher: Fetcher = {
      limits: DEFAULT_LIMITS,
      allow: () => {},
      allows: () => true,
      exchange: async ({ url }) => ({ url, status: 401, header: () => [], text: '' }),
      document: async (_, url) => {
        asked.push(url.href);
        return {
          resource: 'https://mcp.example/mcp',
          authorization_servers: ['http://localhost:8080', 'http://169.254.169.254'],
        };
      },
      close: async () => {},
    };
    await expect(
      discover(fetcher, { endpoint: new URL('https://mcp.example/mcp'), issuers: [] }),
    ).rejects.toThrow(
      'the server names an authorization server that the gate may not use (http://localhost:8080, http://169.254.169.254)',
    );
    expect(asked).toEqual(['https://mcp.example/.well-known/oauth-protected-resource/mcp']);
  });
});
