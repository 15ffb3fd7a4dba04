/** The gate's one comment on a pull request: found by its marker, brought up to date, never repeated. */
import type { Client, Repository } from './client.js';
import { failureWords, isForbidden, isUnsettled } from './failure.js';

export interface CommentPlace extends Repository {
  readonly pullRequest: number;
  /** Tells comments of several gates on one pull request apart. */
  readonly key: string;
}

export type Commented =
  | { readonly kind: 'created' | 'updated' | 'unchanged' }
  | { readonly kind: 'not-permitted' | 'failed'; readonly reason: string };

/** Who may have written our comment: an app, or a person whose token the workflow was given. */
const TRUSTED: readonly (string | undefined)[] = ['OWNER', 'MEMBER', 'COLLABORATOR'];

/** The first line of the comment; invisible to people. */
export function markerOf(key: string): string {
  return `<!-- mcp-deploy-gate: ${key.replace(/[^\w.-]/gu, '_').slice(0, 100)} -->`;
}

/**
 * Writes the comment. Strangers' comments with our marker are passed over, as their authors could edit them afterwards;
 * so are those that the token may not edit. Never throws.
 * @param body Markdown without the marker; the marker, a line break and the body must not be longer than 65,536 characters
 */
export async function writeComment(client: Client, place: CommentPlace, body: string): Promise<Commented> {
  const text = `${markerOf(place.key)}\n${body}`;
  try {
    return await write(client, place, text);
  } catch (cause: unknown) {
    if (!isUnsettled(cause)) return refused(cause);
  }
  // It may have been created without an answer; the second look finds it then.
  try {
    return await write(client, place, text);
  } catch (cause: unknown) {
    return refused(cause);
  }
}

function refused(cause: unknown): Commented {
  return { kind: isForbidden(cause) ? 'not-permitted' : 'failed', reason: failureWords(cause) };
}

async function write(client: Client, place: CommentPlace, text: string): Promise<Commented> {
  const { owner, repo, pullRequest } = place;
  for await (const { id, body: old } of ownComments(client, place)) {
    if (sameText(old, text)) return { kind: 'unchanged' };
    if (await update(client, { owner, repo }, id, text)) return { kind: 'updated' };
  }
  await client.rest.issues.createComment({
    owner,
    repo,
    issue_number: pullRequest,
    body: text,
    request: { retries: 0 },
  });
  return { kind: 'created' };
}

/** Comments that begin with our marker and are not a stranger's, page by page. */
async function* ownComments(
  client: Client,
  { owner, repo, pullRequest, key }: CommentPlace,
): AsyncGenerator<{ readonly id: number; readonly body: string }> {
  const pages = client.paginate.iterator(client.rest.issues.listComments, {
    owner,
    repo,
    issue_number: pullRequest,
    per_page: 100,
  });
  for await (const { data } of pages) {
    for (const { id, body = '', user, author_association } of data) {
      const trusted = user?.type === 'Bot' || TRUSTED.includes(author_association);
      if (trusted && body.startsWith(markerOf(key))) yield { id, body };
    }
  }
}

/** Whether it was ours to update. */
async function update(client: Client, where: Repository, id: number, body: string): Promise<boolean> {
  try {
    await client.rest.issues.updateComment({ ...where, comment_id: id, body });
    return true;
  } catch (cause: unknown) {
    if (isForbidden(cause)) return false;
    throw cause;
  }
}

/** GitHub stores line breaks as CRLF when they came by its web forms. */
function sameText(a: string, b: string): boolean {
  return a.replaceAll('\r\n', '\n').trim() === b.replaceAll('\r\n', '\n').trim();
}
