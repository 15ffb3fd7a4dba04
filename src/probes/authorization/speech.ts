/** Finds out what can be spoken with the candidate and as whom, so that every attempt has a control it can rely on. */
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../../facts/revisions.js';
import type { ServerPlan, ToolCall } from '../../manifest/plan.js';
import type { Reply } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import type { Experiment } from '../lab.js';
import { type Bench, seen } from './bench.js';

/** One era that somebody was served in. */
export interface Voice {
  /** Who is served: alice, or anonymous. */
  readonly control: string;
  readonly version: string;
  /** A request that needs a session (legacy), or stands for itself (modern), and changes nothing. */
  readonly method: string;
  /** Harmless tools that the manifest names and that work for the control. */
  readonly calls: readonly ToolCall[];
}

export interface Deprecated extends Pick<Voice, 'control' | 'calls'> {
  readonly path: string;
}

export interface Speech {
  readonly legacy: (Voice & { readonly issuesIds: boolean }) | null;
  readonly modern: (Voice & { readonly discovers: boolean }) | null;
  /** The deprecated transport: its event stream, and who could open it. */
  readonly deprecated: Deprecated | null;
  /** Eras in which a request was turned away and nobody was served, each with a sentence. */
  readonly failures: readonly Failure[];
  /** Tools that the manifest names and that failed for the control. */
  readonly failedCalls: readonly string[];
}

export interface Failure {
  readonly era: 'legacy' | 'modern';
  readonly reason: string;
}

const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1] ?? '2025-11-25';
const OLDEST_LEGACY = '2024-11-05';
const NEWEST_MODERN = MODERN_REVISIONS[MODERN_REVISIONS.length - 1] ?? '2026-07-28';
const LISTS = ['tools/list', 'ping', 'resources/list', 'prompts/list'] as const;
const MODERN_LISTS = ['tools/list', 'resources/list', 'prompts/list'] as const;
const MOST_CALLS = 3;
const DEPRECATED_PATH = '/sse';

/** Tries as `principals` in this order; an era is spoken as the first who is served in it. */
export function speechExperiment(bench: Bench, principals: readonly string[]): Experiment<Speech> {
  const name = 'control';
  return {
    name,
    budgetMs: 40_000,
    run: async () => {
      const experiment = bench.lab.nameOf(name);
      const failures = new Map<Failure['era'], string>();
      const failedCalls = new Set<string>();
      const first = async <T>(speak: (asker: Asker) => Promise<T | null>): Promise<T | null> => {
        for (const principal of principals) {
          const voice = await speak({
            ...bench,
            experiment,
            principal,
            best: principals[0],
            failures,
            failedCalls,
          });
          if (voice !== null) return voice;
        }
        return null;
      };
      const streamable = bench.wire.transport === 'streamable-http';
      const legacy = streamable ? await first(speakLegacy) : null;
      const modern = streamable ? await first(speakModern) : null;
      const served = { legacy, modern };
      return {
        ...served,
        deprecated: await first(findDeprecated),
        failures: [...failures].flatMap(([era, reason]) => (served[era] === null ? [{ era, reason }] : [])),
        failedCalls: [...failedCalls],
      };
    },
  };
}

interface Asker extends Bench {
  /** The first of those who are tried. */
  readonly best: string | undefined;
  readonly experiment: string;
  readonly principal: string;
  readonly failures: Map<Failure['era'], string>;
  readonly failedCalls: Set<string>;
}

async function speakLegacy(asker: Asker): Promise<Speech['legacy']> {
  const { wire, pace, experiment, principal } = asker;
  const session = await wire.legacy({ experiment, principal });
  try {
    const { reply, negotiated } = await pace.ask(
      () => session.initialize(NEWEST_LEGACY),
      (opened) => opened.reply.exchange,
    );
    if (negotiated === null) return silent(asker, 'legacy', 'initialize', reply);
    await session.initialized();
    let last = reply;
    for (const method of LISTS) {
      last = await pace.reply(() => session.request(method));
      if (last.kind !== 'result') continue;
      const calls = await workingCalls(asker, (params) => session.request('tools/call', params));
      const issuesIds = session.sessionId !== null;
      return { control: principal, version: negotiated, method, calls, issuesIds };
    }
    return silent(asker, 'legacy', 'a request in a session', last);
  } finally {
    await session.close();
  }
}

