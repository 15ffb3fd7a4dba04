import { afterEach, describe, expect, it } from '@jest/globals';
import type { TaskRetention } from '../../../src/facts/tasks.js';
import { demandTask, withOwner } from '../../../src/probes/tasks/client.js';
import { triggersOf } from '../../../src/probes/tasks/learn.js';
import { retentionExperiment } from '../../../src/probes/tasks/lives.js';
import { created, type Setting, type Stage, shape, stage } from './stand-in.js';

const TOOL = { tool: 'work', arguments: {}, pointer: null, expected: true };

let open: Stage | null = null;
afterEach(() => open?.close());

/** The status of a task that the owner has made, or why there is none. */
async function made(setting: Setting): Promise<string> {
  open = await stage(setting);
  const { ground, lab, spoken } = open;
  const status = await lab.run({
    name: 'made',
    run: () =>
      withOwner(ground, spoken, { experiment: 'tasks/made' }, async (owner) => {
        const { task } = await demandTask(owner, TOOL, 1000);
        return task.status;
      }),
  });
  return status ?? lab.untested.map(({ reason }) => reason).join();
}

describe('making a task', () => {
  it('answers what a modern server asks before it makes one', async () => {
    const status = await made({
      era: 'modern',
      habit: ({ method, params, create }) => {
        if (method !== 'tools/call') return undefined;
        const { inputResponses, requestState } = params as Record<
          string,
          Record<string, unknown> | undefined
        >;
        if (inputResponses?.['sure'] !== undefined && String(requestState) === 'kept')
          return created(create(), 'modern');
        const request = { method: 'elicitation/create', params: { mode: 'form', message: 'Sure?' } };
        return { resultType: 'input_required', inputRequests: { sure: request }, requestState: 'kept' };
      },
    });
    expect(status).toBe('working');
  });

  it('gives up on a modern server that asks for ever', async () => {
    const request = { method: 'elicitation/create', params: { mode: 'form', message: 'Sure?' } };
    const status = await made({
      era: 'modern',
      habit: ({ method }) =>
        method === 'tools/call'
          ? { resultType: 'input_required', inputRequests: { sure: request } }
          : undefined,
    });
    expect(status).toBe('the control failed: a call of work led to no task this time, but to a plain result');
  });

  it.each(['legacy', 'modern'] as const)('waits for a slow server, %s', async (era) => {
    const status = await made({
      era,
      requestTimeoutMs: 3000,
      habit: async ({ method, create }) => {
        if (method !== 'tools/call') return undefined;
        await new Promise((resolve) => setTimeout(resolve, 600));
        return created(create(), era);
      },
    });
    expect(status).toBe('working');
  });
});

describe('the life of a task', () => {
  /** What became of a task with a life of 200 ms. */
  async function kept(setting: Setting['habit']): Promise<TaskRetention | string | null> {
    open = await stage({
      era: 'legacy',
      habit: (asked) => {
        const special = setting?.(asked);
        if (special !== undefined || asked.method !== 'tools/call') return special;
        return { task: { ...shape(asked.create()), ttl: 200 } };
      },
    });
    const { ground, lab, spoken } = open;
    const found = await lab.run(retentionExperiment(ground, spoken, TOOL));
    return found?.retention ?? lab.untested.map(({ reason }) => reason).join();
  }

  it('is not called short because nobody answered', async () => {
    expect(await kept(({ method }) => (method === 'tasks/get' ? 'silence' : undefined))).toBe(
      'tasks/get of a short-lived task got timeout',
    );
  });

  it('is not called short because it was asked too often', async () => {
    expect(await kept(({ method }) => (method === 'tasks/get' ? { status: 429 } : undefined))).toBe(
      'the candidate limits the rate of requests (HTTP 429)',
    );
  });

  it('is not called short where it was over before it was told of', async () => {
    const retention = await kept(async ({ method, create }) => {
      if (method === 'tasks/get') return { error: { code: -32602, message: 'Task not found' } };
      if (method !== 'tools/call') return undefined;
      const made = create();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return { task: { ...shape(made), ttl: 200 } };
    });
    expect(retention).toMatchObject({ lostEarly: false, keptMs: null });
  });

  it('is called short where it is over before its time', async () => {
    const gone = { error: { code: -32602, message: 'Task not found' } };
    expect(await kept(({ method }) => (method === 'tasks/get' ? gone : undefined))).toMatchObject({
      lostEarly: true,
      keptMs: null,
    });
  });
});

describe('the calls that may lead to a task', () => {
  const step = (tool: string, expect: 'task' | 'result' | 'elicitation' | null) => ({
    tool,
    expect,
    arguments: {},
  });
  const exercise = [
    step('plain', null),
    step('sum', 'result'),
    step('asks', 'elicitation'),
    step('job', 'task'),
  ];
  const offer = { advertised: true, toolsCall: true, list: false, cancel: true, evidence: [] };
  const tools = (era: 'legacy' | 'modern', advertised: boolean): string[] =>
    triggersOf(
      { exercise },
      { era, offer: { ...offer, era, advertised }, supports: new Map([['sum', 'optional' as const]]) },
      [],
    ).map(({ tool }) => tool);

  it('are all of them where a modern server decides by itself, those that are said to first', () => {
    expect(tools('modern', true)).toEqual(['job', 'plain', 'sum', 'asks']);
  });

  it('are those that are said to, where none are offered, or their tools say so', () => {
    expect([tools('modern', false), tools('legacy', true)]).toEqual([['job'], ['job', 'sum']]);
  });
});
