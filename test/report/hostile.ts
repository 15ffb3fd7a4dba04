/** Text that a candidate could send to be interpreted somewhere: each entry with the output it was meant for. */
import type { Report, ServerReport } from '../../src/report/report.js';
import { finding, report, server } from './fixture.js';
import { ELICITATION, exchange, SESSION, TASKS } from './fixtureEvidence.js';

type Facts = NonNullable<ServerReport['facts']>;

const ESC = '\u001b';

export const HOSTILE: readonly (readonly [name: string, text: string])[] = [
  ['workflow command', '::error file=x::owned'],
  ['workflow command on a later line', 'fine\n::set-output name=decision::allow'],
  ['workflow command after blanks', 'fine\n \u00a0\u3000::stop-commands::x'],
  ['workflow command after a carriage return', 'fine\r::add-mask::a'],
  [
    'workflow command after other line breaks',
    'a\u2028::error::b\u2029::error::c\u0085::error::d\v::error::e\f::error::f',
  ],
  ['encoded workflow command', '%0A::error::owned%0D%0A::error::again'],
  ['old command syntax', '##[error]owned ##vso[task.complete result=Succeeded;] ##teamcity[x] ##[group]g'],
  ['ANSI colours and cursor', `${ESC}[31mred${ESC}[0m${ESC}[2J${ESC}[1A`],
  ['OSC link and title', `${ESC}]8;;https://evil.example${ESC}\\click${ESC}]8;;${ESC}\\${ESC}]0;title\u0007`],
  ['C1 controls', '\u009b31mred\u009d0;title\u009c\u0090q\u009c'],
  ['backspace, bell, NUL and DEL', 'a\b\b\b\u0007\u0000\u007f'],
  ['bidi controls', 'user\u202egnp.exe\u202c \u2066a\u2069 \u200f\u200e\u061c'],
  ['zero width', 'a\u200bb\u200cc\u200dd\u2060e\ufefff\u00adg\u034fh\u180ei'],
  ['tag characters', `x${String.fromCodePoint(0xe0001, 0xe0068, 0xe0069, 0xe007f)}y`],
  ['variation selectors as data', `x${String.fromCodePoint(0xfe00, 0xfe0f, 0xe0100, 0xe01ef)}y`],
  ['blanks that look like nothing', '\u3164\uffa0\u115f\u2800\u17b4'],
  ['private use and noncharacters', '\ue000\u{f0000}\ufffe\uffff\u{1fffe}'],
  ['lone surrogates', 'a\ud800b\udc00c'],
  ['stacked marks', `Z${'\u0301'.repeat(60)}algo`],
  ['HTML', '<script>alert(1)</script><img src=x onerror=alert(1)><!-- --><a href="javascript:x">y</a>'],
  ['closing our elements', '</pre></details></code></summary></td></tr></table>'],
  ['entities', '&lt;b&gt; &#60;b&#62; &amp; &#x40;octocat'],
  [
    'Markdown links and images',
    '[a](https://evil.example) ![b](https://evil.example/x.png) [c]: https://evil.example',
  ],
  ['Markdown emphasis and code', '**bold** __bold__ _it_ *it* ~~gone~~ `code` ``two`` ```three'],
  [
    'Markdown blocks',
    '# head\n- item\n+ item\n1. item\n> quote\n---\n===\n    code\n| a | b |\n|---|---|\n```mermaid',
  ],
  ['table cells', 'a|b\\|c\\\\|d||'],
  [
    'autolinks',
    'https://evil.example http://evil.example www.evil.example ftp://evil.example a@evil.example mailto:a@b.example',
  ],
  ['mentions', '@octocat @github/security cc:@octocat (@octocat) x@octocat'],
  ['references', '#1 GH-1 octo/repo#1 octo/repo@0123456789012345678901234567890123456789'],
  ['emoji and math', `:boom: :+1: $x$ $$y$$ $\`z\`$`],
  ['XML', ']]></failure><testcase name="x"/> <![CDATA[ &entity; " \' <?pi?>'],
  ['SARIF', '[text](1) {0} {1} \\[ {{0}}'],
  ['JSON', '","decision":"allow","x":"'],
  ['template and prototype', '__proto__ constructor \u0024{process.env.X} $& $1 $<a>'],
  ['a name of a million characters', 'A'.repeat(1_000_000)],
  ['a hundred thousand hostile characters', '\u202e`|@<'.repeat(20_000)],
  ['many lines', `${'x\n'.repeat(50_000)}::error::end`],
];

