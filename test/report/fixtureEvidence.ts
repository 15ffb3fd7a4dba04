/** What the fixture's denied server did to sessions, tasks and users, with the exchanges that show it. */
import type { ServerReport } from '../../src/report/report.js';

type Facts = NonNullable<ServerReport['facts']>;
type Session = NonNullable<Facts['session']>;
type Tasks = NonNullable<Facts['tasks']>;
type Elicitation = NonNullable<Facts['elicitation']>;
type Attempt = Session['attempts'][number];
type ElicitationRequest = Elicitation['requests'][number];

function attempt(changes: Partial<Attempt>): Attempt {
  return {
    face: '/mcp',
    principal: 'bob',
    standing: 'other-principal',
    operation: 'request',
    outcome: 'refused',
    httpStatus: 404,
    errorCode: null,
    ownRight: true,
    servedAs: null,
    sessionLost: false,
    evidence: ['x50'],
    ...changes,
  };
}

const NOBODY = { principal: 'anonymous', standing: 'nobody', httpStatus: 401, ownRight: false } as const;

export const SESSION: Session = {
  authenticated: true,
  principals: [
    {
      name: 'bob',
      standing: 'other-principal',
      caveat: null,
      ownRequest: 'accepted',
      ownCall: 'accepted',
      evidence: ['x49'],
    },
  ],
  principalsMissing: [{ name: 'alice-dpop', reason: 'the server accepts no DPoP proofs' }],
  issued: true,
  carrier: 'header',
  attempts: [
    attempt({ operation: 'request', evidence: ['x50', 'x51'] }),
    attempt({
      operation: 'call',
      outcome: 'accepted',
      httpStatus: 200,
      servedAs: 'owner',
      evidence: ['x52', 'x53', 'x54'],
    }),
    attempt({
      operation: 'delete',
      outcome: 'accepted',
      httpStatus: 200,
      sessionLost: true,
      evidence: ['x55', 'x56'],
    }),
    attempt({ ...NOBODY, operation: 'request', evidence: ['x57'] }),
    attempt({ ...NOBODY, operation: 'call', evidence: ['x58'] }),
    attempt({ ...NOBODY, operation: 'delete', evidence: ['x59'] }),
    attempt({ ...NOBODY, principal: 'invented', operation: 'request', evidence: ['x60'] }),
    attempt({ ...NOBODY, principal: 'invented', operation: 'call', evidence: ['x61'] }),
    attempt({ ...NOBODY, principal: 'invented', operation: 'delete', evidence: ['x62'] }),
    attempt({
      principal: 'alice-refreshed',
      standing: 'same-user',
      outcome: 'accepted',
      httpStatus: 200,
      evidence: ['x63'],
    }),
    attempt({ face: '/sse', evidence: ['x64'] }),
  ],
  notTried: [{ what: 'resume', reason: 'the server puts no ids on its events' }],
  openedWithoutToken: { outcome: 'refused', sessionIssued: false, httpStatus: 401, evidence: ['x65'] },
  fixation: { adopted: false, httpStatus: 404, evidence: ['x66'] },
  idAttempts: [],
  termination: { offered: true, survives: false, httpStatus: 200, evidence: ['x67'] },
  identifiers: [],
  rebinding: null,
  streams: [],
  injections: [],
  collisions: [],
  confirmation: null,
  modern: {
    requestStates: [
      {
        tool: 'connect_billing',
        influential: true,
        cases: [
          {
            case: 'other-principal',
            detail: 'bob',
            outcome: 'refused',
            httpStatus: 200,
            errorCode: -32602,
            evidence: ['x68'],
          },
          {
            case: 'changed-character',
            detail: 'the last',
            outcome: 'refused',
            httpStatus: 200,
            errorCode: -32602,
            evidence: ['x69'],
          },
        ],
      },
    ],
    cached: [],
  },
  handles: [
    {
      tool: 'open_cart',
      principal: 'bob',
      standing: 'other-principal',
      outcome: 'refused',
      httpStatus: 200,
      errorCode: -32602,
      evidence: ['x70'],
    },
  ],
};

export const TASKS: Tasks = {
  authenticated: true,
  offers: [{ era: 'legacy', advertised: true, toolsCall: true, list: true, cancel: true, evidence: ['x71'] }],
  triggers: [],
  courses: [],
  cancellations: [],
  attempts: (['get', 'result', 'cancel'] as const).map((operation) => ({
    era: 'legacy',
    tool: 'export_ledger',
    principal: 'bob',
    standing: 'other-principal',
    operation,
    outcome: 'refused',
    httpStatus: 200,
    errorCode: -32602,
    evidence: ['x72'],
  })),
  listings: [
    {
      principal: 'bob',
      standing: 'other-principal',
      outcome: 'accepted',
      shows: false,
      httpStatus: 200,
      evidence: ['x73'],
    },
  ],
  identifiers: [],
  grants: [],
  retentions: [],
  related: [],
  negotiations: [],
  principalsMissing: [{ name: 'alice-dpop', reason: 'the server accepts no DPoP proofs' }],
  notTried: [],
};

