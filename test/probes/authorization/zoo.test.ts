import { describe, expect, it } from '@jest/globals';
import type { Attempt } from '../../../src/facts/authorization.js';
import { authorizationFacts } from '../../../src/facts/authorization.js';
import { DEFECTS } from '../../../src/probes/authorization/tokens.js';
import { FAULTS, type Fault, faultId } from '../../zoo/faults.mjs';
import { zooManifest } from '../../zoo/manifest.mjs';
import { factsOf, probeText } from './kit.js';

/** Where an attempt was made, and what came of it. */
function told({ era, operation, outcome, httpStatus }: Attempt): string {
  return `${era} ${operation}: ${outcome} ${httpStatus}`;
}

function fault(id: string): Fault {
  const found = FAULTS.find((each) => faultId(each) === id);
  if (found === undefined) throw new Error(`there is no fault ${id}`);
  return found;
}

const CHALLENGE = {
  schemes: ['bearer'],
  bearer: true,
  scopes: ['mcp:tools'],
  error: null,
  malformed: false,
};

describe('on the faultless resource server', () => {
  it('finds every operation guarded in both eras, and every defect refused', async () => {
    const probed = await probeText(
      zooManifest({ transport: 'streamable-http', era: 'both', authorization: 'oauth' }),
    );
    const facts = factsOf(probed);

    expect(probed.record).toMatchObject({ status: 'completed', reason: null, untested: [] });
    expect(authorizationFacts.parse(facts)).toEqual(facts);
    expect(new Set(facts.anonymous.map(told))).toEqual(
      new Set([
        'legacy initialize: refused 401',
        'legacy request: refused 401',
        'legacy request: not-offered 401',
        'legacy call: refused 401',
        'legacy notification: refused 401',
        'legacy stream: refused 401',
        'legacy delete: refused 401',
        'modern discover: refused 401',
        'modern request: refused 401',
        'modern call: refused 401',
        'modern listen: refused 401',
      ]),
    );
    const announced = facts.endpoint.replace('/mcp', '/.well-known/oauth-protected-resource/mcp');
    expect(facts.anonymous.map(({ challenge }) => challenge)).toEqual(
      facts.anonymous.map(() => ({ ...CHALLENGE, resourceMetadata: announced })),
    );
    expect([facts.required, facts.bearer, facts.tokenTests]).toEqual([
      'all',
      true,
      { applicable: true, reason: null },
    ]);

    expect(facts.defects.map((attempt) => [attempt.principal, told(attempt)])).toEqual(
      DEFECTS.flatMap((name) => [
        [name, 'legacy initialize: refused 401'],
        [name, 'legacy request: refused 401'],
        [name, 'modern request: refused 401'],
      ]),
    );
    expect(
      new Set(facts.lowScope.map((attempt) => [told(attempt), attempt.challenge?.error].join(' '))),
    ).toEqual(
      new Set([
        'legacy initialize: refused 403 insufficient_scope',
        'legacy request: refused 403 insufficient_scope',
        'legacy call: refused 403 insufficient_scope',
        'modern request: refused 403 insufficient_scope',
        'modern call: refused 403 insufficient_scope',
      ]),
    );
    expect(facts.tokenInQuery.map(told)).toEqual([
      'legacy initialize: refused 401',
      'legacy request: refused 401',
      'modern request: refused 401',
    ]);
    expect(facts.doubledHeader.map((attempt) => [attempt.case, told(attempt)])).toEqual([
      ['valid-first', 'modern request: refused 400'],
      ['valid-last', 'modern request: refused 400'],
    ]);
    expect(
      facts.documents.map(({ place, announced: named, used, outcome, resourceMatch }) => [
        place,
        named,
        used,
        outcome,
        resourceMatch,
      ]),
    ).toEqual([
      ['path', true, true, 'document', 'exact'],
      ['root', false, false, 'document', 'exact'],
    ]);
    expect(
      facts.authorizationServers.map(({ named, outcome, issuerMatch, s256, insecureEndpoints }) => [
        named,
        outcome,
        issuerMatch,
        s256,
        insecureEndpoints,
      ]),
    ).toEqual([[true, 'document', 'exact', true, []]]);
    expect([facts.oddities, facts.notTested]).toEqual([[], []]);
  }, 30_000);

  it('writes down no token, neither in facts nor in the transcript', async () => {
    const probed = await probeText(
      zooManifest({
        fault: fault('authorization/token-in-query'),
        transport: 'streamable-http',
        era: 'both',
      }),
    );
    const written = JSON.stringify([probed.facts, probed.exchanges, probed.record]);

    expect(probed.tokens.length).toBeGreaterThan(DEFECTS.length);
    expect(probed.tokens.filter((token) => written.includes(token))).toEqual([]);
    expect(written).toContain('access_token=***');
  }, 30_000);

  it('has nothing to say on stdio', async () => {
    const { record, facts } = await probeText(zooManifest({ transport: 'stdio', era: 'both' }));
    expect(facts).toBeNull();
    expect(record).toMatchObject({
      status: 'not-applicable',
      reason: 'stdio has no HTTP authorization: credentials come from the environment',
    });
  });
});

