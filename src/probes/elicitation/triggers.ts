/** The calls that may make a server ask: those of the manifest, or harmless ones where it leaves the choice. */
import type { ExerciseStep, ServerPlan } from '../../manifest/plan.js';
import { isObject } from '../../wire/message.js';
import { callOf } from '../tools.js';

export interface Trigger {
  readonly tool: string;
  /** `name` and `arguments` of `tools/call`. */
  readonly params: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly source: 'exercise' | 'auto';
  readonly expected: boolean;
  /** Only what it does as a task is of interest. */
  readonly asTask: boolean;
}

/** What a `tools/list` tells of a tool that matters here. All of it is hostile. */
export interface ListedTool {
  readonly name: string;
  readonly texts: string;
  readonly readOnly: boolean;
  readonly needsArguments: boolean;
  /** `execution.taskSupport` of 2025-11-25. */
  readonly taskSupport: 'required' | 'optional' | 'forbidden';
}

const NAME = 256;
const TEXT = 4000;
/** Triggers of one manifest. */
export const TRIGGERS = 12;
const AUTOMATIC = 5;
const NAMED = 20;

const PERSON = '(?:user|human|customer|person)';
/** Wordings of asking somebody, not of merely dealing with users. */
const ASKING = [
  String.raw`\belicit`,
  String.raw`\b(?:ask|prompt|quer)(?:s|ies|y|ing)?\s+(?:the\s+|a\s+|its\s+|your\s+|end\s+)*${PERSON}\b`,
  String.raw`\b(?:ask|prompt|wait|require|request|need)(?:s|ing)?\b[^.]{0,30}\b${PERSON}(?:'s)?\s+(?:confirmation|approval|consent|permission|input)\b`,
  String.raw`\b(?:ask|prompt|wait|request)(?:s|ing)?\s+for\s+(?:explicit\s+|manual\s+)?(?:confirmation|approval|consent|permission)\b`,
  String.raw`\b(?:confirm|clarif|check)(?:s|y|ies|ing|ying)?\b[^.]{0,30}\bwith\s+the\s+${PERSON}\b`,
  String.raw`\b(?:send|direct|redirect|lead)(?:s|ing)?\s+the\s+${PERSON}\s+to\b`,
];
const ASKS = new RegExp(ASKING.join('|'), 'i');

/** The calls to make, at most `TRIGGERS`, and how many the manifest names beyond them. */
export function triggersOf(
  { exercise }: Pick<ServerPlan, 'exercise'>,
  tools: readonly ListedTool[],
): { readonly triggers: readonly Trigger[]; readonly beyond: number } {
  if (exercise === 'auto') return { triggers: automatic(tools), beyond: 0 };
  const fitting = exercise
    .map((step, index) => ({ step, index }))
    .filter(({ step }) => step.expect !== 'result')
    .sort((a, b) => rank(a.step) - rank(b.step));
  const triggers = fitting.slice(0, TRIGGERS).map(({ step, index }): Trigger => {
    return {
      tool: step.tool.slice(0, NAME),
      params: callOf({ ...step, pointer: null }, 'elicitation'),
      at: `/spec/exercise/${index}`,
      source: 'exercise',
      expected: step.expect === 'elicitation',
      asTask: step.expect === 'task',
    };
  });
  return { triggers, beyond: fitting.length - triggers.length };
}

function rank({ expect }: ExerciseStep): number {
  return expect === 'elicitation' ? 0 : 1;
}

/** Tools that say they only read, and need nothing; those that speak of asking first. */
function automatic(tools: readonly ListedTool[]): Trigger[] {
  return tools
    .filter(({ needsArguments, readOnly }) => readOnly && !needsArguments)
    .sort((a, b) => Number(speaksOfAsking(b)) - Number(speaksOfAsking(a)))
    .slice(0, AUTOMATIC)
    .map(({ name }) => ({
      tool: name.slice(0, NAME),
      params: { name, arguments: {} },
      at: '/spec/exercise',
      source: 'auto',
      expected: false,
      asTask: false,
    }));
}

/** Tools whose texts speak of asking the user. */
export function askingAmong(tools: readonly ListedTool[]): readonly string[] {
  return tools
    .filter(speaksOfAsking)
    .slice(0, NAMED)
    .map(({ name }) => name.slice(0, NAME));
}

function speaksOfAsking({ texts }: ListedTool): boolean {
  return ASKS.test(texts);
}

/** Reads the entries of `tools/list`. */
export function readTools(listed: readonly Readonly<Record<string, unknown>>[]): readonly ListedTool[] {
  return listed.flatMap((tool): ListedTool[] => {
    if (typeof tool['name'] !== 'string') return [];
    const { description, execution, inputSchema, name, title } = tool;
    const annotations = isObject(tool['annotations']) ? tool['annotations'] : {};
    const texts = [name.replace(/[_-]+/g, ' '), title, description].filter(
      (text) => typeof text === 'string',
    );
    return [
      {
        name,
        texts: texts.join('. ').slice(0, TEXT),
        readOnly: annotations['readOnlyHint'] === true,
        needsArguments: needsArguments(inputSchema),
        taskSupport: taskSupportOf(execution),
      },
    ];
  });
}

function needsArguments(schema: unknown): boolean {
  if (!isObject(schema)) return true;
  const { required } = schema;
  return Array.isArray(required) ? required.length > 0 : required !== undefined;
}

function taskSupportOf(execution: unknown): ListedTool['taskSupport'] {
  const support = isObject(execution) ? execution['taskSupport'] : undefined;
  return support === 'required' || support === 'optional' ? support : 'forbidden';
}

/** Both lists, each tool once: tools may be hidden in one era. */
export function merged(...lists: readonly (readonly ListedTool[])[]): readonly ListedTool[] {
  const byName = new Map<string, ListedTool>();
  for (const tool of lists.flat()) if (!byName.has(tool.name)) byName.set(tool.name, tool);
  return [...byName.values()];
}
