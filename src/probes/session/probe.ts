/** Can one user act in another's session? The experiments with session ids, and with what takes their place in the modern era. */
import type { PrincipalFacts, SessionFacts } from '../../facts/session.js';
import type { Principal } from '../../wire/exchange.js';
import { ANONYMOUS } from '../../wire/wire.js';
import { type Cast, castOf, type Intruder } from '../cast.js';
import { credentialHeaders } from '../credentials.js';
import type { Lab } from '../lab.js';
import { patiently } from '../patience.js';
import type { Probe, ProbeContext, ProbeOutcome } from '../probe.js';
import { collisionExperiments } from './collision.js';
import { boundTokenMissing, confirmationExperiment } from './confirmation.js';
import type { Ground, LegacyGround, OwnAccess } from './ground.js';
import { needsToken, ownAccessExperiment, type Speech, speechExperiment } from './learn.js';
import { attackSessions, NOTHING_TRIED } from './legacySessions.js';
import { isFairTest } from './matrix.js';
import { cachingExperiments } from './modern/caching.js';
import { handleExperiments, handleSamplingExperiments } from './modern/handles.js';
import { listenExperiment } from './modern/listen.js';
import { requestStateExperiments } from './modern/requestState.js';

export const sessionProbe: Probe<SessionFacts> = {
  id: 'session',
  budgetMs: 180_000,

  async run(context, lab): Promise<ProbeOutcome<SessionFacts>> {
    if (context.wire.transport === 'stdio') {
      const reason = 'on stdio a process has one client, so there is no session that anybody else could name';
      return { kind: 'not-applicable', reason };
    }
    const cast = castOf(context.identity);
    const ground = await learnGround(context, lab, cast);
    const missing = [...absentOwner(context), ...cast.missing];
    if (ground === null) return { kind: 'facts', facts: factsOf(null, missing) };

    const others = othersOf(ground);
    if (ground.authenticated && others.length === 0 && needsOthers(ground))
      lab.cannotTell('other-principal', whyNobody(ground, cast));
    if (ground.owner === ANONYMOUS && credentialHeaders(context.plan).length > 0 && needsOthers(ground))
      lab.cannotTell(
        'other-principal',
        'run.headers of the manifest make the gate one user, and there is no other',
      );
    const { legacy } = ground;
    const confirmation = await confirm(ground, missing);
    const sessions =
      legacy === null || legacy.carrier === null
        ? NOTHING_TRIED
        : await attackSessions({ ...ground, legacy }, others);
    const handles = present(await lab.runInTurn(patiently(handleExperiments(ground))));
    const minted = present(await lab.runInTurn(handleSamplingExperiments(ground)));
    const modern = ground.modern === null ? null : await attackModern(ground, others);
    const collisions = await collide(ground, others);
    await controlOthers(ground, others);
    return {
      kind: 'facts',
      facts: {
        ...factsOf(ground, missing),
        ...sessions,
        identifiers: [...sessions.identifiers, ...minted],
        streams: [...sessions.streams, ...(modern?.streams ?? [])],
        confirmation,
        handles,
        notTried: [...sessions.notTried, ...(modern?.notTried ?? [])],
        modern: modern === null ? null : { requestStates: modern.requestStates, cached: modern.cached },
        collisions,
      },
    };
  },
};

/** Alice, where the manifest promises her and she could not be had. */
function absentOwner({ identity }: ProbeContext): { name: string; reason: string }[] {
  const alice = identity.principals.get('alice');
  if (identity.provider === 'none' || alice === undefined || alice.available) return [];
  return [{ name: 'alice', reason: alice.unavailableReason ?? 'there is no token' }];
}

/** Null when not even the owner is served. */
async function learnGround(context: ProbeContext, lab: Lab, cast: Cast): Promise<Ground | null> {
  const owner = context.identity.principals.get('alice')?.available === true ? 'alice' : ANONYMOUS;
  const [speech = null] = await lab.runInTurn(patiently([speechExperiment(context, lab, owner)]));
  if (speech === null) return null;
  const own = await learnOwn(context, lab, owner, cast.intruders, speech);
  const authenticated = needsToken(owner, own.get(ANONYMOUS) ?? null, own.get('invented') ?? null);
  if (authenticated === null)
    lab.cannotTell('authenticated', 'it could not be told whether requests without a token are served');
  return {
    context,
    lab,
    owner,
    authenticated: authenticated === true,
    ...speech,
    intruders: cast.intruders,
    own,
  };
}

async function learnOwn(
  context: ProbeContext,
  lab: Lab,
  owner: Principal,
  intruders: readonly Intruder[],
  speech: Speech,
): Promise<ReadonlyMap<string, OwnAccess>> {
  const own = new Map<string, OwnAccess>();
  // Those with a valid token first: refused ones may use up a server's patience.
  const names = [owner, ...intruders.map(({ name }) => name).filter((name) => name !== owner)];
  for (const name of names) {
    const [access] = await lab.runInTurn(patiently([ownAccessExperiment(context, lab, name, speech)]));
    if (access !== null && access !== undefined) own.set(name, access);
  }
  return own;
}

