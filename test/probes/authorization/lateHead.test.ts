/** Streams whose head comes with their first event, as servlets without a flush give them: silence is no refusal. */
import { afterEach, describe, expect, it } from '@jest/globals';
import { factsOf, probeText } from './kit.js';
import { type Answer, REFUSED, runningManifest, type StandIn, standIn } from './stand-in.js';

const ALICE = 'alice-token-of-the-test';
const BOB = 'bob-token-of-the-test';
const TOKENS = '{ provider: tokens, tokens: { alice: TEST_ALICE, bob: TEST_BOB } }';
const LATE: Answer = { status: 200, headers: { 'content-type': 'text/event-stream' }, late: true };

const open: StandIn[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

/** What nobody got by GET, and what could not be told; `guards` are the methods that ask for a token. */
async function stream(guards: readonly string[], authorization = TOKENS): Promise<unknown> {
  const server = await standIn(({ method, token }) => {
    if (guards.includes(method) && token !== ALICE && token !== BOB) return REFUSED;
    return method === 'GET' ? LATE : null;
  });
  open.push(server);
  const env = { TEST_ALICE: ALICE, TEST_BOB: BOB };
  const probed = await probeText(runningManifest(server.url, authorization), env);
  const found = factsOf(probed).anonymous.filter(({ operation }) => operation === 'stream');
  return [found.map(({ outcome }) => outcome), probed.record.untested];
}

describe('a stream whose head comes with its first event', () => {
  it('is refused to nobody where nobody is told so and alice is not', async () => {
    expect(await stream(['POST', 'GET'])).toEqual([['refused'], []]);
  }, 60_000);

  it('may be open to everybody where nobody is left waiting as alice is', async () => {
    const reason =
      'GET is neither refused nor answered, as for alice: nobody can tell whether the stream was opened';
    expect(await stream(['POST'])).toEqual([
      [],
      [{ experiment: 'authorization/anonymous/legacy/stream', reason }],
    ]);
  }, 60_000);

  it('is no riddle where there are no users', async () => {
    expect(await stream([], '{ provider: none }')).toEqual([['not-offered'], []]);
  }, 60_000);
});
