import { describe, expect, it } from '@jest/globals';
import { type TasksFacts, tasksFacts } from '../../../src/facts/tasks.js';
import { tasksProbe } from '../../../src/probes/tasks/probe.js';
import { FAULTS, faultId } from '../../zoo/faults.mjs';
import { zooManifest } from '../../zoo/manifest.mjs';
import { type ProbedBy, probeWith } from '../session/candidate.js';

type Place = { transport: 'stdio' | 'streamable-http' | 'sse'; era: 'legacy' | 'modern' | 'both' };

const over = (transport: Place['transport'], era: Place['era']): Place => ({ transport, era });

/** The server with tasks that are as they should be. */
const SOUND = 'tasks/advertised';

function manifestOf(id: string | null, place: Place): string {
  const fault = id === null ? null : FAULTS.find((entry) => faultId(entry) === id);
  if (fault === undefined) throw new Error(`there is no fault ${id}`);
  return zooManifest({ fault, ...place });
}

function probe(id: string | null, place: Place): Promise<ProbedBy<TasksFacts>> {
  return probeWith(tasksProbe, manifestOf(id, place));
}

async function factsOf(id: string, place: Place): Promise<TasksFacts> {
  const { record, facts } = await probe(id, place);
  expect([record.status, record.untested]).toEqual(['completed', []]);
  return tasksFacts.parse(facts);
}

const statuses = ({ courses }: TasksFacts): unknown =>
  courses.map(({ era, kind, steps }) => [era, kind, ...steps.map(({ status }) => status)]);

const outcomes = ({ attempts }: TasksFacts): string[] =>
  attempts.map(
    ({ era, principal, operation, outcome }) => `${era} ${principal} tasks/${operation} ${outcome}`,
  );

describe('the tasks probe on sound tasks', () => {
  it('follows them through both eras, and finds that nobody else gets them', async () => {
    const facts = await factsOf(SOUND, over('streamable-http', 'both'));
    expect(facts.offers.map(({ era, list, cancel }) => [era, list, cancel])).toEqual([
      ['legacy', true, true],
      ['modern', false, true],
    ]);
    expect(statuses(facts)).toEqual([
      ['legacy', 'watched', 'working', 'input_required', 'working', 'completed'],
      ['legacy', 'cancelled', 'working', 'cancelled'],
      ['modern', 'watched', 'working', 'input_required', 'working', 'completed'],
      ['modern', 'cancelled', 'working', 'cancelled'],
    ]);
    expect(outcomes(facts)).toEqual([
      'legacy bob tasks/get refused',
      'legacy bob tasks/result refused',
      'legacy bob tasks/cancel refused',
      'legacy anonymous tasks/get refused',
      'legacy anonymous tasks/result refused',
      'legacy anonymous tasks/cancel refused',
      'legacy alice tasks/get accepted',
      'modern bob tasks/get refused',
      'modern bob tasks/update refused',
      'modern bob tasks/cancel refused',
      'modern anonymous tasks/get refused',
      'modern anonymous tasks/update refused',
      'modern anonymous tasks/cancel refused',
    ]);
    expect(facts.listings.map(({ principal, outcome, shows }) => [principal, outcome, shows])).toEqual([
      ['bob', 'accepted', false],
      ['anonymous', 'refused', false],
    ]);
    expect(facts.related.map(({ method, present }) => [method, present])).toEqual([
      ['elicitation/create', true],
      ['tasks/result', true],
    ]);
    expect(facts.retentions.map(({ lostEarly, keptMs }) => [lostEarly, keptMs])).toEqual([[false, null]]);
    expect(facts.negotiations.map(({ case: what, outcome }) => [what, outcome])).toEqual([
      ['required-plain-call', 'error'],
      ['client-without-tasks', 'result'],
    ]);
  }, 90_000);

  it('has no others to try on stdio, and tries the rest', async () => {
    const facts = await factsOf(SOUND, over('stdio', 'legacy'));
    expect([facts.authenticated, facts.attempts, facts.listings, facts.principalsMissing]).toEqual([
      false,
      [],
      [],
      [],
    ]);
    expect(statuses(facts)).toEqual([
      ['legacy', 'watched', 'working', 'input_required', 'working', 'completed'],
      ['legacy', 'cancelled', 'working', 'cancelled'],
    ]);
    expect(facts.identifiers.map(({ sampled, counter }) => [sampled, counter])).toEqual([[16, false]]);
  }, 90_000);

  it('reads a refusal on the event stream of HTTP+SSE as one of everything', async () => {
    const facts = await factsOf(SOUND.replace('advertised', 'list-leaks'), over('sse', 'legacy'));
    expect(outcomes(facts).filter((one) => one.includes('anonymous'))).toEqual([
      'legacy anonymous tasks/get refused',
      'legacy anonymous tasks/result refused',
      'legacy anonymous tasks/cancel refused',
    ]);
    expect(facts.listings.map(({ principal, outcome, shows }) => [principal, outcome, shows])).toEqual([
      ['bob', 'accepted', true],
      ['anonymous', 'refused', false],
    ]);
  }, 90_000);
});

