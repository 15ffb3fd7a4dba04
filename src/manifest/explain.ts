/** Words for what a schema refuses: the place, what was expected and seen, and the name that was probably meant. */
import { z } from 'zod';
import { didYouMean } from './nearest.js';
import { lookUp, parentOf, type Segment, toPointer } from './pointer.js';
import { type Complain, describe, describeKind } from './problem.js';

type Issue = z.core.$ZodIssue;

/** Places whose values may be secrets, even where a variable's name belongs. */
const PRIVATE = /\/(?:env|headers|url|tokens|clients)(?:\/|$)/;

const TYPES: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
};

/** Reports every issue of a failed parse, one for each place. `label` names places in the words of the file. */
export function explain(
  schema: z.ZodType,
  issues: readonly Issue[],
  raw: unknown,
  label: (pointer: string) => string,
  complain: Complain,
): void {
  const told = new Set<string>();
  for (const issue of issues.flatMap((one) => unfold(one, raw))) {
    const pointer = toPointer(segments(issue.path));
    const once = issue.code === 'unrecognized_keys' ? `${pointer} keys` : pointer;
    if (told.has(once)) continue;
    told.add(once);
    tell(schema, issue, pointer);
  }

  function tell(root: z.ZodType, issue: Issue, pointer: string): void {
    if (issue.code === 'unrecognized_keys') {
      const known = keysAt(root, segments(issue.path));
      for (const key of issue.keys) {
        const where = `${pointer}${toPointer([key])}`;
        const expected = `one of ${known.join(', ')}`;
        complain(where, 'key', `unknown key ${label(where)}`, { expected, ...didYouMean(key, known) });
      }
      return;
    }
    if (issue.code === 'invalid_key') {
      const inner = issue.issues[0]?.message ?? 'a valid name';
      complain(pointer, 'key', `${label(pointer)} is not a usable name`, { expected: inner });
      return;
    }
    const value = lookUp(raw, pointer);
    const expected = expectation(issue);
    if (value === undefined) {
      complain(parentOf(pointer), 'key', `${label(pointer)} is missing`, { expected });
      return;
    }
    const seen = PRIVATE.test(pointer) ? describeKind(value) : describe(value);
    complain(pointer, 'value', `${label(pointer)} is not right`, { expected, seen, ...advice(issue, value) });
  }
}

/** A union's issue becomes that of the branch the user seems to have meant: one that fits at its root. */
function unfold(issue: Issue, raw: unknown): readonly Issue[] {
  if (issue.code !== 'invalid_union') return [issue];
  const meant = issue.errors.find((branch) => branch.every((inner) => inner.path.length > 0));
  if (meant === undefined) return [issue];
  return meant.flatMap((inner) => unfold({ ...inner, path: [...issue.path, ...inner.path] }, raw));
}

function expectation(issue: Issue): string {
  if (issue.code === 'invalid_type') return TYPES[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_value') return oneOf(issue.values.map((value) => JSON.stringify(value)));
  if (issue.code === 'invalid_union') {
    return [...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1)).map(expectation))].join(' or ');
  }
  return issue.message;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? values.join('') : `one of ${values.join(', ')}`;
}

function advice(issue: Issue, value: unknown): { readonly suggestion?: string } {
  if (issue.code === 'invalid_value' && typeof value === 'string')
    return didYouMean(value, issue.values.map(String));
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string';
  if (wantsText && (typeof value === 'number' || typeof value === 'boolean'))
    return { suggestion: 'put it in quotes' };
  const wantsList = issue.code === 'invalid_type' && issue.expected === 'array';
  if (wantsList && typeof value === 'string') return { suggestion: 'write it as a list: [a, b, c]' };
  return {};
}

function segments(path: readonly PropertyKey[]): readonly Segment[] {
  return path.map((segment) => (typeof segment === 'symbol' ? String(segment) : segment));
}

/** Names a strict object of the schema accepts at a path. */
function keysAt(schema: z.ZodType, path: readonly Segment[]): readonly string[] {
  const root: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const found = path.reduce<unknown>((inside, segment) => step(inside, String(segment)), root);
  const properties = lookUp(found, '/properties');
  return typeof properties === 'object' && properties !== null ? Object.keys(properties) : [];
}

function step(schema: unknown, segment: string): unknown {
  const direct =
    lookUp(schema, `/properties${toPointer([segment])}`) ??
    lookUp(schema, '/items') ??
    lookUp(schema, '/additionalProperties');
  if (direct !== undefined) return direct;
  const branches = lookUp(schema, '/anyOf');
  return Array.isArray(branches)
    ? branches.map((branch) => step(branch, segment)).find((branch) => branch !== undefined)
    : undefined;
}
