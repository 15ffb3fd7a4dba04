import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { urlFacts } from '../../../../src/facts/elicitationUrl.js';
import { analyseUrl } from '../../../../src/probes/elicitation/url/analyse.js';

const SOURCES = new URL('../../../../src/probes/elicitation/url/', import.meta.url);

describe('the facts about a URL', () => {
  it('are all there for an authorization request', () => {
    const url =
      'https://connect.stripe.com:8443/oauth/authorize?client_id=ca_123&response_type=code&redirect_uri=https%3A%2F%2Fmcp.example.com%2Fcb&state=h2KXvhUxKBwzC9tZ0cN1WlYr4eJq7sGd';
    expect(
      analyseUrl(url, ['https://connect.stripe.com', 'https://stripe.com', 'https://github.com']),
    ).toEqual({
      text: url,
      length: url.length,
      complete: true,
      valid: true,
      scheme: 'https',
      origin: 'https://connect.stripe.com:8443',
      host: 'connect.stripe.com',
      port: 8443,
      registrableDomain: 'stripe.com',
      parsersDisagree: [],
      userInfo: false,
      address: null,
      range: 'public',
      punycode: false,
      mixedScripts: false,
      confusable: false,
      unicodeHost: 'connect.stripe.com',
      near: [
        { origin: 'https://connect.stripe.com', relation: 'same-host-other-scheme-or-port', distance: 0 },
        { origin: 'https://stripe.com', relation: 'subdomain', distance: 8 },
      ],
      hidden: false,
      credentials: [],
      personalData: [],
      nestedUrls: [
        {
          name: 'redirect_uri',
          where: 'query',
          origin: 'https://mcp.example.com',
          sameSite: false,
          oauthRedirect: true,
          identifier: false,
        },
      ],
      stateParameters: [{ name: 'state', where: 'query', length: 32, bits: 191, hash: '2e97064fa8de3d79' }],
    });
  });

  it('are few for what is no URL, and none of them is invented', () => {
    expect(analyseUrl('https://exa mple.com/', ['https://example.com'])).toMatchObject({
      valid: false,
      scheme: 'https',
      origin: null,
      host: null,
      registrableDomain: null,
      near: [],
      range: null,
    });
    expect(analyseUrl('', [])).toMatchObject({ valid: false, scheme: null, complete: true });
    expect(analyseUrl('//evil.example/x', [])).toMatchObject({ valid: false, scheme: null, origin: null });
  });

  it('give no origin to a blob, whoever may own the page that made it', () => {
    expect(analyseUrl('blob:https://github.com/1', ['https://github.com'])).toMatchObject({
      scheme: 'blob',
      origin: null,
      host: null,
      near: [],
    });
  });

  it('see the host as people do', () => {
    expect(analyseUrl('https://www.xn--mnchen-3ya.de/', [])).toMatchObject({
      host: 'www.xn--mnchen-3ya.de',
      unicodeHost: 'www.münchen.de',
      registrableDomain: 'xn--mnchen-3ya.de',
      punycode: true,
      confusable: false,
      mixedScripts: false,
      parsersDisagree: [],
    });
  });

  it.each([
    ['https://mcp.example.co.uk/', 'example.co.uk'],
    ['https://acme.github.io/', 'acme.github.io'],
    ['https://github.io/', null],
    ['https://localhost:3000/', null],
    ['https://10.0.0.1/', null],
  ])(
    'take the registrable domain of %s from the public-suffix list, its private part included',
    (url, domain) => {
      expect(analyseUrl(url, []).registrableDomain).toBe(domain);
    },
  );

  it.each([
    ['https://example.com', 'https://example.com/x', 'same'],
    ['https://example.com', 'https://EXAMPLE.com:443/x', 'same'],
    ['https://example.com', 'http://example.com/x', 'same-host-other-scheme-or-port'],
    ['https://example.com', 'https://auth.example.com/', 'subdomain'],
    ['https://auth.example.com', 'https://example.com/', 'parent'],
    ['https://auth.example.com', 'https://login.example.com/', 'same-site'],
    ['https://*.example.com', 'https://auth.example.com/', 'subdomain'],
    ['https://*.example.com', 'https://example.com/', 'parent'],
    ['https://acme.github.io', 'https://evil.github.io/', undefined],
    ['https://box.com', 'https://fox.com/', undefined],
    ['https://slack.com', 'https://stack.com/', undefined],
    ['https://notion.so', 'https://motion.so/', undefined],
    ['https://figma.com', 'https://sigma.com/', undefined],
    ['https://stripe.com', 'https://strike.com/', undefined],
    ['https://ing.com', 'https://lng.com/', undefined],
    ['https://square.com', 'https://foursquare.com/', undefined],
    ['https://linear.app', 'https://nonlinear.app/', undefined],
    ['https://login.gov', 'https://login.acme.com/', undefined],
    ['https://mcp.acme.com', 'https://acme.okta.com/', undefined],
    ['https://acme.de', 'https://acne.be/', undefined],
    ['not an origin', 'https://example.com/', undefined],
  ])('relate %s to %s as %s', (reviewed, url, relation) => {
    expect(analyseUrl(url, [reviewed]).near.map((each) => each.relation)).toEqual(
      relation === undefined ? [] : [relation],
    );
  });

  it('tell a weak state from a strong one, and find it by its name', () => {
    const bits = (state: string): number | undefined =>
      analyseUrl(`https://example.com/?state=${state}`, []).stateParameters[0]?.bits;
    expect(bits('12345')).toBeLessThan(20);
    expect(bits('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa')).toBeLessThan(20);
    expect(bits('0123456789abcdef0123456789abcdef')).toBeLessThan(30);
    expect(bits('00000000-0000-4000-8000-000000000000')).toBeLessThan(40);
    expect(bits('7bb518c4-eec2-454d-bb28-9f5fdb4c0ee2')).toBeGreaterThan(100);
    expect(bits('h2KXvhUxKBwzC9tZ0cN1WlYr4eJq7sGd')).toBeGreaterThan(120);
  });

  it('keep the client of an authorization request and its tenant out of the state', () => {
    const { stateParameters } = analyseUrl(
      'https://login.microsoftonline.com/4f1c2a7e-9b3d-4c58-8e21-7d6a5b4c3f20/oauth2/v2.0/authorize?client_id=6731de76-14a6-49ae-97bc-6eba6914391e&state=h2KXvhUxKBwzC9tZ0cN1WlYr4eJq7sGd',
      [],
    );
    expect(stateParameters.map(({ name }) => name)).toEqual(['state']);
  });
});

