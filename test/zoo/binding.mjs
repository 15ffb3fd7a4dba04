/** Whose a session is: the one decision that keeps users out of each other's sessions. Specification: security best practices, "Session Hijacking". */
import { ANONYMOUS, userOf } from './authorize.mjs';

/**
 * @typedef {object} Ownership
 * @property {import('./authorize.mjs').Caller} owner Who opened the session.
 * @property {import('./authorize.mjs').Caller | null} usurper Who took it over; only with a fault.
 */

/** @param {import('./authorize.mjs').Caller} owner @returns {Ownership} */
export function ownedBy(owner) {
  return { owner, usurper: null };
}

/**
 * Whom a request on a session acts as; null: it must not be told from one on a session that does not exist.
 * @param {Ownership} session
 * @param {import('./authorize.mjs').Caller} caller
 * @param {{ method: string, message?: any }} request HTTP method and JSON-RPC message.
 * @param {import('./switches.mjs').Switches} switches
 * @returns {import('./authorize.mjs').Caller | null}
 */
export function admit(session, caller, request, switches) {
  if (caller === ANONYMOUS && standsInForToken(switches)) return session.owner;
  if (owns(session.owner, caller, switches)) return session.usurper ?? caller;
  if (switches.binding === 'rebinds' || switches.binding === 'rebinds-silently') session.usurper = caller;
  if (!isOverlooked(request, caller, switches)) return null;
  return caller;
}

/** The faults that let a request on a session through without its token. @param {import('./switches.mjs').Switches} switches */
function standsInForToken({ open, binding }) {
  return binding === 'initialize-only' || ['get', 'delete', 'tools-list', 'with-session'].includes(open);
}

/** @param {import('./authorize.mjs').Caller} owner @param {import('./authorize.mjs').Caller} caller @param {import('./switches.mjs').Switches} switches */
function owns(owner, caller, switches) {
  switch (switches.binding) {
    case 'client':
      return owner.issuer === caller.issuer && owner.client === caller.client;
    case 'token':
      return owner.tokenDigest === caller.tokenDigest;
    default:
      return userOf(owner) === userOf(caller);
  }
}

/** Whether a fault forgets to ask whose session this is. @param {{ method: string, message?: any }} request @param {import('./authorize.mjs').Caller} caller @param {import('./switches.mjs').Switches} switches */
function isOverlooked({ method, message }, caller, switches) {
  switch (switches.binding) {
    case 'none':
    case 'rebinds':
      return true;
    case 'not-renewed':
      return caller.renewed;
    case 'post-only':
      return method !== 'POST';
    case 'not-get':
      return method === 'GET';
    case 'not-delete':
      return method === 'DELETE';
    case 'not-notifications':
      return message?.method !== undefined && message.id === undefined;
    case 'not-responses':
      return isResponse(message);
    default:
      return false;
  }
}

/** @param {any} message */
export function isResponse(message) {
  return message !== undefined && message.method === undefined && message.id !== undefined;
}
