import { describe, expect, it } from '@jest/globals';
import { makeContact } from '../../src/probes/contact.js';
import type { Exchange, Reply } from '../../src/wire/exchange.js';
import type { Wire } from '../../src/wire/wire.js';

interface Answered {
  readonly status: number;
  readonly challenge?: string;
  readonly location?: string;
}

const SETTING = 'transport.path (mcp-gate.yaml, line 9)';

/** A wire whose two first questions are answered so. */
function wire(principal: string, initialize: Answered, discover: Answered): Wire {
  const exchanges: Exchange[] = [];
  const reply = ({ status, challenge = '', location }: Answered): Reply => {
    const headers = { 'www-authenticate': challenge, ...(location !== undefined && { location }) };
    const answer = { status, headers, messages: [] };
    const request = { url: 'http://127.0.0.1:3000/mcp' };
    const exchange = { principal, request, answer } as unknown as Exchange;
    exchanges.push(exchange);
    return status === 200 ? { kind: 'result', result: {}, exchange } : { kind: 'http', status, exchange };
  };
  const close = async (): Promise<void> => undefined;
  return {
    transport: 'streamable-http',
    transcript: { experiment: () => exchanges },
    legacy: async () => ({ initialize: async () => ({ reply: reply(initialize) }), close }),
    modern: async () => ({ request: async () => reply(discover), close }),
  } as unknown as Wire;
}

const REFUSED = { status: 401, challenge: 'Bearer error="invalid_token", error_description="expired"' };

async function refusal(principal: string, initialize: Answered, discover: Answered): Promise<unknown> {
  const contact = await makeContact(wire(principal, initialize, discover), 1000, SETTING);
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

  it.each([
    [
      '/mcp/',
      'the candidate redirects /mcp to /mcp/ (HTTP 307), and the gate follows no redirects: set transport.path (mcp-gate.yaml, line 9) to /mcp/',
    ],
    [
      'http://localhost:3000/mcp/?x=1',
      'the candidate redirects /mcp to /mcp/ (HTTP 307), and the gate follows no redirects: set transport.path (mcp-gate.yaml, line 9) to /mcp/',
    ],
    [
      'https://127.0.0.1:3000/mcp',
      'the candidate redirects /mcp to another origin, https://127.0.0.1:3000 (HTTP 307), and the gate follows no redirects: it must answer at http://127.0.0.1:3000 itself',
    ],
    [
      'http://[',
      'the candidate redirects /mcp to nowhere in particular (HTTP 307), and the gate follows no redirects: see whether transport.path (mcp-gate.yaml, line 9) is the path that it serves',
    ],
  ])('says where a redirect leads: %s', async (location, reason) => {
    const redirect = { status: 307, location };
    expect(await refusal('alice', redirect, redirect)).toEqual({ answered: false, reason });
  });
});
