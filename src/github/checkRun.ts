/** The check run of one gate run: opened at the start, moved on while it runs, concluded with every finding. */
import type { Annotation } from '../report/annotations.js';
import { apiAnnotation, batchesOf, TITLE_CHARACTERS } from './annotation.js';
import type { Client, Repository } from './client.js';
import { failureWords, isForbidden, isUnsettled, statusOf } from './failure.js';
import type { Place } from './place.js';

type Update = NonNullable<Parameters<Client['rest']['checks']['update']>[0]>;

/** A check run that exists. */
export interface CheckRun extends Repository {
  readonly id: number;
}

/** Only these two: GitHub counts `neutral` and `skipped` as passed where a check is required. */
export type Conclusion = 'success' | 'failure';

/** What people see of a check run. */
export interface CheckRunPage {
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
}

export interface Outcome extends CheckRunPage {
  readonly conclusion: Conclusion;
  readonly annotations: readonly Annotation[];
}

export type Begun =
  | { readonly kind: 'begun'; readonly run: CheckRun }
  /** The token may not write checks, as for forks and Dependabot. */
  | { readonly kind: 'not-permitted'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string };

/** How concluding went. Without a conclusion the run stays in progress, which satisfies no required check. */
export interface Concluded {
  readonly concluded: boolean;
  /** Annotations that GitHub did not take. */
  readonly lost: readonly Annotation[];
  /** Why not everything could be published; null when everything was. */
  readonly reason: string | null;
}

const PLAIN_SUMMARY = 'GitHub did not take the summary: see the job summary of the run, or its report.';

/** Times that a request with annotations is sent: repeated, they would be there twice. */
const MOST_SENDINGS = 3;

/** Creates a check run in progress. Never throws. */
export async function beginCheckRun(client: Client, place: Place, name: string): Promise<Begun> {
  const { owner, repo } = place;
  try {
    return { kind: 'begun', run: { owner, repo, id: await createOnce(client, place, name) } };
  } catch (cause: unknown) {
    const reason = failureWords(cause);
    return isForbidden(cause) ? { kind: 'not-permitted', reason } : { kind: 'failed', reason };
  }
}

/** Creating is not repeated blindly: a run that was created without an answer would stay open for ever beside the second. */
async function createOnce(client: Client, place: Place, name: string): Promise<number> {
  try {
    return await create(client, place, name);
  } catch (cause: unknown) {
    if (!isUnsettled(cause)) throw cause;
    return (await findByExternalId(client, place, name)) ?? (await create(client, place, name));
  }
}

async function create(client: Client, place: Place, name: string): Promise<number> {
  const { owner, repo, headSha, runUrl, externalId } = place;
  const { data } = await client.rest.checks.create({
    owner,
    repo,
    name,
    head_sha: headSha,
    status: 'in_progress',
    details_url: runUrl,
    external_id: externalId,
    output: { title: 'Starting', summary: 'The gate has begun.' },
    request: { retries: 0 },
  });
  // What answers is not always GitHub: a proxy has pages of its own.
  if (typeof data.id !== 'number') throw new Error('the answer is no check run');
  return data.id;
}

async function findByExternalId(client: Client, place: Place, name: string): Promise<number | null> {
  const { owner, repo, headSha, externalId } = place;
  const runs = await client.paginate(client.rest.checks.listForRef, {
    owner,
    repo,
    ref: headSha,
    check_name: name,
    filter: 'all',
    per_page: 100,
  });
  return runs.find((run) => run.external_id === externalId)?.id ?? null;
}

/** Shows where the run stands. Never throws: it is only news, and the conclusion will say whether GitHub can be reached. */
export async function showProgress(client: Client, run: CheckRun, page: CheckRunPage): Promise<void> {
  try {
    await client.rest.checks.update({ ...which(run), output: outputOf(page), request: { retries: 0 } });
  } catch {}
}

/** Concludes the run, with 50 annotations a request. Annotations that GitHub refuses cost themselves, not the conclusion. Never throws. */
export async function concludeCheckRun(client: Client, run: CheckRun, outcome: Outcome): Promise<Concluded> {
  const final = { status: 'completed', conclusion: outcome.conclusion } as const;
  const output = outputOf(outcome);
  const lost: Annotation[] = [];
  let taken = 0;
  let reason: string | null = null;
  const batches = batchesOf(outcome.annotations);
  for (const [index, batch] of batches.entries()) {
    const last = index === batches.length - 1;
    try {
      await append(client, run, {
        update: {
          ...which(run),
          ...(last ? final : {}),
          output: { ...output, annotations: batch.map(apiAnnotation) },
        },
        expected: taken + batch.length,
      });
      taken += batch.length;
      if (last) return { concluded: true, lost, reason };
    } catch (cause: unknown) {
      reason ??= failureWords(cause);
      lost.push(...batch);
      // Only an annotation can be wrong by itself; whatever else is the matter is so for the next request too.
      if (statusOf(cause) === 422) continue;
      lost.push(...batches.slice(index + 1).flat());
      break;
    }
  }
  const bare = await concludeBare(client, { ...which(run), ...final, output });
  return { concluded: bare === null, lost, reason: bare ?? reason };
}

interface Appending {
  readonly update: Update;
  /** Annotations that the run has afterwards. */
  readonly expected: number;
}

/** Sends annotations, once as far as one can know. */
async function append(client: Client, run: CheckRun, { update, expected }: Appending): Promise<void> {
  for (let sendings = 1; ; sendings += 1) {
    try {
      await client.rest.checks.update({ ...update, request: { retries: 0 } });
      return;
    } catch (cause: unknown) {
      if (!isUnsettled(cause) || sendings === MOST_SENDINGS) throw cause;
      const there = await stateOf(client, run);
      if (there === null) throw cause;
      const completed = update.status !== 'completed' || there.status === 'completed';
      if (there.annotations >= expected && completed) return;
    }
  }
}

/** null when that cannot be had either. */
async function stateOf(
  client: Client,
  run: CheckRun,
): Promise<{ readonly status: string; readonly annotations: number } | null> {
  try {
    const { data } = await client.rest.checks.get(which(run));
    return { status: data.status, annotations: data.output.annotations_count };
  } catch {
    return null;
  }
}

/** Concludes without annotations, and without the summary when that is what GitHub refuses. Returns null, or why it failed. */
async function concludeBare(client: Client, update: Update): Promise<string | null> {
  const plain = { ...update.output, summary: PLAIN_SUMMARY };
  let reason: string | null = null;
  for (const output of [update.output, plain]) {
    try {
      await client.rest.checks.update({ ...update, output } as Update);
      return null;
    } catch (cause: unknown) {
      reason = failureWords(cause);
      if (statusOf(cause) !== 422) return reason;
    }
  }
  return reason;
}

function which({ owner, repo, id }: CheckRun) {
  return { owner, repo, check_run_id: id };
}

function outputOf({ title, summary }: CheckRunPage): CheckRunPage {
  return { title: title.slice(0, TITLE_CHARACTERS), summary };
}
