import { describe, expect, it } from '@jest/globals';
import { mermaid } from '../../src/report/escape.js';
import { decisiveOf, sequenceDiagram, sequenceTable } from '../../src/report/sequence.js';
import { finding, server } from './fixture.js';
import { ELICITATION, exchange, TRANSCRIPT } from './fixtureEvidence.js';
import { HOSTILE, hostileReport } from './hostile.js';

const SESSION_FINDING = finding({
  rule: 'session/other-principal-accepted',
  evidence: ['x56', 'x55', 'x54', 'x53', 'x52', 'x999'],
});

/** One request of alice and what came back, as the words of a step. */
function words(changes: Partial<Parameters<typeof exchange>[0]>): readonly string[] {
  const sent = { id: 'x1', experiment: 'a/b', principal: 'alice', message: null, status: 200, answers: [] };
  const one = server({ transcript: [exchange({ ...sent, ...changes })] });
  const [step] = decisiveOf(one, finding({ evidence: ['x1'] }))?.steps ?? [];
  return step === undefined ? [] : [step.sent, ...step.asked, step.answer];
}

describe('the decisive exchange', () => {
  it('is the experiment in which somebody else was served by a tool, in the order of events', () => {
    const decisive = decisiveOf(server({ transcript: TRANSCRIPT }), SESSION_FINDING);
    expect(decisive?.steps.map(({ id, principal, served }) => [id, principal, served])).toEqual([
      ['x52', 'alice', true],
      ['x53', 'bob', true],
      ['x54', 'alice', true],
    ]);
    expect(decisive?.more).toBe(3);
  });

  it('comes from the facts where the exchange of an elicitation is not kept', () => {
    const base = server();
    const facts = base.facts === null ? null : { ...base.facts, elicitation: ELICITATION };
    const about = finding({ rule: 'elicitation/url-not-allowed', evidence: ['e2', 'x81'] });
    const decisive = decisiveOf({ ...base, facts }, about);
    expect([decisive?.steps.map(({ id, sent, asked }) => [id, sent, asked]), decisive?.more]).toEqual([
      [
        [
          'e2',
          'tools/call pay_invoice',
          ['elicitation/create (url): https://login.examp1e.com/start?state=5f0c'],
        ],
      ],
      0,
    ]);
  });

  it('is none where the report holds nothing of the evidence', () => {
    expect(decisiveOf(server(), finding())).toBeNull();
    expect(decisiveOf(server({ transcript: [{ id: 'x41' }] }), finding())).toBeNull();
  });

  it.each([
    ['a stream', { method: 'GET' }, ['GET (stream)', '200']],
    ['the end of a session', { method: 'DELETE', status: 404 }, ['DELETE (end of the session)', '404']],
    [
      'an error',
      {
        message: { id: 7, method: 'ping' },
        status: 400,
        answers: [
          { id: 8, result: {} },
          { id: 7, error: { code: -32000, message: 'No session' } },
        ],
      },
      ['ping', '400 error -32000: No session'],
    ],
    [
      'a failed tool',
      {
        message: { id: 7, method: 'tools/call', params: { name: 'pay' } },
        answers: [{ id: 7, result: { isError: true, content: [{ type: 'text', text: 'No.' }] } }],
      },
      ['tools/call pay', '200 tool error: No.'],
    ],
    [
      'what the server asks in between',
      {
        message: { id: 7, method: 'tools/call', params: { name: 'pay' } },
        answers: [
          { id: 1, method: 'elicitation/create', params: { url: 'https://a.example/b' } },
          { id: 7, result: {} },
        ],
      },
      ['tools/call pay', 'elicitation/create: https://a.example/b', '200 result: empty'],
    ],
    [
      'what it asks in its result',
      { message: { id: 7, method: 'ping' }, answers: [{ id: 7, result: { inputRequests: { login: {} } } }] },
      ['ping', '200 asks for login'],
    ],
  ])('tells %s in a few words', (_name, changes, expected) => {
    expect(words(changes)).toEqual(expected);
  });
});

describe('the diagram', () => {
  const steps = decisiveOf(server({ transcript: TRANSCRIPT }), SESSION_FINDING)?.steps ?? [];

  it('shows who acts, in whose session, and what it comes to', () => {
    expect(sequenceDiagram(steps.slice(1, 2), 'Another user is served').split('\n')).toEqual([
      '```mermaid',
      'sequenceDiagram',
      '    participant g1 as Gate as bob',
      '    participant s as Server',
      '    g1->>s: tools/call my_account (session 1)',
      '    s-->>g1: 200 #123;#34;owner#34;#58;#34;alice#34;,#34;balance#34;#58;1250#125;',
      '    Note over g1,s: Another user is served',
      '```',
    ]);
  });

  it('says the same as the table', () => {
    expect(sequenceTable(steps.slice(1, 2)).split('\n').at(-1)).toBe(
      '| x53 | bob | tools/call my_account (session 1) | 200 {"owner":"alice","balance":1250} |',
    );
  });

  it.each([...HOSTILE, ['signs', '\u2603'.repeat(1_000)] as const, ['no text', ''] as const])(
    'has only its own statements, whatever is in it, and fits: %s',
    (_name, text) => {
      const [one] = hostileReport(text).servers;
      if (one === undefined) throw new Error('there is a server');
      const decisive = decisiveOf(one, finding({ evidence: [text] }));
      const diagram = sequenceDiagram(decisive?.steps ?? [], text);
      const [fence, head, ...lines] = diagram.split('\n');
      const plain = String.raw`(?:[\p{L}\p{M}\p{N} .,/()_=?!'-]|#\d+;)+`;
      const statement = new RegExp(
        `^    (?:participant \\w+ as (?:Server|Gate|Gate as ${plain})|(?:g\\d|s)--?>>(?:g\\d|s): ${plain}|Note over g1,s: ${plain})$`,
        'u',
      );
      expect([fence, head, lines.at(-1)]).toEqual(['```mermaid', 'sequenceDiagram', '```']);
      expect(lines.slice(0, -1).filter((line) => !statement.test(line))).toEqual([]);
      expect(lines.length).toBe(17);
      expect(diagram.length).toBeLessThan(50_000);
    },
  );
});

describe('mermaid', () => {
  it('leaves words of any language alone, and writes every other sign as its number', () => {
    expect(mermaid('Zażółć 日本 a-b_c (d/e) 1.5')).toBe('Zażółć 日本 a-b_c (d/e) 1.5');
    expect(mermaid('a;b#c:d%e`f"<g>\n$h\\{i}@')).toBe(
      'a#59;b#35;c#58;d#37;e#96;f#34;#60;g#62;#92;n#36;h#92;#123;i#125;#64;',
    );
  });
});
