/** Learns the ground: which eras are spoken, what they offer of tasks, which calls lead to one, and whether requests need a token. */
import type { BindingOutcome } from '../../facts/session.js';
import type { TaskTrigger } from '../../facts/tasks.js';
import type { ServerPlan } from '../../manifest/plan.js';
import type { Principal, Reply } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { ANONYMOUS } from '../../wire/wire.js';
import { demandHeard, isModern, NEWEST_LEGACY, NEWEST_MODERN } from '../eras.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { openingOf } from '../opening.js';
import type { ProbeContext } from '../probe.js';
import { demandOutcome, outcomeOfReply } from '../reading.js';
import { listTools, type ToolList } from '../toolList.js';
import type { Spoken, Trigger } from './ground.js';
import { EXTENSION } from './view.js';

/** An answer is waited for this many times as long as the slowest one the owner got, within bounds. */
const PATIENCE_FACTOR = 20;
const LEAST_PATIENCE_MS = 1500;
/** Calls that are tried in each era. */
const TRIGGERS = 12;
const AUTOMATIC = 2;

export interface Speech {
  readonly spoken: readonly Spoken[];
  readonly patienceMs: number;
  /** Tools that the candidate says change nothing, need no arguments, and may become tasks. */
  readonly harmless: readonly string[];
}

/** How the owner is served in both eras. Untestable when in neither. */
export function speechExperiment(context: ProbeContext, lab: Lab, owner: Principal): Experiment<Speech> {
  const name = 'control/owner';
  const experiment = lab.nameOf(name);
  return {
    name,
    budgetMs: 40_000,
    run: async () => {
      const found = [await learnLegacy(context, experiment, owner)];
      if (context.wire.transport !== 'sse') found.push(await learnModern(context, experiment, owner));
      const learnt = found.filter((one) => one !== null);
      if (learnt.length === 0)
        throw new Untestable(
          `${owner} is served in neither era, so there is nobody whose tasks they could be`,
        );
      const slowest = Math.max(...learnt.map(({ slowestMs }) => slowestMs));
      return {
        spoken: learnt.map(({ spoken }) => spoken),
        patienceMs: Math.min(
          context.limits.requestTimeoutMs,
          Math.max(LEAST_PATIENCE_MS, PATIENCE_FACTOR * slowest),
        ),
        harmless: learnt.flatMap(({ harmless }) => harmless),
      };
    },
  };
}

interface Learnt {
  readonly spoken: Spoken;
  readonly slowestMs: number;
  readonly harmless: readonly string[];
}

async function learnLegacy(
  context: ProbeContext,
  experiment: string,
  owner: Principal,
): Promise<Learnt | null> {
  const connection = await context.wire.legacy({ experiment, principal: owner, capabilities: { tasks: {} } });
  try {
    const { negotiated, reply } = await connection.handshake(NEWEST_LEGACY);
    demandHeard(reply);
    if (negotiated === null || reply.kind !== 'result') return null;
    const listed = await listTools(connection);
    const declared = capabilityIn(reply.result, 'tasks');
    const requests = isObject(declared?.['requests']) ? declared['requests'] : {};
    const tools = isObject(requests['tools']) ? requests['tools'] : {};
    return {
      spoken: {
        era: 'legacy',
        revision: negotiated,
        offer: {
          era: 'legacy',
          advertised: declared !== null,
          toolsCall: isObject(tools['call']),
          list: isObject(declared?.['list']),
          cancel: isObject(declared?.['cancel']),
          evidence: [reply.exchange.id],
        },
        supports: supportsIn(listed),
      },
      slowestMs: Math.max(reply.exchange.durationMs, listed.first.exchange.durationMs),
      harmless: harmlessIn(listed),
    };
  } finally {
    await connection.close();
  }
}

async function learnModern(
  context: ProbeContext,
  experiment: string,
  owner: Principal,
): Promise<Learnt | null> {
  const capabilities = { extensions: { [EXTENSION]: {} } };
  const connection = await context.wire.modern({
    experiment,
    principal: owner,
    capabilities,
    version: NEWEST_MODERN,
  });
  try {
    const discovered = await connection.request('server/discover');
    demandHeard(discovered);
    if (discovered.kind === 'none') return null;
    const listed = await connection.request('tools/list', {});
    demandHeard(listed);
    const served = [discovered, listed].find(isModern);
    if (served === undefined) return null;
    const extensions = discovered.kind === 'result' ? capabilityIn(discovered.result, 'extensions') : null;
    const advertised = isObject(extensions?.[EXTENSION]);
    return {
      spoken: {
        era: 'modern',
        revision: NEWEST_MODERN,
        offer: {
          era: 'modern',
          advertised,
          toolsCall: advertised,
          list: false,
          cancel: advertised,
          evidence: [discovered.exchange.id],
        },
        supports: new Map(),
      },
      slowestMs: Math.max(discovered.exchange.durationMs, listed.exchange.durationMs),
      harmless: [],
    };
  } finally {
    await connection.close();
  }
}

