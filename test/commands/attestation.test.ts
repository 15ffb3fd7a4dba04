/** The files of an attestation: where they are, what they say, and that a `verify` in the next job agrees. */
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AttestRequest, attest, forget } from '../../src/commands/attestation.js';
import { UsageError } from '../../src/commands/failure.js';
import type { Terminal } from '../../src/commands/terminal.js';
import { renderJson } from '../../src/report/json.js';
import type { Report, ServerReport } from '../../src/report/report.js';
import { report, server } from '../report/fixture.js';

const BYTES = 'the package';
const DIGEST = `sha256:${createHash('sha256').update(BYTES).digest('hex')}`;

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mcp-gate-attest-'));
  await mkdir(join(cwd, 'deploy/dist'), { recursive: true });
  await writeFile(join(cwd, 'deploy/dist/billing.tgz'), BYTES);
});
afterEach(async () => {
  await rm(cwd, { recursive: true, force: true });
});

function terminal(env: NodeJS.ProcessEnv = {}): Terminal {
  return {
    cwd,
    env,
    dist: new URL('file:///dist/'),
    style: { color: false, width: 100 },
    interactive: false,
    out: () => {},
    err: () => {},
  };
}

function about(artifact: unknown, changes: Partial<ServerReport> = {}): ServerReport {
  const plain = server({ decision: 'allow', ...changes });
  if (plain.facts === null) throw new Error('the fixture has facts');
  return { ...plain, facts: { ...plain.facts, manifest: { spec: { artifact } } } };
}

const FILE = { file: 'dist/billing.tgz', digest: DIGEST };

function written(
  given: Report,
  request: AttestRequest = { attestation: 'out/vsa.json' },
  env: NodeJS.ProcessEnv = {},
  exitCode = 0,
): ReturnType<typeof attest> {
  return attest(request, { report: given, exitCode }, terminal(env));
}

async function predicateAt(path: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(cwd, path), 'utf8')).predicate;
}

describe('the files of an attestation', () => {
  it('are the statement and its predicate, with what actions/attest needs', async () => {
    const given = report([about(FILE)]);
    expect(await written(given)).toEqual({
      attested: [
        {
          server: 'billing',
          result: 'PASSED',
          statementPath: 'out/vsa.json',
          predicatePath: 'out/vsa.predicate.json',
          predicateType: 'https://slsa.dev/verification_summary/v1',
          subjectName: 'billing.tgz',
          subjectDigest: DIGEST,
        },
      ],
      notices: [],
    });
    const predicate = await predicateAt('out/vsa.json');
    expect(JSON.parse(await readFile(join(cwd, 'out/vsa.predicate.json'), 'utf8'))).toEqual(predicate);
    expect(predicate['urn:mcp-gate:report:v1']).toMatchObject({
      digest: { sha256: createHash('sha256').update(renderJson(given)).digest('hex') },
    });
  });

  it('are none when nobody asks', async () => {
    expect(await written(report([about(FILE)]), {})).toEqual({ attested: [], notices: [] });
    expect(await readdir(cwd)).toEqual(['deploy']);
  });

  it('carry the name of the server where there are several, names that clash too', async () => {
    const image = (digit: string): object => ({ image: `acme/x@sha256:${digit.repeat(64)}` });
    const several = report([
      about(image('1'), { name: 'a b' }),
      about(image('2'), { name: 'A/b' }),
      about(image('3'), { name: '../../x', decision: 'deny' }),
    ]);
    const { attested } = await written(several);
    expect(attested.map((one) => [one.server, one.statementPath, one.predicatePath, one.result])).toEqual([
      ['a b', 'out/vsa.a-b.json', 'out/vsa.a-b.predicate.json', 'PASSED'],
      ['A/b', 'out/vsa.A-b-2.json', 'out/vsa.A-b-2.predicate.json', 'PASSED'],
      ['../../x', 'out/vsa.x.json', 'out/vsa.x.predicate.json', 'FAILED'],
    ]);
    expect((await readdir(join(cwd, 'out'))).length).toBe(6);
  });

  it('of an earlier run are gone before this one can fail', async () => {
    await written(report([about(FILE)]));
    await forget({ attestation: 'out/vsa.json' }, terminal());
    expect(await readdir(join(cwd, 'out'))).toEqual([]);
    await forget({}, terminal());
  });

  it('of several servers of an earlier run are gone too, and nothing else is', async () => {
    const image = (digit: string): object => ({ image: `acme/x@sha256:${digit.repeat(64)}` });
    for (const attestation of ['out/vsa.json', 'out/plain', 'vsa.json'])
      await written(report([about(image('1')), about(image('2'), { name: 'in.ventory' })]), { attestation });
    const others = {
      'out/vsa.settings.json': '{ "verifier": "me" }',
      'out/vsa.foreign.json': JSON.stringify({
        _type: 'https://in-toto.io/Statement/v1',
        predicateType: 'https://slsa.dev/verification_summary/v1',
        predicate: { verifier: { id: 'https://example.com/another' }, verificationResult: 'PASSED' },
      }),
      'out/vsa.list.json': '[null]',
      'out/vsa.broken.json': '{',
      'out/vsa.notes.txt': 'x',
      'out/vsa-billing.json': await readFile(join(cwd, 'out/vsa.billing.json'), 'utf8'),
    };
    for (const [name, text] of Object.entries(others)) await writeFile(join(cwd, name), text);
    await mkdir(join(cwd, 'out/vsa.folder.json'));

    await forget({ attestation: 'out/vsa.json' }, terminal());
    await forget({ attestation: 'out/plain' }, terminal());
    expect((await readdir(join(cwd, 'out'))).sort()).toEqual(
      [...Object.keys(others).map((name) => name.slice(4)), 'vsa.folder.json'].sort(),
    );
    expect((await readdir(cwd)).filter((name) => name.startsWith('vsa')).length).toBe(4);
  });

  it('are looked for also where there is no such folder yet', async () => {
    await forget({ attestation: 'nowhere/vsa.json' }, terminal());
    expect(await readdir(cwd)).toEqual(['deploy']);
  });

  it('of an earlier run are gone when this one has none', async () => {
    await written(report([about(FILE)]));
    const { attested, notices } = await written(report([server({ decision: 'allow' })]));
    expect([attested, notices, await readdir(join(cwd, 'out'))]).toEqual([
      [],
      ['billing: no attestation, because its manifest names no spec.artifact'],
      [],
    ]);
  });

  it('say FAILED when the run ends with exit code 2', async () => {
    await written(report([about(FILE)]), undefined, {}, 2);
    expect((await predicateAt('out/vsa.json'))['verificationResult']).toBe('FAILED');
  });

  it('cannot be written where a folder stands', async () => {
    await expect(written(report([about(FILE)]), { attestation: 'deploy' })).rejects.toThrow(
      /^expected to write deploy, but: /u,
    );
  });
});

