/** Reads what a server calls the schema of a form into fields and texts, within bounds, whatever it really is. JSON Schema 2020-12. */

import type { FormFacts } from '../../../facts/elicitationForm.js';
import { isObject } from '../../../wire/message.js';

/** A form with more is no form for people; what is beyond is counted and not read. */
export const MOST_FIELDS = 300;
const MOST_CHOICES = 200;
const DEEPEST = 6;
/** Characters read of one text, and of all texts of a form. */
const LONGEST_TEXT = 40_000;
const LONGEST_FORM = 200_000;

export type Where = FormFacts['secrets'][number]['where'];
export type FieldType = FormFacts['fields'][number]['type'];

/** A text of a form, with where it stands. `other` texts (defaults, patterns, keywords nobody knows) may hide something. */
export type Text = {
  readonly where: Where | 'default' | 'other';
  readonly field: string | null;
  readonly text: string;
};

export type Field = {
  /** Its name; for a nested one the names on the way, joined by dots. */
  readonly name: string;
  readonly top: boolean;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly type: FieldType;
  readonly format: string | null;
  readonly required: boolean;
  /** The user can type something into it, rather than choose. */
  readonly open: boolean;
  readonly texts: readonly Text[];
};

export type Document = {
  readonly schema: Readonly<Record<string, unknown>> | null;
  readonly fields: readonly Field[];
  /** Fields at the top that were not read. */
  readonly omitted: number;
  /** Texts of the form that belong to no field, the message first. */
  readonly texts: readonly Text[];
  /** Something was left unread. */
  readonly cut: boolean;
};

const TYPES: ReadonlySet<unknown> = new Set(['string', 'number', 'integer', 'boolean', 'array', 'object']);
/** Formats into which no secret fits. */
const CLOSED_FORMATS: ReadonlySet<unknown> = new Set(['email', 'date', 'date-time', 'time']);

/** Keywords outside JSON Schema whose text some clients show. */
const SHOWN = /^(?:x-.*|placeholder|help|hint|label|tooltip|example|errorMessage|\$comment)$/iu;

/** The fields and texts of a form. Never throws. */
export function readForm(message: string, requestedSchema: unknown): Document {
  const budget = new Budget(LONGEST_FORM);
  const texts: Text[] = [];
  const add = (where: Text['where'], value: unknown): void => {
    if (typeof value === 'string') texts.push({ where, field: null, text: budget.take(value) });
  };
  add('message', message);
  if (!isObject(requestedSchema))
    return { schema: null, fields: [], omitted: 0, texts, cut: budget.exceeded };
  add('title', requestedSchema['title']);
  add('description', requestedSchema['description']);
  add('other', requestedSchema['$comment']);
  const required = requestedSchema['required'];
  const names = new Set(Array.isArray(required) ? required.slice(0, 10 * MOST_FIELDS) : []);
  const fields: Field[] = [];
  const total = collect({ parent: requestedSchema, path: '', depth: 0, names, fields, budget });
  const listed = fields.filter((field) => field.top).length;
  return {
    schema: requestedSchema,
    fields,
    omitted: Math.max(0, total - listed),
    texts,
    cut: budget.exceeded || total > listed,
  };
}

type Walk = {
  readonly parent: Readonly<Record<string, unknown>>;
  readonly path: string;
  readonly depth: number;
  readonly names: ReadonlySet<unknown>;
  readonly fields: Field[];
  readonly budget: Budget;
};