describe('a hostile URL', () => {
  const big = 'a'.repeat(1_000_000);
  const hostile: readonly (readonly [string, string])[] = [
    ['a million letters', big],
    ['a path of a million letters', `https://example.com/${big}`],
    ['a host of a million letters', `https://${big}.com/`],
    ['a host of a million umlauts', `https://${'ü'.repeat(1_000_000)}.com/`],
    ['a hundred thousand labels', `https://${'a.'.repeat(100_000)}com/`],
    ['a hundred thousand user names', `https://${'a@'.repeat(100_000)}example.com/`],
    ['ten thousand parameters', `https://example.com/?${'token=x&'.repeat(10_000)}`],
    ['ten thousand segments', `https://example.com/${'reset/'.repeat(10_000)}`],
    ['percent signs', `https://example.com/?x=${'%25'.repeat(300_000)}`],
    ['addresses that never end', `https://example.com/?x=${'a@a.'.repeat(250_000)}`],
    ['digits', `https://example.com/?x=${'4111 '.repeat(200_000)}`],
    ['URLs in URLs', `https://example.com/?x=${'https://evil.example/?x='.repeat(40_000)}`],
    ['base64', `https://example.com/?x=${'eyJ.'.repeat(250_000)}`],
    ['slashes', `https:${'/\\'.repeat(500_000)}`],
    ['hyphens', `https://example.com/?x=${'sk-'.repeat(300_000)}`],
    ['lone surrogates', `https://example.com/\ud800?\udfff=\ud83d#\udc00`],
    ['a lone surrogate in the host', 'https://ex\ud800ample.com/'],
    ['zeros', 'https://example.com/\0?\0=\0'],
    ['broken encoding', 'https://example.com/%?%=%E2%28&%zz=%FF#%C0%80'],
    ['a broken punycode', 'https://xn--zzzzzzzz---.com/'],
    ['a name like a property of objects', 'https://example.com/?__proto__=1&constructor=2&toString=3'],
  ];

  it.each(hostile)('gives bounded facts that fit their schema: %s', (_, text) => {
    const facts = urlFacts.parse(analyseUrl(text, ['https://example.com', 'https://connect.stripe.com']));
    expect(facts.length).toBe(text.length);
    expect(JSON.stringify(facts).length).toBeLessThan(60_000);
  });

  it('is told from one that was looked at as a whole', () => {
    const complete = (text: string): boolean => analyseUrl(text, []).complete;
    expect(complete(`https://example.com/?x=${'a'.repeat(40_000)}&password=hunter2`)).toBe(false);
    expect(complete(`https://example.com/?${'a=b&'.repeat(500)}password=hunter2`)).toBe(false);
    expect(complete(`https://example.com/${'a/'.repeat(500)}`)).toBe(false);
    expect(complete('https://example.com/?password=hunter2')).toBe(true);
  });

  it('is compared with a thousand reviewed origins, of which the nearest are kept', () => {
    const reviewed = Array.from({ length: 1000 }, (_, at) => `https://connect.service-${at}.example`);
    expect(analyseUrl('https://connect.service-7.example/', reviewed).near[0]).toEqual({
      origin: 'https://connect.service-7.example',
      relation: 'same',
      distance: 0,
    });
    expect(analyseUrl('https://connect.service-7.example/', reviewed).near.length).toBeLessThanOrEqual(20);
  });
});

it('the analysis can open nothing: it imports no way to the network', async () => {
  const files = (await readdir(SOURCES)).filter((name) => name.endsWith('.ts'));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, SOURCES), 'utf8')));
  const imported = texts.flatMap((text) =>
    [...text.matchAll(/from '([^'.][^']*)'/g)].map(([, name]) => name),
  );
  expect([...new Set(imported)].sort()).toEqual(['node:crypto', 'node:url', 'tldts']);
  expect(texts.filter((text) => /\bfetch\(|\bimport\(|\brequire\(/.test(text))).toEqual([]);
});
