/** Candidates that listen: found, asked, started again, refused with a reason. */
import { createServer, type Server } from 'node:http';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { WatchedCandidate } from '../../src/candidate/candidate.js';
import { openCandidate } from '../../src/candidate/open.js';
import type { CandidateOptions } from '../../src/candidate/options.js';
import { isFreed, LoopbackPorts } from '../../src/candidate/port.js';
import type { ServerPlan } from '../../src/manifest/plan.js';
import { eventually, fixture, get, hello, isRunning, PORT, plan, planForUrl } from './plans.js';

const node = process.execPath;
const opened: WatchedCandidate[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((candidate) => candidate.dispose()));
  for (const server of servers.splice(0)) server.close();
});

async function open(wanted: ServerPlan, options: Partial<CandidateOptions> = {}): Promise<WatchedCandidate> {
  const result = await openCandidate(wanted, { hello, ...options });
  if (!result.ok) throw new Error(`${result.reason}\n${result.outputTail}`);
  opened.push(result.candidate);
  return result.candidate;
}

async function refusal(wanted: ServerPlan, options: Partial<CandidateOptions> = {}) {
  const result = await openCandidate(wanted, { hello, ...options });
  if (!result.ok) return result;
  opened.push(result.candidate);
  throw new Error('the candidate was opened');
}

const server = (...words: string[]): readonly [string, ...string[]] => [
  node,
  fixture('server.mjs'),
  ...words,
];
const given = (...words: string[]) => server(`port=${PORT}`, ...words);

