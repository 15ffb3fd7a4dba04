/** The one report that every renderer is tested with, and the pieces to make others. */

import type { Rule } from '../../src/policy/verdict.js';
import type { Report, ReportFinding, ServerReport } from '../../src/report/report.js';
import { CHECKED_OUT } from '../../src/report/report.js';
import { ELICITATION, SESSION, TASKS, TRANSCRIPT } from './fixtureEvidence.js';

type Facts = NonNullable<ServerReport['facts']>;

export function finding(changes: Partial<ReportFinding> = {}): ReportFinding {
  return {
    rule: 'transport/origin-not-validated',
    level: 'deny',
    title: 'The Origin header is not validated',
    message: 'A request with Origin https://attacker.example was served on /mcp without a token.',
    severity: 'high',
    remediation: 'Answer requests whose Origin is not on an allow list with 403.',
    references: [
      'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning',
    ],
    at: '/spec/transport',
    location: { file: 'deploy/mcp-gate.yaml', line: 9, column: 3 },
    evidence: ['x41', 'x42'],
    waiver: null,
    ...changes,
  };
}

export function server(changes: Partial<ServerReport> = {}): ServerReport {
  const name = changes.name ?? 'billing';
  return {
    name,
    manifest: 'deploy/mcp-gate.yaml',
    decision: 'deny',
    environment: null,
    durationMs: 2140,
    findings: [],
    indecisions: [],
    probes: [
      { id: 'protocol', status: 'completed', reason: null, durationMs: 812 },
      { id: 'transport', status: 'completed', reason: null, durationMs: 640 },
    ],
    facts: facts(name),
    transcript: [],
    output: '',
    ...changes,
  };
}

export function report(servers: ServerReport[], changes: Partial<Report> = {}): Report {
  const decisions = servers.map((one) => one.decision);
  return {
    schemaVersion: 1,
    decision: decisions.includes('deny') ? 'deny' : decisions.includes('undecided') ? 'undecided' : 'allow',
    mode: 'enforce',
    servers,
    policy: {
      digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
      rules: RULES.length,
      source: CHECKED_OUT,
      review: null,
    },
    gate: { version: '0.1.0' },
    ...changes,
  };
}

function facts(name: string): Facts {
  return {
    gate: {
      version: '0.1.0',
      startedAt: '2026-11-20T08:00:00.000Z',
      startedAtMs: 1795161600000,
      probes: ['protocol', 'transport'],
    },
    manifest: { kind: 'McpServerDeployment', apiVersion: 'mcp-gate/v1', metadata: { name } },
    candidate: {
      name,
      labels: { environment: 'production' },
      transport: 'streamable-http',
      run: 'command',
      started: true,
      readyMs: 320,
      failure: null,
    },
    probes: [
      { id: 'protocol', status: 'completed', reason: null, untested: [], durationMs: 812 },
      { id: 'transport', status: 'completed', reason: null, untested: [], durationMs: 640 },
    ],
    protocol: protocolFacts(),
    authorization: null,
    session: null,
    tasks: null,
    elicitation: null,
    transport: transportFacts(),
  };
}

function protocolFacts(): NonNullable<Facts['protocol']> {
  const attempt = {
    case: 'known',
    outcome: 'same',
    known: true,
    httpStatus: 200,
    errorCode: null,
    supported: [],
    sessionIssued: true,
    capabilities: ['tools'],
    serverName: 'billing',
    serverVersion: '1.4.0',
    durationMs: 12,
  } as const;
  return {
    eras: ['legacy'],
    supported: ['2024-11-05', '2025-11-25'],
    best: '2025-11-25',
    oldestAccepted: '2024-11-05',
    unknownAnswer: { outcome: 'counter-offer', answered: '2025-11-25', evidence: ['x3'] },
    initialize: [
      {
        ...attempt,
        supported: [],
        capabilities: ['tools'],
        requested: '2025-11-25',
        answered: '2025-11-25',
        evidence: ['x2'],
      },
      {
        ...attempt,
        supported: [],
        capabilities: ['tools'],
        requested: '2024-11-05',
        answered: '2024-11-05',
        evidence: ['x1'],
      },
      {
        ...attempt,
        supported: [],
        capabilities: ['tools'],
        case: 'unknown',
        requested: '1999-01-01',
        outcome: 'counter-offer',
        answered: '2025-11-25',
        evidence: ['x3'],
      },
      {
        ...attempt,
        supported: ['2025-11-25'],
        capabilities: [],
        case: 'absent',
        requested: null,
        outcome: 'error',
        answered: null,
        known: false,
        errorCode: -32602,
        sessionIssued: false,
        evidence: ['x4'],
      },
    ],
    discover: null,
    inline: [
      {
        case: 'modern',
        requested: '2026-07-28',
        outcome: 'http-error',
        httpStatus: 400,
        errorCode: null,
        supported: [],
        evidence: ['x5'],
      },
    ],
    versionHeader: [
      { case: 'invalid', sent: '1999-01-01', outcome: 'refused', httpStatus: 400, evidence: ['x6'] },
    ],
    modern: [],
    stability: { repeated: [], byClient: [] },
    claims: [],
    violations: [],
  };
}

