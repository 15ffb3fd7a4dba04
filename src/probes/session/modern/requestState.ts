/** `requestState` in other hands, on other requests, and changed. 2026-07-28 basic/patterns/mrtr, "Server Requirements". */
import type { SessionFacts } from '../../../facts/session.js';
import type { Principal, Reply } from '../../../wire/exchange.js';
import { isObject } from '../../../wire/message.js';
import { answersTo } from '../../answers.js';
import { type Experiment, Untestable } from '../../lab.js';
import {
  demandOutcome,
  demandTelling,
  describeReply,
  errorCodeOf,
  isFailure,
  outcomeOfReply,
  seenIn,
} from '../../reading.js';
import { askingTools, callOf, type NamedTool } from '../../tools.js';
import type { Ground } from '../ground.js';
import { alterationsOf } from './alterations.js';
import { lifeOf } from './stateLife.js';

type Modern = NonNullable<SessionFacts['modern']>;
export type RequestStates = Modern['requestStates'][number];
type Case = RequestStates['cases'][number];

/** All a client can be asked for, so that the server asks. */
const CAPABILITIES = { elicitation: { form: {}, url: {} }, sampling: {}, roots: {} } as const;
/** A state that lives longer is not waited for. */
const LONGEST_WAIT_MS = 20_000;
/** Past the end of its life; clocks differ a little. */
const GRACE_MS = 1500;

/** What was seen of one tool's states, and what there was no way to try. */
export interface Examined {
  readonly states: RequestStates;
  readonly notTried: SessionFacts['notTried'];
}

/** One experiment for each tool that asks by `input_required` and gives a state along. */
export function requestStateExperiments(ground: Ground): Experiment<Examined | null>[] {
  const tools = askingTools(ground.context.plan);
  return tools.map((tool) => {
    const name = `request-state/${tool.tool}`;
    const experiment = ground.lab.nameOf(name);
    return { name, budgetMs: 40_000 + LONGEST_WAIT_MS, run: () => examine(ground, experiment, tool, tools) };
  });
}

/** A call that waits for input. */
interface Asked {
  readonly state: string;
  readonly inputResponses: Readonly<Record<string, unknown>>;
}

async function examine(
  ground: Ground,
  experiment: string,
  tool: NamedTool,
  tools: readonly NamedTool[],
): Promise<Examined | null> {
  const first = await begin(ground, experiment, ground.owner, tool);
  if (first === null) return null;
  const life = lifeOf(first.state, ground.context.plan.declares.requestStateSeconds);
  // The control: the owner, the same request, the state as it was given.
  const control = await goOn(ground, experiment, ground.owner, tool, first, first.state);
  if (!wentOn(control, null))
    throw new Untestable(
      `the control failed: the owner's own retry of ${tool.tool} got ${describeReply(control)}`,
    );
  const attempt = async (
    principal: Principal,
    used: NamedTool,
    state: (asked: Asked) => string | null,
  ): Promise<Reply> => {
    const asked = await begin(ground, experiment, ground.owner, tool);
    if (asked === null) throw new Untestable(`the control failed: ${tool.tool} did not ask this time`);
    return goOn(ground, experiment, principal, used, asked, state(asked));
  };

  const without = await attempt(ground.owner, tool, () => null);
  if (wentOn(without, control))
    return { states: { tool: tool.tool, influential: false, cases: [] }, notTried: [] };

  const cases: Case[] = [];
  const note = (kind: Case['case'], detail: string, reply: Reply): void => {
    demandOutcome(outcomeOfReply(reply), reply.exchange);
    cases.push({
      case: kind,
      detail,
      outcome: wentOn(reply, control) ? 'accepted' : 'refused',
      ...seenIn([reply.exchange], errorCodeOf(reply)),
    });
  };
  for (const who of others(ground)) {
    const own = await begin(ground, experiment, who, tool);
    if (own === null) throw new Untestable(`the control failed: ${tool.tool} did not ask ${who}`);
    if (!wentOn(await goOn(ground, experiment, who, tool, own, own.state), control))
      throw new Untestable(`the control failed: ${who}'s own retry of ${tool.tool} did not go on`);
    note('other-principal', who, await attempt(who, tool, ({ state }) => state));
  }
  for (const { kind, used } of otherRequests(tool, tools)) {
    // Only a request that asks by itself shows whether it was the state that let it go on.
    if ((await begin(ground, experiment, ground.owner, used)) === null) continue;
    note(kind, used.tool, await attempt(ground.owner, used, ({ state }) => state));
  }
  for (const { case: kind, detail } of alterationsOf(first.state)) {
    let altered: string | null = null;
    const changed = await attempt(ground.owner, tool, ({ state }) => {
      altered = alterationsOf(state).find((one) => one.case === kind && one.detail === detail)?.state ?? null;
      return altered;
    });
    // States may differ in form; one that cannot be changed this way was sent without.
    if (altered !== null) note(kind, detail, changed);
  }
  const notTried: SessionFacts['notTried'] = [];
  if (life === null || life > LONGEST_WAIT_MS)
    notTried.push({ what: 'expired', reason: whyNotWaited(tool, life) });
  else {
    const late = await begin(ground, experiment, ground.owner, tool);
    if (late === null) throw new Untestable(`the control failed: ${tool.tool} did not ask this time`);
    await new Promise((resolve) => setTimeout(resolve, life + GRACE_MS));
    const reply = await goOn(ground, experiment, ground.owner, tool, late, late.state);
    note('expired', `a life of ${Math.round(life / 1000)} s`, reply);
  }
  const last = await attempt(ground.owner, tool, ({ state }) => state);
  if (!wentOn(last, null))
    throw new Untestable(`the control failed: the owner's own retry got ${describeReply(last)} afterwards`);
  return { states: { tool: tool.tool, influential: true, cases }, notTried };
}

