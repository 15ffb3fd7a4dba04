/** GitHub for the tests: remembers check runs and comments, checks every request against GitHub's description, and errs as a script says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { type Described, describedOf } from './description.js';

export const TOKEN = 'ghs_0123456789abcdefSECRET';
export const REPOSITORY = { owner: 'acme', repo: 'billing' } as const;
export const HEAD = '0123456789abcdef0123456789abcdef01234567';
const REPOSITORY_ID = 1296269;

export interface Seen {
  /** The operation of the description: `POST /repos/{owner}/{repo}/check-runs`. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: Body;
}

/** What the tests look at; the description has checked it. */
export interface Body {
  readonly name?: string;
  readonly status?: string;
  readonly conclusion?: string;
  readonly body?: string;
  readonly output?: {
    readonly title: string;
    readonly summary: string;
    readonly annotations?: readonly {
      readonly path: string;
      readonly title: string;
      readonly message: string;
    }[];
  };
  readonly [other: string]: unknown;
}

export type Answer =
  | { readonly status: number; readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** The connection is closed without an answer; `done` first does what was asked. */
  | { readonly lost: 'undone' | 'done' }
  /** Nothing is ever answered, or after the headers nothing more. */
  | { readonly silent: 'wholly' | 'after the headers' }
  /** Does what was asked, but so many milliseconds later. */
  | { readonly lateMs: number };

/** @returns what to answer instead of what GitHub would; `nth` counts requests of the same operation from 1 */
export type Script = (seen: Seen, nth: number) => Answer | undefined;

export interface StoredRun {
  readonly id: number;
  readonly name: string;
  readonly headSha: string;
  readonly externalId: string;
  status: string;
  conclusion: string | null;
  title: string;
  summary: string;
  readonly annotations: { readonly path: string; readonly title: string; readonly message: string }[];
}

export interface StoredComment {
  readonly id: number;
  body: string;
  readonly login: string;
  readonly type: 'Bot' | 'User';
  readonly association: string;
}

export interface GitHub {
  readonly url: string;
  readonly seen: readonly Seen[];
  /** What GitHub would have refused. */
  readonly violations: readonly string[];
  readonly runs: StoredRun[];
  readonly comments: StoredComment[];
  close(): Promise<void>;
}

export const forbidden: Answer = {
  status: 403,
  body: {
    message: 'Resource not accessible by integration',
    documentation_url: 'https://docs.github.com/rest/checks/runs#create-a-check-run',
    status: '403',
  },
};
export const notFound: Answer = { status: 404, body: { message: 'Not Found', status: '404' } };
export const unavailable: Answer = { status: 502, body: { message: 'Server Error' } };
export const invalid: Answer = {
  status: 422,
  body: { message: 'Validation Failed', errors: ['annotation path is bad'], status: '422' },
};

/** The secondary limit, as GitHub words it. */
export function limited(status: 403 | 429, seconds: number): Answer {
  const message = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
  return { status, body: { message }, headers: { 'retry-after': String(seconds) } };
}

/** The primary limit: no time is named, but an instant. */
export function exhausted(seconds: number): Answer {
  const reset = Math.floor(Date.now() / 1000) + seconds;
  return {
    status: 403,
    body: { message: 'API rate limit exceeded for installation ID 1.' },
    headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(reset) },
  };
}

