/** Judges by the letter where a schema leaves the subset that a revision allows for forms. schema/<revision>/schema.ts, PrimitiveSchemaDefinition. */

import type { FormFacts } from '../../../facts/elicitationForm.js';
import { isObject } from '../../../wire/message.js';
import { isBoolean, isNumber, isString, isStrings, type Keywords } from './keywords.js';

export type Problem = FormFacts['schemaProblems'][number];
type Schema = Readonly<Record<string, unknown>>;

/** What a revision adds to the first one with forms. */
type Subset = {
  readonly titledChoices: boolean;
  readonly multipleChoice: boolean;
  readonly defaults: boolean;
  readonly pattern: boolean;
};

const FIRST: Subset = { titledChoices: false, multipleChoice: false, defaults: false, pattern: false };
/** 2025-11-25 and 2026-07-28 allow the same. `pattern` is in their text, though not in their schema.ts. */
const LATER: Subset = { titledChoices: true, multipleChoice: true, defaults: true, pattern: true };
const FORMATS: ReadonlySet<unknown> = new Set(['email', 'uri', 'date', 'date-time']);
const REFERENCES: ReadonlySet<string> = new Set([
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  '$defs',
  'definitions',
  '$anchor',
]);
/** Keywords that say nothing about answers, or only what holds for every form. */
const ANNOTATION =
  /^(?:\$schema|\$id|\$comment|title|description|readOnly|writeOnly|deprecated|examples|x-.*)$/u;
const MOST = 50;
const DETAIL = 120;
const NAME = 256;

/** Problems of the schema of a form, the first fifty. `null` for `revision`, or an unknown one, means the newest. */
export function schemaProblems(schema: unknown, fields: number, revision: string | null): readonly Problem[] {
  const found = new Findings();
  if (!isObject(schema)) {
    if (schema !== undefined) found.add('not-an-object', null, `a schema that is ${shownType(schema)}`);
    return found.list;
  }
  const subset = revision === '2025-06-18' ? FIRST : LATER;
  if (schema['type'] !== 'object') {
    found.add('not-an-object', null, `type ${shown(schema['type'])} where "object" belongs`);
  }
  rootKeywords(schema, found);
  const properties = schema['properties'];
  if (!isObject(properties)) {
    found.add('no-properties', null, `properties ${shown(properties)} where an object belongs`);
    return found.list;
  }
  for (const name of Object.keys(properties).slice(0, fields)) {
    if (found.full) break;
    property(properties[name], subset, (kind, detail) => found.add(kind, name, detail));
  }
  required(schema['required'], properties, found);
  return found.list;
}

function rootKeywords(schema: Schema, found: Findings): void {
  for (const keyword of Object.keys(schema).slice(0, 200)) {
    if (REFERENCES.has(keyword)) found.add('reference', null, keyword);
    else if (keyword === 'additionalProperties') {
      if (!isBoolean(schema[keyword])) found.add('unsupported-keyword', null, keyword);
    } else if (!['type', 'properties', 'required'].includes(keyword) && !ANNOTATION.test(keyword)) {
      found.add('unsupported-keyword', null, keyword);
    }
  }
}

function required(value: unknown, properties: Schema, found: Findings): void {
  if (value === undefined) return;
  if (!Array.isArray(value)) {
    found.add('wrong-value', null, `required is ${shownType(value)}`);
    return;
  }
  for (const name of value.slice(0, 10_000)) {
    if (found.full) return;
    if (typeof name !== 'string') found.add('wrong-value', null, `required holds ${shownType(name)}`);
    else if (!Object.hasOwn(properties, name)) found.add('required-unknown', name, 'required, and no field');
  }
}

type Report = (kind: Problem['kind'], detail: string) => void;

function property(schema: unknown, subset: Subset, report: Report): void {
  if (!isObject(schema)) {
    report('wrong-value', `a field that is ${shownType(schema)}`);
    return;
  }
  const reference = Object.keys(schema).find((keyword) => REFERENCES.has(keyword));
  if (reference !== undefined) report('reference', `${reference} ${shown(schema[reference])}`);
  switch (schema['type']) {
    case 'string':
      text(schema, subset, report);
      return;
    case 'number':
    case 'integer':
      keywords(schema, { minimum: isNumber, maximum: isNumber, ...defaults(subset, isNumber) }, report);
      return;
    case 'boolean':
      keywords(schema, { default: isBoolean }, report);
      return;
    case 'array':
      list(schema, subset, report);
      return;
    case 'object':
      report('nested', 'an object within the form');
      return;
    default:
      if (reference === undefined) report('unsupported-type', `type ${shown(schema['type'])}`);
  }
}

