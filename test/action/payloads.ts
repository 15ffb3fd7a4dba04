/**
 * Payloads of the events that the gate is run for, as GitHub writes them to GITHUB_EVENT_PATH, cut down to the members that name
 * repositories, commits, branches and people. Shapes of @octokit/webhooks-examples 7.6.1 (api.github.com); that of `schedule`,
 * which is no webhook, of docs.github.com.
 */

export interface Commits {
  readonly base: string;
  readonly head: string;
}

const person = (login: string, type = 'User') => ({ login, id: 21031067, type, site_admin: false });
const HOME = {
  id: 186853002,
  name: 'billing',
  full_name: 'acme/billing',
  private: false,
  owner: person('acme', 'Organization'),
  fork: false,
  default_branch: 'main',
};
const FORK = { ...HOME, id: 186853007, full_name: 'mallory/billing', owner: person('mallory'), fork: true };
const about = (login: string) => ({ repository: HOME, sender: person(login) });

export type Head = typeof HOME | null;
/** Whose repository the head of a pull request is in; null once a fork was deleted. */
export const HEADS: Readonly<Record<'same' | 'fork' | 'deleted', Head>> = {
  same: HOME,
  fork: FORK,
  deleted: null,
};

export function pullRequest({ base, head }: Commits, from: Head = HOME, login = 'alice') {
  const side = (repo: Head, ref: string, sha: string) => ({
    label: `${repo?.owner.login ?? 'unknown'}:${ref}`,
    ref,
    sha,
    user: repo?.owner ?? null,
    repo,
  });
  return {
    action: 'synchronize',
    number: 2,
    before: base,
    after: head,
    pull_request: {
      id: 279147437,
      number: 2,
      state: 'open',
      title: 'Update the server.',
      user: person(login, login.endsWith('[bot]') ? 'Bot' : 'User'),
      body: null,
      head: side(from, 'changes', head),
      base: side(HOME, 'main', base),
      draft: false,
      merged: false,
      mergeable: null,
      merge_commit_sha: null,
      author_association: 'CONTRIBUTOR',
    },
    ...about(login),
  };
}

export function mergeGroup({ base, head }: Commits) {
  return {
    action: 'checks_requested',
    merge_group: {
      head_sha: head,
      head_ref: `refs/heads/gh-readonly-queue/main/pr-2-${base}`,
      base_sha: base,
      base_ref: 'refs/heads/main',
      head_commit: { id: head, message: 'Merge pull request #2 from acme/changes', author: { name: 'A' } },
    },
    ...about('github-merge-queue[bot]'),
  };
}

export function push({ base, head }: Commits) {
  return {
    ref: 'refs/heads/main',
    before: base,
    after: head,
    created: false,
    deleted: false,
    forced: false,
    base_ref: null,
    commits: [{ id: head, message: 'Update the server.', distinct: true }],
    head_commit: { id: head, message: 'Update the server.' },
    pusher: { name: 'alice', email: 'alice@example.com' },
    ...about('alice'),
  };
}

export const workflowDispatch = {
  inputs: {},
  ref: 'refs/heads/main',
  workflow: '.github/workflows/nightly.yml',
  ...about('alice'),
};

export const schedule = {
  schedule: '23 3 * * *',
  workflow: '.github/workflows/nightly.yml',
  ...about('alice'),
};

export const release = {
  action: 'published',
  release: {
    id: 17372790,
    tag_name: 'v1.0.0',
    target_commitish: 'main',
    draft: false,
    prerelease: false,
    author: person('alice'),
  },
  ...about('alice'),
};