/** What is served that a faultless server refuses, by fault; everything else is refused. */
const SERVED: readonly (readonly [
  string,
  Fault['transports'][number],
  Fault['eras'][number],
  readonly string[],
])[] = [
  [
    'authorization/unprotected-route:initialize',
    'streamable-http',
    'legacy',
    ['anonymous legacy initialize'],
  ],
  ['authorization/unprotected-route:tools-list', 'streamable-http', 'modern', ['anonymous modern request']],
  ['authorization/unprotected-route:delete', 'streamable-http', 'legacy', ['anonymous legacy delete']],
  ['authorization/unprotected-route', 'streamable-http', 'legacy', ['anonymous legacy stream']],
  [
    'authorization/wrong-audience-accepted:missing-audience',
    'streamable-http',
    'modern',
    ['missing-audience modern request'],
  ],
  [
    'authorization/wrong-audience-accepted:sibling-audience',
    'streamable-http',
    'modern',
    ['sibling-audience modern request'],
  ],
  [
    'authorization/wrong-audience-accepted:audience-list',
    'sse',
    'legacy',
    ['audience-list legacy message', 'audience-list legacy stream'],
  ],
  [
    'authorization/invalid-token-accepted:expired',
    'streamable-http',
    'legacy',
    ['expired legacy initialize', 'expired legacy request'],
  ],
  ['authorization/token-in-query', 'streamable-http', 'modern', ['query modern request']],
  [
    'authorization/no-scope-challenge:served',
    'streamable-http',
    'modern',
    ['low-scope modern call', 'low-scope modern request'],
  ],
  [
    'authorization/no-scope-challenge:served',
    'sse',
    'legacy',
    ['low-scope legacy call', 'low-scope legacy message', 'low-scope legacy stream'],
  ],
];

describe('on a resource server with one fault', () => {
  it.each(SERVED)(
    'sees what %s serves over %s (%s)',
    async (id, transport, era, expected) => {
      const probed = await probeText(zooManifest({ fault: fault(id), transport, era }));
      const { anonymous, defects, tokenInQuery, lowScope } = factsOf(probed);
      const attempts = [
        ...anonymous.map((attempt) => ({ who: 'anonymous', attempt })),
        ...defects.map((attempt) => ({ who: attempt.principal, attempt })),
        ...tokenInQuery.map((attempt) => ({ who: 'query', attempt })),
        ...lowScope.map((attempt) => ({ who: 'low-scope', attempt })),
      ];
      const served = attempts
        .filter(({ attempt }) => attempt.outcome === 'accepted')
        .map(({ who, attempt }) => `${who} ${attempt.era} ${attempt.operation}`);

      expect(probed.record).toMatchObject({ status: 'completed', untested: [] });
      expect([...new Set(served)].sort()).toEqual(expected);
      expect(attempts.filter(({ attempt }) => attempt.outcome === 'inconclusive')).toEqual([]);
    },
    30_000,
  );

  it('tries no token for a path beside the endpoint where the origin is the resource', async () => {
    const probed = await probeText(
      zooManifest({
        fault: fault('authorization/metadata-mismatch:origin'),
        transport: 'streamable-http',
        era: 'modern',
      }),
    );
    const { defects, notTested } = factsOf(probed);

    expect(probed.record).toMatchObject({ status: 'completed', untested: [] });
    expect(new Set(defects.map(({ principal }) => principal))).toEqual(
      new Set(DEFECTS.filter((name) => name !== 'sibling-audience')),
    );
    expect(notTested).toEqual([
      {
        what: 'sibling-audience',
        reason:
          'the metadata names a path above the endpoint as the resource, and this is a token for something in it',
      },
    ]);
  }, 30_000);

  it('finds a server that asks nobody, and tries no token there', async () => {
    const probed = await probeText(
      zooManifest({
        fault: fault('authorization/none-required'),
        transport: 'streamable-http',
        era: 'both',
      }),
    );
    const facts = factsOf(probed);

    expect(probed.record).toMatchObject({ status: 'completed', untested: [] });
    expect(facts.required).toBe('none');
    expect(
      facts.anonymous.filter(({ outcome }) => outcome !== 'accepted').map((one) => [one.method, one.outcome]),
    ).toEqual([['tools/list without a session id', 'not-offered']]);
    expect(facts.tokenTests).toEqual({
      applicable: false,
      reason: 'everything is served without a token anyway',
    });
    expect([facts.defects, facts.tokenInQuery, facts.doubledHeader, facts.lowScope]).toEqual([
      [],
      [],
      [],
      [],
    ]);
  }, 30_000);
});
