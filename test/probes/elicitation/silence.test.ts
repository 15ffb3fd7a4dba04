import { execFile } from 'node:child_process';
import { resolve4 } from 'node:dns/promises';
import { get } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { PAGES } from './fixtures/server.mjs';
import { factsOf, probe } from './kit.js';
import { watchNetwork } from './watch.js';

const HOST = new URL(PAGES).host;
const ALL = ['form', 'url', 'shared', 'advisory', 'required', 'late'];
/** It is about what is asked for, not about what comes back. */
const ignored = (): undefined => undefined;

describe('an elicited URL', () => {
  it('is never opened, resolved or fetched, whatever is answered, in any channel of any era', async () => {
    const watch = watchNetwork();
    const run = await probe({
      exercise: ALL.map((tool) => ({ tool })),
      greets: true,
      elicitationOrigins: [PAGES],
    });
    watch.stop();
    const { answers, requests } = factsOf(run);
    const texts = requests.flatMap(({ url }) => url?.text ?? []);
    expect([
      texts.filter((text) => new URL(text).host.endsWith('elicited.example')).length > 40,
      new Set(answers.filter(({ mode }) => mode === 'url').map(({ answer }) => answer)),
      new Set(requests.map(({ channel }) => channel)),
    ]).toEqual([
      true,
      new Set(['accept', 'decline', 'cancel']),
      new Set(['server-request', 'error', 'input-required', 'task']),
    ]);
    const beyond = watch
      .seen()
      .filter((trace) => trace !== 'connect 127.0.0.1' && !/^request http:\/\/127\.0\.0\.1:\d+$/.test(trace));
    expect([beyond, watch.seen().includes('connect 127.0.0.1')]).toEqual([[], true]);
  }, 60_000);

  it('would be noticed if anything fetched it', async () => {
    const watch = watchNetwork();
    await fetch(PAGES, { signal: AbortSignal.timeout(1000) }).catch(ignored);
    watch.stop();
    expect(watch.seen()).toEqual(expect.arrayContaining([`resolve ${HOST}`, `request ${PAGES}`]));
  }, 20_000);

  it.each([
    [
      'a request of node:http',
      `resolve ${HOST}`,
      () =>
        new Promise((done) => {
          const request = get(`http://${HOST}/`, { agent: false, timeout: 1000 }, () => request.destroy());
          request
            .on('timeout', () => request.destroy())
            .on('error', ignored)
            .on('close', done);
        }),
    ],
    ['a query of the resolver', `resolve ${HOST}`, () => resolve4(HOST).catch(ignored)],
    ['a program that opens it', 'process', () => new Promise((done) => execFile('true', [PAGES], done))],
    [
      'a connection to its address',
      'connect 127.0.0.9',
      () => fetch('http://127.0.0.9:8765/', { signal: AbortSignal.timeout(1000) }).catch(ignored),
    ],
  ])(
    'would be noticed if it were %s',
    async (_what, trace, act) => {
      const watch = watchNetwork();
      await Promise.race([act(), new Promise((done) => setTimeout(done, 2000).unref())]);
      watch.stop();
      expect(watch.seen()).toContain(trace);
    },
    20_000,
  );
});
