import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import {
  type Era,
  expectedFindings,
  FAULTS,
  type Fault,
  faultId,
  type Transport,
  UNJUDGED_FAULTS,
} from './faults.mjs';
import { HOSTILE } from './hostile/table.mjs';
import { hostileManifest, zooManifest } from './manifest.mjs';
import { type Peer, startPeer } from './peer.js';
import { initialize, modern, negotiated, outcome, request } from './questions.js';
import { SYMPTOMS } from './symptoms.js';

const SERVER = process.env['ZOO_SERVER'] ?? fileURLToPath(new URL('./server.mjs', import.meta.url));
const HOSTILE_SERVER = fileURLToPath(new URL('./hostile/server.mjs', import.meta.url));
const ALL_FAULTS = [...FAULTS, ...UNJUDGED_FAULTS];
/** Those that need no issuer; oauth.test.ts has the others. */
const PLAIN_FAULTS = ALL_FAULTS.filter(({ authorization }) => authorization !== 'oauth');

/** Faults that only a process of its own can show, faults of the manifest, each with its own test below, and those of elicitation.test.ts. */
const ELSEWHERE =
  /^(elicitation\/|tasks\/|transport\/(does-not-exit|leaves-processes|crashes)|protocol\/claim-drift|authorization\/none-required:declared)/;

const peers: Peer[] = [];
const faultless = new Map<string, Promise<Peer>>();
afterAll(() => {
  for (const peer of peers) peer.close();
});

async function start(fault: Fault | null, transport: Transport, era: Era): Promise<Peer> {
  const peer = await startPeer(fault, transport, era);
  peers.push(peer);
  return peer;
}

function faultlessPeer(transport: Transport, era: Era): Promise<Peer> {
  const key = `${transport} ${era}`;
  const peer = faultless.get(key) ?? start(null, transport, era);
  faultless.set(key, peer);
  return peer;
}

function places(fault: Fault): [Transport, Era][] {
  return fault.transports.flatMap((transport): [Transport, Era][] => {
    if (transport === 'sse') return fault.eras.includes('legacy') ? [['sse', 'legacy']] : [];
    return fault.eras.map((era): [Transport, Era] => [transport, era]);
  });
}

