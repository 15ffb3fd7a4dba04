import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { whyNotPassed } from '../../src/candidate/environment.js';
import { openCandidate } from '../../src/candidate/open.js';
import { fixture, hello, plan } from './plans.js';

const runner = {
  PATH: process.env['PATH'],
  LANG: 'C.UTF-8',
  LC_ALL: 'C.UTF-8',
  TZ: 'UTC',
  HOME: '/home/of/the/runner',
  SECRET: 'never',
  GITHUB_TOKEN: 'never',
  ACTIONS_RUNTIME_TOKEN: 'never',
  INPUT_TOKEN: 'never',
  RUNNER_TEMP: 'never',
  NODE_OPTIONS: 'never',
  npm_config_cache: tmpdir(),
  WANTED: 'asked for',
};

async function environmentOf(command: readonly [string, ...string[]]): Promise<Record<string, string>> {
  const opened = await openCandidate(
    plan(command, {
      type: 'stdio',
      env: { OWN: 'set', ISSUER: `$\{identity.issuer}` },
      passEnv: ['WANTED', 'ABSENT'],
    }),
    { hello, runner, variables: { 'identity.issuer': 'http://127.0.0.1:1/' } },
  );
  if (!opened.ok) throw new Error(opened.reason);
  const { candidate } = opened;
  const { stdout } = await candidate.launch();
  let text = '';
  for await (const chunk of stdout) {
    text += String(chunk);
    if (text.endsWith('}\n')) break;
  }
  await candidate.dispose();
  return JSON.parse(text);
}

describe('the environment of a candidate', () => {
  it('is what the manifest names, PATH, locale, a home of its own and the marker', async () => {
    const seen = await environmentOf([process.execPath, fixture('dump-env.mjs')]);
    expect(seen).toEqual({
      MCP_GATE_RUN: expect.stringMatching(/^[0-9a-f]{24}\.1\.$/),
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      LC_ALL: 'C.UTF-8',
      TZ: 'UTC',
      HOME: expect.stringContaining('mcp-gate-'),
      TMPDIR: join(seen['HOME'] ?? '', 'tmp'),
      OWN: 'set',
      ISSUER: 'http://127.0.0.1:1/',
      WANTED: 'asked for',
    });
  });

  it('has a home that is gone after the candidate', async () => {
    const { HOME = '' } = await environmentOf([process.execPath, fixture('dump-env.mjs')]);
    expect(readdirSync(dirname(HOME))).not.toContain(HOME.slice(dirname(HOME).length + 1));
  });

  it.each([
    ['GITHUB_TOKEN'],
    ['github_sha'],
    ['ACTIONS_RUNTIME_TOKEN'],
    ['INPUT_TOKEN'],
    ['RUNNER_TEMP'],
    ['MCP_GATE_RUN'],
    ['GH_TOKEN'],
    ['NODE_AUTH_TOKEN'],
    ['npm_config_//registry/:_authToken'],
  ])('never takes %s from the runner', async (name) => {
    expect(
      await openCandidate(plan(['node'], { type: 'stdio', passEnv: [name] }), { hello, runner }),
    ).toEqual({
      ok: false,
      reason: whyNotPassed(name),
      outputTail: '',
    });
    expect(whyNotPassed(name)).toContain(`passEnv must not name ${name}`);
  });

  it('takes the credential that belongs to the candidate', () => {
    expect(whyNotPassed('BILLING_API_TOKEN')).toBeNull();
  });
});
