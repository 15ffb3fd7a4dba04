/** Whom does the candidate serve: nobody without a token, nobody with a bad one, and does it say where to get a good one? */

import type { Origin } from '../../candidate/candidate.js';
import type { Attempt, AuthorizationFacts, MetadataDocument } from '../../facts/authorization.js';
import type { PrincipalName } from '../../identity/cast.js';
import { originText } from '../../wire/http.js';
import { ANONYMOUS, CONFIGURED } from '../../wire/wire.js';
import { credentialHeaders } from '../credentials.js';
import type { Lab } from '../lab.js';
import type { Probe, ProbeContext } from '../probe.js';
import {
  anonymousExperiments,
  operationsOf,
  requiredBy,
  type Tried,
  unaccompaniedExperiments,
} from './anonymous.js';
import { type Bench, Pace } from './bench.js';
import {
  bearerTokenOf,
  missingTokens,
  principalFacts,
  rightDefects,
  unaskedServers,
  untriedDefects,
} from './cast.js';
import { documentsExperiment } from './documents.js';
import { issuersExperiment } from './issuers.js';
import { odditiesIn } from './oddities.js';
import { type Speech, speechExperiment } from './speech.js';
import {
  defectExperiments,
  doubledExperiments,
  queryExperiments,
  scopeExperiments,
  tellingOperations,
} from './tokens.js';

const NO_SPEECH: Speech = { legacy: null, modern: null, deprecated: null, failures: [], failedCalls: [] };

export const authorizationProbe: Probe<AuthorizationFacts> = {
  id: 'authorization',
  budgetMs: 180_000,

  async run(context, lab) {
    const { wire, candidate, plan, identity } = context;
    if (wire.transport === 'stdio' || candidate.origin === null) {
      return {
        kind: 'not-applicable',
        reason: 'stdio has no HTTP authorization: credentials come from the environment',
      };
    }
    const endpoint = endpointOf(candidate.origin, wire.path);
    const bench: Bench = { wire, lab, plan, pace: new Pace() };
    const alice = identity.principals.get('alice');
    const principals = [
      ...(alice?.available === true ? ['alice'] : []),
      ...(credentialHeaders(plan).length > 0 ? [CONFIGURED] : []),
      ANONYMOUS,
    ];
    const speech = await lab.run(speechExperiment(bench, principals));
    const spoken = speech ?? NO_SPEECH;

    const tried = present(await lab.runInTurn(anonymousExperiments(bench, operationsOf(wire.path, spoken))));
    const alone = present(await lab.runInTurn(unaccompaniedExperiments(bench, unservedEras(spoken))));
    const anonymous = [...tried.map(({ attempt }) => attempt), ...alone];
    const documents = (await lab.run(documentsExperiment(bench, endpoint, announcedIn(anonymous)))) ?? [];
    const servers = await askServers(context, lab, endpoint, documents);

    const required = requiredBy(anonymous);
    const tokenTests = tokensApplicable(required, spoken);
    const missing = alice?.unavailableReason ?? null;
    for (const reason of speech === null ? [] : failuresOf(spoken, missing))
      lab.cannotTell('control', reason);
    const right = rightDefects(identity, documents);
    const tokens = tokenTests.applicable
      ? await tryTokens(context, bench, { endpoint, tried, right })
      : NO_TOKENS;
    return {
      kind: 'facts',
      facts: {
        provider: identity.provider,
        endpoint: endpoint.href,
        scopes: [...plan.authorization.scopes],
        required,
        bearer: wantsBearer(anonymous, required, spoken),
        principals: principalFacts(identity),
        anonymous,
        tokenTests,
        ...tokens,
        documents: [...documents],
        authorizationServers: [...servers],
        oddities: odditiesIn({ anonymous, defects: tokens.defects, documents }),
        notTested: [
          ...(tokenTests.applicable ? [...missingTokens(identity), ...untriedDefects(right)] : []),
          ...unaskedServers(servers),
          ...spoken.failedCalls.map((tool) => ({
            what: `tools/call ${tool}`,
            reason: 'the legitimate user was not served either',
          })),
        ],
      },
    };
  },
};

type TokenFacts = Pick<AuthorizationFacts, 'defects' | 'tokenInQuery' | 'doubledHeader' | 'lowScope'>;

