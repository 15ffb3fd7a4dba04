/** The facts as OPA's type checker can use them, so that a misspelt fact is an error and not a rule that never fires. */
import { factsJsonSchema } from '../../facts/schema.js';

type Schema = Readonly<Record<string, unknown>>;

/**
 * OPA reads a schema that allows null as "anything at all", and would accept every name below it. Facts that are an
 * object or null are therefore described as the object (a policy asks `is_null(…)`, never `== null`), and those that
 * are a scalar or null as anything, so that comparing them with null is no type error.
 */
export function inputSchema(): Schema {
  return typed(factsJsonSchema());
}

function typed(schema: Schema): Schema {
  const alternatives = schema['anyOf'];
  if (Array.isArray(alternatives)) {
    const [only, ...others] = alternatives.filter((each: Schema) => each['type'] !== 'null') as Schema[];
    return only !== undefined && others.length === 0 ? typed(only) : {};
  }
  if (Array.isArray(schema['type'])) return {};
  return Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, below(key, value)]));
}

function below(key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  if (key !== 'properties') return typed(value as Schema);
  return Object.fromEntries(
    Object.entries(value).map(([name, property]) => [name, typed(property as Schema)]),
  );
}