function whyNotWaited({ tool }: NamedTool, life: number | null): string {
  if (life === null)
    return `how long a requestState of ${tool} lives can neither be read from it, nor does declares.requestStateSeconds say so`;
  return `a requestState of ${tool} lives for ${Math.round(life / 1000)} s, longer than is waited for`;
}

function others({ authenticated, intruders, own }: Ground): Principal[] {
  if (!authenticated) return [];
  return intruders
    .filter(
      ({ name, standing }) => standing === 'other-principal' && own.get(name)?.ownRequest === 'accepted',
    )
    .map(({ name }) => name)
    .slice(0, 1);
}

/** The same tool with other arguments, and another tool of the manifest that asks too. */
function otherRequests(
  tool: NamedTool,
  tools: readonly NamedTool[],
): { readonly kind: Case['case']; readonly used: NamedTool }[] {
  const altered = otherArguments(tool);
  const another = tools.find((one) => one.tool !== tool.tool);
  return [
    ...(altered === null ? [] : [{ kind: 'other-arguments' as const, used: altered }]),
    ...(another === undefined ? [] : [{ kind: 'other-tool' as const, used: another }]),
  ];
}

function otherArguments(tool: NamedTool): NamedTool | null {
  for (const [name, value] of Object.entries(tool.arguments)) {
    const other = otherValue(value);
    if (other !== null) return { ...tool, arguments: { ...tool.arguments, [name]: other } };
  }
  return null;
}

function otherValue(value: unknown): unknown {
  if (typeof value === 'string') return `${value} (mcp-gate)`;
  if (typeof value === 'number') return value + 1;
  return typeof value === 'boolean' ? !value : null;
}

/** Calls a tool that asks. Null when it does not, or gives no state along. */
async function begin(
  ground: Ground,
  experiment: string,
  principal: Principal,
  tool: NamedTool,
): Promise<Asked | null> {
  const reply = await call(ground, experiment, principal, { ...callOf(tool, 'control') });
  demandTelling(reply);
  if (reply.kind !== 'result' || !isObject(reply.result)) return null;
  const { resultType, requestState, inputRequests } = reply.result;
  if (resultType !== 'input_required' || typeof requestState !== 'string' || requestState === '') return null;
  return { state: requestState, inputResponses: answersTo(inputRequests) };
}

function goOn(
  ground: Ground,
  experiment: string,
  principal: Principal,
  tool: NamedTool,
  { inputResponses }: Asked,
  state: string | null,
): Promise<Reply> {
  const params = { ...callOf(tool, 'control'), inputResponses };
  return call(ground, experiment, principal, state === null ? params : { ...params, requestState: state });
}

async function call(
  ground: Ground,
  experiment: string,
  principal: Principal,
  params: Readonly<Record<string, unknown>>,
): Promise<Reply> {
  const connection = await ground.context.wire.modern({
    experiment,
    principal,
    capabilities: CAPABILITIES,
    ...(ground.modern === null ? {} : { version: ground.modern.version }),
  });
  try {
    return await connection.request('tools/call', params, { timeoutMs: ground.patienceMs });
  } finally {
    await connection.close();
  }
}

/** Whether a call went past its question: a result that asks nothing more, and fails no more than the control did. */
function wentOn(reply: Reply, control: Reply | null): boolean {
  if (reply.kind !== 'result' || !isObject(reply.result)) return false;
  if (reply.result['resultType'] === 'input_required') return false;
  const allowed = control?.kind === 'result' && isFailure(control.result);
  return allowed || !isFailure(reply.result);
}
