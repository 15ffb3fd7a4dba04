/** Learns the ground: asks as the owner and as everybody else, each in a session of their own, before any attack. */
import type { BindingOutcome } from '../../facts/session.js';
import type { Principal, Reply } from '../../wire/exchange.js';
import { ANONYMOUS } from '../../wire/wire.js';
import { isModern, NEWEST_LEGACY, NEWEST_MODERN } from '../eras.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { openingOf } from '../opening.js';
import type { ProbeContext } from '../probe.js';
import {
  demandOutcome,
  demandTelling,
  isEventStream,
  isFailure,
  isUnanswered,
  outcomeOfReply,
  outcomeOfStream,
} from '../reading.js';
import { callOf, harmlessTools, type NamedTool } from '../tools.js';
import type { Legacy, Modern, OwnAccess } from './ground.js';
import { nameIn, routeIdOf } from './owned.js';

const METHODS = ['tools/list', 'ping'] as const;

/** An attack is waited for this many times as long as the slowest answer the owner got, within bounds. */
const PATIENCE_FACTOR = 20;
const LEAST_PATIENCE_MS = 1500;

export interface Speech {
  readonly legacy: Legacy | null;
  readonly modern: Modern | null;
  readonly patienceMs: number;
}

/** How the owner is served in both eras. Untestable when in neither. */
export function speechExperiment(context: ProbeContext, lab: Lab, owner: Principal): Experiment<Speech> {
  const name = 'control/owner';
  const experiment = lab.nameOf(name);
  return {
    name,
    budgetMs: 40_000,
    run: async () => {
      const durations: number[] = [];
      const legacy = await learnLegacy(context, experiment, owner, durations);
      const modern =
        context.wire.transport === 'sse' ? null : await learnModern(context, experiment, owner, durations);
      if (legacy === null && modern === null)
        throw new Untestable(
          `${owner} is served in neither era, so nobody else's refusal would prove anything${whyNotAlice(context, owner)}`,
        );
      const slowest = Math.max(0, ...durations);
      const patience = Math.max(LEAST_PATIENCE_MS, PATIENCE_FACTOR * slowest);
      return { legacy, modern, patienceMs: Math.min(context.limits.requestTimeoutMs, patience) };
    },
  };
}

/** Why nobody is asked for instead of alice. */
function whyNotAlice({ identity }: ProbeContext, owner: Principal): string {
  const reason = identity.principals.get('alice')?.unavailableReason ?? null;
  return owner !== ANONYMOUS || reason === null ? '' : ` (alice is missing: ${reason})`;
}

async function learnLegacy(
  context: ProbeContext,
  experiment: string,
  owner: Principal,
  durations: number[],
): Promise<Legacy | null> {
  const connection = await context.wire.legacy({ experiment, principal: owner });
  try {
    const { negotiated, reply, sessionId } = await connection.initialize(NEWEST_LEGACY);
    demandTelling(reply);
    if (negotiated === null) return null;
    durations.push(reply.exchange.durationMs);
    await connection.initialized();
    for (const method of METHODS) {
      const answer = await connection.request(method, {});
      demandTelling(answer);
      if (outcomeOfReply(answer) !== 'accepted') continue;
      durations.push(answer.exchange.durationMs);
      const tool = await firstWorking(harmlessTools(context.plan), (params) =>
        connection.request('tools/call', params),
      );
      const sse = context.wire.transport === 'sse';
      const carrier: Legacy['carrier'] = sse
        ? routeIdOf(connection) === null
          ? null
          : 'query'
        : sessionId === null
          ? null
          : 'header';
      const common = { revision: negotiated, method, carrier, tool };
      if (sse) return { ...common, offersStream: false, lateHead: false };
      const stream = await connection.openStream();
      await stream.close();
      const { exchange } = stream;
      const lateHead = isUnanswered(exchange);
      if (exchange.answer.status !== null) demandOutcome(outcomeOfStream(stream), exchange);
      return { ...common, offersStream: lateHead || isEventStream(exchange), lateHead };
    }
    // An era that is spoken and cannot be tried must not pass for one that is not spoken.
    throw new Untestable(
      `the control failed: ${owner} opened a session, and neither ${METHODS.join(' nor ')} was served on it`,
    );
  } finally {
    await connection.close();
  }
}

async function learnModern(
  context: ProbeContext,
  experiment: string,
  owner: Principal,
  durations: number[],
): Promise<Modern | null> {
  const connection = await context.wire.modern({ experiment, principal: owner, version: NEWEST_MODERN });
  try {
    for (const method of ['tools/list', 'server/discover', 'resources/list', 'prompts/list']) {
      const reply = await connection.request(method);
      demandTelling(reply);
      if (reply.kind === 'none') return null;
      if (!isModern(reply)) continue;
      durations.push(reply.exchange.durationMs);
      const tool = await firstWorking(harmlessTools(context.plan), (params) =>
        connection.request('tools/call', params),
      );
      return { version: NEWEST_MODERN, method, tool };
    }
    return null;
  } finally {
    await connection.close();
  }
}

