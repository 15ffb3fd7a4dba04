/** `requestState` that only its user can bring back, on the request it was made for, whole and in time. Specification: 2026-07-28 basic/patterns/mrtr. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { userOf } from './authorize.mjs';

/** How long a state is good for. */
export const STATE_LIFE_MS = 120_000;

/** The same where it is not looked at: short, so that it can be waited for. */
const SHORT_LIFE_MS = 2000;

/** @typedef {{ caller: import('./authorize.mjs').Caller, tool: string, arguments: unknown }} Bearing What a state is bound to. */

export class StateSeal {
  #key = randomBytes(32);
  #switches;

  /** @param {import('./switches.mjs').Switches} switches */
  constructor(switches) {
    this.#switches = switches;
  }

  /** @param {Bearing} bearing @returns {string} */
  mint(bearing) {
    const claims = {
      nonce: nonce(),
      until: Date.now() + this.#life(),
      ...this.#bound(bearing),
    };
    const body = Buffer.from(JSON.stringify(claims)).toString('base64url');
    return this.#switches.requestState === 'unsigned' ? body : `${body}.${this.#sign(body)}`;
  }

  /** @param {string} state @param {Bearing} bearing */
  holds(state, bearing) {
    if (state === '' && this.#switches.requestState === 'emptied-accepted') return true;
    const [body = '', signature = ''] = state.split('.');
    if (!this.#isGenuine(body, signature)) return false;
    const claims = parse(body);
    if (claims === null || !this.#isCurrent(claims)) return false;
    return Object.entries(this.#bound(bearing)).every(([name, value]) => claims[name] === value);
  }

  #life() {
    return this.#switches.requestState === 'expiry-ignored' ? SHORT_LIFE_MS : STATE_LIFE_MS;
  }

  /** @param {Record<string, unknown>} claims */
  #isCurrent(claims) {
    return this.#switches.requestState === 'expiry-ignored' || Number(claims['until']) > Date.now();
  }

  /** What the state repeats of its user and its request. @param {Bearing} bearing @returns {Record<string, string>} */
  #bound({ caller, tool, arguments: given }) {
    const request = { method: 'tools/call', tool, arguments: digest(given) };
    switch (this.#switches.requestState) {
      case 'user-unbound':
        return request;
      case 'request-unbound':
        return { user: digest(userOf(caller)) };
      default:
        return { user: digest(userOf(caller)), ...request };
    }
  }

  /** @param {string} body @param {string} signature */
  #isGenuine(body, signature) {
    const right = this.#sign(body);
    switch (this.#switches.requestState) {
      case 'unsigned':
        return true;
      case 'truncated-accepted':
        return right.startsWith(signature);
      default:
        return (
          signature.length === right.length && timingSafeEqual(Buffer.from(signature), Buffer.from(right))
        );
    }
  }

  /** @param {string} body */
  #sign(body) {
    return createHmac('sha256', this.#key).update(body).digest('hex');
  }
}

/** Letters of which no bit can be changed so that JSON around them breaks: what is not signed can then really be changed. */
function nonce() {
  return [...randomBytes(96)].map((byte) => 'acdefghijklmnopq'[byte % 16]).join('');
}

/** @param {unknown} value */
function digest(value) {
  return createHash('sha256')
    .update(JSON.stringify(value) ?? '')
    .digest('base64url');
}

/** @param {string} body @returns {Record<string, unknown> | null} */
function parse(body) {
  try {
    const value = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}
