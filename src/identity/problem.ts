/** The one error of this folder whose message may be shown: it never holds a token nor text a server chose. */

export class IdentityProblem extends Error {
  override readonly name = 'IdentityProblem';
}

/** The sentence to show for anything thrown while a principal was being obtained. */
export function reasonOf(cause: unknown): string {
  if (cause instanceof IdentityProblem) return cause.message;
  // Messages of other errors may quote what was parsed or sent, so only the kind is told.
  return `the gate failed (${cause instanceof Error ? cause.name : typeof cause})`;
}

/** An OAuth error code of a server, or a stand-in when it is not one (RFC 6749, appendix A.7, much narrowed). */
export function errorCodeOf(value: unknown): string {
  return typeof value === 'string' && /^[a-z][a-z0-9_.-]{0,63}$/i.test(value)
    ? value
    : 'no readable error code';
}
