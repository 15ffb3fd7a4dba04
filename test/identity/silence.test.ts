import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';

const SCRIPT = `
import { openIdentity } from './identity.mjs';
const authorization = { provider: 'embedded', scopes: ['mcp:tools'], issuers: [], tokens: new Map(), clients: [] };
const options = { signal: new AbortController().signal, mask() {} };
const open = () => openIdentity({ authorization, resource: 'http://127.0.0.1:4000/mcp' }, options);
const identities = await Promise.all([open(), open()]);
for (const identity of identities) {
  await identity.obtain();
  const issuer = identity.variables['identity.issuer'];
  const provoke = (path, init) => fetch(issuer + path, { redirect: 'manual', ...init }).then((response) => response.text());
  await provoke('/auth?client_id=nobody');
  await provoke('/auth?client_id=mcp-gate-client-a&response_type=code&code_challenge=x');
  await provoke('/interaction/none');
  await provoke('/token', { method: 'POST', headers: { origin: 'http://evil.example' }, body: '{' });
  const form = { origin: 'http://evil.example', 'content-type': 'application/x-www-form-urlencoded' };
  const stale = 'grant_type=refresh_token&refresh_token=x&client_id=mcp-gate-client-a';
  await provoke('/token', { method: 'POST', headers: form, body: stale });
  await provoke('/token/introspection', { method: 'POST', body: 'token=x' });
  await provoke('/reg', { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{"redirect_uris":["x"]}' });
  await provoke('/session/end');
  await provoke('/nowhere');
}
const unavailable = identities.flatMap(({ principals }) => [...principals.values()].filter(({ available }) => !available));
await Promise.all(identities.map((identity) => identity.close()));
process.exitCode = unavailable.length;
`;

/** In a process of its own: what a library says while it is loaded can be seen nowhere else. */
describe('an embedded issuer in a process of its own', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mcp-gate-identity-'));
    await build({
      entryPoints: [join(process.cwd(), 'src/identity/identity.ts')],
      outfile: join(folder, 'identity.mjs'),
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      logLevel: 'silent',
      banner: {
        js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
      },
    });
    await writeFile(join(folder, 'run.mjs'), SCRIPT);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('prints nothing, whatever is asked of it, and lets the process end', async () => {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [join(folder, 'run.mjs')], {
      env: { PATH: process.env['PATH'] },
      timeout: 50_000,
    });
    expect({ stdout, stderr }).toEqual({ stdout: '', stderr: '' });
  });
});
