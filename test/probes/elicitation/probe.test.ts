import { describe, expect, it } from '@jest/globals';
import type { ElicitationFacts } from '../../../src/facts/elicitation.js';
import { PAGES } from './fixtures/server.mjs';
import { factsOf, probe, type Setting } from './kit.js';

async function factsFor(tool: string, setting: Partial<Setting> = {}): Promise<ElicitationFacts> {
  return factsOf(await probe({ exercise: [{ tool }], ...setting }));
}

/** How the calls by one user ended: declared, outcome, elicitations. */
function callsOf({ calls }: ElicitationFacts, principal = 'alice'): unknown {
  return calls
    .filter((call) => call.principal === principal)
    .map(({ declared, elicited, outcome }) => [declared, outcome, elicited]);
}

function answersOf({ answers }: ElicitationFacts): unknown {
  return answers.map(({ answer, distinguishable, endless, reaction, rounds }) => [
    answer,
    reaction,
    { distinguishable, rounds, endless },
  ]);
}

const ONCE = { distinguishable: true, rounds: 1, endless: false };

describe('the elicitation probe, legacy era', () => {
  it('calls as clients of every declaration, and as another user', async () => {
    const facts = await factsFor('form', { eras: 'legacy' });
    expect([callsOf(facts), callsOf(facts, 'bob')]).toEqual([
      [
        ['both', 'result', 1],
        ['none', 'refused', 0],
        ['empty', 'result', 1],
        ['form', 'result', 1],
        ['url', 'refused', 0],
      ],
      [['both', 'result', 1]],
    ]);
  }, 30_000);

  it('tells what became of every answer, although results hold times and ids', async () => {
    expect(answersOf(await factsFor('form', { eras: 'legacy' }))).toEqual([
      ['accept', 'went-on', ONCE],
      ['accept-invalid', 'stopped', ONCE],
      ['decline', 'stopped', ONCE],
      ['cancel', 'stopped', ONCE],
    ]);
  }, 30_000);

  it('sees a server that goes on after a refusal, and with anything', async () => {
    expect(answersOf(await factsFor('heedless', { eras: 'legacy' }))).toEqual([
      ['accept', 'went-on', ONCE],
      ['accept-invalid', 'went-on', ONCE],
      ['decline', 'went-on', ONCE],
      ['cancel', 'stopped', ONCE],
    ]);
  }, 30_000);

  it('gives up on a server that never stops asking, and says so', async () => {
    const facts = await factsFor('insistent', { eras: 'legacy' });
    const endless = { distinguishable: false, rounds: 7, endless: true };
    expect(facts.answers.filter(({ answer }) => answer === 'decline' || answer === 'cancel')).toMatchObject([
      { reaction: 'asked-again', ...endless },
      { reaction: 'asked-again', ...endless },
    ]);
    expect(callsOf(facts, 'bob')).toEqual([['both', 'asked', 7]]);
  }, 30_000);

  it('records a request to open a page whole, from the GET stream, with its completion', async () => {
    const facts = await factsFor('url', { eras: 'legacy', elicitationOrigins: [PAGES] });
    const [first] = facts.requests;
    expect(first).toMatchObject({
      id: 'e1',
      tool: 'url',
      at: '/spec/exercise/0',
      era: 'legacy',
      revision: '2025-11-25',
      principal: 'alice',
      declared: 'both',
      channel: 'server-request',
      requestId: 'ask-1',
      taskId: null,
      mode: 'url',
      modeSent: 'url',
      modeDeclared: true,
      shape: '2025-11-25',
      deviations: [],
      message: { text: 'Connect your account.', length: 21, hiddenCharacters: false, links: 0 },
      form: null,
      expectedOrigin: null,
    });
    expect(first?.url?.origin).toBe(PAGES);
    expect(first?.sessionHash).toMatch(/^[0-9a-f]{16}$/);
    expect(facts.reviewed).toEqual([PAGES]);
    expect(facts.requests.map(({ completionNotified }) => completionNotified)).toContain(true);
  }, 30_000);

  it('reads the list of error -32042, and tries again once where the user accepts', async () => {
    const facts = await factsFor('required', { eras: 'legacy' });
    expect(callsOf(facts)).toEqual([
      ['both', 'error', 1],
      ['none', 'refused', 0],
      ['empty', 'refused', 0],
      ['form', 'refused', 0],
      ['url', 'error', 1],
    ]);
    expect([new Set(facts.requests.map(({ channel }) => channel)), answersOf(facts)]).toEqual([
      new Set(['error']),
      [['accept', 'asked-again', { distinguishable: false, rounds: 2, endless: false }]],
    ]);
  }, 30_000);

  it('hears a question that comes after the answer', async () => {
    const facts = await factsFor('late', { eras: 'legacy' });
    expect(callsOf(facts)).toEqual([
      ['both', 'result', 1],
      ['none', 'result', 0],
      ['empty', 'result', 0],
      ['form', 'result', 0],
      ['url', 'result', 1],
    ]);
    // No answer changes how a call ended before the question.
    expect(facts.answers).toEqual([]);
  }, 30_000);

  it('hears a server that asks before any tool was called', async () => {
    const facts = await factsFor('quiet', { eras: 'legacy', greets: true });
    expect(facts.requests[0]).toMatchObject({ tool: '', at: '/spec', callId: null, declared: 'both' });
    expect(facts.couldElicit).toEqual(['tool-text', 'seen']);
  }, 30_000);

  it('waits for no call longer than it must, and cannot compare what never ends', async () => {
    const { facts, record } = await probe({ exercise: [{ tool: 'hangs' }], eras: 'legacy' });
    expect(facts?.calls.map(({ outcome }) => outcome)).toEqual(Array(6).fill('asked'));
    expect([record.status, record.untested]).toEqual([
      'inconclusive',
      [
        {
          experiment: 'elicitation/answers/hangs/legacy',
          reason: 'the call did not end after its form was accepted, so nothing tells what a refusal changes',
        },
      ],
    ]);
  }, 60_000);

  it('never trusts an advisory origin, and says which shape was sent', async () => {
    const facts = await factsFor('advisory', { eras: 'legacy' });
    expect(facts.requests[0]).toMatchObject({
      shape: 'advisory',
      deviations: ['uri-validation', 'url-missing', 'uri-instead-of-url', 'elicitation-id-missing'],
      expectedOrigin: { value: PAGES, agrees: false },
      url: { origin: 'https://elsewhere.elicited.example' },
    });
  }, 30_000);
});