/** The first tool that gives a result which does not say that it failed. */
async function firstWorking(
  tools: readonly NamedTool[],
  call: (params: ReturnType<typeof callOf>) => Promise<Reply>,
): Promise<NamedTool | null> {
  for (const tool of tools) {
    const reply = await call(callOf(tool, 'control'));
    demandTelling(reply);
    if (reply.kind === 'result' && !isFailure(reply.result)) return tool;
  }
  return null;
}

/** What somebody gets in a session of their own, or in modern requests where there are no sessions. */
export function ownAccessExperiment(
  context: ProbeContext,
  lab: Lab,
  principal: Principal,
  { legacy, modern }: Pick<Speech, 'legacy' | 'modern'>,
): Experiment<OwnAccess> {
  const name = `control/${principal}`;
  const experiment = lab.nameOf(name);
  return {
    name,
    run: () =>
      legacy === null
        ? modernAccess(context, experiment, principal, modern)
        : legacyAccess(context, experiment, principal, legacy),
  };
}

async function legacyAccess(
  context: ProbeContext,
  experiment: string,
  principal: Principal,
  legacy: Legacy,
): Promise<OwnAccess> {
  const connection = await context.wire.legacy({ experiment, principal });
  try {
    const opened = await connection.initialize(legacy.revision);
    const { outcome: initialize, exchange } = openingOf(context, connection, opened.reply);
    const common = {
      initialize,
      sessionIssued: (opened.sessionId ?? routeIdOf(connection)) !== null,
      httpStatus: exchange.answer.status,
    };
    demandOutcome(initialize, exchange);
    if (initialize !== 'accepted') {
      const ownCall = legacy.tool === null ? null : initialize;
      return { ...common, ownRequest: initialize, ownCall, name: null, evidence: [exchange.id] };
    }
    await connection.initialized();
    const reply = await connection.request(legacy.method, {});
    demandOutcome(outcomeOfReply(reply), reply.exchange);
    const call = await callIfNamed(legacy.tool, (params) => connection.request('tools/call', params));
    return {
      ...common,
      ownRequest: outcomeOfReply(reply),
      ownCall: call?.outcome ?? null,
      name: call === null ? null : nameIn(call.reply, legacy.tool),
      evidence: [exchange.id, reply.exchange.id, ...(call === null ? [] : [call.reply.exchange.id])],
    };
  } finally {
    await connection.close();
  }
}

async function modernAccess(
  context: ProbeContext,
  experiment: string,
  principal: Principal,
  modern: Modern | null,
): Promise<OwnAccess> {
  const connection = await context.wire.modern({ experiment, principal });
  try {
    const reply = await connection.request(modern?.method ?? 'tools/list');
    demandOutcome(outcomeOfReply(reply), reply.exchange);
    const tool = modern?.tool ?? null;
    const call = await callIfNamed(tool, (params) => connection.request('tools/call', params));
    return {
      initialize: outcomeOfReply(reply),
      sessionIssued: false,
      httpStatus: reply.exchange.answer.status,
      ownRequest: outcomeOfReply(reply),
      ownCall: call?.outcome ?? null,
      name: call === null ? null : nameIn(call.reply, tool),
      evidence: [reply.exchange.id, ...(call === null ? [] : [call.reply.exchange.id])],
    };
  } finally {
    await connection.close();
  }
}

async function callIfNamed(
  tool: NamedTool | null,
  call: (params: ReturnType<typeof callOf>) => Promise<Reply>,
): Promise<{ outcome: BindingOutcome; reply: Reply } | null> {
  if (tool === null) return null;
  const reply = await call(callOf(tool, 'control'));
  const outcome = outcomeOfReply(reply);
  demandOutcome(outcome, reply.exchange);
  return { outcome, reply };
}

/**
 * Whether requests need a token. Where nobody's request is served there may still be users: when a token that nobody issued is
 * turned away, tokens are looked at where there are some, and a session can be somebody's.
 */
export function needsToken(
  owner: Principal,
  nobody: OwnAccess | null,
  invented: OwnAccess | null,
): boolean | null {
  if (owner === ANONYMOUS) return false;
  if (nobody === null) return null;
  if (nobody.ownRequest === 'inconclusive') return null;
  const served = nobody.ownRequest === 'accepted' && nobody.ownCall !== 'refused';
  if (!served) return true;
  return invented !== null && invented.ownRequest === 'refused';
}
