/** GitHub's own description of its REST API, as checks of requests and of the answers that the tests' server gives. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import Ajv2019 from 'ajv/dist/2019.js';

type Schema = { [key: string]: unknown };

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
}
interface Media {
  readonly schema: Schema;
  readonly examples?: Schema;
}
interface Operation {
  readonly parameters?: readonly Schema[];
  readonly requestBody?: { readonly content: { readonly 'application/json': Media } };
  readonly responses: Readonly<Record<string, { readonly content?: { readonly 'application/json': Media } }>>;
}

/** What one operation of the API demands; each check returns what is wrong, in ajv's words. */
export interface Described {
  /** `PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}` */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  query(query: Readonly<Record<string, string>>): readonly string[];
  /** Stricter than the description: a member that it does not name is a misspelling. */
  body(body: unknown): readonly string[];
  answer(status: number, body: unknown): readonly string[];
  /** GitHub's example of an answer. */
  example(status: number): unknown;
}

const ajv = new Ajv2019.Ajv2019({ strict: false, allErrors: true, validateFormats: false });
const coercing = new Ajv2019.Ajv2019({
  strict: false,
  allErrors: true,
  validateFormats: false,
  coerceTypes: true,
});
const read = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
const description = JSON.parse(readFileSync(read, 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
};
const templates = Object.keys(description.paths)
  .filter((path) => path.startsWith('/repos/'))
  .map((template) => ({
    template,
    pattern: new RegExp(`^${template.replace(/\{(\w+)\}/gu, '(?<$1>[^/]+)')}$`, 'u'),
    variables: template.split('{').length,
  }));
const compiled = new Map<string, Described>();

/** The operation that a request is for, or null where the API has none. */
export function describedOf(method: string, path: string): Described | null {
  const [found] = templates
    .filter(({ pattern }) => pattern.test(path))
    .sort((a, b) => a.variables - b.variables);
  const operation = found && description.paths[found.template]?.[method.toLowerCase()];
  if (found === undefined || operation === undefined) return null;
  const name = `${method} ${found.template}`;
  const known = compiled.get(name) ?? compile(name, operation);
  compiled.set(name, known);
  return { ...known, parameters: { ...found.pattern.exec(path)?.groups } };
}

function compile(name: string, operation: Operation): Described {
  const parameters = (operation.parameters ?? []).map((one) => resolved(one) as unknown as Parameter);
  const queries = parameters.filter((one) => one.in === 'query');
  const media = operation.requestBody?.content['application/json'];
  const query = coercing.compile({
    type: 'object',
    properties: Object.fromEntries(queries.map((one) => [one.name, one.schema])),
    required: queries.filter((one) => one.required === true).map((one) => one.name),
    additionalProperties: false,
  });
  const body = ajv.compile(media === undefined ? { type: 'null' } : exact(resolved(media.schema)));
  const answers = new Map<number, typeof body>();
  return {
    name,
    parameters: {},
    query: (seen) => errors(query, { ...seen }),
    body: (seen) => errors(body, seen),
    answer: (status, seen) => {
      const schema = answerOf(operation, status)?.schema;
      if (schema === undefined) return [];
      const check = answers.get(status) ?? ajv.compile(resolved(schema));
      answers.set(status, check);
      return errors(check, seen);
    },
    example: (status) => {
      const [first] = Object.values(answerOf(operation, status)?.examples ?? {});
      return structuredClone((resolved(first as Schema) as { readonly value: unknown }).value);
    },
  };
}

function answerOf(operation: Operation, status: number): Media | undefined {
  return operation.responses[String(status)]?.content?.['application/json'];
}

function errors(check: ReturnType<typeof ajv.compile>, value: unknown): readonly string[] {
  if (check(value)) return [];
  return (check.errors ?? []).map(({ instancePath, message, params }) =>
    `${instancePath} ${message} ${JSON.stringify(params)}`.trim(),
  );
}

/** OpenAPI 3.0 as JSON Schema: references laid in, and `nullable` spelt out. A schema within itself is not checked. */
function resolved(node: Schema, within: readonly string[] = []): Schema {
  const reference = node['$ref'];
  if (typeof reference === 'string') {
    if (within.includes(reference)) return {};
    return resolved(targetOf(reference), [...within, reference]);
  }
  const copy = Object.fromEntries(
    Object.entries(node).map(([key, value]) => [key, resolvedValue(value, within)]),
  );
  const { nullable, ...schema } = copy;
  return nullable === true ? { anyOf: [schema, { type: 'null' }] } : copy;
}

function resolvedValue(value: unknown, within: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => resolvedValue(one, within));
  return typeof value === 'object' && value !== null ? resolved(value as Schema, within) : value;
}

function targetOf(reference: string): Schema {
  const steps = reference.slice('#/'.length).split('/');
  return steps.reduce<unknown>((node, step) => (node as Schema)[step], description) as Schema;
}

/** Lets nothing through that the description does not name. */
function exact(schema: Schema): Schema {
  const properties = schema['properties'];
  const items = schema['items'];
  return {
    ...schema,
    ...(isSchema(items) ? { items: exact(items) } : {}),
    ...(isSchema(properties)
      ? {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, one]) => [key, exact(one as Schema)]),
          ),
          unevaluatedProperties: false,
        }
      : {}),
    ...Object.fromEntries(
      ['anyOf', 'oneOf', 'allOf']
        .filter((key) => Array.isArray(schema[key]))
        .map((key) => [key, (schema[key] as Schema[]).map(({ additionalProperties: _open, ...one }) => one)]),
    ),
  };
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
