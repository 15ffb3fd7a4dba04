/** Which commit decides: the one a pull request is to be merged into, as far as this checkout can show it. */
import { type Git, HistoryError } from './git.js';

/** The parts of a GitHub event that name commits. Source: docs.github.com, webhook events and payloads. */
export interface PullRequestCommits {
  readonly base: string;
  readonly head: string;
}

const FULL = /^[0-9a-f]{40}([0-9a-f]{24})?$/;

/** The full id of a commit, or null when this checkout does not have it. */
export async function findCommit(git: Git, ref: string): Promise<string | null> {
  const id = await git.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${ref}^{commit}`);
  return id !== null && FULL.test(id) ? id : null;
}

/** @throws HistoryError with what to do when the commit is not here */
export async function demandCommit(git: Git, ref: string): Promise<string> {
  const found = await findCommit(git, ref);
  if (found !== null) return found;
  const shallow = (await git.ask('rev-parse', '--is-shallow-repository')) === 'true';
  throw new HistoryError(
    shallow
      ? `Expected the commit ${ref}, whose policies decide, but the history of this checkout is too shallow to have it. Set "fetch-depth: 0" (or 2, on pull_request) for actions/checkout.`
      : `Expected the commit ${ref}, whose policies decide, but this checkout does not have it. Fetch it first: "git fetch origin ${ref}".`,
  );
}

/**
 * The base of a pull request. Where GitHub's own merge commit is checked out, its first parent: that is what the merge
 * was made with, and "fetch-depth: 2" has it. Else the base that the event names.
 * @param checkedOut GITHUB_SHA; a merge commit of the pull request's author is never taken for GitHub's
 * @throws HistoryError
 */
export async function baseOf(
  git: Git,
  commits: PullRequestCommits,
  checkedOut: string | undefined,
): Promise<string> {
  const head = await findCommit(git, 'HEAD');
  if (head !== null && head === checkedOut && head !== commits.head) {
    const parents = (await git.ask('rev-list', '--parents', '-n', '1', head))?.split(' ').slice(1) ?? [];
    const [first] = parents;
    if (parents.length === 2 && parents[1] === commits.head && first !== undefined) {
      const found = await findCommit(git, first);
      if (found !== null) return found;
    }
  }
  return demandCommit(git, commits.base);
}