async function speakModern(asker: Asker): Promise<Speech['modern']> {
  const { wire, pace, experiment, principal } = asker;
  const connection = await wire.modern({ experiment, principal, version: NEWEST_MODERN });
  try {
    let last = await pace.reply(() => connection.request('server/discover'));
    const discovers = isModernResult(last);
    const common = { control: principal, version: NEWEST_MODERN, discovers };
    for (const method of MODERN_LISTS) {
      last = await pace.reply(() => connection.request(method));
      if (last.kind === 'none') return null;
      if (!isModernResult(last)) continue;
      const calls = await workingCalls(asker, (params) => connection.request('tools/call', params));
      return { ...common, method, calls };
    }
    return discovers
      ? { ...common, method: 'server/discover', calls: [] }
      : silent(asker, 'modern', `a request of ${NEWEST_MODERN}`, last);
  } finally {
    await connection.close();
  }
}

/**
 * An era that is not spoken is nothing to tell; one in which a caller is turned away is. Only the best placed caller
 * counts: a guard may turn the others away before it looks at what they say.
 */
function silent({ principal, best, failures }: Asker, era: Failure['era'], what: string, reply: Reply): null {
  const { status } = reply.exchange.answer;
  if ((status === 401 || status === 403) && principal === best)
    failures.set(era, `${what} by ${principal} got ${seen(reply)}`);
  return null;
}

/** A legacy server may answer any method with something; only the modern era types its results. */
function isModernResult(reply: Reply): boolean {
  return reply.kind === 'result' && isObject(reply.result) && 'resultType' in reply.result;
}

/** Calls nothing that the manifest does not name. */
async function workingCalls(
  { plan, pace, failedCalls }: Asker,
  call: (params: Readonly<Record<string, unknown>>) => Promise<Reply>,
): Promise<readonly ToolCall[]> {
  const working: ToolCall[] = [];
  for (const { tool, arguments: given } of harmlessCalls(plan).slice(0, MOST_CALLS)) {
    const reply = await pace.reply(() => call({ name: tool, arguments: given }));
    if (isServedCall(reply)) working.push({ tool, arguments: given });
    else failedCalls.add(tool);
  }
  return working;
}

/** A result that is not itself an error: `isError` is how tools refuse. */
export function isServedCall(reply: Reply): boolean {
  return reply.kind === 'result' && !isErrorResult(reply.result);
}

export function isErrorResult(result: unknown): boolean {
  return isObject(result) && result['isError'] === true;
}

/** What tells who one is comes first; what asks the user or starts a task is left out. */
function harmlessCalls({ whoami, exercise }: ServerPlan): readonly ToolCall[] {
  const steps = exercise === 'auto' ? [] : exercise;
  const plain = steps.filter(({ expect }) => expect === null || expect === 'result');
  const all = [...(whoami === null ? [] : [whoami]), ...plain];
  return all.filter(({ tool }, index) => all.findIndex((other) => other.tool === tool) === index);
}

/** Source: 2024-11-05 basic/transports: the first event names the message route. */
async function findDeprecated(asker: Asker): Promise<Deprecated | null> {
  const { wire, pace, experiment, principal } = asker;
  const path = wire.transport === 'sse' ? wire.path : DEPRECATED_PATH;
  const exchange = await pace.exchange(() =>
    wire.http({
      experiment,
      principal,
      method: 'GET',
      path,
      headers: { accept: 'text/event-stream' },
      readStream: 'until-quiet',
    }),
  );
  const offered = exchange.answer.messages.some((message) => message.event?.name === 'endpoint');
  if (!offered) return null;
  // Beside Streamable HTTP, what the tools do was tried there.
  const calls = wire.transport === 'sse' ? await callsOverSse(asker, path) : [];
  return { path, control: principal, calls };
}

async function callsOverSse(asker: Asker, path: string): Promise<readonly ToolCall[]> {
  const { wire, pace, experiment, principal } = asker;
  const session = await wire.deprecatedSse({ experiment, principal, path });
  try {
    const { reply } = await pace.ask(
      () => session.initialize(OLDEST_LEGACY),
      (opened) => opened.reply.exchange,
    );
    if (reply.kind !== 'result') return [];
    await session.initialized();
    return await workingCalls(asker, (params) => session.request('tools/call', params));
  } finally {
    await session.close();
  }
}