async function portOfAStranger(status: number): Promise<number> {
  const stranger = createServer((_, response) => response.writeHead(status).end('stranger'));
  servers.push(stranger);
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const address = stranger.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

describe('a candidate that is given its port', () => {
  it('is ready when it answers', async () => {
    const candidate = await open(plan(given('late=300')));
    expect(candidate).toMatchObject({
      kind: 'command',
      origin: { protocol: 'http:', host: '127.0.0.1', port: expect.any(Number) },
      hello: 'accepted',
      exits: [],
    });
    expect(candidate.readyMs).toBeGreaterThanOrEqual(300);
    expect(await candidate.listeners()).toEqual([{ address: '127.0.0.1', port: candidate.origin?.port }]);
  });

  it('can take it from the environment, with what was computed for it', async () => {
    const candidate = await open(
      plan([node, '-e', script], {
        env: { PORT: PORT, HOST: `$\{host}`, AUDIENCE: `$\{identity.audience}` },
      }),
      { variables: (origin) => ({ 'identity.audience': `http://${origin?.host}:${origin?.port}/mcp` }) },
    );
    const { host, port } = candidate.origin ?? {};
    expect((await get(`http://${host}:${port}/`)).body).toBe(`127.0.0.1 http://127.0.0.1:${port}/mcp`);
  });

  it('gets another port when somebody else was faster, and is never mistaken for him', async () => {
    const taken = await portOfAStranger(200);
    const free = await new LoopbackPorts().reserve();
    const queue = [taken, free];
    const candidate = await open(plan(given('late=200')), {
      ports: { reserve: async () => queue.shift() ?? 0 },
    });
    expect(candidate.origin?.port).toBe(free);
    expect(candidate.exits).toMatchObject([{ code: 1, signal: null, requested: false }]);
  });

  it('is told what is wrong when it listens elsewhere', async () => {
    const free = await new LoopbackPorts().reserve();
    const result = await refusal(plan(server(`port=${free}`), { env: { PORT: PORT } }), {
      limits: { readyTimeoutMs: 1_500 },
    });
    expect(result.reason).toContain(
      `but listens on 127.0.0.1:${free}; put \${port} into run.command or run.env`,
    );
  });
});

const script = `require('node:http').createServer((_, answer) => answer.end(process.env.HOST + ' ' + process.env.AUDIENCE))
  .listen(process.env.PORT, process.env.HOST)`;

describe('a candidate with a port of its own', () => {
  it('is found by the sockets of its processes', async () => {
    const free = await new LoopbackPorts().reserve();
    const candidate = await open(plan(server(`port=${free}`)));
    expect(candidate.origin).toEqual({ protocol: 'http:', host: '127.0.0.1', port: free });
  });

  it('is found behind a launcher, too', async () => {
    const candidate = await open(
      plan(['/bin/sh', '-c', `"${node}" "${fixture('server.mjs')}" host=0.0.0.0; true`]),
    );
    expect(await candidate.listeners()).toEqual([{ address: '0.0.0.0', port: candidate.origin?.port }]);
  });
});

describe('the host name', () => {
  it('is the one it accepts', async () => {
    const candidate = await open(plan(given('accept=localhost')));
    expect(candidate).toMatchObject({ origin: { host: 'localhost' }, hello: 'accepted' });
  });

  it('is an address with brackets where it listens on IPv6 alone and refuses names', async () => {
    const candidate = await open(plan(given('host=::1', 'accept=[::1]')));
    expect(candidate).toMatchObject({ origin: { host: '[::1]' }, hello: 'accepted' });
  });

  it('is what the manifest says', async () => {
    const asked: string[] = [];
    const candidate = await open(plan(given(), { host: 'localhost' }), {
      hello: async (origin, signal) => {
        asked.push(origin.host);
        return hello(origin, signal);
      },
    });
    expect([candidate.origin?.host, asked]).toEqual(['localhost', ['localhost']]);
  });

  it('is left to the probes where no name is accepted', async () => {
    const candidate = await open(plan(given('accept=example.com')), { limits: { secondThoughtsMs: 300 } });
    expect(candidate).toMatchObject({ origin: { host: '127.0.0.1' }, hello: 'host-refused' });
  });

  it('does not matter to one that answers with an error', async () => {
    const candidate = await open(plan(given('status=500')), { limits: { secondThoughtsMs: 300 } });
    expect(candidate).toMatchObject({ origin: { host: '127.0.0.1' }, hello: 'answered' });
  });
});

describe('a candidate that does not become ready', () => {
  it('exits: the reason and its last lines are kept', async () => {
    const result = await refusal(plan([node, fixture('quit.mjs'), PORT], { passEnv: ['BILLING_DB_URL'] }), {
      limits: { tailLines: 2 },
      runner: { PATH: process.env['PATH'] },
    });
    expect(result).toEqual({
      ok: false,
      reason: expect.stringMatching(
        /^the candidate was expected to answer on port \d+, but it exited with code 3 after \d+ ms before it did; see its last output \(passEnv names BILLING_DB_URL, which the runner does not have\)$/,
      ),
      outputTail: 'complaint 499\ncomplaint 500',
    });
  });

  it('never listens', async () => {
    const result = await refusal(plan([node, fixture('idle.mjs'), PORT, 'stubborn']), {
      limits: { readyTimeoutMs: 700 },
    });
    expect(result).toEqual({
      ok: false,
      reason: expect.stringContaining('within 0.7 s, but still runs and listens nowhere'),
      outputTail: 'thinking',
    });
  });

  it('takes connections and says nothing', async () => {
    const result = await refusal(plan(given('mute')), {
      limits: { readyTimeoutMs: 700, helloTimeoutMs: 100 },
    });
    expect(result.reason).toMatch(/took connections on port \d+, but answered no request within 0\.7 s/);
  });

  it('is no program at all', async () => {
    expect((await refusal(plan(['no-such-program-here', PORT]))).reason).toContain(
      'no program "no-such-program-here" was found on PATH',
    );
  });

  it('is started in a folder that is not there', async () => {
    expect((await refusal(plan(given(), { cwd: fixture('nowhere') }))).reason).toContain(
      'is no folder; check run.cwd',
    );
  });

  it('needs a variable that nobody supplies', async () => {
    expect((await refusal(plan([node, `$\{identity.issuer}`, PORT]))).reason).toContain(
      `no value for $\{identity.issuer} (these have one: host, port)`,
    );
  });

  it('is given up when the run is cancelled', async () => {
    const cancel = new AbortController();
    setTimeout(() => cancel.abort(), 200);
    const result = await refusal(plan([node, fixture('idle.mjs'), PORT, 'stubborn']), {
      signal: cancel.signal,
    });
    expect(result.reason).toBe('the run was cancelled before the candidate answered');
  });

  it('survives a hello that throws', async () => {
    const result = await refusal(plan(given()), {
      limits: { readyTimeoutMs: 300 },
      hello: async () => {
        throw 'a string';
      },
    });
    expect(result.reason).toContain('answered no request');
  });
});

describe('a candidate that crashed', () => {
  it('is started again on the same port', async () => {
    const candidate = await open(plan(given()));
    const before = candidate.process?.pid ?? 0;
    const { host, port } = candidate.origin ?? {};
    const { pid } = await get(`http://${host}:${port}/`);
    expect(pid).toBe(before);

    expect(await get(`http://${host}:${port}/crash`)).toMatchObject({ status: null });
    await candidate.process?.exited;
    expect(await candidate.ensureRunning()).toBe(true);
    expect(candidate.origin).toEqual({ protocol: 'http:', host, port });
    expect((await get(`http://${host}:${port}/`)).pid).toBe(candidate.process?.pid);
    expect(candidate.process?.pid).not.toBe(before);
    expect(candidate.exits).toEqual([
      { pid: before, code: 7, signal: null, afterMs: expect.any(Number), requested: false },
    ]);
  });

  it('is left alone while it is well', async () => {
    const candidate = await open(plan(given()));
    const before = candidate.process;
    expect([await candidate.ensureRunning(), candidate.process]).toEqual([true, before]);
  });

  it('is not started for ever', async () => {
    const candidate = await open(plan(given()), { limits: { restarts: 1 } });
    const { host, port } = candidate.origin ?? {};
    const crash = async () => {
      await get(`http://${host}:${port}/crash`);
      await candidate.process?.exited;
      return candidate.ensureRunning();
    };
    expect([await crash(), await crash(), await candidate.ensureRunning()]).toEqual([true, false, false]);
  });

  it('may be ended by a probe as often as it likes', async () => {
    const candidate = await open(plan(given()), { limits: { restarts: 0 } });
    expect(await candidate.process?.stop()).toEqual({
      alreadyExited: false,
      exitedOnEofAfterMs: null,
      exitedOnSigtermAfterMs: expect.any(Number),
      killed: false,
      leftovers: [],
      portFreed: true,
    });
    expect(await candidate.ensureRunning()).toBe(true);
    expect(candidate.exits).toMatchObject([{ signal: 'SIGTERM', requested: true }]);
  });
});

describe('the end of a candidate', () => {
  it('leaves the port free, can be asked for twice, and is final', async () => {
    const candidate = await open(plan(given('stubborn')), { limits: { termMs: 200 } });
    const [first, second] = await Promise.all([candidate.dispose(), candidate.dispose()]);
    expect(first).toEqual({
      alreadyExited: false,
      exitedOnEofAfterMs: null,
      exitedOnSigtermAfterMs: null,
      killed: true,
      leftovers: [],
      portFreed: true,
    });
    expect(second).toBe(first);
    expect(await candidate.dispose()).toBe(first);
    expect(await isFreed(candidate.origin?.port ?? 0)).toBe(true);
    expect(await candidate.ensureRunning()).toBe(false);
  });

  it('comes at once when the run is cancelled', async () => {
    const cancel = new AbortController();
    const candidate = await open(plan(given('stubborn')), { signal: cancel.signal });
    const pid = candidate.process?.pid ?? 0;
    cancel.abort();
    await eventually('the candidate is gone', () => !isRunning(pid));
    expect(await candidate.dispose()).toMatchObject({ portFreed: true });
  });
});

describe('a candidate that already runs', () => {
  it('is asked where the manifest says, and left running', async () => {
    const port = await portOfAStranger(200);
    const candidate = await open(planForUrl(`http://localhost:${port}/mcp`));
    expect(candidate).toMatchObject({
      kind: 'url',
      origin: { protocol: 'http:', host: 'localhost', port },
      process: null,
      hello: 'accepted',
    });
    expect([await candidate.listeners(), await candidate.dispose(), await candidate.ensureRunning()]).toEqual(
      [null, null, true],
    );
  });

  it('must answer in time', async () => {
    const free = await new LoopbackPorts().reserve();
    expect(
      await refusal(planForUrl(`http://127.0.0.1:${free}/`), { limits: { readyTimeoutMs: 200 } }),
    ).toEqual({
      ok: false,
      reason: `the candidate was expected to answer at http://127.0.0.1:${free}, but took no connection within 0.2 s; check run.url, and that it is started before the gate`,
      outputTail: '',
    });
  });
});

describe('ports', () => {
  it('are never handed out twice', async () => {
    const ports = new LoopbackPorts();
    const given = await Promise.all(Array.from({ length: 100 }, () => ports.reserve()));
    expect(new Set(given).size).toBe(100);
  });
});
