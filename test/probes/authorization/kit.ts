/** Runs the probe `authorization` alone on a candidate, the way the whole examination would. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Origin } from '../../../src/candidate/candidate.js';
import { openCandidate } from '../../../src/candidate/open.js';
import type { AuthorizationFacts } from '../../../src/facts/authorization.js';
import type { ProbeRecord } from '../../../src/facts/facts.js';
import { isPrincipalName, PRINCIPAL_NAMES } from '../../../src/identity/cast.js';
import { openIdentity } from '../../../src/identity/identity.js';
import type { ServerPlan } from '../../../src/manifest/plan.js';
import { readPlan } from '../../../src/manifest/read.js';
import { authorizationProbe } from '../../../src/probes/authorization/probe.js';
import { runProbe } from '../../../src/probes/runner.js';
import type { Exchange } from '../../../src/wire/exchange.js';
import { hello } from '../../../src/wire/hello.js';
import { limitsWith } from '../../../src/wire/limits.js';
import { createTranscript } from '../../../src/wire/transcript.js';
import { ANONYMOUS, createWire } from '../../../src/wire/wire.js';

export interface Probed {
  readonly record: ProbeRecord;
  /** Null when the probe gave none. */
  readonly facts: AuthorizationFacts | null;
  readonly exchanges: readonly Exchange[];
  /** What nobody may ever write down: the tokens themselves. */
  readonly tokens: readonly string[];
}

/** Probes the only server of a manifest, given as text; `env` adds to the environment of the runner. */
export async function probeText(
  manifest: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Probed> {
  const folder = await mkdtemp(join(tmpdir(), 'mcp-gate-probe-'));
  try {
    const path = join(folder, 'mcp-gate.yaml');
    await writeFile(path, manifest);
    const { servers } = await readPlan([path], {
      cwd: folder,
      env: { ...process.env, ...env },
    });
    const [plan] = servers;
    if (plan === undefined) throw new Error('the manifest holds no server');
    // Pinned, because the audience of the tokens is the address the candidate was told of.
    const transport = { ...plan.transport, host: plan.run.kind === 'url' ? null : '127.0.0.1' };
    return await probePlan({ ...plan, transport });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function probePlan(plan: ServerPlan): Promise<Probed> {
  const limits = limitsWith({ settleMs: 100 });
  const { signal } = new AbortController();
  const transcript = createTranscript({ startedAt: performance.now(), limits, maskedSecrets: plan.secrets });
  const mask = (secret: string): void => transcript.mask(secret);
  const resource = plan.run.kind === 'url' ? plan.run.url : '';
  const identity = await openIdentity({ authorization: plan.authorization, resource }, { signal, mask });
  try {
    const endpointAt = (origin: Origin): string =>
      `${origin.protocol}//${origin.host}:${origin.port}${plan.transport.path}`;
    const opened = await openCandidate(plan, {
      signal,
      runner: process.env,
      hello: (origin, within) => hello(origin, plan.transport.path, plan.transport.type, within),
      variables: (origin) => {
        if (origin !== null) identity.setResource(endpointAt(origin));
        return { ...identity.variables };
      },
    });
    if (!opened.ok) throw new Error(opened.reason);
    const { candidate } = opened;
    try {
      if (candidate.origin !== null) identity.setResource(endpointAt(candidate.origin));
      await identity.obtain();
      const wire = createWire({
        candidate,
        transport: plan.transport,
        transcript,
        limits,
        signal,
        principal: identity.principals.get('alice')?.available === true ? 'alice' : ANONYMOUS,
        credentials: async (name, request) => {
          const member = isPrincipalName(name) ? identity.principals.get(name) : undefined;
          return member === undefined || name === ANONYMOUS ? {} : member.authorize(request);
        },
      });
      try {
        const context = { plan, candidate, wire, identity, transcript, limits, reviewedOrigins: [], signal };
        const { record, facts } = await runProbe(authorizationProbe, context);
        const tokens = await tokensOf(identity);
        return { record, facts, exchanges: transcript.all(), tokens };
      } finally {
        await wire.close();
      }
    } finally {
      await candidate.dispose();
    }
  } finally {
    await identity.close();
  }
}

async function tokensOf(identity: Awaited<ReturnType<typeof openIdentity>>): Promise<readonly string[]> {
  const request = { method: 'POST', url: 'http://127.0.0.1/mcp' };
  const tokens: string[] = [];
  for (const name of PRINCIPAL_NAMES) {
    const principal = identity.principals.get(name);
    if (principal?.available !== true) continue;
    const headers = await principal.authorize(request);
    tokens.push(
      ...Object.values(headers).flatMap((value) => value.split(' ').filter((part) => part.length > 20)),
    );
  }
  return tokens;
}

/** The facts of a probe that gave some. */
export function factsOf({ facts, record }: Probed): AuthorizationFacts {
  if (facts === null) throw new Error(`the probe gave no facts: ${record.status}, ${record.reason}`);
  return facts;
}
