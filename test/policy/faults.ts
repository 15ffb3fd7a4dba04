/** For every built-in rule one change to the faultless facts that makes it fire, and nothing else. */
import type { Facts } from '../../src/facts/facts.js';
import type { InitializeAttempt } from '../../src/facts/protocol.js';
import type { ForeignRequest } from '../../src/facts/transport.js';

type Protocol = NonNullable<Facts['protocol']>;
type Transport = NonNullable<Facts['transport']>;
type Http = NonNullable<Transport['http']>;
type Stdio = NonNullable<Transport['stdio']>;

export type Change = (facts: Facts) => void;

const protocol =
  (change: (protocol: Protocol) => void): Change =>
  (facts) => {
    if (facts.protocol === null) throw new Error('the fixture has no protocol facts');
    change(facts.protocol);
  };

const transport =
  (change: (transport: Transport) => void): Change =>
  (facts) => {
    if (facts.transport === null) throw new Error('the fixture has no transport facts');
    change(facts.transport);
  };

const http = (change: (http: Http) => void): Change =>
  transport((each) => {
    if (each.http === null) throw new Error('the fixture has no HTTP facts');
    change(each.http);
  });

const stdio = (change: Partial<Stdio>): Change =>
  transport((each) => {
    each.http = null;
    each.stdio = {
      noise: { lines: 0, samples: [], evidence: [] },
      exitOnEof: { exited: true, afterMs: 3, evidence: ['x70'] },
      ...change,
    };
  });

const attempt = (change: Partial<InitializeAttempt>): Change =>
  protocol((each) => {
    each.initialize = each.initialize.slice(0, 1).map((first) => ({ ...first, evidence: ['x9'], ...change }));
  });

const served = (kind: ForeignRequest['case']): Change =>
  http((each) => {
    each.foreignRequests = each.foreignRequests.map((request) =>
      request.case === kind ? { ...request, outcome: 'accepted', httpStatus: 200 } : request,
    );
  });

const probe =
  (status: 'inconclusive' | 'failed'): Change =>
  (facts) => {
    facts.probes = facts.probes.map((record, index) =>
      index === 0 ? { ...record, status, reason: 'why' } : record,
    );
  };

export const FAULTS: ReadonlyMap<string, Change> = new Map<string, Change>([
  [
    'gate/candidate-not-started',
    (facts) => {
      facts.candidate = { ...facts.candidate, started: false };
    },
  ],
  ['gate/probe-inconclusive', probe('inconclusive')],
  ['gate/probe-failed', probe('failed')],
  [
    'gate/probe-missing',
    (facts) => {
      facts.probes = facts.probes.slice(1);
    },
  ],
  [
    'protocol/below-minimum',
    protocol((each) => {
      Object.assign(each, { best: '2024-11-05', oldestAccepted: '2024-11-05', eras: ['legacy'] });
    }),
  ],
  [
    'protocol/below-preferred',
    protocol((each) => {
      each.best = '2025-06-18';
    }),
  ],
  [
    'protocol/accepts-below-minimum',
    protocol((each) => {
      each.oldestAccepted = '2024-11-05';
    }),
  ],
  ['protocol/echoes-unknown-version', attempt({ case: 'unknown', requested: '2099-12-31', outcome: 'same' })],
  ['protocol/invalid-negotiation', attempt({ case: 'unknown', requested: '2099-12-31', outcome: 'silence' })],
  [
    'protocol/unstable-negotiation',
    protocol((each) => {
      each.stability.repeated = [{ between: ['attempt 1', 'attempt 2'], what: 'tools', evidence: ['x9'] }];
    }),
  ],
  [
    'protocol/header-not-enforced',
    protocol((each) => {
      each.versionHeader = [
        { case: 'invalid', sent: 'ü', outcome: 'accepted', httpStatus: 200, evidence: ['x9'] },
      ];
    }),
  ],
  [
    'protocol/discover-inconsistent',
    protocol((each) => {
      if (each.discover !== null) each.discover.supportedVersions = [];
    }),
  ],
  [
    'protocol/modern-errors',
    protocol((each) => {
      each.modern = each.modern.map((answer) => ({ ...answer, conforms: false }));
    }),
  ],
  [
    'protocol/claim-drift',
    protocol((each) => {
      each.claims = each.claims.map((claim) => ({ ...claim, observed: false }));
    }),
  ],
  [
    'protocol/cloaking',
    protocol((each) => {
      each.stability.byClient = [{ between: ['a', 'b'], what: 'serverInfo', evidence: ['x9'] }];
    }),
  ],
  [
    'transport/deprecated-http-sse',
    http((each) => {
      each.deprecatedSse = { offered: true, path: '/sse', evidence: ['x9'] };
    }),
  ],
  ['transport/origin-not-validated', served('null-origin')],
  ['transport/host-not-validated', served('foreign-host')],
  ['transport/dns-rebinding', served('rebinding')],
  [
    'transport/cross-site-post',
    http((each) => {
      each.crossSitePosts = each.crossSitePosts.map((post) => ({ ...post, outcome: 'accepted' }));
    }),
  ],
  [
    'transport/permissive-cors',
    http((each) => {
      each.cors = each.cors.map((answer) => ({ ...answer, reflectsOrigin: true }));
    }),
  ],
  [
    'transport/listens-on-all-interfaces',
    http((each) => {
      each.listeners = [{ address: '::', port: 8123, allInterfaces: true }];
    }),
  ],
  ['transport/stdout-noise', stdio({ noise: { lines: 2, samples: ['ready'], evidence: ['x9'] } })],
  ['transport/does-not-exit', stdio({ exitOnEof: { exited: false, afterMs: null, evidence: ['x9'] } })],
  [
    'transport/leaves-processes',
    transport((each) => {
      each.shutdown = {
        sigtermHonoured: true,
        afterMs: 4,
        leftovers: [{ pid: 7, command: 'sh' }],
        portFreed: true,
      };
    }),
  ],
  [
    'transport/crashes',
    transport((each) => {
      each.crashes = [
        { experiment: 'batch', afterExchange: 'x8', exitCode: 1, signal: null, evidence: ['x9'] },
      ];
    }),
  ],
]);