function transportFacts(): NonNullable<Facts['transport']> {
  return {
    type: 'streamable-http',
    http: {
      host: '127.0.0.1',
      path: '/mcp',
      servesWithoutToken: true,
      faces: [{ path: '/mcp', kind: 'mcp', announcedBy: 'manifest', evidence: ['x2'] }],
      deprecatedSse: { offered: false, path: null, evidence: ['x40'] },
      foreignRequests: [
        {
          face: '/mcp',
          kind: 'mcp',
          era: 'legacy',
          case: 'foreign-origin',
          operation: 'initialize',
          outcome: 'accepted',
          httpStatus: 200,
          authenticated: false,
          evidence: ['x41'],
        },
        {
          face: '/mcp',
          kind: 'mcp',
          era: 'legacy',
          case: 'rebinding',
          operation: 'request',
          outcome: 'refused',
          httpStatus: 403,
          authenticated: true,
          evidence: ['x42'],
        },
      ],
      crossSitePosts: [
        {
          face: '/mcp',
          contentType: 'text/plain',
          origin: null,
          outcome: 'refused',
          httpStatus: 415,
          authenticated: false,
          evidence: ['x43'],
        },
      ],
      cors: [
        {
          face: '/mcp',
          method: 'OPTIONS',
          httpStatus: 204,
          allowOrigin: '*',
          reflectsOrigin: false,
          allowCredentials: true,
          evidence: ['x44'],
        },
      ],
      listeners: [{ address: '127.0.0.1', port: 40001, allInterfaces: false }],
      resumption: null,
    },
    stdio: null,
    batches: [
      { revision: '2025-11-25', allowed: false, outcome: 'refused', httpStatus: 400, evidence: ['x45'] },
    ],
    shutdown: { sigtermHonoured: true, afterMs: 40, leftovers: [], portFreed: true },
    crashes: [],
  };
}

function rule(id: string, changes: Partial<Rule> = {}): Rule {
  return {
    id,
    level: 'deny',
    title: `Title of ${id}`,
    description: `What ${id} is about.`,
    severity: 'high',
    remediation: '',
    references: [],
    requirement: null,
    undecides: false,
    builtin: true,
    source: { file: 'policies/transport.rego', line: 12 },
    ...changes,
  };
}

export const RULES: readonly Rule[] = [
  rule('transport/origin-not-validated', {
    title: 'The Origin header is not validated',
    remediation: 'Answer requests whose Origin is not on an allow list with 403.',
    references: [
      'https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#security-warning',
    ],
  }),
  rule('transport/permissive-cors', { level: 'warn', severity: 'medium' }),
  rule('transport/dns-rebinding', { severity: 'critical' }),
  rule('protocol/accepts-below-minimum', { level: 'warn', severity: 'medium' }),
  rule('protocol/below-preferred', { level: 'notice', severity: 'low' }),
  rule('protocol/below-minimum'),
  rule('session/other-principal-accepted', {
    title: 'Another user is served on a session',
    severity: 'critical',
    source: { file: 'policies/session.rego', line: 21 },
  }),
  rule('elicitation/url-not-allowed', {
    severity: 'critical',
    source: { file: 'policies/elicitation.rego', line: 9 },
  }),
  rule('gate/probe-inconclusive', { undecides: true }),
  rule('gate/waiver-unused', {
    level: 'warn',
    severity: 'low',
    source: { file: 'mcp-gate:waivers', line: 1 },
  }),
];

