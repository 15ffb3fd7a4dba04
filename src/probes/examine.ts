/** From a plan to facts: opens the candidate, runs every probe in order, and makes sure the candidate is gone afterwards. */
import type { Origin, WatchedCandidate } from '../candidate/candidate.js';
import { openCandidate } from '../candidate/open.js';
import type { PortSource } from '../candidate/port.js';
import type { Facts, ProbeRecord } from '../facts/facts.js';
import { isPrincipalName } from '../identity/cast.js';
import { type Identity, openIdentity } from '../identity/identity.js';
import type { ServerPlan } from '../manifest/plan.js';
import type { Exchange } from '../wire/exchange.js';
import { hello } from '../wire/hello.js';
import { DEFAULT_LIMITS, type Limits } from '../wire/limits.js';
import { createTranscript, type Transcript } from '../wire/transcript.js';
import { ANONYMOUS, CONFIGURED, createWire, type Wire } from '../wire/wire.js';
import { authorizationProbe } from './authorization/probe.js';
import { makeContact } from './contact.js';
import { type Deadline, deadlineWithin, runTime } from './deadline.js';
import { elicitationProbe } from './elicitation/probe.js';
import { reasonOf } from './lab.js';
import type { Probe, ProbeContext } from './probe.js';
import { protocolProbe } from './protocol/probe.js';
import { runProbe } from './runner.js';
import { sessionProbe } from './session/probe.js';
import { tasksProbe } from './tasks/probe.js';
import { transportProbe } from './transport/probe.js';

/** In this order, benign questions first; `transport` is last because it ends with stopping the candidate. */
const PROBES = [
  protocolProbe,
  authorizationProbe,
  sessionProbe,
  tasksProbe,
  elicitationProbe,
  transportProbe,
] as const;

/** The probes that have to report. */
export const PROBE_IDS: readonly string[] = PROBES.map((probe) => probe.id);

export interface Examination {
  readonly facts: Facts;
  readonly exchanges: readonly Exchange[];
  /** Last output of the candidate. Hostile text. */
  readonly output: string;
}

export interface ExamineOptions {
  readonly version: string;
  readonly startedAt: Date;
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
  readonly ports?: PortSource;
  readonly limits?: Limits;
  /** Origins that policy data allows elicitations to lead to. None when left out. */
  readonly reviewedOrigins?: readonly string[];
  /** Told of every secret of the run before anything could print it. */
  readonly onSecret?: (secret: string) => void;
  /** Told when a stage begins: "start", then the id of each probe. */
  readonly onStage?: (stage: string) => void;
}

/** Never throws: a candidate that cannot be examined gives facts that say so. */
export async function examine(plan: ServerPlan, options: ExamineOptions): Promise<Examination> {
  const limits = options.limits ?? DEFAULT_LIMITS;
  const deadline = deadlineWithin(options.signal, limits.budgetMs);
  const { signal } = deadline;
  const transcript = createTranscript({ startedAt: performance.now(), limits, maskedSecrets: plan.secrets });
  options.onStage?.('start');
  let opened: Opened | null = null;
  const failed = (reason: string): Examination => ({
    facts: describe(plan, options, { failure: reason }),
    exchanges: transcript.all(),
    output: transcript.masked(opened?.candidate.outputTail() ?? ''),
  });
  try {
    const stage = await openStage(plan, options, limits, transcript, signal);
    if (!stage.ok) return { ...failed(stage.reason), output: transcript.masked(stage.outputTail) };
    opened = stage;
    const wire = wireOf(stage, plan, transcript, limits, signal);
    try {
      const contact = await makeContact(wire, limits.firstAnswerMs, pathSetting(plan));
      if (!contact.answered) return failed(contact.reason);
      const { reviewedOrigins = [] } = options;
      const context: ProbeContext = { plan, ...stage, wire, transcript, limits, reviewedOrigins, signal };
      const probed = explained(await runProbes(context, deadline, options), contact.refusal);
      return {
        facts: describe(plan, options, { readyMs: stage.candidate.readyMs ?? contact.afterMs, ...probed }),
        exchanges: transcript.all(),
        output: transcript.masked(stage.candidate.outputTail()),
      };
    } finally {
      await wire.close();
    }
  } catch (cause: unknown) {
    return failed(reasonOf(cause));
  } finally {
    await opened?.candidate.dispose();
    await opened?.identity.close();
    deadline.clear();
  }
}

interface Opened {
  readonly candidate: WatchedCandidate;
  readonly identity: Identity;
}

type Stage =
  | ({ readonly ok: true } & Opened)
  | { readonly ok: false; readonly reason: string; readonly outputTail: string };

