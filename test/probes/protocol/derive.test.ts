/** What follows from single answers, above all from those of servers that say more than they can. */
import { describe, expect, it } from '@jest/globals';
import type { InitializeAttempt } from '../../../src/facts/protocol.js';
import { KNOWN_REVISIONS } from '../../../src/facts/revisions.js';
import { derive } from '../../../src/probes/protocol/derive.js';

const LEGACY = ['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'] as const;

function attempt(requested: string, answered: string | null): InitializeAttempt {
  return {
    case: requested === '2026-07-28' ? 'modern' : requested.startsWith('20') ? 'known' : 'unknown',
    requested,
    outcome: answered === null ? 'error' : answered === requested ? 'same' : 'counter-offer',
    answered,
    known: answered !== null && KNOWN_REVISIONS.some((revision) => revision === answered),
    httpStatus: 200,
    errorCode: null,
    supported: [],
    sessionIssued: false,
    capabilities: [],
    serverName: null,
    serverVersion: null,
    durationMs: 1,
    evidence: ['x1'],
  };
}

/** What is derived for a server that speaks `spoken` by `initialize`, and offers `latest` instead of anything else. */
function derived(spoken: readonly string[], latest: string) {
  const asked = [...LEGACY, '2026-07-28', '1999-01-01'];
  const answers = asked.map((one) => attempt(one, spoken.includes(one) ? one : latest));
  const { supported, best, oldestAccepted } = derive(answers, []);
  return { supported, best, oldestAccepted };
}

describe('the best revision', () => {
  it('is what the newest legacy client is offered', () => {
    expect(derived(['2024-11-05', '2025-06-18'], '2025-06-18')).toEqual({
      supported: ['2024-11-05', '2025-06-18'],
      best: '2025-06-18',
      oldestAccepted: '2024-11-05',
    });
  });

  it.each(['2026-07-28', '2099-12-31', '9'])(
    'is not %s, which is offered in initialize and no legacy revision',
    (offered) => {
      expect(derived(['2024-11-05'], offered)).toEqual({
        supported: ['2024-11-05'],
        best: '2024-11-05',
        oldestAccepted: '2024-11-05',
      });
    },
  );

  it('is none where nothing but a revision without initialize is offered', () => {
    expect(derived([], '2026-07-28').best).toBeNull();
  });
});
