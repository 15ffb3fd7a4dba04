/** Sessions, elicitations and transcripts for the HTML report, beside what the common fixture has. */
import type { ServerReport } from '../../../src/report/report.js';
import { finding, server } from '../fixture.js';

type Facts = NonNullable<ServerReport['facts']>;
type Session = NonNullable<Facts['session']>;
type Elicitation = NonNullable<Facts['elicitation']>;

export const REQUEST = '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"a {[,:]} b"}}';

/** An exchange as the recorder writes it. */
export function exchange(id: string, principal: string): Record<string, unknown> {
  return {
    id,
    at: 1250,
    durationMs: 12,
    experiment: 'session/other-principal',
    connection: 'c3',
    principal,
    request: {
      transport: 'http',
      method: 'POST',
      url: 'http://127.0.0.1:40001/mcp',
      headers: { authorization: 'Bearer ***', 'mcp-session-id': '16782ee9' },
      body: REQUEST,
      rpcMethod: 'tools/call',
      rpcId: 7,
    },
    answer: {
      ending: 'answered',
      status: 200,
      headers: { 'content-type': 'text/event-stream' },
      body: null,
      messages: [
        {
          at: 1260,
          value: { jsonrpc: '2.0', id: 7, result: { owner: 'alice' } },
          text: '{"jsonrpc":"2.0","id":7,"result":{"owner":"alice"}}',
        },
      ],
      problem: null,
    },
  };
}

function attempt(changes: Partial<Session['attempts'][number]>): Session['attempts'][number] {
  return {
    face: '/mcp',
    principal: 'bob',
    standing: 'other-principal',
    operation: 'call',
    outcome: 'accepted',
    httpStatus: 200,
    errorCode: null,
    ownRight: true,
    servedAs: 'owner',
    sessionLost: false,
    evidence: ['x41', 'x42'],
    ...changes,
  };
}

const session: Session = {
  authenticated: true,
  principals: [],
  principalsMissing: [{ name: 'carol', reason: 'The manifest names no third user.' }],
  issued: true,
  carrier: 'header',
  attempts: [
    attempt({}),
    attempt({ operation: 'request', servedAs: null, evidence: ['x43'] }),
    attempt({
      principal: 'nobody',
      standing: 'nobody',
      outcome: 'refused',
      httpStatus: 401,
      ownRight: false,
      servedAs: null,
      evidence: ['x42'],
    }),
  ],
  notTried: [],
  openedWithoutToken: null,
  fixation: null,
  idAttempts: [],
  termination: null,
  identifiers: [],
  rebinding: null,
  streams: [],
  injections: [],
  collisions: [],
  confirmation: null,
  modern: null,
  handles: [],
};

function request(changes: Partial<Elicitation['requests'][number]>): Elicitation['requests'][number] {
  return {
    id: 'e1',
    atMs: 400,
    tool: 'connect',
    at: '/spec/exercise/tools/0',
    era: 'legacy',
    revision: '2025-11-25',
    principal: 'alice',
    declared: 'both',
    channel: 'server-request',
    callId: '3',
    requestId: '1',
    taskId: null,
    sessionHash: null,
    mode: 'url',
    modeSent: 'url',
    modeDeclared: true,
    shape: '2025-11-25',
    deviations: [],
    message: { text: 'Please sign in', length: 14, hiddenCharacters: false, links: 0 },
    elicitationId: null,
    completionNotified: null,
    url: {
      text: 'https://connect.example.net/start',
      length: 33,
      complete: true,
      valid: true,
      scheme: 'https',
      origin: 'https://connect.example.net',
      host: 'connect.example.net',
      port: null,
      registrableDomain: 'example.net',
      parsersDisagree: [],
      userInfo: false,
      address: null,
      range: 'public',
      punycode: false,
      mixedScripts: false,
      confusable: false,
      unicodeHost: 'connect.example.net',
      near: [{ origin: 'https://connect.example.com', relation: 'other-suffix', distance: 2 }],
      hidden: false,
      credentials: [],
      personalData: [],
      nestedUrls: [],
      stateParameters: [],
    },
    form: null,
    expectedOrigin: null,
    evidence: ['x50'],
    ...changes,
  };
}

const elicitation: Elicitation = {
  exercised: true,
  couldElicit: ['seen'],
  reviewed: ['https://connect.example.com'],
  askingTools: [],
  calls: [],
  requests: [request({}), request({ id: 'e2', mode: 'form', url: null, evidence: ['x51'] })],
  omitted: 0,
  answers: [],
  comparisons: [],
};

/** A server whose session serves another user, and which sends users to an origin nobody knows. */
export function carelessServer(): ServerReport {
  const base = server();
  if (base.facts === null) throw new Error('the fixture has facts');
  return {
    ...base,
    findings: [
      finding({
        rule: 'session/other-principal-accepted',
        severity: 'critical',
        title: 'Another user is served on a session',
        message: "On the owner's session `bob` was served.",
        evidence: ['x41', 'x42'],
      }),
      finding({ rule: 'elicitation/unreviewed-origin', title: 'Nobody reviewed this', evidence: ['e1'] }),
    ],
    facts: { ...base.facts, session, elicitation },
    transcript: [exchange('x41', 'alice'), exchange('x42', 'bob')],
  };
}