describe('the elicitation probe, modern era', () => {
  it('follows input_required results with their state, in both ways of running the call', async () => {
    const facts = await factsFor('form', { eras: 'modern' });
    expect(callsOf(facts)).toEqual([
      ['both', 'result', 1],
      ['none', 'refused', 0],
      ['empty', 'result', 1],
      ['form', 'result', 1],
      ['url', 'refused', 0],
      // As a task, which this server makes of the call where the client can have one.
      ['both', 'result', 1],
      ['none', 'refused', 0],
    ]);
    const [stopped, wentOn] = ['stopped', 'went-on'];
    const once = (answer: string, reaction: string | undefined) => [answer, reaction, ONCE];
    const plain = [
      once('accept', wentOn),
      once('accept-invalid', stopped),
      once('decline', stopped),
      once('cancel', stopped),
    ];
    expect(answersOf(facts)).toEqual([...plain, ...plain]);
    expect([...new Set(facts.requests.map(({ channel }) => channel))]).toEqual(['input-required', 'task']);
    expect(
      facts.requests.filter(({ channel, taskId }) => (channel === 'task') !== (taskId !== null)),
    ).toEqual([]);
  }, 30_000);

  it('goes no further where a mode was never declared, and counts what was asked', async () => {
    const facts = await factsFor('shared', { eras: 'modern' });
    expect(
      facts.requests.filter(({ principal, modeDeclared }) => principal === 'alice' && !modeDeclared),
    ).toMatchObject([{ declared: 'none' }, { declared: 'empty' }, { declared: 'form' }]);
  }, 30_000);

  it('compares the pages of two calls and of two users', async () => {
    const shared = await factsFor('shared', { eras: 'modern' });
    const own = await factsFor('url', { eras: 'modern' });
    const told = ({ comparisons }: ElicitationFacts): unknown =>
      comparisons.map(({ between, principals, sameUrl, sharedState }) => [
        between,
        principals,
        sameUrl,
        sharedState,
      ]);
    expect([told(shared), told(own)]).toEqual([
      [
        ['calls', ['alice', 'alice'], true, ['state']],
        ['principals', ['alice', 'bob'], true, ['state']],
      ],
      [
        ['calls', ['alice', 'alice'], false, []],
        ['principals', ['alice', 'bob'], false, []],
      ],
    ]);
  }, 30_000);

  it.each(['legacy', 'modern'] as const)(
    'compares pages that only come after a form, %s',
    async (eras) => {
      const { calls, comparisons } = await factsFor('steps', { eras });
      expect(
        comparisons.map(({ between, principals, sharedState }) => [between, principals, sharedState]),
      ).toEqual([
        ['calls', ['alice', 'alice'], ['state']],
        ['principals', ['alice', 'bob'], ['state']],
      ]);
      // What came of a yes is no fact about a call that was declined.
      expect(calls.filter(({ principal }) => principal === 'bob')).toEqual([]);
    },
    30_000,
  );

  it('does not take a limit on the rate of requests for an era that is not spoken', async () => {
    const { facts, record } = await probe({ exercise: [{ tool: 'form' }], busy: true });
    expect([record.status, new Set(facts?.calls.map(({ era }) => era))]).toEqual([
      'completed',
      new Set(['legacy', 'modern']),
    ]);
  }, 30_000);

  it('says when there is nobody to compare pages with', async () => {
    const { record } = await probe({ exercise: [{ tool: 'url' }], eras: 'modern', users: ['alice'] });
    expect(record.untested).toEqual([
      {
        experiment: 'elicitation/comparison',
        reason: 'there is no other user to compare pages with: there is no bob',
      },
    ]);
  }, 30_000);
});