/** Starts a server on loopback. */
export async function startGitHub(script: Script = () => undefined): Promise<GitHub> {
  const state: State = { seen: [], violations: [], runs: [], comments: [], url: '' };
  const counts = new Map<string, number>();
  const server = createServer((request, response) => {
    void handle(request, response, state, (seen) => {
      const nth = (counts.get(seen.name) ?? 0) + 1;
      counts.set(seen.name, nth);
      return script(seen, nth);
    }).catch((cause: unknown) => {
      state.violations.push(`the tests' GitHub failed: ${String(cause)}`);
      response.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  state.url = url;
  return { ...state, close: () => close(server) };
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

interface State {
  url: string;
  readonly seen: Seen[];
  readonly violations: string[];
  readonly runs: StoredRun[];
  readonly comments: StoredComment[];
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  state: State,
  scripted: (seen: Seen) => Answer | undefined,
): Promise<void> {
  const text = await textOf(request);
  const method = request.method ?? '';
  const url = new URL(request.url ?? '', state.url);
  const path = url.pathname.replace(
    `/repositories/${REPOSITORY_ID}/`,
    `/repos/${REPOSITORY.owner}/${REPOSITORY.repo}/`,
  );
  const described = describedOf(method, path);
  if (described === null) {
    state.violations.push(`${method} ${path}: GitHub has no such operation`);
    return send(response, { status: 404 });
  }
  const seen: Seen = {
    name: described.name,
    parameters: described.parameters,
    query: Object.fromEntries(url.searchParams),
    body: text === '' ? {} : JSON.parse(text),
  };
  state.violations.push(...wrongs(described, request, seen, text).map((one) => `${described.name}: ${one}`));
  state.seen.push(seen);
  const answer = scripted(seen);
  if (answer === undefined) return send(response, act(described, seen, state));
  if ('status' in answer) return send(response, answer);
  if ('lateMs' in answer) {
    await setTimeout(answer.lateMs);
    return send(response, act(described, seen, state));
  }
  if ('lost' in answer) {
    if (answer.lost === 'done') act(described, seen, state);
    request.socket.destroy();
    return;
  }
  if (answer.silent === 'wholly') return;
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' });
  response.write('{"id":');
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

function send(response: ServerResponse, answer: Extract<Answer, { status: number }>): void {
  response.writeHead(answer.status, { 'content-type': 'application/json; charset=utf-8', ...answer.headers });
  response.end(JSON.stringify(answer.body ?? {}));
}

function wrongs(described: Described, request: IncomingMessage, seen: Seen, text: string): string[] {
  const { headers } = request;
  const body = text === '' ? null : seen.body;
  return [
    ...(headers.authorization === `token ${TOKEN}` ? [] : ['authorization is not the token']),
    ...(headers['user-agent'] ? [] : ['there is no user-agent']),
    ...(headers.accept?.includes('application/vnd.github') ? [] : [`accept is ${headers.accept}`]),
    ...(text === '' || headers['content-type']?.startsWith('application/json') ? [] : ['it is not JSON']),
    ...(Number(seen.query['per_page'] ?? 1) <= 100 ? [] : ['per_page is more than 100']),
    ...described.query(seen.query),
    ...described.body(body),
    ...(seen.body.output?.annotations ?? []).flatMap(annotationWrongs),
    ...((seen.body.body ?? '').length <= 65_536 ? [] : ['body is too long (maximum is 65536 characters)']),
  ];
}

/** What the description says only in prose. */
function annotationWrongs({ path, title, message }: StoredRun['annotations'][number]): string[] {
  return [
    ...(path === '' || message === '' ? ['an annotation is blank'] : []),
    ...(title.length <= 255 ? [] : ['a title has more than 255 characters']),
    ...(Buffer.byteLength(message) <= 64 * 1024 ? [] : ['a message has more than 64 KB']),
    ...([path, title, message].every((text) => text.isWellFormed()) ? [] : ['a text is not Unicode']),
  ];
}

/** Does what was asked, and answers with GitHub's example in which that stands. */
function act(described: Described, seen: Seen, state: State): Extract<Answer, { status: number }> {
  const status = seen.name.startsWith('POST ') ? 201 : 200;
  const example = described.example(status);
  const [headers, body] = answerTo(seen, example, state);
  state.violations.push(...described.answer(status, body).map((one) => `the answer to ${seen.name}: ${one}`));
  return { status, body, headers };
}

type Answered = readonly [headers: Record<string, string>, body: unknown];

function answerTo(seen: Seen, example: unknown, state: State): Answered {
  switch (seen.name) {
    case 'POST /repos/{owner}/{repo}/check-runs':
      return [{}, shownRun(example, createRun(seen, state))];
    case 'PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}':
      return [{}, shownRun(example, updateRun(seen, runOf(seen, state)))];
    case 'GET /repos/{owner}/{repo}/check-runs/{check_run_id}':
      return [{}, shownRun(example, runOf(seen, state))];
    case 'GET /repos/{owner}/{repo}/commits/{ref}/check-runs': {
      const [one] = (example as { readonly check_runs: readonly unknown[] }).check_runs;
      const { headers, part, all } = paged(
        seen,
        state,
        state.runs.filter(
          (run) => run.headSha === seen.parameters['ref'] && run.name === seen.query['check_name'],
        ),
      );
      return [headers, { total_count: all, check_runs: part.map((run) => shownRun(one, run)) }];
    }
    case 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments': {
      const [one] = example as readonly unknown[];
      const { headers, part } = paged(seen, state, state.comments);
      return [headers, part.map((comment) => shownComment(one, comment))];
    }
    case 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments': {
      const comment: StoredComment = {
        id: 1000 + state.comments.length,
        body: String(seen.body.body),
        login: 'github-actions[bot]',
        type: 'Bot',
        association: 'NONE',
      };
      state.comments.push(comment);
      return [{}, shownComment(example, comment)];
    }
    case 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}': {
      const comment = state.comments.find(({ id }) => String(id) === seen.parameters['comment_id']);
      if (comment === undefined) throw new Error('no such comment');
      comment.body = String(seen.body.body);
      return [{}, shownComment(example, comment)];
    }
    default:
      throw new Error(`the tests' GitHub does not do ${seen.name}`);
  }
}

function createRun({ body }: Seen, state: State): StoredRun {
  const run: StoredRun = {
    id: 4 + state.runs.length,
    name: String(body.name),
    headSha: String(body['head_sha']),
    externalId: String(body['external_id']),
    status: body.status ?? 'queued',
    conclusion: null,
    title: body.output?.title ?? '',
    summary: body.output?.summary ?? '',
    annotations: [],
  };
  state.runs.push(run);
  return run;
}

function runOf({ parameters }: Seen, state: State): StoredRun {
  const run = state.runs.find(({ id }) => String(id) === parameters['check_run_id']);
  if (run === undefined) throw new Error('no such check run');
  return run;
}

function updateRun({ body }: Seen, run: StoredRun): StoredRun {
  run.status = body.status ?? run.status;
  run.conclusion = body.conclusion ?? run.conclusion;
  run.title = body.output?.title ?? run.title;
  run.summary = body.output?.summary ?? run.summary;
  run.annotations.push(...(body.output?.annotations ?? []));
  return run;
}

function shownRun(example: unknown, run: StoredRun): unknown {
  const shown = example as { readonly output: object };
  return {
    ...shown,
    id: run.id,
    name: run.name,
    head_sha: run.headSha,
    external_id: run.externalId,
    status: run.status,
    conclusion: run.conclusion,
    output: {
      ...shown.output,
      title: run.title,
      summary: run.summary,
      annotations_count: run.annotations.length,
    },
  };
}

function shownComment(example: unknown, { id, body, login, type, association }: StoredComment): unknown {
  const shown = example as { readonly user: object };
  return { ...shown, id, body, user: { ...shown.user, login, type }, author_association: association };
}

/** GitHub's links to further pages name the repository by its number. */
function paged<T>(seen: Seen, { url }: State, all: readonly T[]) {
  const size = Number(seen.query['per_page'] ?? 30);
  const page = Number(seen.query['page'] ?? 1);
  const end = page * size;
  const rest = seen.name
    .slice('GET /repos/{owner}/{repo}'.length)
    .replace(/\{(\w+)\}/gu, (_all, name: string) => seen.parameters[name] ?? '');
  const query = new URLSearchParams({ ...seen.query, page: String(page + 1) });
  const link = `<${url}/repositories/${REPOSITORY_ID}${rest}?${query}>; rel="next"`;
  const headers: Record<string, string> = end < all.length ? { link } : {};
  return { headers, part: all.slice(end - size, end), all: all.length };
}
