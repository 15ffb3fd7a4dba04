import { describe, expect, it } from '@jest/globals';
import { parseChallenges, readChallenge } from '../../../src/probes/authorization/challenge.js';

/** As plain objects, to be compared whole. */
function parsed(header: string): unknown {
  const { challenges, malformed } = parseChallenges(header);
  const plain = challenges.map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);
  return malformed ? [...plain, 'malformed'] : plain;
}

describe('parseChallenges', () => {
  it.each([
    ['Bearer', [['bearer', {}]]],
    ['Bearer realm="a, b"', [['bearer', { realm: 'a, b' }]]],
    ['Bearer realm="a\\"b\\\\c"', [['bearer', { realm: 'a"b\\c' }]]],
    ['BEARER Error=invalid_token , SCOPE = "x y"', [['bearer', { error: 'invalid_token', scope: 'x y' }]]],
    [
      'Basic realm="x", Bearer error="invalid_token", DPoP algs="ES256"',
      [
        ['basic', { realm: 'x' }],
        ['bearer', { error: 'invalid_token' }],
        ['dpop', { algs: 'ES256' }],
      ],
    ],
    [
      'Negotiate, Bearer scope="a"',
      [
        ['negotiate', {}],
        ['bearer', { scope: 'a' }],
      ],
    ],
    [
      'Negotiate YWJj==, Bearer',
      [
        ['negotiate', {}],
        ['bearer', {}],
      ],
    ],
    [', , Bearer realm="a",,', [['bearer', { realm: 'a' }]]],
    [
      'Bearer resource_metadata=https://a.example/x',
      [['bearer', { resource_metadata: 'https://a.example/x' }]],
    ],
    ['', []],
  ])('reads %s', (header, expected) => {
    expect(parsed(header)).toEqual(expected);
  });

  it.each([
    ['Bearer realm="a" error="b"', [['bearer', { realm: 'a', error: 'b' }], 'malformed']],
    ['Bearer realm="a", realm="b"', [['bearer', { realm: 'a' }], 'malformed']],
    ['realm="a"', ['malformed']],
    ['Bearer realm="open, Basic', [['bearer', {}], ['basic', {}], 'malformed']],
    ['"Bearer"', ['malformed']],
    ['Bearer;realm="x", Basic', [['bearer', {}], ['basic', {}], 'malformed']],
  ])('says that %s is malformed, and reads the rest', (header, expected) => {
    expect(parsed(header)).toEqual(expected);
  });

  it('ends on any header, however long or hostile', () => {
    for (const header of [
      '"'.repeat(20_000),
      'a='.repeat(20_000),
      ', '.repeat(20_000),
      'Bearer '.repeat(9_000),
    ]) {
      expect(parseChallenges(header).malformed).toBe(true);
    }
  });
});

describe('readChallenge', () => {
  it('takes each parameter from the first Bearer challenge that has it', () => {
    const header =
      'Basic scope="wrong", Bearer error="insufficient_scope", scope="b  a", Bearer resource_metadata="https://a.example/x", error="late"';
    expect(readChallenge({ 'www-authenticate': header })).toEqual({
      schemes: ['basic', 'bearer'],
      bearer: true,
      resourceMetadata: 'https://a.example/x',
      scopes: ['b', 'a'],
      error: 'insufficient_scope',
      malformed: false,
    });
  });

  it('says nothing of Bearer where another scheme was named', () => {
    expect(readChallenge({ 'www-authenticate': 'DPoP error="invalid_token"' })).toEqual({
      schemes: ['dpop'],
      bearer: false,
      resourceMetadata: null,
      scopes: null,
      error: null,
      malformed: false,
    });
  });

  it('is null without the header', () => {
    expect(readChallenge({})).toBeNull();
  });

  it('cuts what the candidate chose', () => {
    const header = `Bearer error="${'e'.repeat(5000)}"`;
    expect(readChallenge({ 'www-authenticate': header })?.error).toBe('e'.repeat(2048));
  });
});