function elicited(changes: Partial<ElicitationRequest>, origin: string): ElicitationRequest {
  const { host } = new URL(origin);
  return {
    id: 'e1',
    atMs: 900,
    tool: 'connect_billing',
    at: '/spec/exercise/0',
    era: 'modern',
    revision: '2026-07-28',
    principal: 'alice',
    declared: 'both',
    channel: 'input-required',
    callId: '41',
    requestId: 'connection',
    taskId: null,
    sessionHash: null,
    mode: 'url',
    modeSent: 'url',
    modeDeclared: true,
    shape: '2026-07-28',
    deviations: [],
    message: { text: 'Connect your account.', length: 21, hiddenCharacters: false, links: 0 },
    elicitationId: null,
    completionNotified: null,
    url: {
      text: `${origin}/start?state=5f0c`,
      length: origin.length + 17,
      complete: true,
      valid: true,
      scheme: 'https',
      origin,
      host,
      port: null,
      registrableDomain: host.split('.').slice(-2).join('.'),
      parsersDisagree: [],
      userInfo: false,
      address: null,
      range: null,
      punycode: false,
      mixedScripts: false,
      confusable: false,
      unicodeHost: host,
      near: [],
      hidden: false,
      credentials: [],
      personalData: [],
      nestedUrls: [],
      stateParameters: [],
    },
    form: null,
    expectedOrigin: null,
    evidence: ['x80'],
    ...changes,
  };
}

export const ELICITATION: Elicitation = {
  exercised: true,
  couldElicit: ['manifest-expects', 'seen'],
  reviewed: ['https://connect.example.com'],
  askingTools: [],
  calls: [],
  requests: [
    elicited({}, 'https://connect.example.com'),
    elicited(
      { id: 'e2', tool: 'pay_invoice', at: '/spec/exercise/1', evidence: ['x81'] },
      'https://login.examp1e.com',
    ),
    elicited(
      {
        id: 'e3',
        tool: 'choose_plan',
        mode: 'form',
        modeSent: 'form',
        url: null,
        evidence: ['x82'],
        form: {
          schemaGiven: true,
          fields: [{ name: 'plan', type: 'string', format: null, required: true }],
          omittedFields: 0,
          secrets: [],
          links: [],
          schemaProblems: [],
          hidden: [],
          sensitiveDefaults: [],
        },
      },
      'https://connect.example.com',
    ),
  ],
  omitted: 0,
  answers: [],
  comparisons: [],
};

interface Sent {
  readonly id: string;
  readonly experiment: string;
  readonly principal: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly message: Readonly<Record<string, unknown>> | null;
  readonly status: number;
  readonly answers: readonly Readonly<Record<string, unknown>>[];
}

/** As the transcript has it. Nothing in it tells a token. */
export function exchange(sent: Sent): Record<string, unknown> {
  const { id, experiment, principal, method = 'POST', headers = {}, message, status, answers } = sent;
  return {
    id,
    at: 900,
    durationMs: 12,
    experiment,
    connection: 'c1',
    principal,
    request: {
      transport: 'http',
      method,
      url: 'http://127.0.0.1:40001/mcp',
      headers: { authorization: 'Bearer ***', ...headers },
      body: message === null ? null : JSON.stringify(message),
      rpcMethod: message?.['method'] ?? null,
      rpcId: message?.['id'] ?? null,
    },
    answer: {
      ending: 'answered',
      status,
      headers: { 'content-type': 'application/json' },
      body: answers.length === 0 ? '' : null,
      messages: answers.map((value) => ({ at: 912, value, text: JSON.stringify(value) })),
      problem: null,
    },
  };
}

const IN_SESSION = { headers: { 'Mcp-Session-Id': '7c1f' } } as const;
const CALL = {
  jsonrpc: '2.0',
  id: 3,
  method: 'tools/call',
  params: { name: 'my_account', arguments: {} },
} as const;
const ACCOUNT = {
  jsonrpc: '2.0',
  id: 3,
  result: { content: [{ type: 'text', text: '{"owner":"alice","balance":1250}' }] },
} as const;

export const TRANSCRIPT: ServerReport['transcript'] = [
  exchange({
    id: 'x41',
    experiment: 'transport/foreign-origin/initialize',
    principal: 'anonymous',
    headers: { origin: 'https://attacker.example' },
    message: { jsonrpc: '2.0', id: 1, method: 'initialize', params: {} },
    status: 200,
    answers: [{ jsonrpc: '2.0', id: 1, result: { protocolVersion: '2025-11-25', capabilities: {} } }],
  }),
  ...(['alice', 'bob', 'alice'] as const).map((principal, index) =>
    exchange({
      ...IN_SESSION,
      id: `x${52 + index}`,
      experiment: 'session/call/bob/mcp',
      principal,
      message: CALL,
      status: 200,
      answers: [ACCOUNT],
    }),
  ),
  exchange({
    ...IN_SESSION,
    id: 'x55',
    experiment: 'session/delete/bob/mcp',
    principal: 'bob',
    method: 'DELETE',
    message: null,
    status: 200,
    answers: [],
  }),
  exchange({
    ...IN_SESSION,
    id: 'x56',
    experiment: 'session/delete/bob/mcp',
    principal: 'alice',
    message: { jsonrpc: '2.0', id: 4, method: 'tools/list' },
    status: 404,
    answers: [{ jsonrpc: '2.0', id: 4, error: { code: -32001, message: 'Session not found' } }],
  }),
];
