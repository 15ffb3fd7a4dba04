/** Answers to whatever a server asks for: right ones, so that a call goes on, and wrong ones, to see what it makes of them. 2026-07-28 client/elicitation. */
import { isObject } from '../wire/message.js';

const MEMBERS = 50;
/** As much text as any form gets. */
const LONGEST = 200;

/** `inputResponses` for a map of `inputRequests`, whose names and contents the server chose. */
export function answersTo(inputRequests: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(inputRequests)) return {};
  return Object.fromEntries(
    Object.entries(inputRequests)
      .slice(0, MEMBERS)
      .map(([name, request]) => [name, answerTo(request)]),
  );
}

/** The answer to one request, `{ method, params }`. */
export function answerTo(request: unknown): unknown {
  if (!isObject(request)) return {};
  const params = isObject(request['params']) ? request['params'] : {};
  if (request['method'] === 'roots/list') return { roots: [] };
  if (request['method'] === 'sampling/createMessage') {
    const content = { type: 'text', text: 'A test of mcp-gate.' };
    return { role: 'assistant', content, model: 'mcp-gate', stopReason: 'endTurn' };
  }
  // Nobody visits the page, and a server that is told otherwise does right to ask again.
  if (params['mode'] === 'url') return { action: 'decline' };
  return { action: 'accept', content: contentFor(params['requestedSchema']) };
}

export type Content = Readonly<Record<string, unknown>>;

/** Content that fits a form: its defaults where it has some, the smallest fitting value else. */
export function contentFor(schema: unknown): Content {
  return contentBy(schema, (field) => field['default'] ?? ownValue(field, 'mcp-gate'));
}

/** Content that fits a form and is not what it would hold without the user, where the form leaves that choice. */
export function chosenContentFor(schema: unknown): Content {
  return contentBy(schema, (field) => ownValue(field, 'mcp-gate'));
}

/** Content that fits a form and differs from `chosenContentFor` in every field that leaves the choice. */
export function otherContentFor(schema: unknown): Content {
  return contentBy(schema, otherValue);
}

/** Content with a value of the wrong kind in every field; null for a form without fields, which nothing can break. */
export function brokenContentFor(schema: unknown): Content | null {
  const content = contentBy(schema, brokenValue);
  return Object.keys(content).length === 0 ? null : content;
}

type Field = Readonly<Record<string, unknown>>;

function contentBy(schema: unknown, valueFor: (field: Field) => unknown): Content {
  if (!isObject(schema) || !isObject(schema['properties'])) return {};
  return Object.fromEntries(
    Object.entries(schema['properties'])
      .slice(0, MEMBERS)
      .map(([name, field]) => [name, valueFor(isObject(field) ? field : {})]),
  );
}

function ownValue(field: Field, word: string): unknown {
  switch (field['type']) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return numberFor(field);
    case 'array':
      return isObject(field['items']) ? fewOf(choicesOf(field['items']), field) : [];
    default:
      return chosenFrom(field) ?? textFor(field, word);
  }
}

/** A choice that is not the default where there is another. */
function chosenFrom(field: Field): unknown {
  const choices = choicesOf(field);
  return choices.find((choice) => choice !== field['default']) ?? choices[0];
}

function otherValue(field: Field): unknown {
  const own = ownValue(field, 'mcp-gate');
  if (field['type'] === 'boolean') return false;
  if (typeof own === 'number')
    return typeof field['maximum'] === 'number' && field['maximum'] < own + 1 ? own : own + 1;
  if (Array.isArray(own)) return own;
  const another = choicesOf(field).find((choice) => choice !== own);
  if (another !== undefined) return another;
  return choicesOf(field).length > 0 ? own : textFor(field, 'other-gate');
}

function brokenValue(field: Field): unknown {
  if (choicesOf(field).length > 0) return 'mcp-gate no such choice';
  return field['type'] === 'string' || field['type'] === undefined ? 20_260_728 : 'mcp-gate wrong type';
}

function numberFor(field: Field): number {
  const least = typeof field['minimum'] === 'number' ? field['minimum'] : 1;
  const most = typeof field['maximum'] === 'number' ? field['maximum'] : least + 1;
  return least === field['default'] && least + 1 <= most ? least + 1 : Math.min(least, most);
}

function fewOf(choices: readonly unknown[], field: Field): readonly unknown[] {
  const least = typeof field['minItems'] === 'number' ? Math.max(1, field['minItems']) : 1;
  return choices.slice(0, least);
}

function choicesOf(field: Field): readonly unknown[] {
  if (Array.isArray(field['enum'])) return field['enum'].slice(0, MEMBERS);
  const titled = field['oneOf'] ?? field['anyOf'];
  if (!Array.isArray(titled)) return [];
  return titled.slice(0, MEMBERS).flatMap((choice) => (isObject(choice) ? [choice['const']] : []));
}

function textFor(field: Field, word: string): string {
  switch (field['format']) {
    case 'email':
      return `${word}@example.com`;
    case 'uri':
      return `https://example.com/${word}`;
    case 'date':
      return '2026-01-01';
    case 'date-time':
      return '2026-01-01T00:00:00Z';
    default:
      return word
        .padEnd(lengthIn(field, 'minLength', 0), '-')
        .slice(0, lengthIn(field, 'maxLength', LONGEST));
  }
}

function lengthIn(field: Field, name: string, otherwise: number): number {
  const length = field[name];
  return typeof length === 'number' && length >= 0 ? Math.min(LONGEST, length) : otherwise;
}
