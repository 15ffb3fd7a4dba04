import { createHmac, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { PRINCIPAL_NAMES, type PrincipalName } from '../../../src/identity/cast.js';
import {
  anonymous,
  bearer,
  NOTHING_KNOWN,
  type Principal,
  unavailable,
} from '../../../src/identity/principal.js';
import { answersTo } from '../../../src/probes/answers.js';
import { castOf } from '../../../src/probes/cast.js';
import { alike } from '../../../src/probes/identifiers/alike.js';
import { Busy } from '../../../src/probes/patience.js';
import { outcomeOfPost, outcomeOfReply } from '../../../src/probes/reading.js';
import { changed } from '../../../src/probes/session/ids.js';
import { alterationsOf } from '../../../src/probes/session/modern/alterations.js';
import { lifeOf } from '../../../src/probes/session/modern/stateLife.js';
import { idInRoute, routeWith } from '../../../src/probes/session/owned.js';
import { askingTools, callOf, harmlessTools, textAt, tracesOf } from '../../../src/probes/tools.js';
import type { Exchange } from '../../../src/wire/exchange.js';
import { readReply } from '../../../src/wire/reply.js';

const CANARY = '$' + '{canary}';

describe('who is what to the owner', () => {
  const holder = (
    name: PrincipalName,
    distinction: Principal['distinction'],
    subject: string | null = 'a',
  ): Principal => bearer(name, 'token', { distinction, standing: { ...NOTHING_KNOWN, subject } });
  const castWith = (...known: Principal[]) =>
    castOf({
      principals: new Map(
        PRINCIPAL_NAMES.map((name) => [
          name,
          known.find((one) => one.name === name) ?? unavailable(name, 'not here'),
        ]),
      ),
    });
  const standings = (...known: Principal[]) =>
    castWith(...known).intruders.map(({ name, standing }) => [name, standing]);

  it('is told by name and by what the tokens say', () => {
    expect(
      standings(
        holder('alice', 'not'),
        holder('bob', 'subject', 'b'),
        holder('bob-refreshed', 'unproven', null),
        anonymous(),
        holder('invented', 'nobody'),
        holder('alice-other-client', 'client'),
        holder('alice-refreshed', 'not'),
        holder('low-scope', 'not'),
        holder('expired', 'not'),
      ),
    ).toEqual([
      ['bob', 'other-principal'],
      ['bob-refreshed', 'other-principal'],
      ['anonymous', 'nobody'],
      ['invented', 'nobody'],
      ['alice-other-client', 'same-user-other-client'],
      ['alice-refreshed', 'same-user'],
      ['low-scope', 'same-user-narrower'],
      ['expired', 'defective'],
    ]);
  });

  it('is another principal by client alone only where tokens name no user', () => {
    expect(standings(holder('alice', 'not', null), holder('bob', 'client', null))).toEqual([
      ['bob', 'other-principal'],
    ]);
    expect(standings(holder('alice', 'not'), holder('bob', 'client'))).toEqual([
      ['bob', 'same-user-other-client'],
    ]);
  });

  it('is nobody to try with when bob is alice, and says so', () => {
    const { intruders, missing } = castWith(holder('alice', 'not'), holder('bob', 'not'));
    expect([intruders, missing[0]]).toEqual([
      [],
      { name: 'bob', reason: 'the token is of the same user as the owner' },
    ]);
  });
});

describe('ids that nobody gave out', () => {
  it.each([
    () => randomUUID(),
    () => randomBytes(16).toString('hex'),
    () => randomBytes(24).toString('base64url'),
    () => 'session-7',
    () => '0x7f3c10000000',
  ])('have the form of a real one and are another', (make) => {
    const id = make();
    const other = alike(id);
    expect(other).not.toBe(id);
    expect(other.replace(/[0-9]/g, '9').length).toBe(id.length);
    expect(other.replace(/[0-9A-Za-z]/g, 'x')).toBe(id.replace(/[0-9A-Za-z]/g, 'x'));
  });

  it('differ from the live one in what their case says', () => {
    const id = 'abcd-0123-wxyz';
    expect(
      (['tail-changed', 'parameters', 'percent-nul', 'space-inside', 'empty', 'missing'] as const).map(
        (variant) => changed(id, variant),
      ),
    ).toEqual([
      'abcd-0123-xyzg',
      'abcd-0123-wxyz&owner=mcp-gate',
      'abcd-0123-wxyz%00',
      'abcd-0123-wxyz x',
      '',
      null,
    ]);
  });
});

describe('message routes', () => {
  it('hold the session in the query or as their last segment', () => {
    expect([
      idInRoute('/messages?session_id=0123456789abcdef'),
      idInRoute('/messages/?v=1&sessionId=0123456789abcdef'),
      idInRoute('/messages/0123456789abcdef'),
      idInRoute('/messages'),
    ]).toEqual(['0123456789abcdef', '0123456789abcdef', '0123456789abcdef', 'messages']);
  });

  it('can be made to name another session', () => {
    expect(routeWith('/messages?session_id=abc', 'abc', 'x&y')).toBe('/messages?session_id=x%26y');
    expect(routeWith('/m?a=%2Fabc&b=1', '/abc', 'q')).toBe('/m?a=q&b=1');
  });
});

describe('changes to a request state', () => {
  const key = randomBytes(32);
  const sign = (body: string): string =>
    `${body}.${createHmac('sha256', key).update(body).digest('base64url')}`;
  const state = sign(
    Buffer.from(JSON.stringify({ user: 'alice', nonce: randomUUID() })).toString('base64url'),
  );

  it('are each different, and none is the state itself', () => {
    const states = alterationsOf(state).map((one) => one.state);
    expect(new Set(states).size).toBe(states.length);
    expect(states).not.toContain(state);
    expect(new Set(alterationsOf(state).map((one) => one.case))).toEqual(
      new Set(['changed-character', 'rewritten-json', 'truncated', 'emptied']),
    );
  });

  it('all change the bytes of base64 that is decoded before it is checked', () => {
    for (let size = 16; size < 80; size += 1) {
      const blob = ['', '', ''].map(() => randomBytes(size));
      const parts = blob.map((bytes) => bytes.toString('base64url')).join('.');
      const decoded = (text: string): string =>
        text
          .split('.')
          .map((part) => Buffer.from(part, 'base64url').toString('hex'))
          .join('.');
      const unnoticed = alterationsOf(parts).filter((one) => decoded(one.state) === decoded(parts));
      expect(unnoticed).toEqual([]);
    }
  });

  it('rewrite JSON without changing what it says', () => {
    const rewritten = alterationsOf('{"user":"alice"}').filter((one) => one.case === 'rewritten-json');
    expect(rewritten.map((one) => one.state)).toEqual(['{"user":"alice","mcpGate":true}']);
  });
});

describe('answers to what a server asks', () => {
  it('fit the form', () => {
    const requestedSchema = {
      type: 'object',
      properties: {
        confirm: { type: 'boolean' },
        count: { type: 'integer', minimum: 3 },
        size: { type: 'string', enum: ['s', 'm'] },
        colour: { type: 'string', oneOf: [{ const: 'red', title: 'Red' }] },
        tags: { type: 'array', items: { type: 'string', enum: ['x', 'y'] } },
        email: { type: 'string', format: 'email' },
        kept: { type: 'string', default: 'as it was' },
      },
    };
    expect(
      answersTo({
        form: { method: 'elicitation/create', params: { mode: 'form', requestedSchema } },
        url: { method: 'elicitation/create', params: { mode: 'url', url: 'https://example.com' } },
        roots: { method: 'roots/list' },
      }),
    ).toEqual({
      form: {
        action: 'accept',
        content: {
          confirm: true,
          count: 3,
          size: 's',
          colour: 'red',
          tags: ['x'],
          email: 'mcp-gate@example.com',
          kept: 'as it was',
        },
      },
      url: { action: 'decline' },
      roots: { roots: [] },
    });
  });

  it('survive a server that asks nonsense', () => {
    expect([
      answersTo(null),
      answersTo([1]),
      answersTo({ a: 7, b: { method: 'elicitation/create', params: 1 } }),
    ]).toEqual([{}, {}, { a: {}, b: { action: 'accept', content: {} } }]);
  });
});

describe('the tools that may be called', () => {
  const plan = {
    whoami: { tool: 'whoami', arguments: {}, pointer: '/structuredContent/subject' },
    exercise: [
      { tool: 'export', arguments: {}, expect: 'task' as const },
      {
        tool: 'list',
        arguments: { text: `say ${CANARY}`, deep: [{ more: CANARY }] },
        expect: 'result' as const,
      },
      { tool: 'ask', arguments: {}, expect: 'elicitation' as const },
    ],
  };

  it('are those the manifest names for it', () => {
    expect(harmlessTools(plan).map(({ tool }) => tool)).toEqual(['whoami', 'list']);
    expect(askingTools(plan).map(({ tool }) => tool)).toEqual(['ask', 'list']);
    expect(harmlessTools({ ...plan, exercise: 'auto' }).map(({ tool }) => tool)).toEqual(['whoami']);
  });

  it('get the canary wherever there is a place for it, and can be recognised by it', () => {
    const [, list] = harmlessTools(plan);
    if (list === undefined) throw new Error('the tool is gone');
    expect(callOf(list, 'bird')).toEqual({
      name: 'list',
      arguments: { text: 'say bird', deep: [{ more: 'bird' }] },
    });
    expect(tracesOf(list, 'bird')).toEqual(['say bird', 'bird']);
  });

  it('name their caller as text, wherever the pointer leads', () => {
    const result = { content: [{ text: 'alice' }], structuredContent: { 'a/b': 7, none: null } };
    expect([
      textAt(result, '/content/0/text'),
      textAt(result, '/structuredContent/a~1b'),
      textAt(result, '/structuredContent/none'),
      textAt(result, '/toString'),
    ]).toEqual(['alice', '7', null, null]);
  });
});

describe('what came back', () => {
  const exchange = (answer: Partial<Exchange['answer']>): Exchange => ({
    id: 'x1',
    at: 0,
    durationMs: 1,
    experiment: 'e',
    connection: 'c1',
    principal: 'bob',
    request: {
      transport: 'http',
      method: 'POST',
      url: null,
      headers: {},
      body: null,
      rpcMethod: 'ping',
      rpcId: 1,
    },
    answer: {
      ending: 'answered',
      status: 200,
      headers: {},
      body: null,
      messages: [],
      problem: null,
      ...answer,
    },
  });
  const saying = (value: unknown, status = 200): Exchange =>
    exchange({ status, messages: [{ at: 0, value, text: JSON.stringify(value) }] });
  const stream = { 'content-type': 'text/event-stream' };
  const rpc = { jsonrpc: '2.0', id: 1 };

  it.each([
    ['a result', saying({ ...rpc, result: {} }), 'accepted'],
    ['a result with an HTTP error', saying({ ...rpc, result: {} }, 403), 'accepted'],
    ['a result under another id', saying({ ...rpc, id: 9, result: {} }), 'accepted'],
    ['a result that says it failed', saying({ ...rpc, result: { isError: true } }), 'refused'],
    ['an error', saying({ ...rpc, error: { code: -32600, message: '' } }), 'refused'],
    ['401', exchange({ status: 401 }), 'refused'],
    ['404', exchange({ status: 404 }), 'refused'],
    ['500', exchange({ status: 500 }), 'refused'],
    ['a redirect', exchange({ status: 302 }), 'refused'],
    ['202 and nothing', exchange({ status: 202 }), 'accepted'],
    [
      'a page for people',
      exchange({ headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<p>' }),
      'refused',
    ],
    ['silence', exchange({ status: null, ending: 'timeout' }), 'refused'],
    ['a stream on which nothing comes', exchange({ headers: stream, ending: 'timeout' }), 'inconclusive'],
    ['a stream that is closed at once', exchange({ headers: stream, ending: 'closed' }), 'refused'],
    ['429', exchange({ status: 429 }), 'inconclusive'],
    ['a candidate that died', exchange({ status: null, ending: 'exited' }), 'inconclusive'],
    ['a candidate that is not there', exchange({ status: null, ending: 'unreachable' }), 'inconclusive'],
  ] as const)('on a request: %s', (_, given, outcome) => {
    expect(outcomeOfReply(readReply(given, 1))).toBe(outcome);
  });

  it('is no refusal where the owner gets the same failure', () => {
    const failed = readReply(saying({ ...rpc, result: { isError: true } }), 1);
    expect(outcomeOfReply(failed, failed)).toBe('accepted');
  });

  it.each([
    ['202', exchange({ status: 202 }), 'accepted'],
    ['204', exchange({ status: 204 }), 'accepted'],
    ['an error in a 200', saying({ ...rpc, id: null, error: { code: 1, message: '' } }), 'refused'],
    ['a page for people', exchange({ headers: { 'content-type': 'text/html' } }), 'refused'],
    ['404', exchange({ status: 404 }), 'refused'],
    ['429', exchange({ status: 429 }), 'inconclusive'],
    ['silence', exchange({ status: null, ending: 'timeout' }), 'refused'],
  ] as const)('on a notification: %s', (_, given, outcome) => {
    expect(outcomeOfPost(given)).toBe(outcome);
  });
});

describe('patience with a busy candidate', () => {
  it('is as long as the candidate asks for, within bounds', () => {
    expect(
      [undefined, '0', '2', '3600', 'Wed, 21 Oct 2026 07:28:00 GMT'].map((given) => new Busy(given).waitMs),
    ).toEqual([1000, 1000, 2000, 5000, 1000]);
  });
});

describe('the life of a state', () => {
  const NOW = Date.parse('2026-11-23T12:00:00Z');
  const part = (claims: unknown): string => Buffer.from(JSON.stringify(claims)).toString('base64url');

  it.each<[string, string, number | undefined, number | null]>([
    ['a JWT', `${part({ alg: 'HS256' })}.${part({ exp: NOW / 1000 + 9 })}.c2ln`, undefined, 9000],
    ['milliseconds', `${part({ until: NOW + 1500 })}.c2ln`, undefined, 1500],
    ['a date in plain JSON', JSON.stringify({ expiresAt: '2026-11-23T12:00:02Z' }), undefined, 2000],
    ['an end that is past', part({ exp: NOW / 1000 - 5 }), undefined, 0],
    ['what the manifest declares, of an opaque one', 'b3BhcXVl', 3, 3000],
    ['what it says itself before what is declared', part({ exp: NOW / 1000 + 9 }), 3, 9000],
    ['nothing of a span', part({ exp: 60 }), undefined, null],
    ['nothing of an opaque one', 'b3BhcXVl', undefined, null],
    ['nothing of what is no date', part({ expires: '2026-13-77T99:00:00Z' }), undefined, null],
  ])('is read from %s', (_, state, declared, life) => {
    expect(lifeOf(state, declared, NOW)).toBe(life);
  });
});
