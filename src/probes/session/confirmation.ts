/** A token that is bound to a key must not be worth anything without it. RFC 9449, sections 4.3 and 7. */
import type { SessionFacts } from '../../facts/session.js';
import type { PrincipalName } from '../../identity/cast.js';
import type { Principal } from '../../identity/principal.js';
import { type Experiment, Untestable } from '../lab.js';
import { openingOf } from '../opening.js';
import { demandOutcome, outcomeOfReply } from '../reading.js';
import { freshId } from './freshId.js';
import type { Ground, LegacyGround } from './ground.js';
import { withOwned } from './owned.js';
import { visit } from './visit.js';

type Confirmation = NonNullable<SessionFacts['confirmation']>;
type Attempt = Confirmation['attempts'][number];
type Answer = Omit<Attempt, 'principal' | 'where'>;

const HOLDER = 'alice-dpop';
const IMPOSTORS: readonly PrincipalName[] = [
  'alice-dpop-no-proof',
  'alice-dpop-as-bearer',
  'alice-dpop-other-key',
  'alice-dpop-replayed',
];

/** Null where there is no bound token, with the reason among `missing`. */
export function confirmationExperiment(ground: Ground): Experiment<Confirmation> {
  const name = 'confirmation';
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    budgetMs: 30_000,
    run: async () => {
      const control = await askAsHolder(ground, experiment);
      const supported = control.outcome === 'accepted';
      const attempts: Attempt[] = [];
      for (const name of impostors(ground)) {
        attempts.push({ principal: name, where: 'initialize', ...(await ask(ground, experiment, name)) });
      }
      if (supported && ground.legacy !== null && ground.legacy.carrier !== null)
        attempts.push(...(await onSession({ ...ground, legacy: ground.legacy }, experiment)));
      if (supported && (await ask(ground, experiment, HOLDER)).outcome !== 'accepted')
        throw new Untestable('the control failed: the holder of the key was not served afterwards');
      return { supported, attempts };
    },
  };
}

/**
 * As the holder of the key, with the nonce that the server wants in the proof where it asks for one. RFC 9449, section 9.
 * @throws Untestable where a proof with that nonce is refused too: what is tried without the key would prove nothing
 */
async function askAsHolder(ground: Ground, experiment: string): Promise<Answer> {
  const first = await ask(ground, experiment, HOLDER);
  const { context } = ground;
  const exchange = context.transcript.get(first.evidence[0] ?? '');
  const dpopNonce = exchange?.answer.headers['dpop-nonce'];
  if (first.outcome === 'accepted' || !exchange || dpopNonce === undefined) return first;
  const { method, url } = exchange.request;
  await context.identity.principals
    .get(HOLDER)
    ?.authorize({ method: method ?? 'POST', url: url ?? '', dpopNonce });
  const second = await ask(ground, experiment, HOLDER);
  if (second.outcome !== 'accepted')
    throw new Untestable('the control failed: a proof with the nonce that the server asked for was refused');
  return second;
}

/** Whether there is a token bound to a key at all; the reason why not. */
export function boundTokenMissing(principals: ReadonlyMap<PrincipalName, Principal>): string | null {
  const holder = principals.get(HOLDER);
  return holder?.available === true ? null : (holder?.unavailableReason ?? 'there is no such principal');
}

function impostors({ context }: Ground): readonly PrincipalName[] {
  return IMPOSTORS.filter((name) => context.identity.principals.get(name)?.available === true);
}

/** A request that needs no session: `initialize`, or the harmless one of the modern era. */
async function ask(
  { context, legacy, modern }: Ground,
  experiment: string,
  principal: PrincipalName,
): Promise<Answer> {
  if (legacy === null) return askModern(context, experiment, principal, modern?.method ?? 'tools/list');
  const connection = await context.wire.legacy({ experiment, principal });
  try {
    const { reply } = await connection.initialize(legacy.revision);
    const { outcome, exchange } = openingOf(context, connection, reply);
    demandOutcome(outcome, exchange);
    return { outcome, httpStatus: exchange.answer.status, evidence: [exchange.id] };
  } finally {
    await connection.close();
  }
}

async function askModern(
  context: Ground['context'],
  experiment: string,
  principal: PrincipalName,
  method: string,
): Promise<Answer> {
  const connection = await context.wire.modern({ experiment, principal });
  try {
    const reply = await connection.request(method);
    const { exchange } = reply;
    const outcome = outcomeOfReply(reply);
    demandOutcome(outcome, exchange);
    return {
      outcome,
      httpStatus: exchange.answer.status,
      evidence: [exchange.id],
    };
  } finally {
    await connection.close();
  }
}

/** The same on a session that the holder of the key has opened. */
async function onSession(ground: LegacyGround, experiment: string): Promise<Attempt[]> {
  const holders: LegacyGround = { ...ground, owner: HOLDER };
  return withOwned(holders, experiment, async (owned) => {
    const attempts: Attempt[] = [];
    for (const principal of impostors(ground)) {
      const visitor = await visit(holders, owned, { principal, experiment });
      try {
        const seen = await visitor.ask(ground.legacy.method, {}, freshId());
        demandOutcome(seen.outcome, seen.exchange);
        attempts.push({
          principal,
          where: 'session',
          outcome: seen.outcome,
          httpStatus: seen.exchange.answer.status,
          evidence: [seen.exchange.id],
        });
      } finally {
        await visitor.close();
      }
    }
    return attempts;
  });
}