describe('the triggers of the elicitation probe', () => {
  it('shows that the manifest expects an elicitation where none came', async () => {
    const { facts, record } = await probe({ exercise: [{ tool: 'quiet', expect: 'elicitation' }] });
    expect([record.status, facts?.exercised, facts?.couldElicit]).toEqual([
      'completed',
      true,
      ['manifest-expects', 'tool-text'],
    ]);
    expect(facts?.calls.filter(({ elicited, expected }) => !expected || elicited > 0)).toEqual([]);
  }, 30_000);

  it('calls nothing that the manifest does not name, but says why the server may elicit', async () => {
    const facts = factsOf(await probe({ exercise: [], elicitationOrigins: [PAGES] }));
    expect(facts).toMatchObject({
      exercised: false,
      couldElicit: ['manifest-declares-origins', 'tool-text'],
      calls: [],
      requests: [],
      answers: [],
      comparisons: [],
    });
    expect(facts.askingTools).not.toContain('quiet');
  }, 30_000);

  it('finds tools on every page of the list', async () => {
    for (const eras of ['legacy', 'modern'] as const) {
      const whole = factsOf(await probe({ exercise: [], eras }));
      const paged = factsOf(await probe({ exercise: [], eras, paged: true }));
      expect(paged.askingTools).toEqual(whole.askingTools);
    }
  }, 30_000);

  it('calls by itself only what says that it reads, where the manifest leaves it the choice', async () => {
    const facts = factsOf(await probe({ exercise: 'auto', eras: 'modern' }));
    expect([...new Set(facts.calls.map(({ at, source, tool }) => `${at} ${source} ${tool}`))]).toEqual([
      '/spec/exercise auto form',
      '/spec/exercise auto quiet',
    ]);
  }, 30_000);

  it('keeps tokens, session ids and task ids out of its facts', async () => {
    const run = await probe({ exercise: [{ tool: 'form' }, { tool: 'url' }] });
    const text = JSON.stringify(run.facts);
    const ids = run.transcript.all().flatMap(({ answer }) => answer.headers['mcp-session-id'] ?? []);
    const tasks = run.transcript
      .all()
      .flatMap(({ answer }) =>
        [...(answer.body ?? '').matchAll(/"taskId":"([^"]+)"/g)].map((match) => match[1]),
      );
    expect([ids.length > 10, tasks.length > 4]).toEqual([true, true]);
    const secrets = [...ids, ...tasks, 'token-of-alice', 'token-of-bob'];
    expect(secrets.filter((secret) => secret === undefined || text.includes(secret))).toEqual([]);
  }, 30_000);
});
