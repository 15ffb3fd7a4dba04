import { describe, expect, it } from '@jest/globals';
import { newsOf } from '../../src/github/news.js';

const HOUR = 3_600_000;

function deferred(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

/** Lets everything happen that waits for no timer. */
async function settled(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}

describe('news', () => {
  it('is sent at once, then not before its time', async () => {
    const sent: number[] = [];
    let state = 0;
    const news = newsOf(async () => void sent.push(state), { everyMs: HOUR, most: 10 });
    for (state = 1; state <= 100; state += 1) {
      news.tell();
      await settled();
    }
    await news.end();
    expect(sent).toEqual([1]);
  });

  it('catches up with the newest state when it may', async () => {
    const sent: number[] = [];
    let state = 1;
    const caughtUp = deferred();
    const news = newsOf(
      async () => {
        sent.push(state);
        if (sent.length === 2) caughtUp.resolve();
      },
      { everyMs: 20, most: 10 },
    );
    // The pace's own timer does not keep a process alive.
    const alive = setInterval(() => undefined, 1_000);
    news.tell();
    for (const next of [2, 3]) {
      state = next;
      news.tell();
    }
    await caughtUp.promise;
    clearInterval(alive);
    expect(sent).toEqual([1, 3]);
  });

  it('is over when its number is used up', async () => {
    let sendings = 0;
    const news = newsOf(
      async () => {
        sendings += 1;
      },
      { everyMs: 0, most: 3 },
    );
    for (let index = 0; index < 20; index += 1) {
      news.tell();
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    await news.end();
    expect(sendings).toBe(3);
  });

  it('ends after what is under way, and sends nothing then', async () => {
    const first = deferred();
    const order: string[] = [];
    const news = newsOf(
      async () => {
        order.push('begins');
        await first.promise;
        order.push('is sent');
      },
      { everyMs: 0, most: 10 },
    );
    news.tell();
    news.tell();
    const end = news.end().then(() => order.push('end'));
    await settled();
    first.resolve();
    await end;
    news.tell();
    await settled();
    expect(order).toEqual(['begins', 'is sent', 'end']);
  });

  it('survives a sending that fails', async () => {
    const news = newsOf(() => Promise.reject(new Error('lost')), { everyMs: 0, most: 2 });
    news.tell();
    await settled();
    expect(await news.end()).toBeUndefined();
  });
});
