/** Whose policies decide: in a pull request those of its base, so that no edit can wave itself through. */
import { stat } from 'node:fs/promises';
import { isAbsolute, relative, resolve } from 'node:path';
import type { Proposed } from '../gate.js';
import { baseOf, demandCommit, findCommit } from '../history/commit.js';
import { type Git, gitIn, HistoryError } from '../history/git.js';
import { type Snapshot, snapshot } from '../history/snapshot.js';
import { type Before, type Labelled, readLabels } from '../manifest/labels.js';
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
  const git = gitIn(terminal.cwd, terminal.env);
  const labelsOfBase = (): Promise<OfBase> => labelsFromBase(git, request.manifests, event, terminal);
  if (isFolder(wanted)) {
    if (event.kind !== 'other') await refuseReviewed(git, wanted, terminal.cwd);
    return fromFolder(wanted, here, terminal.cwd, await labelsOfBase());
  }
  try {
    const commit = wanted === 'base' ? await commitOf(git, event, terminal) : await demandCommit(git, wanted);
    const paths = [...request.policies, ...request.manifests];
    const shot = await snapshot(git, commit, paths, terminal.cwd);
    const given = wanted === 'base' ? NOTHING_KNOWN : await labelsOfBase();
    return await fromCommit(wanted === 'base' ? 'base' : 'ref', shot, { ...request, given }, here);
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

type OfBase = Omit<Proposed, 'policies'>;
const NOTHING_KNOWN: OfBase = { labels: new Map(), base: null, labelsUnknown: null };

/** Whosever policies decide: of a change under review, the base says what environment a server is in. */
async function labelsFromBase(
  git: Git,
  manifests: readonly string[],
  event: RunEvent,
  terminal: Terminal,
): Promise<OfBase> {
  if (event.kind === 'other') return NOTHING_KNOWN;
  try {
    const shot = await snapshot(git, await commitOf(git, event, terminal), manifests, terminal.cwd);
    const labels = await labelsAt(shot, manifests, terminal.cwd);
    await shot.dispose();
    return { labels, base: labels, labelsUnknown: null };
  } catch (cause: unknown) {
    if (!(cause instanceof HistoryError)) throw cause;
    return { ...NOTHING_KNOWN, labelsUnknown: `The environment of each server: ${cause.message}` };
  }
}

/** A folder that git knows is a part of the change, and a submodule points where the change says. */
async function refuseReviewed(git: Git, asked: string, cwd: string): Promise<void> {
  const head = await findCommit(git, 'HEAD');
  if (head === null) return;
  const seen = await standingOf(git, head, asked, cwd);
  if (seen === null) return;
  throw new UsageError(
    `policies-from ${asked}: expected a folder that the change under review cannot edit, but ${seen}. Name "base", a commit or a branch, or check the policies out beside this repository and name that folder.`,
  );
}

/** Why a folder is in the hands of the change; null when it is not. */
async function standingOf(git: Git, head: string, asked: string, cwd: string): Promise<string | null> {
  try {
    const shot = await snapshot(git, head, [asked], cwd);
    await shot.dispose();
    return shot.standing.get(asked) === 'foreign' ? null : 'it is in its commit';
  } catch (cause: unknown) {
    if (!(cause instanceof HistoryError)) throw cause;
    return cause.message;
  }
}

async function fromFolder(
  asked: string,
  here: LoadOptions,
  cwd: string,
  given: OfBase,
): Promise<DecidingPolicies> {
  const folder = resolve(cwd, asked);
  const found = await stat(folder).catch(() => null);
  if (found?.isDirectory() !== true)
    throw new UsageError(
      `policies-from ${asked}: expected a folder with the policies, but there is none. Check it out before this step, or name a commit or branch.`,
    );
  return {
    source: { kind: 'directory', commit: null, pending: [] },
    // An absolute path, or one that leads outside, would lead to the change under review.
    deciding: { ...here, cwd: folder, extra: here.extra.map((path) => within(cwd, path)) },
    proposed: { policies: here, ...given },
    dispose: () => Promise.resolve(),
  };
}

/** The path relative to the working directory; absolute where it is outside, which is the same for both versions. */
function within(cwd: string, path: string): string {
  const inside = relative(cwd, resolve(cwd, path));
  return inside === '..' || /^\.\.[/\\]/u.test(inside) || isAbsolute(inside)
    ? resolve(cwd, path)
    : inside || '.';
}

async function fromCommit(
  from: 'base' | 'ref',
  shot: Snapshot,
  request: DecidingRequest & { readonly given: OfBase },
  here: LoadOptions,
): Promise<DecidingPolicies> {
  const { labels: given, base, labelsUnknown } = request.given;
  const there = await labelsAt(shot, request.manifests, here.cwd ?? '');
  const labels = joined(there, given);
  const known = request.manifests.every((path) => labels.has(resolve(here.cwd ?? '', path)));
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
      extra: kept.map((path) => {
        const laidOut = shot.laidOut.get(path);
        return laidOut === undefined ? resolve(here.cwd ?? '', path) : relative(shot.cwd, laidOut) || '.';
      }),
    },
    proposed: {
      policies: here,
      labels,
      base: from === 'base' ? there : base,
      labelsUnknown: known ? null : labelsUnknown,
    },
    dispose: () => shot.dispose(),
  };
}

/** What the first says, and of servers that it does not have, what the second says. */
function joined(first: Before, second: Before): Before {
  const names = new Set([...first.values()].flat().map(({ name }) => name));
  return new Map(
    [...new Set([...first.keys(), ...second.keys()])].map((path) => [
      path,
      [...(first.get(path) ?? []), ...(second.get(path) ?? []).filter(({ name }) => !names.has(name))],
    ]),
  );
}

/** By the path that the manifest has in the checkout. */
async function labelsAt(shot: Snapshot, manifests: readonly string[], cwd: string): Promise<Before> {
  const labels = new Map<string, readonly Labelled[]>();
  for (const path of manifests) {
    const there = shot.laidOut.get(path);
    if (there === undefined) continue;
    for (const documents of (await readLabels([there], shot.cwd)).values())
      labels.set(resolve(cwd, path), documents);
  }
  return labels;
}