describe('the table of faults', () => {
  it('names every fault once', () => {
    const ids = ALL_FAULTS.map(faultId);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('has a symptom for every fault, and a fault for every symptom', () => {
    const shown = PLAIN_FAULTS.map(faultId).filter((id) => !ELSEWHERE.test(id));
    expect([...SYMPTOMS.keys()].sort()).toEqual(shown.sort());
  });

  it('has every fault fire its own rule, and every unjudged one none', () => {
    expect(FAULTS.filter((fault) => !fault.fires.includes(fault.id)).map(faultId)).toEqual([]);
    expect(UNJUDGED_FAULTS.flatMap((fault) => fault.fires)).toEqual([]);
  });

  it('expects nothing of the faultless server but what its transport is', () => {
    expect([
      expectedFindings(null, 'stdio'),
      expectedFindings(null, 'streamable-http'),
      expectedFindings(null, 'sse'),
    ]).toEqual([[], [], ['transport/deprecated-http-sse']]);
  });
});

describe('the faultless server', () => {
  it.each([
    ['stdio', 'legacy'],
    ['stdio', 'both'],
    ['streamable-http', 'legacy'],
    ['streamable-http', 'both'],
    ['sse', 'legacy'],
  ] as [Transport, Era][])(
    'speaks two legacy revisions and offers the newest otherwise, over %s as %s',
    async (transport, era) => {
      const peer = await faultlessPeer(transport, era);
      const questions = [
        '2024-11-05',
        '2025-03-26',
        '2025-06-18',
        '2025-11-25',
        '2026-07-28',
        '1999-01-01',
        '',
        20251125,
        undefined,
      ];
      const answers: unknown[] = [];
      for (const question of questions) answers.push(await negotiated(peer, question));
      const newest = '2025-11-25';
      expect(answers).toEqual([newest, newest, '2025-06-18', newest, newest, newest, newest, -32602, -32602]);
    },
  );

  it.each([
    ['stdio', 'modern'],
    ['stdio', 'both'],
    ['streamable-http', 'modern'],
    ['streamable-http', 'both'],
  ] as [Transport, Era][])(
    'serves the modern revision without a handshake, over %s as %s',
    async (transport, era) => {
      const peer = await faultlessPeer(transport, era);
      const status = transport === 'stdio' ? null : 200;
      expect([
        outcome(await modern(peer, 'server/discover')),
        outcome(await modern(peer, 'tools/list')),
        outcome(await modern(peer, 'tools/call', { params: { name: 'whoami', arguments: {} } })),
      ]).toEqual([
        [status, 'result'],
        [status, 'result'],
        [status, 'result'],
      ]);
    },
  );

  it('tells a legacy client which revisions a modern-only server speaks', async () => {
    const answers = [await negotiated(await faultlessPeer('stdio', 'modern'), '2025-11-25')];
    answers.push(await negotiated(await faultlessPeer('streamable-http', 'modern'), '2025-11-25'));
    expect(answers).toEqual([-32022, -32022]);
  });

  it('serves nobody before the handshake of a legacy connection', async () => {
    const peer = await start(null, 'stdio', 'legacy');
    expect(outcome(await peer.send(request('tools/list')))).toEqual([null, -32600]);
  });
});

describe('every fault shows its own wrong behaviour, which the faultless server does not have', () => {
  const cases = PLAIN_FAULTS.flatMap((fault) =>
    places(fault).map(([transport, era]) => ({ fault, transport, era, id: faultId(fault) })),
  ).filter(({ id }) => SYMPTOMS.has(id));
  it.each(cases)('$id over $transport as $era', async ({ fault, transport, era, id }) => {
    const symptom = SYMPTOMS.get(id);
    const right = await symptom?.ask(await faultlessPeer(transport, era));
    const peer = await start(fault, transport, era);
    const wrong = await symptom?.ask(peer);
    peer.close();
    expect({ right, wrong }).toEqual({ right: symptom?.right, wrong: symptom?.wrong });
  });
});

describe('faults of processes', () => {
  const hello = `${JSON.stringify(initialize('2025-11-25'))}\n`;

  /** Starts a zoo server over stdio, waits for its first answer, and hands it over. */
  async function launch(fault: string, era: Era, first = hello) {
    const child = spawn(process.execPath, [SERVER, '--fault', fault, '--era', era], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.write(first);
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
    return child;
  }

  it('exits when stdin is closed, and at SIGTERM', async () => {
    const [closed, signalled] = await Promise.all([launch('none', 'both'), launch('none', 'legacy')]);
    closed.stdin.end();
    signalled.kill('SIGTERM');
    expect(await Promise.all([once(closed, 'exit'), once(signalled, 'exit')])).toEqual([
      [0, null],
      [null, 'SIGTERM'],
    ]);
  });

  it('stays after stdin is closed: transport/does-not-exit', async () => {
    const child = await launch('transport/does-not-exit', 'legacy');
    child.stdin.end();
    const ended = await Promise.race([
      once(child, 'exit'),
      new Promise((resolve) => setTimeout(() => resolve('still there'), 300)),
    ]);
    child.kill('SIGKILL');
    expect(ended).toBe('still there');
  });

  it('has to be killed: transport/does-not-exit:ignores-sigterm', async () => {
    const child = spawn(
      process.execPath,
      [SERVER, '--transport', 'streamable-http', '--fault', 'transport/does-not-exit:ignores-sigterm'],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await once(child.stderr, 'data');
    child.kill('SIGTERM');
    setTimeout(() => child.kill('SIGKILL'), 300);
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
  });

  it.each(['transport/leaves-processes', 'transport/leaves-processes:same-group'])(
    'leaves a child: %s',
    async (fault) => {
      const child = await launch(fault, 'legacy');
      const [left] = childrenOf(child.pid);
      child.stdin.end();
      await once(child, 'exit');
      const alive = isAlive(left);
      if (left !== undefined) process.kill(left, 'SIGKILL');
      expect(alive).toBe(true);
    },
  );

  it.each([
    ['transport/crashes', 'legacy', [request('ping')]],
    ['transport/crashes:unknown-version', 'legacy', initialize('2099-12-31')],
    ['transport/crashes:unknown-method', 'modern', request('no/such')],
  ] as [string, Era, unknown][])('dies of one message and of no other: %s', async (fault, era, deadly) => {
    const child = await launch(fault, era);
    child.stdin.write(`${JSON.stringify(deadly)}\n`);
    expect(await once(child, 'exit')).toEqual([1, null]);
  });
});

describe('hostile servers', () => {
  it('names each once', () => {
    const ids = HOSTILE.map((entry) => entry.id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  it('refuses a behaviour it does not have', async () => {
    const child = spawn(process.execPath, [HOSTILE_SERVER, '--behaviour', 'friendly'], { stdio: 'ignore' });
    expect(await once(child, 'exit')).toEqual([2, null]);
  });
});

describe('manifests', () => {
  it('start the server they describe, with the claims of the fault', () => {
    const fault = FAULTS.find((entry) => faultId(entry) === 'protocol/claim-drift');
    expect(
      parse(
        zooManifest({
          fault: fault ?? null,
          transport: 'streamable-http',
          era: 'legacy',
          authorization: 'none',
        }),
      ),
    ).toEqual({
      apiVersion: 'mcp-gate/v1',
      kind: 'McpServerDeployment',
      metadata: { name: 'zoo-protocol-claim-drift' },
      spec: {
        run: {
          command: [
            'node',
            SERVER,
            '--transport',
            'streamable-http',
            '--era',
            'legacy',
            '--fault',
            'protocol/claim-drift',
            '--port',
            expect.stringMatching(/^\$\{port\}$/),
          ],
        },
        transport: { type: 'streamable-http', path: '/mcp' },
        authorization: { provider: 'none' },
        declares: { protocolVersions: ['2025-11-25', '2026-07-28'] },
      },
    });
  });

  it('start hostile servers', () => {
    expect(parse(hostileManifest({ id: 'silent', transport: 'stdio' })).spec.run).toEqual({
      command: ['node', HOSTILE_SERVER, '--transport', 'stdio', '--behaviour', 'silent'],
    });
  });
});

/** Direct children of a process, from the table of processes. */
function childrenOf(parent: number | undefined): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    const [, parent] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return Number(parent);
  } catch {
    return null;
  }
}

function isAlive(pid: number | undefined): boolean {
  return pid !== undefined && parentOf(pid) !== null;
}
