/** What is strange without proving anything: kept as facts of its own, so that no verdict is drawn from it by accident. */
import type { Attempt, MetadataDocument, Oddity, TokenAttempt } from '../../facts/authorization.js';

export function odditiesIn(seen: {
  readonly anonymous: readonly Attempt[];
  readonly defects: readonly TokenAttempt[];
  readonly documents: readonly MetadataDocument[];
}): Oddity[] {
  return [
    ...seen.anonymous.flatMap((attempt) => ofAttempt(attempt, 'no token')),
    ...seen.defects.flatMap((attempt) => [
      ...ofAttempt(attempt, attempt.principal),
      ...ofRefusedToken(attempt),
    ]),
    ...seen.documents.flatMap(ofDocument),
  ];
}

function ofAttempt(attempt: Attempt, who: string): Oddity[] {
  const { outcome, httpStatus, challenge, evidence } = attempt;
  const where = `${attempt.method} with ${who} at ${attempt.face}`;
  const found: Oddity['kind'][] = [];
  if (outcome === 'accepted' && challenge !== null) found.push('challenge-with-success');
  if (outcome === 'refused' && isSuccess(httpStatus) && attempt.errorCode !== null)
    found.push('error-instead-of-status');
  if (challenge?.malformed === true) found.push('malformed-challenge');
  return found.map((kind) => ({ kind, where, evidence }));
}

/** "Invalid or expired tokens MUST receive a HTTP 401 response." */
function ofRefusedToken({ principal, method, face, outcome, httpStatus, evidence }: TokenAttempt): Oddity[] {
  if (outcome !== 'refused' || httpStatus === null || httpStatus === 401) return [];
  const kind = httpStatus >= 500 ? 'server-error-for-token' : 'refused-without-401';
  return [{ kind, where: `${method} with ${principal} at ${face}`, evidence }];
}

const OF_DOCUMENTS = {
  html: 'html-at-well-known',
  redirect: 'redirect-at-well-known',
  elsewhere: 'metadata-elsewhere',
} as const;

function ofDocument({ outcome, url, evidence }: MetadataDocument): Oddity[] {
  if (outcome !== 'html' && outcome !== 'redirect' && outcome !== 'elsewhere') return [];
  return [{ kind: OF_DOCUMENTS[outcome], where: url, evidence }];
}

function isSuccess(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