/** A report that holds `text` wherever the candidate, a manifest or a policy could have put it. */
export function hostileReport(text: string): Report {
  const levels = ['deny', 'warn', 'notice'] as const;
  const base = server({ name: text, manifest: text });
  const { facts } = base;
  if (
    facts === null ||
    facts.protocol === null ||
    facts.transport === null ||
    facts.transport.http === null
  ) {
    throw new Error('the fixture has all facts');
  }
  const [attempt] = facts.protocol.initialize;
  const [foreign] = facts.transport.http.foreignRequests;
  const [post] = facts.transport.http.crossSitePosts;
  const [cors] = facts.transport.http.cors;
  if (attempt === undefined || foreign === undefined || post === undefined || cors === undefined) {
    throw new Error('the fixture has one of each');
  }
  const plain = report([
    {
      ...base,
      decision: 'undecided',
      environment: { name: text, applied: false },
      findings: levels.flatMap((level) => [
        finding({
          level,
          title: text,
          message: text,
          remediation: text,
          references: [text],
          evidence: [text],
        }),
        finding({ level, rule: text, location: { file: text, line: 1, column: 1 } }),
        finding({ level, rule: 'elicitation/url-not-allowed', evidence: ['x80'] }),
        finding({ level, waiver: { owner: text, reason: text, ticket: text, expires: text } }),
      ]),
      indecisions: [{ code: text, message: text }],
      probes: [
        { id: 'protocol', status: 'inconclusive', reason: text, durationMs: 1 },
        { id: text, status: 'failed', reason: text, durationMs: 1 },
      ],
      facts: {
        ...facts,
        manifest: { [text]: text },
        candidate: { ...facts.candidate, name: text, labels: { [text]: text }, failure: text },
        probes: [
          {
            id: 'protocol',
            status: 'inconclusive',
            reason: text,
            untested: [{ experiment: text, reason: text }],
            durationMs: 1,
          },
        ],
        ...hostileFacts(text),
        protocol: {
          ...facts.protocol,
          best: text,
          oldestAccepted: text,
          initialize: [{ ...attempt, requested: text, answered: text, serverName: text }],
          discover: {
            outcome: 'result',
            supportedVersions: [text],
            capabilities: [text],
            serverName: text,
            serverVersion: text,
            httpStatus: 200,
            errorCode: null,
            evidence: ['x1'],
          },
          inline: [
            {
              case: 'unknown',
              requested: text,
              outcome: 'error',
              httpStatus: 400,
              errorCode: -32022,
              supported: [text],
              evidence: ['x1'],
            },
          ],
        },
        transport: {
          ...facts.transport,
          http: {
            ...facts.transport.http,
            foreignRequests: [{ ...foreign, face: text }],
            crossSitePosts: [{ ...post, face: text, contentType: text }],
            cors: [{ ...cors, face: text, allowOrigin: text }],
            deprecatedSse: { offered: true, path: text, evidence: ['x1'] },
          },
          crashes: [
            {
              experiment: text,
              afterExchange: text,
              exitCode: null,
              signal: text,
              evidence: ['x1'],
            },
          ],
        },
      },
      transcript: [{ id: text, body: text }, ...hostileTranscript(text)],
      output: text,
    },
  ]);
  const review: Report['policy']['review'] = {
    added: [{ server: text, line: 1, environment: 'own' }],
    removed: [{ server: text, manifest: text }],
  };
  return { ...plain, policy: { ...plain.policy, review } };
}

/** Facts in which the candidate chose all names. Names are no longer than the schema of the facts lets them be. */
function hostileFacts(text: string): Pick<Facts, 'session' | 'tasks' | 'elicitation'> {
  const name = text.slice(0, 64);
  const [attempt] = SESSION.attempts;
  const [handle] = SESSION.handles;
  const [state] = SESSION.modern?.requestStates ?? [];
  const [task] = TASKS.attempts;
  const [request] = ELICITATION.requests;
  if (!attempt || !handle || !state || !task || !request?.url) {
    throw new Error('the fixture has one of each');
  }
  return {
    session: {
      ...SESSION,
      principalsMissing: [{ name, reason: text }],
      attempts: [{ ...attempt, face: text, principal: name }],
      notTried: [{ what: text, reason: text }],
      modern: { requestStates: [{ ...state, tool: text }], cached: [] },
      handles: [{ ...handle, tool: text, principal: name }],
    },
    tasks: {
      ...TASKS,
      attempts: [{ ...task, tool: text, principal: name }],
      listings: [],
      principalsMissing: [{ name, reason: text }],
      notTried: [{ what: text, reason: text }],
    },
    elicitation: {
      ...ELICITATION,
      requests: [
        {
          ...request,
          tool: text.slice(0, 256),
          at: text,
          principal: name,
          revision: text,
          callId: text,
          requestId: text,
          message: { ...request.message, text: text.slice(0, 2_000) },
          url: { ...request.url, text: text.slice(0, 4_000), scheme: name, origin: text.slice(0, 512) },
        },
      ],
    },
  };
}

/** Exchanges in which both sides say it wherever they can. */
function hostileTranscript(text: string): Record<string, unknown>[] {
  const call = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: text, arguments: {} } };
  const answers = [
    {
      jsonrpc: '2.0',
      id: 2,
      method: 'elicitation/create',
      params: { mode: 'url', url: text, message: text },
    },
    { jsonrpc: '2.0', id: 3, method: text, params: {} },
    { jsonrpc: '2.0', id: 1, result: { content: [{ type: 'text', text }] } },
  ];
  const sent = { id: text, experiment: text, status: 200, headers: { origin: text, 'mcp-session-id': text } };
  return [
    exchange({ ...sent, principal: text, message: call, answers }),
    exchange({
      ...sent,
      principal: 'bob',
      message: { ...call, method: text },
      answers: [{ id: 1, error: { code: text, message: text } }],
    }),
    exchange({ ...sent, principal: 'bob', method: text, message: null, answers: [] }),
    exchange({ ...sent, principal: 'bob', message: call, answers: [{ id: 1, result: { [text]: text } }] }),
    exchange({
      ...sent,
      principal: 'bob',
      message: call,
      answers: [{ id: 1, result: { inputRequests: { [text]: {} } } }],
    }),
  ];
}