describe('an artifact that changed while the gate ran', () => {
  it.each([
    ['was rewritten', 'other bytes'],
    ['is gone', null],
  ])('is attested by nothing when it %s', async (_name, bytes) => {
    await written(report([about(FILE)]));
    const path = join(cwd, 'deploy/dist/billing.tgz');
    if (bytes === null) await rm(path);
    else await writeFile(path, bytes);
    const seen =
      bytes === null
        ? 'a file that cannot be read'
        : `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
    await expect(written(report([about(FILE)]))).rejects.toEqual(
      new UsageError(
        `billing: expected dist/billing.tgz to stay ${DIGEST} while the gate ran, but now it is ${seen}. No attestation is written: start the server from a copy, and build before the gate.`,
      ),
    );
    expect(await readdir(join(cwd, 'out'))).toEqual([]);
  });
});

describe('the verifier', () => {
  const action = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_ACTION_REPOSITORY: 'acme/gate' };
  it.each<readonly [string, string | undefined, NodeJS.ProcessEnv, string]>([
    ['as asked', 'https://example.com/gate', action, 'https://example.com/gate'],
    ['the Action', undefined, action, 'https://github.com/acme/gate'],
    [
      'no more than a gate, in a step of its own',
      undefined,
      { ...action, GITHUB_ACTION_REPOSITORY: '' },
      'urn:mcp-gate:verifier',
    ],
    ['no more than a gate, elsewhere', undefined, {}, 'urn:mcp-gate:verifier'],
  ])('is %s', async (_name, verifierId, env, id) => {
    await written(report([about(FILE)]), { attestation: 'vsa.json', verifierId }, env);
    expect((await predicateAt('vsa.json'))['verifier']).toEqual({ id, version: { 'mcp-gate': '0.1.0' } });
  });

  it('has to be a URI', async () => {
    await expect(
      written(report([about(FILE)]), { attestation: 'vsa.json', verifierId: 'acme' }),
    ).rejects.toThrow('expected a URI as --verifier-id, such as https://github.com/acme/gate, saw "acme"');
  });
});