const NO_TOKENS: TokenFacts = { defects: [], tokenInQuery: [], doubledHeader: [], lowScope: [] };

/** Attacks come last, and the loudest at the very end: some servers lock out whoever fails too often. */
async function tryTokens(
  { identity }: ProbeContext,
  bench: Bench,
  {
    endpoint,
    tried,
    right,
  }: {
    readonly endpoint: URL;
    readonly tried: readonly Tried[];
    readonly right: ReadonlySet<PrincipalName>;
  },
): Promise<TokenFacts> {
  const { lab } = bench;
  const guarded = tried
    .filter(({ attempt }) => attempt.outcome === 'refused')
    .map(({ operation }) => operation);
  const telling = tellingOperations(guarded);
  const valid = await bearerTokenOf(identity, 'alice', endpoint.href);
  const invented = await bearerTokenOf(identity, 'invented', endpoint.href);
  const lowScope = identity.principals.get('low-scope')?.available === true;
  return {
    lowScope: lowScope ? present(await lab.runInTurn(scopeExperiments(bench, guarded))) : [],
    tokenInQuery: valid === null ? [] : present(await lab.runInTurn(queryExperiments(bench, telling, valid))),
    doubledHeader:
      valid === null || invented === null
        ? []
        : present(await lab.runInTurn(doubledExperiments(bench, telling, { valid, invented }))),
    defects: present(await lab.runInTurn(defectExperiments(bench, identity, telling, right))),
  };
}

async function askServers(
  context: ProbeContext,
  lab: Lab,
  endpoint: URL,
  documents: readonly MetadataDocument[],
): Promise<AuthorizationFacts['authorizationServers']> {
  const used = documents.find((document) => document.used && document.outcome === 'document');
  if (used === undefined) return [];
  return [...((await lab.run(issuersExperiment(context, endpoint, used))) ?? [])];
}

/** Whether a token proves anything here. */
function tokensApplicable(
  required: AuthorizationFacts['required'],
  speech: Speech,
): AuthorizationFacts['tokenTests'] {
  if (required === 'none')
    return { applicable: false, reason: 'everything is served without a token anyway' };
  if (controlsOf(speech).some((control) => control !== ANONYMOUS)) return { applicable: true, reason: null };
  return { applicable: false, reason: 'there is no token for which the server serves anything' };
}

/** Why the candidate's guard could not be judged, where it turned the legitimate user away or there is none. */
function failuresOf(speech: Speech, aliceMissing: string | null): readonly string[] {
  const hint = aliceMissing === null ? '' : `; there is no token for alice: ${aliceMissing}`;
  const failures = speech.failures.map(({ reason }) => `the control failed: ${reason}${hint}`);
  if (failures.length > 0 || controlsOf(speech).length > 0) return failures;
  return [`the control failed: the server serves neither the legitimate user nor nobody${hint}`];
}

function controlsOf({ legacy, modern, deprecated }: Speech): readonly string[] {
  return [legacy, modern, deprecated].flatMap((voice) => voice?.control ?? []);
}

/** The eras to try alone: where somebody was turned away, or both when nobody was served at all. */
function unservedEras(speech: Speech): ReadonlySet<Attempt['era']> {
  if (controlsOf(speech).length === 0) return new Set(['legacy', 'modern']);
  return new Set(speech.failures.map(({ era }) => era));
}

/** A server that serves alice for her token, and nobody without, wants bearer tokens whatever its challenge says. */
function wantsBearer(
  anonymous: readonly Attempt[],
  required: AuthorizationFacts['required'],
  speech: Speech,
): boolean {
  if (anonymous.some(({ challenge }) => challenge?.bearer === true)) return true;
  return (required === 'all' || required === 'some') && controlsOf(speech).includes('alice');
}

function announcedIn(attempts: readonly Attempt[]): readonly string[] {
  return attempts.flatMap(({ challenge, outcome }) =>
    outcome === 'accepted' ? [] : (challenge?.resourceMetadata ?? []),
  );
}

/** Canonical URL of the endpoint. Source: RFC 8707 section 2. */
function endpointOf(origin: Origin, path: string): URL {
  const url = new URL(path, originText(origin));
  url.search = '';
  return url;
}

function present<T>(results: readonly (T | null)[]): T[] {
  return results.filter((result): result is T => result !== null);
}
