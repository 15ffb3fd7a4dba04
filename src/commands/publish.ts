/** Shows a run on GitHub: a check run from its start to its conclusion, a comment, or workflow commands where neither may be. */
import { createHash } from 'node:crypto';
import {
  beginCheckRun,
  type CheckRun,
  type Concluded,
  concludeCheckRun,
  type Outcome,
  showProgress,
} from '../github/checkRun.js';
import type { Client, Patience } from '../github/client.js';
import { markerOf, writeComment } from '../github/comment.js';
import { failureWords } from '../github/failure.js';
import { newsOf } from '../github/news.js';
import { placeOf } from '../github/place.js';
import {
  ANNOTATIONS_PER_LEVEL,
  type Annotation,
  annotationBudget,
  annotations,
} from '../report/annotations.js';
import { type FailedRun, renderCheckRun, renderFailedRun, renderProgress } from '../report/checkRun.js';
import { type Origin, renderComment, renderFailedComment } from '../report/comment.js';
import { cap, terminal as visible } from '../report/escape.js';
import { exitCode } from '../report/exitCode.js';
import type { Report } from '../report/report.js';
import type { RunEvent } from './event.js';

/** Where a publisher says what it has no page for. All text it gives is escaped. */
export interface Sink {
  /** To be hidden in logs. */
  secret(value: string): void;
  info(message: string): void;
  /** Shown on the page of the run. */
  notice(message: string): void;
  /** By workflow command. */
  annotate(annotation: Annotation): void;
}

/** Milliseconds; those of a real run are below. */
export interface Times {
  readonly requestMs: number;
  readonly beginMs: number;
  readonly concludeMs: number;
  readonly progressMs: number;
  readonly secondMs: number;
}

export interface PublishOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly event: RunEvent;
  readonly token: string;
  readonly checkRun: 'auto' | 'off';
  readonly checkName: string;
  readonly comment: 'on' | 'off';
  /** As asked for; they tell apart the jobs of a matrix, which have all else in common. */
  readonly manifests: readonly string[];
  /** The run's own: aborted, there is little time left. */
  readonly signal: AbortSignal;
  readonly sink: Sink;
  readonly times?: Partial<Times>;
}

/** None of its functions throws, changes a verdict, or takes long. */
export interface Publisher {
  /** Says something on the page of the run, which takes one of the notices that GitHub shows there. Raw text. */
  notice(message: string): void;
  progress(event: { readonly server: string; readonly stage: string }): void;
  /** Publishes a verdict. Call it when nothing can fail the run any more. */
  conclude(report: Report, ordered?: readonly Annotation[]): Promise<void>;
  /**
   * Publishes that there is none, or that the run fails whatever the verdict is: never by way of a success, which a
   * merge may be waiting for. Its problems are annotated by whoever knows their lines.
   */
  fail(failed: FailedRun, ordered?: readonly Annotation[]): Promise<void>;
}

/** A server that does not answer costs a job at most `beginMs`, then one `requestMs` for each thing that is tried. */
const TIMES: Times = {
  requestMs: 10_000,
  beginMs: 20_000,
  // One wait of a minute, which GitHub asks for when it does not say how long.
  concludeMs: 90_000,
  progressMs: 5_000,
  secondMs: 1_000,
};
/** Within the grace that a cancelled run has. */
const HURRIED_MS = 5_000;
/** All jobs of a repository share 1,000 requests an hour. Source: REST API, rate limits of GITHUB_TOKEN. */
const MOST_UPDATES = 40;

