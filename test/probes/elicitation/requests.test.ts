import { describe, expect, it } from '@jest/globals';
import type { Asked, CallRun } from '../../../src/probes/elicitation/exchange/run.js';
import { Requests } from '../../../src/probes/elicitation/requests.js';

const PAGE = 'https://connect.example.com/start';

function runWith(...asked: unknown[]): CallRun {
  return {
    plan: {
      era: 'legacy',
      lane: 'plain',
      principal: 'alice',
      declared: 'both',
      answer: 'decline',
      params: {},
    },
    asked: asked.map((params): Asked => {
      const none = { callId: '1', requestId: '2', taskId: null, exchange: null };
      return { at: 0, params, channel: 'server-request', ...none };
    }),
    omitted: 0,
    rounds: 1,
    endless: false,
    end: { kind: 'pending' },
    httpStatus: 200,
    revision: '2025-11-25',
    sessionHash: null,
    completed: new Set(),
    evidence: [],
  };
}

function requestsOf(...asked: unknown[]): Requests {
  const requests = new Requests([]);
  requests.add(runWith(...asked), { tool: 't', at: '/spec/exercise/0' });
  return requests;
}

const agrees = (url: string, expectedOrigin: string): unknown =>
  requestsOf({ mode: 'url', message: 'm', url, uriValidation: { expectedOrigin } }).facts[0]?.expectedOrigin
    ?.agrees;

describe('an expected origin', () => {
  it.each([
    'https://connect.example.com',
    'https://connect.example.com/',
    'HTTPS://Connect.Example.com',
    'https://connect.example.com:443',
  ])('is that of the URL however it is written: %s', (origin) => {
    expect(agrees(PAGE, origin)).toBe(true);
  });

  it('may be written in its own letters', () => {
    expect(agrees('https://xn--bcher-kva.example/start', 'https://bücher.example')).toBe(true);
  });

  it.each([
    'https://connect.example.com:444',
    'http://connect.example.com',
    'https://connect.example.com@evil.example',
    'https://evil.example@connect.example.com',
    'https://@connect.example.com',
    'https://connect.example.com/start',
    'https://connect.example.com?',
    'https://connect.example.com#',
    ' https://connect.example.com',
    'https:\\\\connect.example.com',
    'connect.example.com',
    '',
  ])('is another one, or none: %j', (origin) => {
    expect(agrees(PAGE, origin)).toBe(false);
  });

  it('agrees with no URL that has no origin', () => {
    expect(agrees('javascript:alert(1)', 'null')).toBe(false);
  });
});

describe('the URLs of a request', () => {
  it('are looked at where they come as a list, and are no valid ones where nobody knows what they are', () => {
    const { facts } = requestsOf(
      { mode: 'url', message: 'm', url: ['https://evil.example/'] },
      { mode: 'url', message: 'm', url: { toString: 'https://evil.example/' } },
    );
    expect(facts.map(({ mode, url }) => [mode, url?.valid, url?.origin])).toEqual([
      ['url', true, 'https://evil.example'],
      ['url', false, null],
    ]);
  });
});

describe('the bound on requests', () => {
  it('leaves room for all that a manifest full of triggers can cause', () => {
    const requests = new Requests([]);
    const form = { message: 'm', requestedSchema: { type: 'object', properties: {} } };
    // Twelve triggers in two eras; ten calls each, which ask for two forms one after the other.
    for (let call = 0; call < 12 * 2 * 10; call += 1)
      requests.add(runWith(form, form), { tool: 't', at: '/spec/exercise/0' });
    expect([requests.facts.length, requests.omitted]).toEqual([480, 0]);
  });

  it('counts what it leaves out', () => {
    const requests = new Requests([]);
    for (let call = 0; call < 1001; call += 1) requests.add(runWith({}), { tool: 't', at: '/spec' });
    expect([requests.facts.length, requests.omitted]).toEqual([1000, 1]);
  });
});