/** Denied with every level and a waiver; did not start, with hostile output; could not be tested; allowed. */
export const FIXTURE: Report = report([
  server({
    environment: { name: 'production', applied: true },
    findings: [
      finding({
        rule: 'protocol/below-preferred',
        level: 'notice',
        severity: 'low',
        title: 'A newer revision exists',
        message: 'The best revision is 2025-11-25.',
        remediation: '',
        references: [],
        at: '/spec/declares/protocolVersions/0',
        location: { file: 'deploy/mcp-gate.yaml', line: 14, column: 7 },
        evidence: [],
      }),
      finding({
        rule: 'protocol/accepts-below-minimum',
        level: 'warn',
        severity: 'medium',
        title: 'The server can be dragged below the minimum revision',
        message: 'A client that asks for 2024-11-05 gets it; the minimum is 2025-06-18.',
        remediation: 'Answer `initialize` for older revisions with a counter-offer.',
        evidence: ['x1'],
        at: '/spec',
        location: { file: 'deploy/mcp-gate.yaml', line: 5, column: 1 },
      }),
      finding(),
      finding({
        rule: 'transport/permissive-cors',
        level: 'warn',
        severity: 'medium',
        title: 'CORS lets every site in',
        message:
          'Access-Control-Allow-Origin is * with credentials.\n::error::and a <script>line</script> @octocat sent',
        evidence: ['x44'],
        waiver: {
          owner: 'platform@example.com',
          reason: 'until the gateway moves',
          ticket: 'SEC-123',
          expires: '2027-01-31',
        },
      }),
      finding({
        rule: 'session/other-principal-accepted',
        severity: 'critical',
        title: 'Another user is served on a session',
        message:
          "On the owner's session another user was served: bob (DELETE, tool calls). The server took the other user for the owner.",
        remediation:
          'Keep issuer and subject of the token with the session when it is opened, and answer 404 when those of a later request differ.',
        references: [
          'https://modelcontextprotocol.io/specification/2025-11-25/basic/security_best_practices#session-hijacking',
        ],
        at: '/spec/authorization',
        location: { file: 'deploy/mcp-gate.yaml', line: 16, column: 3 },
        evidence: ['x52', 'x53', 'x54', 'x55', 'x56'],
      }),
      finding({
        rule: 'elicitation/url-not-allowed',
        severity: 'critical',
        title: 'Users would be sent where nobody has looked',
        message:
          'pay_invoice would send users to https://login.examp1e.com, which is not on the allow list. The URL: https://login.examp1e.com/start?state=5f0c',
        remediation: 'Find out why the server sends users there.',
        references: [
          'https://modelcontextprotocol.io/specification/2026-07-28/client/elicitation#safe-url-handling',
        ],
        at: '/spec/exercise/1',
        location: { file: 'deploy/mcp-gate.yaml', line: 20, column: 7 },
        evidence: ['e2', 'x81'],
      }),
      finding({
        rule: 'gate/waiver-unused',
        level: 'warn',
        severity: 'low',
        title: 'A waiver is not needed',
        message:
          'The waiver of session/weak-id by platform@example.com covers no finding: the rule found nothing.',
        remediation: 'Remove it, or correct the rule, the server or the place that it names.',
        references: [],
        at: '/metadata/name',
        location: { file: 'policy/waivers.yaml', line: 7, column: 7 },
        evidence: [],
      }),
    ],
    probes: [
      { id: 'protocol', status: 'completed', reason: null, durationMs: 812 },
      { id: 'session', status: 'completed', reason: null, durationMs: 1204 },
      { id: 'tasks', status: 'completed', reason: null, durationMs: 330 },
      { id: 'elicitation', status: 'completed', reason: null, durationMs: 95 },
      { id: 'transport', status: 'completed', reason: null, durationMs: 640 },
    ],
    facts: { ...facts('billing'), session: SESSION, tasks: TASKS, elicitation: ELICITATION },
    transcript: TRANSCRIPT,
  }),
  server({
    name: 'inventory',
    decision: 'undecided',
    durationMs: 30_000,
    indecisions: [{ code: 'candidate-did-not-start', message: 'It ended with exit code 1 after 210 ms.' }],
    probes: [
      { id: 'protocol', status: 'failed', reason: 'The candidate did not start.', durationMs: 0 },
      { id: 'transport', status: 'failed', reason: 'The candidate did not start.', durationMs: 0 },
    ],
    facts: null,
    output: 'Error: no database\n::error::owned\n\u001b[31mred\u001b[0m <b>bold</b> @octocat \u202eevil',
  }),
  server({
    name: 'search',
    decision: 'undecided',
    environment: { name: 'produktion', applied: false },
    durationMs: 912,
    findings: [
      finding({
        rule: 'gate/probe-inconclusive',
        title: 'A probe could not be completed',
        message: 'transport/dns-rebinding: the control request failed.',
        remediation: 'Read the reason and make the control pass.',
        references: [],
        evidence: [],
        at: '',
        location: { file: 'deploy/search.yaml', line: 1, column: 1 },
      }),
    ],
    manifest: 'deploy/search.yaml',
    probes: [
      { id: 'protocol', status: 'completed', reason: null, durationMs: 200 },
      { id: 'transport', status: 'inconclusive', reason: '1 experiment gave no fact.', durationMs: 400 },
      { id: 'session', status: 'not-applicable', reason: 'The server issues no session.', durationMs: 0 },
    ],
    facts: {
      ...facts('search'),
      probes: [
        { id: 'protocol', status: 'completed', reason: null, untested: [], durationMs: 200 },
        {
          id: 'transport',
          status: 'inconclusive',
          reason: '1 experiment gave no fact.',
          untested: [
            { experiment: 'dns-rebinding', reason: 'The control request was answered with HTTP 500.' },
          ],
          durationMs: 400,
        },
      ],
      transport: null,
    },
  }),
  server({ name: 'weather', decision: 'allow', manifest: 'deploy/weather.yaml' }),
]);

/** The same with policies that a change under review edits, and cannot decide by. */
export const REVIEWED: Report = {
  ...FIXTURE,
  policy: {
    ...FIXTURE.policy,
    source: {
      kind: 'base',
      commit: '0123456789abcdef0123456789abcdef01234567',
      pending: ['policies/relaxed.rego'],
    },
  },
};

/** One server and nothing to complain about. */
export const CLEAN: Report = report([server({ name: 'weather', decision: 'allow' })]);
