import { afterEach, describe, expect, it } from '@jest/globals';
import { runProbe } from '../../../src/probes/runner.js';
import { tasksProbe } from '../../../src/probes/tasks/probe.js';
import { type Asked, created, type Setting, type Stage, shape, stage } from './stand-in.js';

let open: Stage | null = null;
afterEach(() => open?.close());

const stranger = ({ user }: Asked): boolean => user !== 'Bearer alice' && user !== 'Bearer bob';

/** Whose task it is nobody asks; what is asked for a second time has ended. */
function careless(asked: Asked): ReturnType<NonNullable<Setting['habit']>> {
  const { method, task } = asked;
  if (method === 'tools/list') return { tools: [{ name: 'work', inputSchema: { type: 'object' } }] };
  if (method === 'tools/call') return created(asked.create(), 'legacy');
  if (method !== 'tasks/get' || task === null) return undefined;
  const told = shape(task);
  if (asked.user === task.user) setTimeout(() => Object.assign(task, { status: 'completed' }), 700);
  return told;
}

async function probed(habit: NonNullable<Setting['habit']>): Promise<[boolean | undefined, string[]]> {
  open = await stage({ era: 'legacy', habit });
  const { facts } = await runProbe(tasksProbe, open.ground.context);
  const accepted = facts?.attempts.filter(({ outcome }) => outcome === 'accepted') ?? [];
  return [facts?.authenticated, accepted.map(({ operation, principal }) => `${principal} ${operation}`)];
}

describe('a server that shows its tools to everybody', () => {
  it('may keep tasks for those with a token all the same, and then they must be bound', async () => {
    const [authenticated, accepted] = await probed((asked) =>
      stranger(asked) && asked.method === 'tools/call' ? { status: 401 } : careless(asked),
    );
    expect([authenticated, accepted]).toEqual([true, ['bob get', 'alice get']]);
  }, 60_000);

  it('knows nobody where it makes tasks for everybody too', async () => {
    const [authenticated, accepted] = await probed(careless);
    expect([authenticated, accepted]).toEqual([false, ['alice get']]);
  }, 60_000);
});

describe('a server that bounds how many tasks a user has at a time', () => {
  it('is tried all the same, and its ids last', async () => {
    const LIMIT = 12;
    open = await stage({
      era: 'legacy',
      habit: (asked) => {
        const { method, params, tasks, user } = asked;
        if (stranger(asked)) return { status: 401 };
        if (method === 'tools/list') return { tools: [{ name: 'work', inputSchema: { type: 'object' } }] };
        if (method !== 'tools/call') return undefined;
        if (params['task'] === undefined) return { content: [] };
        if (tasks.filter((one) => one.user === user).length >= LIMIT)
          return { error: { code: -32000, message: 'too many tasks' } };
        const task = asked.create();
        setTimeout(() => Object.assign(task, { status: 'completed' }), 500);
        return created(task, 'legacy');
      },
    });
    const { facts, record } = await runProbe(tasksProbe, open.ground.context);
    expect([record.untested, facts?.identifiers.map(({ sampled }) => sampled < LIMIT)]).toEqual([[], [true]]);
    expect(facts?.attempts.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'get refused',
      'result refused',
      'cancel refused',
      'get accepted',
    ]);
  }, 60_000);
});
