/** Where a run stands on GitHub: its repository, commit and pages, from the variables of the runner. */
import { randomUUID } from 'node:crypto';
import type { Repository } from './client.js';

export interface Place extends Repository {
  readonly apiUrl: string;
  /** The commit that is judged: a pull request's head, not GitHub's trial merge, where nobody would see a check run. */
  readonly headSha: string;
  /** The page of this attempt of the run. */
  readonly runUrl: string;
  /** Names this run of this step and no other, also not the same step of another job of its matrix. */
  readonly externalId: string;
}

export type Placed =
  | { readonly kind: 'placed'; readonly place: Place }
  | { readonly kind: 'nowhere'; readonly reason: string };

/** @param head the commit that the event is about; undefined when the run's own commit is */
export function placeOf(env: NodeJS.ProcessEnv, head: string | undefined): Placed {
  const [owner, repo, more] = (env['GITHUB_REPOSITORY'] ?? '').split('/');
  if (!owner || !repo || more !== undefined) return nowhere('GITHUB_REPOSITORY to be "owner/name"');
  const headSha = head ?? env['GITHUB_SHA'] ?? '';
  if (!/^[0-9a-f]{40}([0-9a-f]{24})?$/u.test(headSha)) return nowhere('GITHUB_SHA to be a commit');
  const runId = env['GITHUB_RUN_ID'] ?? '';
  const attempt = env['GITHUB_RUN_ATTEMPT'] ?? '1';
  if (!/^\d+$/u.test(runId) || !/^\d+$/u.test(attempt)) return nowhere('GITHUB_RUN_ID to be a number');
  const server = env['GITHUB_SERVER_URL'] ?? 'https://github.com';
  const step = [env['GITHUB_JOB'], env['GITHUB_ACTION']].map((name) => (name ?? '').slice(0, 60));
  return {
    kind: 'placed',
    place: {
      owner,
      repo,
      apiUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
      headSha,
      runUrl: `${server}/${owner}/${repo}/actions/runs/${runId}/attempts/${attempt}`,
      externalId: [runId, attempt, ...step, randomUUID()].join('/'),
    },
  };
}

function nowhere(expected: string): Placed {
  return { kind: 'nowhere', reason: `expected ${expected}, as on a runner of GitHub` };
}
