import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { loadPolicy as loadWasm } from '@open-policy-agent/opa-wasm';
import { type Bundled, bundle, neededBuiltins } from '../../../src/policy/author/bundle.js';
import { tarball } from '../../../src/policy/author/tar.js';
import { smallPack } from './kit.js';

/** Name, time, owner and content of every file, read as POSIX says. */
function entries(archive: Uint8Array) {
  const bytes = gunzipSync(archive);
  const found = [];
  for (let at = 0; bytes[at] !== 0; ) {
    const text = (from: number, length: number) =>
      bytes.toString('utf8', at + from, at + from + length).replace(/\0.*$/su, '');
    const size = Number.parseInt(text(124, 12), 8);
    const sum = bytes
      .subarray(at, at + 512)
      .reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 32 : byte), 0);
    expect(Number.parseInt(text(148, 8), 8)).toBe(sum);
    found.push({
      name: text(0, 100),
      time: Number.parseInt(text(136, 12), 8),
      owner: Number.parseInt(text(108, 8), 8),
      content: bytes.subarray(at + 512, at + 512 + size),
    });
    at += 512 * (1 + Math.ceil(size / 512));
  }
  return found;
}

async function bundled(changes: Partial<Bundled> = {}): Promise<Bundled> {
  const { compiled, data } = await smallPack();
  const { wasm, builtins, catalogue } = compiled;
  return { wasm, builtins, rules: catalogue.rules, data, digest: 'sha256:d', sources: {}, ...changes };
}

describe('an archive', () => {
  it('has its files in order, at the beginning of time, of nobody', () => {
    const archive = tarball(
      new Map([
        ['/b', Buffer.from('two')],
        ['/a', Buffer.alloc(513, 'x')],
      ]),
    );

    expect(entries(archive)).toEqual([
      { name: '/a', time: 0, owner: 0, content: Buffer.alloc(513, 'x') },
      { name: '/b', time: 0, owner: 0, content: Buffer.from('two') },
    ]);
  });

  it('is the same whatever the order of its files, and says nothing of the machine', () => {
    const files: [string, Uint8Array][] = [
      ['/a', Buffer.from('1')],
      ['/b', Buffer.from('2')],
    ];

    expect(Buffer.compare(tarball(new Map(files)), tarball(new Map(files.reverse())))).toBe(0);
    expect([...tarball(new Map(files)).subarray(4, 10)]).toEqual([0, 0, 0, 0, 2, 255]);
  });

  it('refuses a name that it would have to cut', () => {
    expect(() => tarball(new Map([['/'.padEnd(101, 'x'), Buffer.alloc(0)]]))).toThrow('100 bytes');
  });
});

describe('a bundle', () => {
  it('has a manifest that names the policy, its entry point, rules and the built-ins it needs', async () => {
    const policy = await bundled({
      builtins: [
        { name: 'count', answeredBy: 'native' },
        { name: 'semver.compare', answeredBy: 'module' },
        { name: 'time.now_ns', answeredBy: 'host' },
      ],
    });
    const [manifest] = entries(bundle(policy));

    expect(neededBuiltins(policy)).toEqual(['semver.compare', 'time.now_ns']);
    expect(manifest?.name).toBe('/.manifest');
    expect(JSON.parse(String(manifest?.content))).toEqual({
      revision: 'sha256:d',
      roots: [''],
      rego_version: 1,
      wasm: [{ entrypoint: 'mcp_gate/answer', module: '/policy.wasm' }],
      metadata: {
        'mcp-gate': {
          rules: policy.rules.map(({ id }) => id),
          builtins: ['semver.compare', 'time.now_ns'],
        },
      },
    });
  });

  it('answers in the WASM host with its own data', async () => {
    const files = new Map(entries(bundle(await bundled())).map(({ name, content }) => [name, content]));
    const policy = await loadWasm(files.get('/policy.wasm') ?? Buffer.alloc(0));
    policy.setData(JSON.parse(String(files.get('/data.json'))));
    const [answer] = policy.evaluate({ protocol: { best: '2024-11-05' } }, 'mcp_gate/answer') as [
      { result: { findings: unknown } },
    ];

    expect([...files.keys()]).toEqual(['/.manifest', '/data.json', '/policy.wasm']);
    expect(answer.result.findings).toEqual([
      { set: 'mcp.protocol/deny', finding: { rule: 'protocol/old', message: 'It is old.' } },
    ]);
  });

  it('is the same bytes again', async () => {
    const digest = async (): Promise<string> =>
      createHash('sha256')
        .update(bundle(await bundled()))
        .digest('hex');

    expect(await digest()).toBe(await digest());
  });

  it('keeps sources inside, wherever they were outside', async () => {
    const sources = { '../../etc/a.rego': 'package a\n', 'mcp-gate:b.rego': 'package b\n' };
    const names = entries(bundle(await bundled({ sources }))).map(({ name }) => name);

    expect(names.slice(3)).toEqual(['/rego/etc/a.rego', '/rego/mcp-gate/b.rego']);
  });
});
