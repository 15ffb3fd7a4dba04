/** Runs one probe on a server of the zoo, without the rest of the gate. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openCandidate } from '../../../src/candidate/open.js';
import type { SessionFacts } from '../../../src/facts/session.js';
import { isPrincipalName } from '../../../src/identity/cast.js';
import { openIdentity } from '../../../src/identity/identity.js';
import type { ServerPlan } from '../../../src/manifest/plan.js';
import { readPlan } from '../../../src/manifest/read.js';
import type { Probe } from '../../../src/probes/probe.js';
import { type ProbeRun, runProbe } from '../../../src/probes/runner.js';
import { sessionProbe } from '../../../src/probes/session/probe.js';
import { hello } from '../../../src/wire/hello.js';
import { DEFAULT_LIMITS } from '../../../src/wire/limits.js';
import { createTranscript, type Transcript } from '../../../src/wire/transcript.js';
import { ANONYMOUS, createWire } from '../../../src/wire/wire.js';

export interface ProbedBy<F> extends ProbeRun<F> {
  readonly transcript: Transcript;
}

export type Probed = ProbedBy<SessionFacts>;

export function probeSession(manifest: string, env: NodeJS.ProcessEnv = {}): Promise<Probed> {
  return probeWith(sessionProbe, manifest, env);
}

/** Starts what the manifest (YAML) names, probes it, and makes sure that it is gone. */
export async function probeWith<F>(
  probe: Probe<F>,
  manifest: string,
  env: NodeJS.ProcessEnv = {},
): Promise<ProbedBy<F>> {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-gate-session-'));
  try {
    writeFileSync(join(folder, 'mcp-gate.yaml'), manifest);
    const { servers } = await readPlan(['mcp-gate.yaml'], { cwd: folder, env });
    const [plan] = servers;
    if (plan === undefined) throw new Error('the manifest names no server');
    return await probePlan(probe, plan, env);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function probePlan<F>(probe: Probe<F>, plan: ServerPlan, env: NodeJS.ProcessEnv): Promise<ProbedBy<F>> {
  const controller = new AbortController();
  const { signal } = controller;
  const transcript = createTranscript({ startedAt: performance.now(), limits: DEFAULT_LIMITS });
  const identity = await openIdentity(
    { authorization: plan.authorization, resource: '' },
    { signal, mask: (secret) => transcript.mask(secret) },
  );
  const endpoint = (origin: { protocol: string; host: string; port: number }): string =>
    `${origin.protocol}//${origin.host}:${origin.port}${plan.transport.path}`;
  let told = false;
  const opened = await openCandidate(plan, {
    signal,
    runner: { ...process.env, ...env },
    hello: (origin, within) => hello(origin, plan.transport.path, plan.transport.type, within),
    variables: (origin) => {
      if (origin !== null && !told) identity.setResource(endpoint(origin));
      return { ...identity.variables };
    },
  });
  if (!opened.ok) throw new Error(`${opened.reason}\n${opened.outputTail}`);
  const { candidate } = opened;
  try {
    if (candidate.origin !== null) identity.setResource(endpoint(candidate.origin));
    told = true;
    await identity.obtain();
    const wire = createWire({
      candidate,
      transport: plan.transport,
      transcript,
      signal,
      principal: identity.principals.get('alice')?.available === true ? 'alice' : ANONYMOUS,
      credentials: async (principal, request) => {
        const member = isPrincipalName(principal) ? identity.principals.get(principal) : undefined;
        if (member === undefined) throw new Error(`nobody is named ${principal}`);
        return member.authorize(request);
      },
    });
    const context = {
      plan,
      candidate,
      wire,
      identity,
      transcript,
      limits: DEFAULT_LIMITS,
      reviewedOrigins: [],
      signal,
    };
    const run = await runProbe(probe, context);
    await wire.close();
    return { ...run, transcript };
  } finally {
    await candidate.dispose();
    await identity.close();
    controller.abort();
  }
}
