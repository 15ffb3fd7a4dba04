/** The GitHub event a run is for, as far as the gate needs it; read from the file the runner names, and from nowhere else. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from './failure.js';

const commit = z.string().regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/u);

// GitHub adds members without notice, so that unknown ones are let through.
const pullRequestEvent = z.object({
  pull_request: z.object({
    number: z.number().int().positive(),
    base: z.object({ sha: commit, ref: z.string() }),
    head: z.object({
      sha: commit,
      repo: z.object({ full_name: z.string() }).nullable(),
    }),
  }),
});
const mergeGroupEvent = z.object({ merge_group: z.object({ base_sha: commit, head_sha: commit }) });

/** Events whose payload has the pull request whole, and whose checkout is it. */
const OF_PULL_REQUESTS = new Set([
  'pull_request',
  'pull_request_target',
  'pull_request_review',
  'pull_request_review_comment',
]);

export type RunEvent =
  | {
      readonly kind: 'pull-request';
      readonly number: number;
      readonly base: string;
      readonly baseBranch: string;
      readonly head: string;
      /** The head is in another repository, so that the run's token may only read. */
      readonly fork: boolean;
    }
  | { readonly kind: 'merge-group'; readonly base: string; readonly head: string }
  | { readonly kind: 'other'; readonly name: string };

/**
 * Reads the event of this run. Without one (a run outside GitHub), `other` with an empty name.
 * @throws UsageError when an event that names a base cannot be read, because then nobody knows which policies decide
 */
export async function readEvent(env: NodeJS.ProcessEnv): Promise<RunEvent> {
  const name = env['GITHUB_EVENT_NAME'] ?? '';
  if (OF_PULL_REQUESTS.has(name)) {
    const { pull_request: pull } = parse(pullRequestEvent, await payload(env, name), name);
    return {
      kind: 'pull-request',
      number: pull.number,
      base: pull.base.sha,
      baseBranch: pull.base.ref,
      head: pull.head.sha,
      fork: pull.head.repo?.full_name !== env['GITHUB_REPOSITORY'],
    };
  }
  if (name === 'merge_group') {
    const { merge_group: group } = parse(mergeGroupEvent, await payload(env, name), name);
    return { kind: 'merge-group', base: group.base_sha, head: group.head_sha };
  }
  return { kind: 'other', name };
}

async function payload(env: NodeJS.ProcessEnv, name: string): Promise<unknown> {
  const path = env['GITHUB_EVENT_PATH'];
  if (path === undefined || path === '')
    throw new UsageError(
      `expected GITHUB_EVENT_PATH to name the payload of the event ${name}, but it is not set.`,
    );
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UsageError(`expected the payload of the event ${name} in GITHUB_EVENT_PATH, but: ${reason}`);
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(
    `expected the payload of the event ${name} to name its commits, but ${issue?.path.join('.') ?? 'it'}: ${issue?.message ?? 'it cannot be read'}.`,
  );
}
