/** Finds what ties a URL to one request: the parts that are random, or that are called as state is. */
import { createHash } from 'node:crypto';
import type { UrlFacts } from '../../../facts/elicitationUrl.js';
import { type Part, wordsOf } from './parts.js';
import { looksRandom, randomBits } from './randomness.js';

export type State = UrlFacts['stateParameters'][number];

const MAX_STATE = 50;

/** Called as state is, so that a weak one is seen too. */
const STATE_NAMES = new Set(
  'state nonce relaystate elicitation elicitationid eid requestid requesturi txn transaction transactionid flow flowid flowtoken interaction interactionid challenge loginchallenge consentchallenge codechallenge session sessionid token'.split(
    ' ',
  ),
);
/** Those of them that are nothing else, so that even a word is one, if a bad one. */
const NOTHING_ELSE = new Set([
  'state',
  'nonce',
  'relaystate',
  'elicitation',
  'elicitationid',
  'codechallenge',
]);
/** Bits below which a value under one of the other names is a word. */
const WORDS = 60;
/** Random, but the same for every request of an application or of a tenant. */
const CONSTANT = new Set(
  'clientid appid applicationid clientkey key kid tenant tenantid tid realm organization organizationid orgid org workspace workspaceid team teamid account accountid merchantid projectid project scope scopes userscope redirecturi redirecturl audience resource responsetype responsemode prompt connection connectionid idp idphint domainhint appkey apikey sitekey codechallengemethod clientsecret version v'.split(
    ' ',
  ),
);

/** The parts that look like state. Segments of the path do not, in an authorization request: there they name the tenant. */
export function stateOf(parts: readonly Part[]): State[] {
  const isAuthorization = parts.some(({ name, where }) => where === 'query' && joined(name) === 'clientid');
  return parts
    .filter(({ where }) => where !== 'userinfo' && !(where === 'path' && isAuthorization))
    .filter(isState)
    .slice(0, MAX_STATE)
    .map(({ where, name, value }) => ({
      name: (name ?? `(${where})`).slice(0, 64),
      where: where === 'userinfo' ? 'query' : where,
      length: value.length,
      bits: randomBits(value),
      hash: createHash('sha256').update(value).digest('hex').slice(0, 16),
    }));
}

/** Whether it has a name of state, and not merely looks random or is called like a step of one. */
export function isCalledState({ bits, name, where }: State): boolean {
  if (where === 'path') return false;
  const key = joined(name);
  return NOTHING_ELSE.has(key) || (STATE_NAMES.has(key) && bits >= WORDS);
}

function isState({ isSegment, name, value }: Part): boolean {
  const key = joined(name);
  if (value === '' || (!isSegment && CONSTANT.has(key))) return false;
  return looksRandom(value) || (!isSegment && STATE_NAMES.has(key) && !/^(?:true|false)$/.test(value));
}

function joined(name: string | null): string {
  return name === null ? '' : wordsOf(name).join('');
}