/** Adds the fields of a schema and of what is nested in it; returns how many stand directly in it. */
function collect(walk: Walk): number {
  const { parent, path, depth, names, fields, budget } = walk;
  const properties = parent['properties'];
  let total = 0;
  if (isObject(properties)) {
    const all = Object.keys(properties);
    total = all.length;
    for (const key of all.slice(0, MOST_FIELDS)) {
      if (fields.length >= MOST_FIELDS) {
        budget.exceeded = true;
        break;
      }
      const value = properties[key];
      const schema = isObject(value) ? value : {};
      const name = path === '' ? key : `${path}.${key}`;
      fields.push(fieldOf({ name, key, schema, top: depth === 0, required: names.has(key), budget }));
      descend(schema, { ...walk, path: name });
    }
  }
  // What stands in branches of the schema is put before the user all the same.
  for (const keyword of ['allOf', 'anyOf', 'oneOf', 'then', 'else', '$defs', 'definitions']) {
    const branches = parent[keyword];
    const list = Array.isArray(branches)
      ? branches
      : isObject(branches)
        ? [branches, ...Object.values(branches).slice(0, MOST_CHOICES)]
        : [];
    if (depth < DEEPEST) {
      for (const branch of list.slice(0, MOST_CHOICES)) {
        if (isObject(branch) && isObject(branch['properties'])) {
          collect({ ...walk, parent: branch, depth: depth + 1 });
        }
      }
    }
  }
  return total;
}

function descend(schema: Readonly<Record<string, unknown>>, walk: Walk): void {
  if (walk.depth >= DEEPEST) {
    if (isObject(schema['properties'])) walk.budget.exceeded = true;
    return;
  }
  const names: ReadonlySet<unknown> = new Set();
  collect({ ...walk, parent: schema, names, depth: walk.depth + 1 });
  const items = schema['items'];
  if (isObject(items)) descend(items, { ...walk, names, depth: walk.depth + 1 });
}

type Found = {
  readonly name: string;
  readonly key: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly top: boolean;
  readonly required: boolean;
  readonly budget: Budget;
};

function fieldOf({ name, key, schema, top, required, budget }: Found): Field {
  const format = schema['format'];
  const type = schema['type'];
  const texts: Text[] = [];
  const add = (where: Text['where'], value: unknown): void => {
    if (typeof value === 'string') texts.push({ where, field: name, text: budget.take(value) });
  };
  add('name', key);
  for (const [keyword, value] of Object.entries(schema).slice(0, 60)) {
    if (keyword === 'title' || keyword === 'description' || keyword === 'format') add(keyword, value);
    else if (keyword === 'default')
      for (const one of Array.isArray(value) ? value.slice(0, 20) : [value]) add('default', one);
    else if (SHOWN.test(keyword)) add('description', value);
    else if (keyword !== 'type') add('other', value);
  }
  for (const choice of choicesOf(schema)) add('choice', choice);
  return {
    name,
    top,
    schema,
    type: TYPES.has(type) ? (type as FieldType) : 'other',
    format: typeof format === 'string' ? format : null,
    required,
    open: isOpen(schema),
    texts,
  };
}

/** Values and labels to choose from. */
function choicesOf(schema: Readonly<Record<string, unknown>>): readonly unknown[] {
  const items = isObject(schema['items']) ? schema['items'] : {};
  return [schema, items].flatMap((part) => [
    ...listOf(part['enum']),
    ...listOf(part['enumNames']),
    ...[...listOf(part['oneOf']), ...listOf(part['anyOf'])].flatMap((choice) =>
      isObject(choice) ? [choice['const'], choice['title'], choice['description']] : [],
    ),
  ]);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST_CHOICES) : [];
}

/** False where the user can only choose, or where only a date or an e-mail address fits. */
export function isOpen(schema: Readonly<Record<string, unknown>>): boolean {
  if (schema['type'] === 'boolean' || schema['type'] === 'null') return false;
  if ('const' in schema) return false;
  if (Array.isArray(schema['enum']) && schema['enum'].length > 0) return false;
  if (CLOSED_FORMATS.has(schema['format'])) return false;
  for (const keyword of ['oneOf', 'anyOf']) {
    const branches = listOf(schema[keyword]);
    if (branches.length > 0) return branches.some((branch) => !isObject(branch) || isOpen(branch));
  }
  if (schema['type'] === 'object' && isObject(schema['properties'])) return false;
  if (isObject(schema['items'])) return isOpen(schema['items']);
  return true;
}

/** How much of a form is still to be read. */
class Budget {
  exceeded = false;
  constructor(private left: number) {}

  /** As much of `text` as may be read. */
  take(text: string): string {
    const part = text.slice(0, Math.min(LONGEST_TEXT, this.left));
    this.left -= part.length;
    if (part.length < text.length) this.exceeded = true;
    return part;
  }
}