function capabilityIn(result: unknown, name: string): Readonly<Record<string, unknown>> | null {
  if (!isObject(result) || !isObject(result['capabilities'])) return null;
  const found = result['capabilities'][name];
  return isObject(found) ? found : null;
}

function supportOf({ execution }: Readonly<Record<string, unknown>>): TaskTrigger['support'] {
  const told = isObject(execution) ? execution['taskSupport'] : null;
  return told === 'required' || told === 'optional' || told === 'forbidden' ? told : null;
}

function supportsIn({ tools }: ToolList): ReadonlyMap<string, TaskTrigger['support']> {
  return new Map(
    tools.flatMap((tool) =>
      typeof tool['name'] === 'string' ? [[tool['name'], supportOf(tool)] as const] : [],
    ),
  );
}

function harmlessIn({ tools }: ToolList): string[] {
  return tools.flatMap((tool) => {
    const { name, annotations, inputSchema } = tool;
    const support = supportOf(tool);
    const readOnly = isObject(annotations) && annotations['readOnlyHint'] === true;
    const needs =
      isObject(inputSchema) && Array.isArray(inputSchema['required']) ? inputSchema['required'] : [];
    const fit = readOnly && needs.length === 0 && (support === 'required' || support === 'optional');
    return fit && typeof name === 'string' ? [name] : [];
  });
}

/**
 * The calls of the manifest that may lead to a task in this era: those it says so of, and those whose tool does. In the modern
 * era no tool says it; the server decides about each call, so that every one may.
 */
export function triggersOf(
  { exercise }: Pick<ServerPlan, 'exercise'>,
  { era, offer, supports }: Pick<Spoken, 'era' | 'offer' | 'supports'>,
  harmless: readonly string[],
): readonly Trigger[] {
  if (exercise === 'auto')
    return harmless
      .slice(0, AUTOMATIC)
      .map((tool) => ({ tool, arguments: {}, pointer: null, expected: false }));
  const mayBe = (tool: string): boolean => {
    if (era === 'modern') return offer.advertised;
    const support = supports.get(tool) ?? null;
    return support === 'required' || support === 'optional';
  };
  return exercise
    .filter(({ tool, expect }) => expect === 'task' || mayBe(tool))
    .sort((a, b) => Number(b.expect === 'task') - Number(a.expect === 'task'))
    .slice(0, TRIGGERS)
    .map((step) => ({
      tool: step.tool,
      arguments: step.arguments,
      pointer: null,
      expected: step.expect === 'task',
    }));
}

/** What somebody without a valid token gets of a request that only reads. */
export function accessExperiment(
  context: ProbeContext,
  lab: Lab,
  principal: Principal,
  { era, revision }: Spoken,
): Experiment<BindingOutcome> {
  const name = `control/${principal}`;
  const experiment = lab.nameOf(name);
  return {
    name,
    run: async () => {
      const connection =
        era === 'legacy'
          ? await context.wire.legacy({ experiment, principal })
          : await context.wire.modern({ experiment, principal, version: revision });
      try {
        if ('handshake' in connection) {
          const { reply } = await connection.handshake(revision);
          const { outcome, exchange } = openingOf(context, connection, reply);
          demandOutcome(outcome, exchange);
          if (outcome !== 'accepted') return outcome;
        }
        return told(await connection.request('tools/list', {}));
      } finally {
        await connection.close();
      }
    },
  };
}

function told(reply: Reply): BindingOutcome {
  const outcome = outcomeOfReply(reply);
  demandOutcome(outcome, reply.exchange);
  return outcome;
}

/** As the session probe has it: tokens are looked at where nobody is refused, or where one that nobody issued is. */
export function needsToken(
  owner: Principal,
  nobody: BindingOutcome | null,
  invented: BindingOutcome | null,
): boolean {
  if (owner === ANONYMOUS) return false;
  return nobody !== 'accepted' || invented === 'refused';
}
