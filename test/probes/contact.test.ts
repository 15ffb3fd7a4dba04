import { describe, expect, it } from '@jest/globals';
import { makeContact } from '../../src/probes/contact.js';
import type { Reply } from '../../src/wire/exchange.js';
import type { Wire } from '../../src/wire/wire.js';

interface Answered {
  readonly status: number;
  readonly challenge?: string;
}

/** A wire whose two first questions are answered so. */
function wire(principal: string, initialize: Answered, discover: Answered): Wire {
  const reply = ({ status, challenge = '' }: Answered): Reply => {
    const answer = { status, headers: { 'www-authenticate': challenge }, messages: [] };
    const exchange = { principal, answer } as unknown as Reply['exchange'];
    return status === 200 ? { kind: 'result', result: {}, exchange } : { kind: 'http', status, exchange };
  };
  const close = async (): Promise<void> => undefined;
  return {
    transport: 'streamable-http',
    legacy: async () => ({ initialize: async () => ({ reply: reply(initialize) }), close }),
    modern: async () => ({ request: async () => reply(discover), close }),
  } as unknown as Wire;
}

const REFUSED = { status: 401, challenge: 'Bearer error="invalid_token", error_description="expired"' };

async function refusal(principal: string, initialize: Answered, discover: Answered): Promise<unknown> {
  const contact = await makeContact(wire(principal, initialize, discover), 1000);
  return contact.answered ? contact.refusal : contact;
}

describe('the first contact', () => {
  it('finds nothing to complain of where either era lets the caller in', async () => {
    expect([
      await refusal('alice', { status: 200 }, REFUSED),
      await refusal('alice', REFUSED, { status: 200 }),
      await refusal('alice', { status: 429 }, { status: 429 }),
    ]).toEqual([null, null, null]);
  });

  it('says in one sentence that the token of the legitimate user is refused', async () => {
    expect(await refusal('alice', REFUSED, REFUSED)).toBe(
      "the candidate refused alice's token at the very first request (HTTP 401, invalid_token), so nothing could be tried as the legitimate user: see whether the token has expired, and whether its issuer, audience and scopes are those that the candidate expects",
    );
  });

  it('says what is missing where there is no token', async () => {
    expect([
      await refusal('anonymous', { status: 401 }, { status: 401 }),
      await refusal('manifest', { status: 403 }, { status: 404 }),
    ]).toEqual([
      'the candidate refuses requests without a token (HTTP 401), and the gate has none: set authorization.provider in the manifest',
      'the candidate refuses what the headers of the manifest stand for (HTTP 403): see whether the credentials in run.headers are still good',
    ]);
  });

  it('is none where nothing answers', async () => {
    expect(await refusal('alice', { status: 404 }, { status: 500 })).toEqual({
      answered: false,
      reason:
        'initialize was answered with HTTP 404 and no JSON-RPC; server/discover was answered with HTTP 500 and no JSON-RPC',
    });
  });
});
