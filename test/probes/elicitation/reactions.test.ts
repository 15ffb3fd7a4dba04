import { describe, expect, it } from '@jest/globals';
import type { AnswerKind } from '../../../src/probes/elicitation/exchange/answering.js';
import type { Asked, CallRun, End } from '../../../src/probes/elicitation/exchange/run.js';
import { outcomeOf, sameEnd } from '../../../src/probes/elicitation/outcome.js';
import { answerFacts } from '../../../src/probes/elicitation/reactions.js';
import type { Trigger } from '../../../src/probes/elicitation/triggers.js';

const TRIGGER: Trigger = {
  tool: 'ask',
  params: {},
  at: '/spec/exercise/0',
  source: 'exercise',
  expected: true,
  asTask: false,
};
const FORM = { message: 'Go on?', requestedSchema: { type: 'object', properties: {} } };
const PAGE = { mode: 'url', message: 'Connect.', url: 'https://connect.example.com/' };

const said = (text: string, more = {}): End => ({
  kind: 'result',
  result: { content: [{ type: 'text', text }], ...more },
});
const FAILED = said('No.', { isError: true });
const PENDING: End = { kind: 'pending' };

interface Part extends Partial<Pick<CallRun, 'rounds' | 'endless'>> {
  readonly end: End;
}

/** Runs by kind of answer, as the exchanges would give them. */
function runs(
  params: unknown,
  parts: Partial<Record<AnswerKind, Part>>,
  channel: Asked['channel'] = 'server-request',
) {
  const kinds = Object.entries(parts) as [AnswerKind, Part][];
  return new Map(
    kinds.map(([answer, part]): [AnswerKind, CallRun] => [answer, run(params, answer, part, channel)]),
  );
}

function run(params: unknown, answer: AnswerKind, part: Part, channel: Asked['channel']): CallRun {
  return {
    plan: { era: 'legacy', lane: 'plain', principal: 'alice', declared: 'both', answer, params: {} },
    asked: [{ at: 0, params, channel, callId: '1', requestId: '1', taskId: null, exchange: 'x1' }],
    omitted: 0,
    rounds: 1,
    endless: false,
    httpStatus: 200,
    revision: '2025-11-25',
    sessionHash: null,
    completed: new Set(),
    evidence: ['x1'],
    ...part,
  };
}

function reactions(answered: ReturnType<typeof runs>): unknown {
  return answerFacts(TRIGGER, answered).map(({ answer, distinguishable, endless, reaction }) => [
    answer,
    reaction,
    distinguishable,
    endless,
  ]);
}

