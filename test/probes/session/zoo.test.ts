import { describe, expect, it } from '@jest/globals';
import type { SessionFacts } from '../../../src/facts/session.js';
import { sessionFacts } from '../../../src/facts/session.js';
import { FAULTS, faultId } from '../../zoo/faults.mjs';
import { zooManifest } from '../../zoo/manifest.mjs';
import { probeSession } from './candidate.js';

type Place = { transport: 'stdio' | 'streamable-http' | 'sse'; era: 'legacy' | 'modern' | 'both' };

async function factsOf(
  id: string | null,
  place: Place,
  authorization: 'oauth' | 'none' = 'oauth',
): Promise<SessionFacts> {
  const fault = id === null ? null : FAULTS.find((entry) => faultId(entry) === id);
  if (fault === undefined) throw new Error(`there is no fault ${id}`);
  const { record, facts } = await probeSession(zooManifest({ fault, ...place, authorization }));
  expect([record.status, record.untested]).toEqual(['completed', []]);
  return sessionFacts.parse(facts);
}

/** Everything that was served to somebody who must not be served. */
function served(facts: SessionFacts): string[] {
  return facts.attempts
    .filter(({ outcome, standing }) => outcome === 'accepted' && !standing.startsWith('same-user'))
    .map(({ principal, operation }) => `${principal} ${operation}`);
}

describe('the session probe on the faultless server', () => {
  it('tries everybody on everything and finds nothing, in both eras', async () => {
    const facts = await factsOf(null, { transport: 'streamable-http', era: 'both' });
    expect(served(facts)).toEqual([]);
    expect(facts.notTried).toContainEqual({
      what: 'expired',
      reason: 'a requestState of ask lives for 120 s, longer than is waited for',
    });
    expect([...new Set(facts.notTried.map(({ what }) => what))]).toEqual(['expired']);
    expect(facts.principalsMissing).toEqual([]);
    expect([...new Set(facts.attempts.map(({ operation }) => operation))]).toEqual([
      'request',
      'call',
      'notification',
      'stream',
      'resume',
      'delete',
      'response',
    ]);
    expect(facts.attempts.filter(({ outcome }) => outcome === 'inconclusive')).toEqual([]);
    expect(facts.idAttempts.map(({ outcome }) => outcome)).toEqual(Array(8).fill('refused'));
    expect(facts.streams.map(({ case: what, outcome }) => [what, outcome])).toEqual([
      ['owner-displaced', 'refused'],
      ['owner-displaced', 'refused'],
      ['foreign-events', 'refused'],
      ['foreign-subscription', 'refused'],
    ]);
    expect(facts.collisions.map(({ misdelivered, unanswered }) => [misdelivered, unanswered])).toEqual(
      facts.collisions.map(() => [0, 0]),
    );
    expect(
      facts.modern?.requestStates.map(({ tool, influential, cases }) => [
        tool,
        influential,
        cases.length > 10,
      ]),
    ).toEqual([
      ['ask', true, true],
      ['connect_account', true, true],
      ['sync_ledger', true, true],
      ['choose_plan', true, true],
    ]);
    expect([facts.confirmation?.supported, facts.rebinding?.rebound]).toEqual([true, false]);
  }, 90_000);

  it('gives the owner everything with a refreshed token and through another client', async () => {
    const facts = await factsOf(null, { transport: 'sse', era: 'legacy' });
    const owners = facts.attempts.filter(
      ({ standing }) => standing.startsWith('same-user') && standing !== 'same-user-narrower',
    );
    expect(owners.map(({ principal, operation, outcome }) => [principal, operation, outcome])).toEqual(
      ['alice-other-client', 'alice-refreshed'].flatMap((name) =>
        ['request', 'call', 'notification'].map((operation) => [name, operation, 'accepted']),
      ),
    );
    expect(served(facts)).toEqual([]);
  }, 90_000);

  it('tries nothing that needs a token where none is needed, and the rest', async () => {
    const facts = await factsOf(null, { transport: 'streamable-http', era: 'both' }, 'none');
    expect([facts.authenticated, facts.attempts, facts.handles, facts.confirmation]).toEqual([
      false,
      [],
      [],
      null,
    ]);
    expect(facts.identifiers.map(({ kind, sampled }) => [kind, sampled])).toEqual([
      ['session', 64],
      ['event', 64],
    ]);
    expect([facts.fixation?.adopted, facts.termination?.survives]).toEqual([false, false]);
  }, 90_000);

  it('has no sessions to try on a modern server', async () => {
    const { issued, carrier, attempts, modern } = await factsOf(null, {
      transport: 'streamable-http',
      era: 'modern',
    });
    expect([issued, carrier, attempts]).toEqual([false, null, []]);
    expect(modern?.cached.map(({ method, differs }) => [method, differs])).toEqual([
      ['server/discover', false],
      ['tools/list', false],
    ]);
  }, 90_000);

  it('does not apply on stdio, and says why', async () => {
    const { record, facts } = await probeSession(zooManifest({ transport: 'stdio', era: 'both' }));
    expect([record.status, record.reason, facts]).toEqual([
      'not-applicable',
      'on stdio a process has one client, so there is no session that anybody else could name',
      null,
    ]);
  }, 30_000);
});

describe('the session probe on a faulty server', () => {
  it('sees who is served on which operation', async () => {
    const facts = await factsOf('session/other-principal-accepted:post-only', {
      transport: 'streamable-http',
      era: 'legacy',
    });
    expect(served(facts)).toEqual([
      'bob stream',
      'bob resume',
      'bob delete',
      'bob-refreshed stream',
      'bob-refreshed resume',
      'bob-refreshed delete',
    ]);
  }, 90_000);

  it('sees a session change hands without anybody being served', async () => {
    const facts = await factsOf('session/rebinds-to-other-principal:silently', {
      transport: 'streamable-http',
      era: 'legacy',
    });
    expect([served(facts), facts.rebinding?.rebound, facts.rebinding?.by]).toEqual([[], true, 'bob']);
  }, 90_000);

  it('waits for the end of a state that says when that is, and sees it taken', async () => {
    const facts = await factsOf('session/request-state-expiry', {
      transport: 'streamable-http',
      era: 'modern',
    });
    const cases = facts.modern?.requestStates.flatMap((states) => states.cases);
    expect(
      cases?.filter(({ outcome }) => outcome === 'accepted').map((one) => [one.case, one.detail]),
    ).toEqual([['expired', 'a life of 2 s']]);
    expect(facts.notTried).toEqual([]);
  }, 90_000);

  it('sees which changes to a state go unnoticed', async () => {
    const facts = await factsOf('session/request-state-tampering:truncated', {
      transport: 'streamable-http',
      era: 'modern',
    });
    const accepted = facts.modern?.requestStates.flatMap(({ cases }) =>
      cases.filter(({ outcome }) => outcome === 'accepted'),
    );
    expect(new Set(accepted?.map((one) => one.case))).toEqual(new Set(['truncated']));
  }, 90_000);
});