/** Begins the check run at once, and lets nobody wait for it. */
export function publisher(options: PublishOptions): Publisher {
  const { env, event, sink, signal } = options;
  const times = { ...TIMES, ...options.times };
  const placed = placeOf(env, event.kind === 'other' ? undefined : event.head);
  const stages = new Map<string, string>();
  let noticed = 0;
  if (options.token !== '') sink.secret(options.token);

  const say = (message: string): void => sink.info(visible(cap(message, 500)));
  const notice = (message: string): void => {
    noticed += 1;
    sink.notice(visible(cap(message, 1_000)));
  };

  /** @throws when the token cannot be one, or the library cannot be loaded */
  async function client(apiUrl: string, patience: Partial<Patience>): Promise<Client> {
    // Loading it takes longer than the Action may take to its first output, and reads the environment.
    const { connect } = await import('../github/client.js');
    const { requestMs, secondMs, concludeMs } = times;
    const totalMs = signal.aborted ? HURRIED_MS : concludeMs;
    return connect({
      token: options.token,
      baseUrl: apiUrl,
      say,
      patience: { requestMs, secondMs, totalMs, retries: 2, ...patience },
    });
  }

  async function begin(): Promise<CheckRun | null> {
    if (options.checkRun === 'off') return null;
    if (placed.kind === 'nowhere') return noCheckRun(placed.reason);
    try {
      const { place } = placed;
      const begun = await beginCheckRun(
        await client(place.apiUrl, { totalMs: times.beginMs }),
        place,
        options.checkName,
      );
      if (begun.kind === 'begun') return begun.run;
      return noCheckRun(
        begun.kind === 'failed'
          ? begun.reason
          : `${begun.reason}; expected a token with "checks: write", which runs for forks and Dependabot never have`,
      );
    } catch (cause: unknown) {
      return noCheckRun(failureWords(cause));
    }
  }

  function noCheckRun(reason: string): null {
    notice(
      `There is no check run: ${reason}. The findings are annotations of this step instead, at most ${ANNOTATIONS_PER_LEVEL} of each level. The exit code decides all the same.`,
    );
    return null;
  }

  const begun = begin();
  const news = newsOf(
    async () => {
      const run = await begun;
      if (run === null || placed.kind === 'nowhere') return;
      const patience = { totalMs: times.requestMs, retries: 0 };
      await showProgress(await client(placed.place.apiUrl, patience), run, renderProgress(stages));
    },
    { everyMs: times.progressMs, most: MOST_UPDATES },
  );

  async function concludeRun(
    all: readonly Annotation[],
    render: () => Omit<Outcome, 'annotations'>,
  ): Promise<void> {
    await news.end();
    const run = await begun;
    if (run === null || placed.kind === 'nowhere') return annotate(all);
    let shown: readonly Annotation[] = all;
    try {
      const connected = await client(placed.place.apiUrl, {});
      const result = await concludeCheckRun(connected, run, { ...render(), annotations: all });
      if (result.concluded) shown = result.lost;
      if (result.reason !== null) notice(troubleOf(result, all));
    } catch (cause: unknown) {
      notice(`The check run could not be concluded: ${failureWords(cause)}.`);
    }
    annotate(shown);
  }

  function annotate(all: readonly Annotation[]): void {
    const [notices, others] = [
      all.filter(({ level }) => level === 'notice'),
      all.filter(({ level }) => level !== 'notice'),
    ];
    // What this run has said itself took slots too.
    const shown = [
      ...annotationBudget(others),
      ...annotationBudget(notices, { limit: ANNOTATIONS_PER_LEVEL - noticed }),
    ];
    for (const one of shown) sink.annotate(one);
  }

  async function comment(render: (origin: Origin & { readonly reserved: number }) => string): Promise<void> {
    if (options.comment === 'off' || event.kind !== 'pull-request') return;
    if (placed.kind === 'nowhere') return say(`There is no comment: ${placed.reason}.`);
    const { place } = placed;
    const key = commentKey(options);
    try {
      const body = render({
        commit: place.headSha,
        runUrl: place.runUrl,
        reserved: markerOf(key).length + 1,
      });
      const where = { owner: place.owner, repo: place.repo, pullRequest: event.number, key };
      const written = await writeComment(await client(place.apiUrl, {}), where, body);
      if (written.kind === 'failed') say(`There is no comment: ${written.reason}.`);
      if (written.kind === 'not-permitted')
        say(`There is no comment: ${written.reason}; expected a token with "pull-requests: write".`);
    } catch (cause: unknown) {
      say(`There is no comment: ${failureWords(cause)}.`);
    }
  }

  return {
    notice,
    progress: ({ server, stage }) => {
      stages.set(server, stage);
      if (options.checkRun === 'auto') news.tell();
    },
    conclude: (report, ordered) =>
      quietly(async () => {
        const conclusion = exitCode(report) === 0 ? 'success' : 'failure';
        await Promise.all([
          concludeRun(ordered ?? annotations(report), () => ({ ...renderCheckRun(report), conclusion })),
          comment((origin) => renderComment(report, origin)),
        ]);
      }),
    fail: (failed, ordered = []) =>
      quietly(async () => {
        await Promise.all([
          concludeRun(ordered, () => ({ ...renderFailedRun(failed), conclusion: 'failure' })),
          comment((origin) => renderFailedComment(failed, origin)),
        ]);
      }),
  };

  /** What this module does wrong itself is said, and changes nothing either. */
  async function quietly(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (cause: unknown) {
      say(`The result could not be published: ${failureWords(cause)}.`);
    }
  }
}

function troubleOf({ concluded, lost, reason }: Concluded, all: readonly Annotation[]): string {
  if (!concluded)
    return `The check run could not be concluded: ${reason}. It stays in progress, and the exit code decides.`;
  return `The check run lacks ${lost.length} of ${all.length} annotations, which GitHub did not take: ${reason}. They are annotations of this step, as far as it may have them.`;
}

/** Readable in its first part; what tells workflows, jobs and matrices apart is only a digest. */
function commentKey({ env, checkName, manifests }: PublishOptions): string {
  const parts = [env['GITHUB_WORKFLOW'], env['GITHUB_JOB'], env['GITHUB_ACTION'], checkName, ...manifests];
  const digest = createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 12);
  return `${checkName.slice(0, 60)}.${digest}`;
}