describe('what a server did with an answer', () => {
  it('is told by where the calls ended', () => {
    const answered = runs(FORM, {
      accept: { end: said('Deleted 3 files at 10:31.') },
      'accept-other': { end: said('Kept.') },
      'accept-invalid': { end: FAILED },
      decline: { end: said('Deleted 4 files at 10:32.') },
      cancel: { end: { kind: 'error', code: -32603, message: 'cancelled' } },
    });
    expect(reactions(answered)).toEqual([
      ['accept', 'went-on', true, false],
      ['accept-invalid', 'stopped', true, false],
      ['decline', 'went-on', true, false],
      ['cancel', 'rejected', true, false],
    ]);
  });

  it('shows that refusals are ignored even if both are, because other content led elsewhere', () => {
    const answered = runs(FORM, {
      accept: { end: said('Sent.') },
      'accept-other': { end: said('Kept as a draft.') },
      decline: { end: said('Sent.') },
      cancel: { end: said('Sent.') },
    });
    expect(reactions(answered)).toEqual([
      ['accept', 'went-on', true, false],
      ['decline', 'went-on', true, false],
      ['cancel', 'went-on', true, false],
    ]);
  });

  it('cannot be distinguished where every answer leads to the same', () => {
    const same = { end: said('Thank you.') };
    expect(
      reactions(runs(FORM, { accept: same, 'accept-other': same, decline: same, cancel: same })),
    ).toEqual([
      ['accept', 'went-on', false, false],
      ['decline', 'went-on', false, false],
      ['cancel', 'went-on', false, false],
    ]);
  });

  it('is a stop where broken content is treated like a refusal, and going on where it is echoed', () => {
    const stopped = runs(FORM, {
      accept: { end: said('Confirmed.') },
      'accept-invalid': { end: said('Not confirmed.') },
      decline: { end: said('Not confirmed.') },
    });
    const echoed = runs(FORM, {
      accept: { end: said('Hello mcp-gate.') },
      'accept-invalid': { end: said('Hello [object Object].') },
      decline: { end: said('Bye.') },
    });
    expect([reactions(stopped), reactions(echoed)]).toEqual([
      [
        ['accept', 'went-on', true, false],
        ['accept-invalid', 'stopped', true, false],
        ['decline', 'stopped', true, false],
      ],
      [
        ['accept', 'went-on', true, false],
        ['accept-invalid', 'went-on', true, false],
        ['decline', 'stopped', true, false],
      ],
    ]);
  });

  it('never counts asking for an unvisited page again as asking without end', () => {
    const again = { end: PENDING, rounds: 7, endless: true };
    expect(
      reactions(runs(PAGE, { accept: again, decline: again, cancel: { end: said('Not connected.') } })),
    ).toEqual([
      ['accept', 'asked-again', true, false],
      ['decline', 'asked-again', true, true],
      ['cancel', 'stopped', true, false],
    ]);
  });

  it('says nothing of refusals that no answer carried', () => {
    const required: End = { kind: 'error', code: -32042, message: 'first this' };
    const answered = runs(
      PAGE,
      { accept: { end: required, rounds: 2 }, decline: { end: required } },
      'error',
    );
    expect(reactions(answered)).toEqual([['accept', 'asked-again', false, false]]);
  });

  it('is inconclusive where nothing came', () => {
    const silent = { end: { kind: 'silent', reason: 'the call got exited' } } as const;
    expect(reactions(runs(FORM, { accept: silent, decline: { end: PENDING } }))).toEqual([
      ['accept', 'inconclusive', false, false],
      ['decline', 'inconclusive', false, false],
    ]);
  });
});

describe('two ends', () => {
  it.each([
    [
      'times, numbers and ids',
      'Made 3f0c9a4e-11d2-4e6b-9a1f-0a2b3c4d5e6f at 10:31:07',
      'Made 7c1d2e3f-0000-4aaa-bbbb-ffffeeeedddd at 22:01:59',
    ],
    ['random tokens', 'Ticket Zk3vQ9sXw1bT7yR5mN8cZk3v', 'Ticket aB9dE8fG7hI6jK5lM4nO3pQ2'],
  ])('are the same but for %s', (_what, a, b) => {
    expect(sameEnd(said(a), said(b))).toBe(true);
  });

  it.each([
    ['words', said('Confirmed.'), said('Not confirmed.')],
    [
      'long words',
      said('status: confirmed_by_the_account_owner'),
      said('status: declined_by_the_account_owner'),
    ],
    [
      'structured content',
      said('Done.', { structuredContent: { sure: true } }),
      said('Done.', { structuredContent: { sure: false } }),
    ],
    ['failure', said('No.'), FAILED],
    ['codes', { kind: 'error', code: -1, message: 'no' }, { kind: 'error', code: -2, message: 'no' }],
    ['not having come', PENDING, PENDING],
  ] as const)('differ by %s', (_what, a, b) => {
    expect(sameEnd(a, b)).toBe(false);
  });
});

describe('the outcome of a call', () => {
  const plan = (declared: 'none' | 'both') => ({
    era: 'modern' as const,
    lane: 'plain' as const,
    principal: 'alice',
    declared,
    answer: 'decline' as const,
    params: {},
  });
  const error = (code: number): End => ({ kind: 'error', code, message: '' });

  it('is a refusal for a missing capability, also where the tool is hidden from such clients', () => {
    const outcomes = [
      outcomeOf({ end: error(-32021), plan: plan('both') }),
      outcomeOf({ end: error(-32602), plan: plan('none') }),
      outcomeOf({ end: error(-32602), plan: plan('both') }),
      outcomeOf({ end: error(-32042), plan: plan('none') }),
      outcomeOf({ end: PENDING, plan: plan('none') }),
    ];
    expect(outcomes).toEqual(['refused', 'refused', 'error', 'error', 'asked']);
  });
});