function defaults(subset: Subset, check: (value: unknown) => boolean): Keywords {
  return subset.defaults ? { default: check } : {};
}

function text(schema: Schema, subset: Subset, report: Report): void {
  if ('enum' in schema) {
    keywords(schema, { enum: isStrings, enumNames: isStrings, ...defaults(subset, isString) }, report);
    choices(schema, schema['enum'], report);
    const [values, names] = [schema['enum'], schema['enumNames']];
    if (Array.isArray(values) && Array.isArray(names) && values.length !== names.length) {
      report('wrong-value', `${names.length} enumNames for ${values.length} choices`);
    }
    return;
  }
  if ('oneOf' in schema && subset.titledChoices) {
    keywords(schema, { oneOf: isTitled, ...defaults(subset, isString) }, report);
    choices(schema, constants(schema['oneOf']), report);
    return;
  }
  const { format } = schema;
  if (format !== undefined && !FORMATS.has(format)) report('unsupported-format', `format ${shown(format)}`);
  keywords(
    schema,
    {
      minLength: isNumber,
      maxLength: isNumber,
      format: () => true,
      ...(subset.pattern ? { pattern: isString } : {}),
      ...defaults(subset, isString),
    },
    report,
  );
}

function list(schema: Schema, subset: Subset, report: Report): void {
  if (!subset.multipleChoice) {
    report('unsupported-type', 'type "array", which 2025-06-18 does not have');
    return;
  }
  const { items } = schema;
  keywords(schema, { minItems: isNumber, maxItems: isNumber, items: () => true, default: isStrings }, report);
  if (!isObject(items)) {
    report('unsupported-type', `a list whose items are ${shownType(items)}`);
    return;
  }
  const reference = Object.keys(items).find((keyword) => REFERENCES.has(keyword));
  if (reference !== undefined) report('reference', `${reference} in a list`);
  else if ('properties' in items || items['type'] === 'object' || items['type'] === 'array') {
    report('nested', `a list of ${shown(items['type'] ?? 'object')}`);
  } else if ('enum' in items) {
    if (items['type'] !== 'string') report('wrong-value', `choices of type ${shown(items['type'])}`);
    keywords(items, { enum: isStrings }, report);
    choices(schema, items['enum'], report);
  } else if ('anyOf' in items) {
    keywords(items, { anyOf: isTitled }, report);
    choices(schema, constants(items['anyOf']), report);
  } else report('unsupported-type', `a list of anything of type ${shown(items['type'])}`);
}

/** `[{const, title}]`, as in oneOf and anyOf. */
function isTitled(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value
      .slice(0, 10_000)
      .every(
        (choice) =>
          isObject(choice) &&
          isString(choice['const']) &&
          isString(choice['title']) &&
          Object.keys(choice).every((keyword) => keyword === 'const' || ANNOTATION.test(keyword)),
      )
  );
}

function constants(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value.map((choice) => (isObject(choice) ? choice['const'] : undefined)) : [];
}

function choices(schema: Schema, values: unknown, report: Report): void {
  if (!Array.isArray(values)) return;
  if (values.length === 0) report('wrong-value', 'nothing to choose from');
  const given = schema['default'];
  const chosen: readonly unknown[] =
    given === undefined ? [] : Array.isArray(given) ? given.slice(0, 100) : [given];
  const known = new Set(values);
  const unknown = chosen.find((one) => !known.has(one));
  if (unknown !== undefined) report('wrong-value', `default ${shown(unknown)} is no choice`);
}

function keywords(schema: Schema, allowed: Keywords, report: Report): void {
  for (const [keyword, value] of Object.entries(schema).slice(0, 100)) {
    if (keyword === 'type' || REFERENCES.has(keyword)) continue;
    if ((keyword === 'title' || keyword === 'description') && !isString(value)) {
      report('wrong-value', `${keyword} is ${shownType(value)}`);
      continue;
    }
    if (ANNOTATION.test(keyword)) continue;
    const check = Object.hasOwn(allowed, keyword) ? allowed[keyword] : undefined;
    if (check === undefined) report('unsupported-keyword', keyword);
    else if (!check(value)) report('wrong-value', `${keyword} ${shown(value)}`);
  }
}

class Findings {
  readonly list: Problem[] = [];

  get full(): boolean {
    return this.list.length >= MOST;
  }

  add(kind: Problem['kind'], field: string | null, detail: string): void {
    if (this.full) return;
    this.list.push({ kind, field: field?.slice(0, NAME) ?? null, detail: detail.slice(0, DETAIL) });
  }
}

function shownType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return value === undefined ? 'missing' : `of type ${typeof value}`;
}

/** A scalar as JSON, cut short; of anything else only what it is, because it may be huge. */
function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 40));
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return `that is ${shownType(value)}`;
}
