/** What follows from the single answers: eras, the best revision, the oldest one, and how the unknown is answered. */
import type { InitializeAttempt, InlineRequest, ProtocolFacts } from '../../facts/protocol.js';
import { type Era, eraOf, KNOWN_REVISIONS, LEGACY_REVISIONS } from '../../facts/revisions.js';

type Derived = Pick<ProtocolFacts, 'eras' | 'supported' | 'best' | 'oldestAccepted' | 'unknownAnswer'>;

/** Pure: the same answers give the same facts. */
export function derive(initialize: readonly InitializeAttempt[], inline: readonly InlineRequest[]): Derived {
  const supported = spoken(initialize, inline);
  const eras = (['legacy', 'modern'] as const).filter((era: Era) =>
    supported.some((revision) => eraOf(revision) === era),
  );
  return {
    eras,
    supported,
    best: best(supported, initialize),
    oldestAccepted: supported[0] ?? null,
    unknownAnswer: unknownAnswer(initialize),
  };
}

/** A legacy revision is spoken when asking for it gets it; a modern one when an inline request gets a modern result. */
function spoken(initialize: readonly InitializeAttempt[], inline: readonly InlineRequest[]): string[] {
  const revisions = new Set<string>();
  for (const attempt of initialize) {
    if (attempt.case === 'known' && attempt.outcome === 'same' && attempt.answered !== null)
      revisions.add(attempt.answered);
    // What the server counter-offers it claims to speak, even where asking for it outright was not possible.
    if (
      attempt.outcome === 'counter-offer' &&
      attempt.answered !== null &&
      eraOf(attempt.answered) === 'legacy'
    )
      revisions.add(attempt.answered);
  }
  for (const request of inline) {
    if (request.case === 'modern' && request.outcome === 'result') revisions.add(request.requested);
  }
  return KNOWN_REVISIONS.filter((revision) => revisions.has(revision));
}

/** A client that speaks every revision prefers the modern era, then asks `initialize` for the newest legacy revision. */
function best(supported: readonly string[], initialize: readonly InitializeAttempt[]): string | null {
  const modern = supported.filter((revision) => eraOf(revision) === 'modern').at(-1);
  if (modern !== undefined) return modern;
  const newest = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1];
  const asked = initialize.find((attempt) => attempt.requested === newest);
  const answered =
    asked !== undefined && (asked.outcome === 'same' || asked.outcome === 'counter-offer')
      ? asked.answered
      : null;
  // Offered in initialize, a revision that has no initialize or never existed is one that nobody can speak.
  const speakable = answered !== null && eraOf(answered) === 'legacy';
  return speakable ? answered : (supported.at(-1) ?? null);
}

/** The worst of the answers to revisions that were never published; an echo is worse than any other. */
function unknownAnswer(initialize: readonly InitializeAttempt[]): ProtocolFacts['unknownAnswer'] {
  const asked = initialize.filter((attempt) => attempt.case === 'unknown');
  const echoed = asked.filter((attempt) => attempt.outcome === 'same');
  const [first] = echoed.length > 0 ? echoed : asked;
  if (first === undefined) return { outcome: 'not-asked', answered: null, evidence: [] };
  const evidence = asked.flatMap((attempt) => attempt.evidence);
  const outcome = first.outcome === 'same' ? 'echo' : first.outcome;
  return { outcome, answered: first.answered, evidence };
}