describe('the tasks probe on a faulty server', () => {
  it('sees an operation that everybody may do, by its effect', async () => {
    const facts = await factsOf('tasks/other-principal-access:cancel', over('streamable-http', 'modern'));
    expect(outcomes(facts).filter((one) => one.includes('accepted'))).toEqual([
      'modern bob tasks/cancel accepted',
    ]);
  }, 90_000);

  it('sees a result that is given to whoever asks, and what is asked meanwhile', async () => {
    const facts = await factsOf('tasks/other-principal-access:result', over('streamable-http', 'legacy'));
    expect(outcomes(facts).filter((one) => one.includes('accepted'))).toEqual([
      'legacy bob tasks/result accepted',
      'legacy alice tasks/get accepted',
    ]);
  }, 90_000);

  it('sees what was cancelled complete all the same', async () => {
    const facts = await factsOf('tasks/illegal-transition', over('stdio', 'modern'));
    expect(statuses(facts)).toContainEqual(['modern', 'cancelled', 'working', 'cancelled', 'completed']);
  }, 90_000);
});

describe('a call that nobody said would become a task', () => {
  it('is made of a modern server all the same, which decides by itself', async () => {
    const manifest = manifestOf('tasks/other-principal-access', over('streamable-http', 'modern'));
    const { facts } = await probeWith(tasksProbe, manifest.replace(/,"expect":"task"/, ''));
    expect(facts?.triggers.map(({ expected, outcome }) => [expected, outcome])).toEqual([[false, 'task']]);
    expect(facts === null ? [] : outcomes(facts)).toContain('modern bob tasks/get accepted');
  }, 90_000);
});

describe('where there is nothing to see', () => {
  it('does not apply to a server that offers no tasks, and says why', async () => {
    const { record, facts } = await probe(null, over('stdio', 'both'));
    expect([record.status, record.reason, facts]).toEqual([
      'not-applicable',
      'the server offers no tasks, and the manifest expects none',
      null,
    ]);
  }, 30_000);

  it('states what is offered where the manifest names no call that leads to a task', async () => {
    const manifest = manifestOf(SOUND, over('stdio', 'both')).replace(/^ {2}exercise:.*\n/m, '');
    const { record, facts } = await probeWith(tasksProbe, manifest);
    expect([record.status, facts?.offers.map(({ advertised }) => advertised)]).toEqual([
      'completed',
      [true, true],
    ]);
    expect([facts?.triggers, facts?.notTried]).toEqual([
      [],
      [{ what: 'tasks', reason: 'the manifest names no call that leads to a task' }],
    ]);
  }, 30_000);

  it('could not test a task that the manifest expects and no call leads to', async () => {
    const manifest = manifestOf(SOUND, over('stdio', 'both')).replace('"export_ledger"', '"whoami"');
    const { record } = await probeWith(tasksProbe, manifest);
    expect([record.status, record.untested]).toEqual([
      'inconclusive',
      [
        {
          experiment: 'tasks/trigger/whoami',
          reason:
            'the manifest expects a task of whoami, which led to error -32601 in the legacy era and to a plain result in the modern era',
        },
      ],
    ]);
  }, 30_000);
});