/** The issuer first, because the candidate is told of it; the tokens last, because they name the candidate's address. */
async function openStage(
  plan: ServerPlan,
  options: ExamineOptions,
  limits: Limits,
  transcript: Transcript,
  signal: AbortSignal,
): Promise<Stage> {
  const mask = (secret: string): void => {
    transcript.mask(secret);
    options.onSecret?.(secret);
  };
  const resource = plan.run.kind === 'url' ? plan.run.url : '';
  const identity = await openIdentity({ authorization: plan.authorization, resource }, { signal, mask });
  let obtained = false;
  const opened = await openCandidate(plan, {
    signal,
    limits: { readyTimeoutMs: limits.firstAnswerMs },
    runner: options.env,
    hello: (origin, within) => hello(origin, plan.transport.path, plan.transport.type, within),
    // A restart keeps the port, so what the candidate was told at first still holds.
    variables: (origin) => {
      if (origin !== null && !obtained) identity.setResource(endpointOf(origin, plan));
      return { ...identity.variables };
    },
    ...(options.ports === undefined ? {} : { ports: options.ports }),
  }).catch(async (cause: unknown) => {
    await identity.close();
    throw cause;
  });
  if (!opened.ok) {
    await identity.close();
    return opened;
  }
  try {
    // A candidate of the embedded issuer accepts what it was told; any other is known by the address it answers under.
    const { origin } = opened.candidate;
    if (origin !== null && identity.provider !== 'embedded') identity.setResource(endpointOf(origin, plan));
    obtained = true;
    await identity.obtain();
    return { ok: true, candidate: opened.candidate, identity };
  } catch (cause: unknown) {
    await opened.candidate.dispose();
    await identity.close();
    throw cause;
  }
}

/** The headers a manifest sets for a server that already runs, names in lower case. */
function configuredHeaders({ run }: ServerPlan): Readonly<Record<string, string>> {
  if (run.kind !== 'url') return {};
  return Object.fromEntries(Object.entries(run.headers).map(([name, value]) => [name.toLowerCase(), value]));
}

/** What of a manifest holds the path of the endpoint, for people who have to change it. */
function pathSetting({ run, locate }: ServerPlan): string {
  const [name, pointer] =
    run.kind === 'url'
      ? ['the path of run.url', '/spec/run/url']
      : ['transport.path', '/spec/transport/path'];
  const { file, line } = locate(pointer);
  return `${name} (${file}, line ${line})`;
}

/** Canonical URL of the MCP endpoint: the audience of tokens. Source: RFC 8707, 2025-11-25 basic/authorization. */
function endpointOf(origin: Origin, plan: ServerPlan): string {
  return `${origin.protocol}//${origin.host}:${origin.port}${plan.transport.path}`;
}

function wireOf(
  { candidate, identity }: Opened,
  plan: ServerPlan,
  transcript: Transcript,
  limits: Limits,
  signal: AbortSignal,
): Wire {
  const { type, path } = plan.transport;
  const alice = identity.principals.get('alice');
  return createWire({
    candidate,
    transport: { type, path },
    transcript,
    limits,
    signal,
    principal: alice?.available === true ? 'alice' : CONFIGURED,
    credentials: async (principal, request) => {
      const { authorization, ...headers } = configuredHeaders(plan);
      if (principal === ANONYMOUS) return headers;
      if (principal === CONFIGURED)
        return authorization === undefined ? headers : { ...headers, authorization };
      const member = isPrincipalName(principal) ? identity.principals.get(principal) : undefined;
      if (member === undefined) throw new Error(`there is no principal named ${principal}`);
      return { ...headers, ...(await member.authorize(request)) };
    },
  });
}

interface Probed {
  readonly records: readonly ProbeRecord[];
  readonly protocol: Facts['protocol'];
  readonly authorization: Facts['authorization'];
  readonly session: Facts['session'];
  readonly tasks: Facts['tasks'];
  readonly elicitation: Facts['elicitation'];
  readonly transport: Facts['transport'];
}

async function runProbes(
  context: ProbeContext,
  deadline: Deadline,
  options: ExamineOptions,
): Promise<Probed> {
  const run = <F>(probe: Probe<F>) => {
    options.onStage?.(probe.id);
    deadline.allow(runTime(context.transcript.all(), context.limits));
    return runProbe(probe, context);
  };
  const protocol = await run(protocolProbe);
  const authorization = await run(authorizationProbe);
  const session = await run(sessionProbe);
  const tasks = await run(tasksProbe);
  const elicitation = await run(elicitationProbe);
  const transport = await run(transportProbe);
  return {
    records: [
      protocol.record,
      authorization.record,
      session.record,
      tasks.record,
      elicitation.record,
      transport.record,
    ],
    protocol: protocol.facts,
    authorization: authorization.facts,
    session: session.facts,
    tasks: tasks.facts,
    elicitation: elicitation.facts,
    transport: transport.facts,
  };
}

/** Where not even the first request was let in, that is the one reason for whatever could not be told. */
function explained(probed: Probed, refusal: string | null): Probed {
  if (refusal === null) return probed;
  const untested = [{ experiment: 'gate/first-contact', reason: refusal }];
  const records = probed.records.map((record) =>
    record.status === 'inconclusive' ? { ...record, reason: refusal, untested } : record,
  );
  return { ...probed, records };
}

function describe(
  plan: ServerPlan,
  options: ExamineOptions,
  found: { readonly failure: string } | ({ readonly readyMs: number } & Probed),
): Facts {
  const started = 'readyMs' in found;
  return {
    gate: {
      version: options.version,
      startedAt: options.startedAt.toISOString(),
      startedAtMs: options.startedAt.getTime(),
      probes: [...PROBE_IDS],
    },
    manifest: { ...plan.document },
    candidate: {
      name: plan.name,
      labels: { ...plan.labels },
      transport: plan.transport.type,
      run: plan.run.kind,
      started,
      readyMs: started ? found.readyMs : null,
      failure: started ? null : found.failure,
    },
    probes: started ? [...found.records] : [],
    protocol: started ? found.protocol : null,
    authorization: started ? found.authorization : null,
    session: started ? found.session : null,
    tasks: started ? found.tasks : null,
    elicitation: started ? found.elicitation : null,
    transport: started ? found.transport : null,
  };
}
