/** What the server takes for a session id: one that it never gave out, one that was changed, one that has ended, one that we chose. */
import type { BindingOutcome, IdAttempt, SessionFacts } from '../../facts/session.js';
import type { Exchange } from '../../wire/exchange.js';
import { alike, rotated } from '../identifiers/alike.js';
import { type Experiment, Untestable } from '../lab.js';
import { Busy } from '../patience.js';
import { demandOutcome, isSuccess, outcomeOfReply } from '../reading.js';
import { freshId } from './freshId.js';
import type { LegacyGround } from './ground.js';
import { isLost, type Owned, withOwned } from './owned.js';
import { visit } from './visit.js';

type Case = IdAttempt['case'];
type Termination = NonNullable<SessionFacts['termination']>;
type Fixation = NonNullable<SessionFacts['fixation']>;

const CASES: readonly Case[] = [
  'never-issued',
  'tail-changed',
  'parameters',
  'percent-nul',
  'space-inside',
  'empty',
  'missing',
];

/** Sends the owner's own request with ids that are not the owner's. */
export function idExperiments(ground: LegacyGround): Experiment<IdAttempt>[] {
  const sse = ground.context.wire.transport === 'sse';
  return CASES.flatMap((variant) => {
    // A message route without an id is another route.
    if (sse && (variant === 'empty' || variant === 'missing')) return [];
    const both = variant === 'never-issued' ? (['request', 'notification'] as const) : (['request'] as const);
    return both.map((operation) => idExperiment(ground, variant, operation));
  });
}

function idExperiment(
  ground: LegacyGround,
  variant: Case,
  operation: IdAttempt['operation'],
): Experiment<IdAttempt> {
  const name = `id/${variant}/${operation}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const id = changed(idOf(owned), variant);
        const visitor = await visit(ground, owned, { principal: ground.owner, experiment, id });
        try {
          const seen =
            operation === 'request'
              ? await visitor.ask(ground.legacy.method, {}, freshId())
              : await visitor.notify('notifications/cancelled', { requestId: freshId() });
          demandOutcome(seen.outcome, seen.exchange);
          await isLost(ground, experiment, owned);
          return {
            case: variant,
            operation,
            outcome: seen.outcome,
            httpStatus: seen.exchange.answer.status,
            evidence: [seen.exchange.id],
          };
        } finally {
          await visitor.close();
        }
      }),
  };
}

function idOf(owned: Owned): string {
  if (owned.id === null) throw new Untestable('the control failed: no session id was given out this time');
  return owned.id;
}

/** Another id made from a live one. Null stands for none at all. */
export function changed(id: string, variant: Case): string | null {
  switch (variant) {
    case 'never-issued':
      return alike(id);
    case 'tail-changed':
      return id.slice(0, -4) + rotated(id.slice(-4));
    case 'parameters':
      return `${id}&owner=mcp-gate`;
    case 'percent-nul':
      return `${id}%00`;
    case 'space-inside':
      return `${id} x`;
    case 'empty':
      return '';
    case 'missing':
      return null;
  }
}

/** Whether an id that the owner has ended is still good. Source: 2025-11-25 basic/transports, "Session Management". */
export function terminationExperiment(ground: LegacyGround): Experiment<Termination> {
  const name = 'termination';
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const id = idOf(owned);
        const ended = await owned.connection.terminate();
        if (ended === null) throw new Untestable('the control failed: there was no session to end');
        const { status } = ended.answer;
        if (status === 429) throw new Busy(ended.answer.headers['retry-after']);
        if (!isSuccess(status))
          return { offered: false, survives: false, httpStatus: status, evidence: [ended.id] };
        const visitor = await visit(ground, owned, { principal: ground.owner, experiment, id });
        try {
          const seen = await visitor.ask(ground.legacy.method, {}, freshId());
          demandOutcome(seen.outcome, seen.exchange);
          return {
            offered: true,
            survives: seen.outcome === 'accepted',
            httpStatus: seen.exchange.answer.status,
            evidence: [ended.id, seen.exchange.id],
          };
        } finally {
          await visitor.close();
        }
      }),
  };
}

/** Whether `initialize` takes over an id that the client brings along. */
export function fixationExperiment(ground: LegacyGround): Experiment<Fixation> {
  const name = 'fixation';
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const chosen = alike(idOf(owned));
        const client = await ground.context.wire.legacy({ principal: ground.owner, experiment });
        try {
          const headers = { 'mcp-session-id': chosen };
          const { reply, sessionId } = await client.initialize(ground.legacy.revision, { headers });
          const exchanges: Exchange[] = [reply.exchange];
          const answered = outcomeOfReply(reply);
          demandOutcome(answered, reply.exchange);
          const adopted =
            sessionId === chosen ||
            (await takenOver(answered, sessionId, client, headers, exchanges, ground));
          // The control. Where a user has one session only, the new one may end it.
          await isLost(ground, experiment, owned);
          return {
            adopted,
            httpStatus: reply.exchange.answer.status,
            evidence: exchanges.map(({ id }) => id),
          };
        } finally {
          await client.close();
        }
      }),
  };
}

/** A server that names no id in its answer may still have taken ours; then requests with it are served. */
async function takenOver(
  answered: BindingOutcome,
  sessionId: string | null,
  client: Awaited<ReturnType<LegacyGround['context']['wire']['legacy']>>,
  headers: { readonly 'mcp-session-id': string },
  exchanges: Exchange[],
  ground: LegacyGround,
): Promise<boolean> {
  if (answered !== 'accepted' || sessionId !== null) return false;
  const reply = await client.request(ground.legacy.method, {}, { headers });
  exchanges.push(reply.exchange);
  return outcomeOfReply(reply) === 'accepted';
}
