/** The tools that may be called: only what the manifest names, filled with words that can be recognised. */
import type { HandlePlan, ServerPlan } from '../manifest/plan.js';
import { lookUp } from '../manifest/pointer.js';
import { isObject } from '../wire/message.js';

export interface NamedTool {
  readonly tool: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** Where the result names the caller; null for a tool that does not. */
  readonly pointer: string | null;
}

/** Written in the arguments of a tool, it is replaced by a word that nobody else has sent. */
const CANARY = '${canary}';
/** Shorter texts turn up anywhere. */
const SHORTEST_TRACE = 5;
const HANDLE = '${handle}';

/** The tools that may be called as a harmless request, the most telling first. */
export function harmlessTools(plan: Pick<ServerPlan, 'exercise' | 'whoami'>): readonly NamedTool[] {
  const steps = plan.exercise === 'auto' ? [] : plan.exercise;
  return [
    ...(plan.whoami === null ? [] : [plan.whoami]),
    ...steps
      .filter(({ expect }) => expect === null || expect === 'result')
      .map((step) => ({ tool: step.tool, arguments: step.arguments, pointer: null })),
  ];
}

/** The tools that may make the server ask something, those that are said to do so first. */
export function askingTools(plan: Pick<ServerPlan, 'exercise'>): readonly NamedTool[] {
  const steps = plan.exercise === 'auto' ? [] : plan.exercise;
  const rank = (expect: (typeof steps)[number]['expect']): number => (expect === 'elicitation' ? 0 : 1);
  return [...steps]
    .filter(({ expect }) => expect !== 'task')
    .sort((a, b) => rank(a.expect) - rank(b.expect))
    .map((step) => ({ tool: step.tool, arguments: step.arguments, pointer: null }));
}

/** Whether the arguments of a tool have a place for a canary. */
export function takesCanary(tool: NamedTool): boolean {
  return JSON.stringify(tool.arguments).includes(CANARY);
}

/** Params of `tools/call`, with a canary wherever the manifest leaves a place for one. */
export function callOf(
  tool: NamedTool,
  canary: string,
): { name: string; arguments: Record<string, unknown> } {
  return { name: tool.tool, arguments: fill(tool.arguments, CANARY, canary) };
}

/** Params of the call that uses a handle. */
export function useOf(
  plan: HandlePlan,
  handle: string,
): { name: string; arguments: Record<string, unknown> } {
  return { name: plan.use.tool, arguments: fill(plan.use.arguments, HANDLE, handle) };
}

/** Texts of a call by which an event that it caused can be recognised. */
export function tracesOf(tool: NamedTool, canary: string): readonly string[] {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string' && value.length >= SHORTEST_TRACE)
      texts.push(value.replaceAll(CANARY, canary));
    else if (Array.isArray(value)) value.forEach(visit);
    else if (isObject(value)) Object.values(value).forEach(visit);
  };
  visit(tool.arguments);
  return texts;
}

function fill(
  given: Readonly<Record<string, unknown>>,
  place: string,
  word: string,
): Record<string, unknown> {
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replaceAll(place, word);
    if (Array.isArray(value)) return value.map(visit);
    if (isObject(value))
      return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, visit(member)]));
    return value;
  };
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, visit(value)]));
}

/** Text or number at a JSON pointer, as text; null for anything else. */
export function textAt(value: unknown, pointer: string): string | null {
  const found = lookUp(value, pointer);
  if (typeof found === 'number') return String(found);
  return typeof found === 'string' && found !== '' ? found : null;
}
