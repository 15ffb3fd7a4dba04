import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PrincipalName } from '../../src/identity/identity.js';
import { type Channel, exchange, type Json } from './channel.js';
import { at, initialize } from './questions.js';
import { AUDIENCE, type Cast, call, openCast } from './stage.js';

/** The examples as they are shipped, without the gate: what they are said to do wrong or right is what they do. */
const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

let cast: Cast;
const children: ChildProcess[] = [];
beforeAll(async () => {
  cast = await openCast();
});
afterAll(async () => {
  for (const child of children) child.kill();
  await cast.close();
});

type Send = (name: PrincipalName, message?: Json, headers?: Record<string, string>) => Promise<Channel>;

async function start(file: string): Promise<Send> {
  const port = await freePort();
  const env = {
    PATH: process.env['PATH'] ?? '',
    PORT: String(port),
    OAUTH_ISSUER: cast.oauth.issuer,
    OAUTH_JWKS_URI: cast.oauth.jwksUri,
    OAUTH_AUDIENCE: AUDIENCE,
  };
  children.push(spawn(process.execPath, [EXAMPLES + file], { env, stdio: ['ignore', 'ignore', 'inherit'] }));
  await listening(port);
  return async (name, message, headers = {}) => {
    const method = message === undefined ? 'GET' : 'POST';
    const own = await cast.authorize(name, method, `http://127.0.0.1:${port}/mcp`);
    return exchange(port, { method, path: '/mcp', headers: { ...own, ...headers }, message });
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function listening(port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const answered = await exchange(port, { method: 'GET', path: '/', headers: {} }).catch(() => null);
    answered?.close();
    if (answered !== null) return;
    await pause(50);
  }
  throw new Error('the example does not listen');
}

/** Status, and the name the tool answered with. */
async function account(sent: Promise<Channel>): Promise<unknown[]> {
  const channel = await sent;
  const answer = channel.status === 200 ? await channel.message(() => true) : null;
  return [channel.status, at(answer, 'result', 'structuredContent', 'owner') ?? null];
}

describe('the OAuth example', () => {
  it.each([
    ['oauth/vulnerable.mjs', [200, 'alice']],
    ['oauth/bound.mjs', [404, null]],
  ])('%s gives bob on the session of alice: %j', async (file, bob) => {
    const send = await start(file);
    const { headers } = await send('alice', initialize('2025-11-25'));
    const session = { 'mcp-session-id': String(headers['mcp-session-id']) };
    expect({
      alice: await account(send('alice', call('my_account'), session)),
      refreshed: await account(send('alice-refreshed', call('my_account'), session)),
      anonymous: await account(send('anonymous', call('my_account'), session)),
      bob: await account(send('bob', call('my_account'), session)),
    }).toEqual({ alice: [200, 'alice'], refreshed: [200, 'alice'], anonymous: [401, null], bob });
  });
});

describe('the compliant example', () => {
  it('serves valid tokens and no others', async () => {
    const send = await start('compliant/server.mjs');
    const statuses: Record<string, number> = {};
    const names = [
      'alice',
      'anonymous',
      'expired',
      'wrong-audience',
      'sibling-audience',
      'audience-list',
      'low-scope',
      'alice-dpop-as-bearer',
    ] as const;
    for (const name of names) statuses[name] = (await send(name, initialize('2025-11-25'))).status;
    expect(statuses).toEqual({
      alice: 200,
      anonymous: 401,
      expired: 401,
      'wrong-audience': 401,
      'sibling-audience': 401,
      'audience-list': 401,
      'low-scope': 403,
      'alice-dpop-as-bearer': 401,
    });
  });
});
