import { afterEach, describe, expect, it } from '@jest/globals';
import { foreignExperiments } from '../../../src/probes/tasks/others.js';
import type { Foreign } from '../../../src/probes/tasks/scene.js';
import { created, NOT_FOUND, type Setting, type Stage, shape, stage, UNKNOWN } from './stand-in.js';

const BOB = { name: 'bob', standing: 'other-principal' } as const;
const TOOL = { tool: 'work', arguments: {}, pointer: null, expected: true };
const bobs = (user: string): boolean => user === 'Bearer bob';

let open: Stage | null = null;
afterEach(() => open?.close());

/** What bob found in one experiment, and why he found nothing. */
async function bobTries(what: string, setting: Setting): Promise<[Foreign | null, string[]]> {
  open = await stage(setting);
  const { ground, lab, spoken } = open;
  const found = foreignExperiments(ground, spoken, TOOL, BOB).find(({ name }) => name.endsWith(`/${what}`));
  if (found === undefined) throw new Error(`nobody tries to ${what}`);
  const foreign = await lab.run(found);
  return [foreign, lab.untested.map(({ reason }) => reason)];
}

const outcomes = ({ attempts }: Foreign): unknown =>
  attempts.map(({ operation, outcome }) => [operation, outcome]);

describe('a task of somebody else', () => {
  it('is not taken for kept from bob when it ended before he was turned away', async () => {
    const [found, untested] = await bobTries('cancel', {
      era: 'legacy',
      habit: ({ method, task, user }) => {
        if (method !== 'tasks/cancel' || task === null || !bobs(user) || bobs(task.user)) return undefined;
        task.status = 'completed';
        return { error: { code: -32602, message: 'The task has ended' } };
      },
    });
    expect([found?.attempts, found?.notTried, untested]).toEqual([
      [],
      ['tasks/cancel by bob: the task had ended before it could be cancelled'],
      [],
    ]);
  });

  it('is seen to be cancelled by bob though the server declares no tasks/cancel', async () => {
    const [found] = await bobTries('cancel', {
      era: 'legacy',
      offer: { cancel: false },
      habit: ({ method, task }) => {
        if (method !== 'tasks/cancel' || task === null) return undefined;
        task.status = 'cancelled';
        return shape(task);
      },
    });
    expect(found === null ? null : outcomes(found)).toEqual([['cancel', 'accepted']]);
  });

  it('is no gap where what nobody declared is never answered', async () => {
    const [found, untested] = await bobTries('list', {
      era: 'legacy',
      offer: { list: false },
      habit: ({ method }) => (method === 'tasks/list' ? 'silence' : undefined),
    });
    expect([found?.listing, found?.notTried, untested]).toEqual([
      null,
      ['tasks/list, which nobody declared, gave bob no answer'],
      [],
    ]);
  });

  it.each([true, false])('is found on a late page of the list, declared: %s', async (list) => {
    const [found] = await bobTries('list', {
      era: 'legacy',
      offer: { list },
      habit: ({ method, params, tasks }) => {
        if (method !== 'tasks/list') return undefined;
        const page = Number(params['cursor'] ?? 0);
        return page < 12
          ? { tasks: [], nextCursor: String(page + 1) }
          : { tasks: tasks.map((task) => shape(task)) };
      },
    });
    expect([found?.listing?.outcome, found?.listing?.shows]).toEqual(['accepted', true]);
  });

  it.each([
    ['does not end', { tasks: [], nextCursor: 'again' }, 'tasks/list of bob did not end within 2 pages'],
    ['breaks off', UNKNOWN, 'page 2 of tasks/list got error -32601 (HTTP 200)'],
  ])('cannot be told to be missing from a list that %s', async (_how, second, reason) => {
    const [found, untested] = await bobTries('list', {
      era: 'legacy',
      habit: ({ method, params }) => {
        if (method !== 'tasks/list') return undefined;
        return params['cursor'] === undefined ? { tasks: [], nextCursor: 'again' } : second;
      },
    });
    expect([found, untested]).toEqual([null, [reason]]);
  });

  it('is refused in a list that bob does not get at all', async () => {
    const [found] = await bobTries('list', {
      era: 'legacy',
      habit: ({ method }) => (method === 'tasks/list' ? UNKNOWN : undefined),
    });
    expect([found?.listing?.outcome, found?.listing?.shows]).toEqual(['refused', false]);
  });
});

describe('an answer by somebody else to what a task asks', () => {
  it('is seen to count although the task then asks something else, and everything is acknowledged', async () => {
    const [found] = await bobTries('update', {
      era: 'modern',
      habit: ({ method, task, create }) => {
        if (method === 'tools/call') return created(create('input_required', 'first'), 'modern');
        if (method !== 'tasks/update') return undefined;
        if (task !== null) task.question = 'second';
        return {};
      },
    });
    expect(found === null ? null : outcomes(found)).toEqual([['update', 'accepted']]);
  });

  it('proves nothing by being refused where nothing was asked', async () => {
    const [found, untested] = await bobTries('update', { era: 'modern' });
    expect([found?.attempts, found?.notTried, untested]).toEqual([
      [],
      ['tasks/update by bob: the task asked nothing that could be answered'],
      [],
    ]);
  });

  it('is refused by a server that asks, and keeps it to its user', async () => {
    const [found] = await bobTries('update', {
      era: 'modern',
      habit: ({ method, task, user, create }) => {
        if (method === 'tools/call') return created(create('input_required', 'first'), 'modern');
        return method === 'tasks/update' && task?.user !== user ? NOT_FOUND : undefined;
      },
    });
    expect(found === null ? null : outcomes(found)).toEqual([['update', 'refused']]);
  });
});
