/** Runs the probe on the stand-in within this process, so that everything it does to the network can be watched. */
import type { WatchedCandidate } from '../../../src/candidate/candidate.js';
import { type ElicitationFacts, elicitationFacts } from '../../../src/facts/elicitation.js';
import type { Identity } from '../../../src/identity/identity.js';
import { bearer, type Principal } from '../../../src/identity/principal.js';
import type { ExerciseStep, ServerPlan } from '../../../src/manifest/plan.js';
import { elicitationProbe } from '../../../src/probes/elicitation/probe.js';
import { type ProbeRun, runProbe } from '../../../src/probes/runner.js';
import { limitsWith } from '../../../src/wire/limits.js';
import { createTranscript, type Transcript } from '../../../src/wire/transcript.js';
import { createWire } from '../../../src/wire/wire.js';
import { startServer } from './fixtures/server.mjs';

export interface Probed extends ProbeRun<ElicitationFacts> {
  readonly transcript: Transcript;
}

export interface Setting {
  readonly exercise: readonly (Pick<ExerciseStep, 'tool'> & Partial<ExerciseStep>)[] | 'auto';
  readonly eras?: 'both' | 'legacy' | 'modern';
  readonly greets?: boolean;
  readonly paged?: boolean;
  readonly busy?: boolean;
  readonly users?: readonly ('alice' | 'bob')[];
  readonly elicitationOrigins?: readonly string[];
  readonly reviewedOrigins?: readonly string[];
}

/** Probes the stand-in. Waits are short, because it answers at once or never. */
export async function probe(setting: Setting): Promise<Probed> {
  const { busy = false, eras = 'both', greets = false, paged = false } = setting;
  const server = await startServer({ eras, greets, paged, busy });
  const limits = limitsWith({ requestTimeoutMs: 400, lingerMs: 10, settleMs: 50 });
  const { signal } = new AbortController();
  const transcript = createTranscript({ startedAt: performance.now(), limits });
  const identity = identityOf(setting.users ?? ['alice', 'bob']);
  const candidate = candidateAt(server.port);
  const wire = createWire({
    candidate,
    transport: { type: 'streamable-http', path: '/mcp' },
    transcript,
    limits,
    signal,
    credentials: async (name, request) => {
      const member = [...identity.principals.values()].find((one) => one.name === name);
      return member === undefined ? {} : member.authorize(request);
    },
  });
  try {
    const plan = planOf(setting);
    const reviewedOrigins = setting.reviewedOrigins ?? [];
    const context = { plan, candidate, wire, identity, transcript, limits, signal, reviewedOrigins };
    return { ...(await runProbe(elicitationProbe, context)), transcript };
  } finally {
    await wire.close();
    await server.close();
  }
}

/** The facts of a probe that gave some, which are what their schema says. */
export function factsOf({ facts, record }: Probed): ElicitationFacts {
  if (facts === null) throw new Error(`the probe gave no facts: ${record.status}, ${record.reason}`);
  return elicitationFacts.parse(facts);
}

export function planOf({ elicitationOrigins = [], exercise }: Setting): ServerPlan {
  const steps =
    exercise === 'auto' ? exercise : exercise.map((step) => ({ arguments: {}, expect: null, ...step }));
  return {
    name: 'stand-in',
    labels: {},
    manifest: 'mcp-gate.yaml',
    run: { kind: 'url', url: 'http://127.0.0.1/mcp', headers: {}, remote: false },
    transport: { type: 'streamable-http', path: '/mcp', host: null },
    authorization: { provider: 'embedded', scopes: [], issuers: [], tokens: new Map(), clients: [] },
    exercise: steps,
    handles: [],
    whoami: null,
    declares: { protocolVersions: [], capabilities: [], elicitationOrigins },
    serverJson: null,
    lock: null,
    sbom: null,
    registryName: null,
    secrets: [],
    document: {},
    locate: () => ({ file: 'mcp-gate.yaml', line: 1, column: 1 }),
  };
}

export function identityOf(users: readonly ('alice' | 'bob')[]): Identity {
  const members = users.map((name): [Principal['name'], Principal] => [
    name,
    bearer(name, `token-of-${name}`, { distinction: name === 'alice' ? 'not' : 'subject' }),
  ]);
  return {
    provider: users.length === 0 ? 'none' : 'embedded',
    principals: new Map(members),
  } as unknown as Identity;
}

export function candidateAt(port: number): WatchedCandidate {
  return {
    kind: 'url',
    launch: () => Promise.reject(new Error('it already runs')),
    origin: { host: '127.0.0.1', port, protocol: 'http:' },
    process: null,
    ensureRunning: () => Promise.resolve(true),
    readyMs: null,
    listeners: () => Promise.resolve(null),
    dispose: () => Promise.resolve(null),
    hello: 'accepted',
    exits: [],
    outputTail: () => '',
  };
}
