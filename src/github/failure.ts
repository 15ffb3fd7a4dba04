/** Tells failures of requests to GitHub apart, without loading what sends them. */

/** HTTP status of a failed request; null when there was no answer. */
export function statusOf(cause: unknown): number | null {
  if (typeof cause !== 'object' || cause === null || !('status' in cause)) return null;
  // A lost connection is given the status 500 by octokit, but has no response.
  if (!('response' in cause) || cause.response === undefined) return null;
  return typeof cause.status === 'number' ? cause.status : null;
}

/** Whether nobody knows what a failed request has done: it may be repeated only where a repetition does no harm. */
export function isUnsettled(cause: unknown): boolean {
  const status = statusOf(cause);
  return status === null || status >= 500;
}

/** Whether the token may not do it. 404 is GitHub's way to say so about what a token may not even see. */
export function isForbidden(cause: unknown): boolean {
  const status = statusOf(cause);
  return status === 404 || (status === 403 && !isLimited(cause));
}

/** GitHub says 403 also to a token that may do it, but has done too much. */
function isLimited(cause: unknown): boolean {
  return cause instanceof Error && /rate limit/iu.test(cause.message);
}

/** Why something failed on the way to GitHub, on one line. Raw text of whoever answered. */
export function failureWords(cause: unknown): string {
  const status = statusOf(cause);
  const [message = ''] = cause instanceof Error ? cause.message.split('\n', 1) : ['it failed'];
  if (status !== null) return `${status} (${message})`;
  const sent = typeof cause === 'object' && cause !== null && 'request' in cause;
  return sent ? `no answer (${message})` : message;
}
