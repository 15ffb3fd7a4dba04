/** Whose policies decide: in a pull request those of its base, so that no edit can wave itself through. */
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Proposed } from '../gate.js';
import { baseOf, demandCommit } from '../history/commit.js';
import { type Git, gitIn, HistoryError } from '../history/git.js';
import { type Snapshot, snapshot } from '../history/snapshot.js';
import { type Labelled, readLabels } from '../manifest/labels.js';
import type { LoadOptions } from '../policy/load.js';
import { CHECKED_OUT, type PolicySource } from '../report/report.js';
import type { RunEvent } from './event.js';
import { UsageError } from './failure.js';
import { policySources } from './policySources.js';
import type { Terminal } from './terminal.js';

export interface DecidingPolicies {
  readonly source: PolicySource;
  readonly deciding: LoadOptions;
  /** The checked-out version, to be tried beside the deciding one; null where that is the deciding one. */
  readonly proposed: Proposed | null;
  dispose(): Promise<void>;
}

export interface DecidingRequest {
  readonly policies: readonly string[];
  /** "base", "head", a commit or branch, or a folder that begins with "./", "../" or "/". Undefined: what suits the event. */
  readonly policiesFrom: string | undefined;
  readonly manifests: readonly string[];
}

/**
 * Finds the policies that decide, and lays them out when they are of another commit.
 * @throws UsageError with what to set when they cannot be had
 */
export async function decidingPolicies(
  request: DecidingRequest,
  event: RunEvent,
  terminal: Terminal,
): Promise<DecidingPolicies> {
  const wanted = request.policiesFrom ?? (event.kind === 'other' ? 'head' : 'base');
  const here = await policySources({ policies: request.policies }, terminal);
  if (wanted === 'head') return fromCheckout(here);
  if (isFolder(wanted)) return fromFolder(resolve(terminal.cwd, wanted), wanted, here);
  try {
    const git = gitIn(terminal.cwd, terminal.env);
    const commit = wanted === 'base' ? await commitOf(git, event, terminal) : await demandCommit(git, wanted);
    const paths = [...request.policies, ...request.manifests];
    const shot = await snapshot(git, commit, paths, terminal.cwd);
    return await fromCommit(wanted === 'base' ? 'base' : 'ref', shot, request, here);
  } catch (cause: unknown) {
    if (!(cause instanceof HistoryError)) throw cause;
    throw new UsageError(`policies-from ${wanted}: ${cause.message}`);
  }
}

/** A branch can have any name that begins otherwise, and a pull request could add a folder of that name. */
function isFolder(wanted: string): boolean {
  return isAbsolute(wanted) || /^\.{1,2}([/\\]|$)/u.test(wanted);
}

async function commitOf(git: Git, event: RunEvent, terminal: Terminal): Promise<string> {
  if (event.kind === 'pull-request') return baseOf(git, event, terminal.env['GITHUB_SHA']);
  if (event.kind === 'merge-group') return demandCommit(git, event.base);
  throw new UsageError(
    `policies-from base: expected a pull_request or merge_group event, which names a base, but this run is for ${event.name === '' ? 'no event of GitHub' : event.name}. Name a commit or a branch instead, or "head".`,
  );
}

function fromCheckout(here: LoadOptions): DecidingPolicies {
  return {
    source: CHECKED_OUT,
    deciding: here,
    proposed: null,
    dispose: () => Promise.resolve(),
  };
}

async function fromFolder(folder: string, asked: string, here: LoadOptions): Promise<DecidingPolicies> {
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new UsageError(
      `policies-from ${asked}: expected a folder with the policies, but there is none. Check it out before this step, or name a commit or branch.`,
    );
  return {
    source: { kind: 'directory', commit: null, pending: [] },
    deciding: { ...here, cwd: folder },
    proposed: { policies: here, labels: new Map() },
    dispose: () => Promise.resolve(),
  };
}

async function fromCommit(
  from: 'base' | 'ref',
  shot: Snapshot,
  request: DecidingRequest,
  here: LoadOptions,
): Promise<DecidingPolicies> {
  const labels = await labelsAt(shot, request.manifests, here.cwd ?? '');
  const kept = request.policies.filter((path) => shot.standing.get(path) !== 'new');
  return {
    source: {
      kind: from,
      commit: shot.commit,
      pending: request.policies.filter((path) => shot.standing.get(path) === 'new'),
    },
    deciding: {
      ...here,
      cwd: shot.cwd,
      // What the workflow itself put there is the same for both.
      extra: kept.map((path) =>
        shot.standing.get(path) === 'foreign' ? resolve(here.cwd ?? '', path) : path,
      ),
    },
    proposed: { policies: here, labels },
    dispose: () => shot.dispose(),
  };
}

/** By the path that the manifest has in the checkout. */
async function labelsAt(
  shot: Snapshot,
  manifests: readonly string[],
  cwd: string,
): Promise<Proposed['labels']> {
  const there = manifests.filter((path) => shot.standing.get(path) === 'there');
  const labels = new Map<string, readonly Labelled[]>();
  for (const path of there) {
    const inside = isAbsolute(path) ? relative(cwd, path) : path;
    for (const documents of (await readLabels([inside], shot.cwd)).values())
      labels.set(resolve(cwd, path), documents);
  }
  return labels;
}
