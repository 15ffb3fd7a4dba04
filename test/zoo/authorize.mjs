/** Who is calling: the seam where the reference server becomes an OAuth resource server. Everybody is anonymous so far. */

/**
 * @typedef {object} Caller
 * @property {string} subject Stable name of the user; 'anonymous' without a token.
 * @property {string | null} issuer Who vouches for the subject; null without a token.
 */

export const ANONYMOUS = Object.freeze({ subject: 'anonymous', issuer: null });

/**
 * Decides about one HTTP request, on every route and method, before anything else looks at it.
 * @param {import('node:http').IncomingMessage} _request
 * @param {import('./switches.mjs').Switches} _switches
 * @returns {Promise<{ caller: Caller } | { refusal: import('./guard.mjs').Refusal }>}
 */
export async function authorize(_request, _switches) {
  return { caller: ANONYMOUS };
}

/** What the SDKs carry to a tool as `authInfo`. @param {Caller} caller */
export function authInfoOf(caller) {
  return { token: '', clientId: '', scopes: [], extra: { caller } };
}

/** The way back from `authInfo`. @param {unknown} authInfo @returns {Caller} */
export function callerOf(authInfo) {
  const caller = /** @type {{ extra?: { caller?: Caller } } | undefined} */ (authInfo)?.extra?.caller;
  return caller ?? ANONYMOUS;
}
