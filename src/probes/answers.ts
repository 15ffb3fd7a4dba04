/** The plainest right answer to whatever a server asks for, so that a call goes on. 2026-07-28 client/elicitation. */
import { isObject } from '../wire/message.js';

const MEMBERS = 50;

/** `inputResponses` for a map of `inputRequests`, whose names and contents the server chose. */
export function answersTo(inputRequests: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(inputRequests)) return {};
  return Object.fromEntries(
    Object.entries(inputRequests)
      .slice(0, MEMBERS)
      .map(([name, request]) => [name, answerTo(request)]),
  );
}

function answerTo(request: unknown): unknown {
  if (!isObject(request)) return {};
  const params = isObject(request['params']) ? request['params'] : {};
  if (request['method'] === 'roots/list') return { roots: [] };
  if (request['method'] === 'sampling/createMessage') {
    const content = { type: 'text', text: 'A test of mcp-gate.' };
    return { role: 'assistant', content, model: 'mcp-gate', stopReason: 'endTurn' };
  }
  if (params['mode'] === 'url') return { action: 'accept' };
  return { action: 'accept', content: contentFor(params['requestedSchema']) };
}

/** Content that fits a form: its defaults where it has some, the smallest fitting value else. */
export function contentFor(schema: unknown): Readonly<Record<string, unknown>> {
  if (!isObject(schema) || !isObject(schema['properties'])) return {};
  return Object.fromEntries(
    Object.entries(schema['properties'])
      .slice(0, MEMBERS)
      .map(([name, field]) => [name, valueFor(field)]),
  );
}

function valueFor(field: unknown): unknown {
  if (!isObject(field)) return 'mcp-gate';
  if (field['default'] !== undefined) return field['default'];
  const choices = choicesOf(field);
  switch (field['type']) {
    case 'boolean':
      return true;
    case 'integer':
    case 'number':
      return typeof field['minimum'] === 'number' ? field['minimum'] : 1;
    case 'array':
      return isObject(field['items']) ? choicesOf(field['items']).slice(0, 1) : [];
    default:
      return choices[0] ?? textFor(field);
  }
}

function choicesOf(field: Readonly<Record<string, unknown>>): readonly unknown[] {
  if (Array.isArray(field['enum'])) return field['enum'];
  const titled = field['oneOf'] ?? field['anyOf'];
  return Array.isArray(titled) ? titled.flatMap((choice) => (isObject(choice) ? [choice['const']] : [])) : [];
}

function textFor(field: Readonly<Record<string, unknown>>): string {
  switch (field['format']) {
    case 'email':
      return 'mcp-gate@example.com';
    case 'uri':
      return 'https://example.com/';
    case 'date':
      return '2026-01-01';
    case 'date-time':
      return '2026-01-01T00:00:00Z';
    default:
      return 'mcp-gate'.padEnd(
        typeof field['minLength'] === 'number' ? Math.min(200, field['minLength']) : 0,
        '-',
      );
  }
}
