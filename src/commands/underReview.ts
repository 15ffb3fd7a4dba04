/** Whether the pull request is what stands in the checkout: a verdict on its base would be shown as one on the change. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { findCommit } from '../history/commit.js';
import { gitIn } from '../history/git.js';
import type { RunEvent } from './event.js';
import { UsageError } from './failure.js';
import type { Terminal } from './terminal.js';

/**
 * On `pull_request_target`, actions/checkout takes the base unless told otherwise. Where the base and its manifests are all
 * there is, and no other checkout stands in it, nothing of the pull request can be judged.
 * @throws UsageError with what to set
 */
export async function demandChange(
  manifests: readonly string[],
  event: RunEvent,
  { cwd, env }: Pick<Terminal, 'cwd' | 'env'>,
): Promise<void> {
  if (event.kind !== 'pull-request' || env['GITHUB_EVENT_NAME'] !== 'pull_request_target') return;
  const git = gitIn(cwd, env);
  const here = await findCommit(git, 'HEAD');
  const isBase = here !== null && here !== event.head && [event.base, env['GITHUB_SHA']].includes(here);
  if (!isBase || (await holdsCheckout(cwd))) return;
  for (const path of manifests) {
    if ((await git.ask('ls-files', '--error-unmatch', '--', path)) === null) return;
  }
  throw new UsageError(
    `expected the pull request to be checked out, but it is its base (${here.slice(0, 12)}), which is what actions/checkout takes on pull_request_target. Start the gate on pull_request; docs/workflows.md says why.`,
  );
}

async function holdsCheckout(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.some((entry) => entry.isDirectory() && existsSync(join(folder, entry.name, '.git')));
}
