/** Compares messages of the candidate with the types the SDKs publish, revision by revision. */
import * as modern from '@modelcontextprotocol/core';
import * as legacy from '@modelcontextprotocol/sdk/types.js';
import { eraOf } from '../facts/revisions.js';
import { isObject } from './message.js';
import { cut } from './transcript.js';

/** Where a message departs from its type. `path` is a JSON pointer into the message; both are hostile text. */
export interface Violation {
  readonly path: string;
  readonly problem: string;
}

/** What a schema of either SDK offers; their zod instances differ, so only this much is relied on. */
interface Schema {
  safeParse(value: unknown): { success: boolean; error?: { issues: readonly Issue[] } };
}

interface Issue {
  readonly code?: string | undefined;
  readonly path: readonly PropertyKey[];
  readonly message: string;
  /** For a union: the issues of each member. */
  readonly errors?: readonly (readonly Issue[])[];
}

const LEGACY = {
  InitializeResult: legacy.InitializeResultSchema,
  ListToolsResult: legacy.ListToolsResultSchema,
  CallToolResult: legacy.CallToolResultSchema,
  ListPromptsResult: legacy.ListPromptsResultSchema,
  GetPromptResult: legacy.GetPromptResultSchema,
  ListResourcesResult: legacy.ListResourcesResultSchema,
  ListResourceTemplatesResult: legacy.ListResourceTemplatesResultSchema,
  ReadResourceResult: legacy.ReadResourceResultSchema,
  EmptyResult: legacy.EmptyResultSchema,
  CreateTaskResult: legacy.CreateTaskResultSchema,
  ElicitRequest: legacy.ElicitRequestSchema,
  JSONRPCMessage: legacy.JSONRPCMessageSchema,
} as const satisfies Record<string, Schema>;

const MODERN = {
  DiscoverResult: modern.DiscoverResultSchema,
  ListToolsResult: modern.ListToolsResultSchema,
  CallToolResult: modern.CallToolResultSchema,
  ListPromptsResult: modern.ListPromptsResultSchema,
  GetPromptResult: modern.GetPromptResultSchema,
  ListResourcesResult: modern.ListResourcesResultSchema,
  ListResourceTemplatesResult: modern.ListResourceTemplatesResultSchema,
  ReadResourceResult: modern.ReadResourceResultSchema,
  JSONRPCMessage: modern.JSONRPCMessageSchema,
} as const satisfies Record<string, Schema>;

export type MessageKind = keyof typeof LEGACY | keyof typeof MODERN;

const MOST_VIOLATIONS = 20;

/**
 * The ways in which `value` departs from `kind` as `revision` has it; empty when it fits. The published schemas
 * describe the newest revision of their era and accept what older ones leave out, so older messages pass too.
 * A kind that an era does not have, and a revision that was never published, are not judged: no problems.
 */
export function validateMessage(revision: string, kind: MessageKind, value: unknown): readonly Violation[] {
  const era = eraOf(revision);
  if (era === null) return [];
  const schemas: Readonly<Record<string, Schema>> = era === 'legacy' ? LEGACY : MODERN;
  const schema = Object.hasOwn(schemas, kind) ? schemas[kind] : undefined;
  if (schema === undefined) return [];
  if (kind === 'JSONRPCMessage') return validateJsonRpc(schema, revision, value);
  const untyped = era === 'modern' ? missingResultType(value) : [];
  return [...untyped, ...issuesOf(schema, value)].slice(0, MOST_VIOLATIONS);
}

/** The schemas of `core` serve both eras and do not ask for it; the revision does (schema.ts, `Result`). */
function missingResultType(value: unknown): readonly Violation[] {
  if (!isObject(value) || typeof value['resultType'] === 'string') return [];
  return [
    {
      path: '/resultType',
      problem: 'expected a string, seen none: every result of this revision names its type',
    },
  ];
}

/** Batches exist in revision 2025-03-26 only. An error may have no id, or null as JSON-RPC 2.0 writes it. */
function validateJsonRpc(schema: Schema, revision: string, value: unknown): readonly Violation[] {
  if (!Array.isArray(value)) return issuesOf(schema, withoutNullId(value));
  if (revision !== '2025-03-26') return [{ path: '', problem: 'expected one message, seen a batch' }];
  if (value.length === 0)
    return [{ path: '', problem: 'expected a batch with a message, seen an empty one' }];
  return value
    .slice(0, 100)
    .flatMap((member, index) =>
      issuesOf(schema, withoutNullId(member)).map(({ path, problem }) => ({
        path: `/${index}${path}`,
        problem,
      })),
    )
    .slice(0, MOST_VIOLATIONS);
}

function withoutNullId(value: unknown): unknown {
  if (!isObject(value) || value['id'] !== null || !('error' in value)) return value;
  const { id: _absent, ...rest } = value;
  return rest;
}

function issuesOf(schema: Schema, value: unknown): readonly Violation[] {
  try {
    const outcome = schema.safeParse(value);
    if (outcome.success) return [];
    return (outcome.error?.issues ?? []).flatMap((issue) => flatten(issue, [])).slice(0, MOST_VIOLATIONS);
  } catch (cause: unknown) {
    // Only a value nested deeper than the stack gets here.
    if (cause instanceof RangeError)
      return [{ path: '', problem: 'expected a message of ordinary depth, seen one nested too deeply' }];
    throw cause;
  }
}

/** A failed union is told by its member that came closest: the one with the fewest, deepest problems. */
function flatten(issue: Issue, base: readonly PropertyKey[]): readonly Violation[] {
  const path = [...base, ...issue.path];
  const closest = [...(issue.errors ?? [])].sort((a, b) => depth(b) - depth(a) || a.length - b.length)[0];
  if (issue.code === 'invalid_union' && closest !== undefined && closest.length > 0) {
    return closest.flatMap((inner) => flatten(inner, path));
  }
  return [{ path: pointer(path), problem: cut(issue.message, 300) }];
}

function depth(issues: readonly Issue[]): number {
  return Math.max(0, ...issues.map((issue) => issue.path.length));
}

/** RFC 6901. */
function pointer(path: readonly PropertyKey[]): string {
  return cut(
    path.map((step) => `/${String(step).replaceAll('~', '~0').replaceAll('/', '~1')}`).join(''),
    300,
  );
}