/** Principals that must get nothing of the owner's, and who can be believed when they are refused. */
function othersOf(ground: Ground): Principal[] {
  if (!ground.authenticated) return [];
  return ground.intruders
    .filter((who) => {
      const own = ground.own.get(who.name);
      return who.standing === 'other-principal' && own !== undefined && isFairTest(who, own);
    })
    .map(({ name }) => name);
}

/** Without sessions, handles and lists that could be shared there is nothing that another user could get. */
function needsOthers({ context, legacy, modern }: Ground): boolean {
  return (legacy?.carrier ?? null) !== null || modern !== null || context.plan.handles.length > 0;
}

function whyNobody({ intruders }: Ground, { missing }: Cast): string {
  const bob = missing.find(({ name }) => name === 'bob');
  if (bob !== undefined) return `there is no other user: ${bob.reason}`;
  const refused = intruders.find(({ standing }) => standing === 'other-principal');
  if (refused === undefined) return 'nobody in the cast is another user than the owner';
  return `${refused.name} is refused in a session of their own too, so a refusal on the owner's proves nothing`;
}

async function confirm(
  ground: Ground,
  missing: { name: string; reason: string }[],
): Promise<SessionFacts['confirmation']> {
  if (!ground.authenticated) return null;
  const reason = boundTokenMissing(ground.context.identity.principals);
  if (reason === null) return ground.lab.run(confirmationExperiment(ground));
  missing.push({ name: 'alice-dpop', reason });
  return null;
}

async function attackModern(
  ground: Ground,
  others: readonly Principal[],
): Promise<NonNullable<SessionFacts['modern']> & Pick<SessionFacts, 'streams' | 'notTried'>> {
  const { lab } = ground;
  const examined = present(await lab.runInTurn(patiently(requestStateExperiments(ground))));
  const requestStates = examined.map(({ states }) => states);
  const notTried = examined.flatMap((one) => one.notTried);
  const [other] = others;
  if (other === undefined) return { requestStates, cached: [], streams: [], notTried };
  const cached = present(await lab.runInTurn(patiently(cachingExperiments(ground, other))));
  const streams = present(await lab.runInTurn(patiently([listenExperiment(ground, other)])));
  return { requestStates, cached, streams, notTried };
}

/** Whoever lost his token meanwhile, or was locked out, was refused for that reason and for no better one. */
async function controlOthers(ground: Ground, others: readonly Principal[]): Promise<void> {
  const { context, lab } = ground;
  for (const name of others) {
    const control = { ...ownAccessExperiment(context, lab, name, ground), name: `control/${name}/after` };
    const [access = null] = await lab.runInTurn(patiently([control]));
    if (access === null || access.ownRequest === 'accepted') continue;
    const status = access.httpStatus === null ? '' : ` (HTTP ${access.httpStatus})`;
    lab.cannotTell(
      control.name,
      `the control failed: ${name} was served in a session of their own before the attacks, and is refused there after them${status}: the token may have expired, or the server may have locked ${name} out, so being refused on the owner's session proves nothing`,
    );
  }
}

async function collide(ground: Ground, others: readonly Principal[]): Promise<SessionFacts['collisions']> {
  const principals = [ground.owner, ...others.slice(0, 1)];
  const { lab, legacy, modern } = ground;
  const inLegacy = legacy === null ? [] : collisionExperiments(ground as LegacyGround, 'legacy', principals);
  const inModern = modern === null ? [] : collisionExperiments(ground, 'modern', principals);
  return present(await lab.runInTurn([...inLegacy, ...inModern]));
}

/** Facts before anything was attacked. */
function factsOf(ground: Ground | null, missing: SessionFacts['principalsMissing']): SessionFacts {
  return {
    authenticated: ground?.authenticated ?? false,
    principals: ground === null ? [] : ground.intruders.flatMap((who) => principalFacts(ground, who)),
    principalsMissing: missing,
    issued: (ground?.legacy?.carrier ?? null) !== null,
    carrier: ground?.legacy?.carrier ?? null,
    openedWithoutToken: ground === null ? null : withoutToken(ground),
    confirmation: null,
    modern: null,
    handles: [],
    collisions: [],
    ...NOTHING_TRIED,
  };
}

function principalFacts({ own }: Ground, { name, standing, caveat }: Intruder): PrincipalFacts[] {
  const access = own.get(name);
  if (access === undefined) return [];
  const { ownRequest, ownCall, evidence } = access;
  return [{ name, standing, caveat, ownRequest, ownCall, evidence }];
}

function withoutToken({ authenticated, legacy, own }: Ground): SessionFacts['openedWithoutToken'] {
  const nobody = own.get(ANONYMOUS);
  if (!authenticated || legacy === null || nobody === undefined) return null;
  return {
    outcome: nobody.initialize,
    sessionIssued: nobody.sessionIssued,
    httpStatus: nobody.httpStatus,
    evidence: [...nobody.evidence],
  };
}

function present<T>(results: readonly (T | null)[]): T[] {
  return results.filter((result): result is T => result !== null);
}
