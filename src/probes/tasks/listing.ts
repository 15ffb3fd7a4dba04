/** Looks for a task of the owner's in the list that somebody else gets. 2025-11-25 basic/utilities/tasks, "Listing Tasks". */
import type { Reply } from '../../wire/exchange.js';
import { isObject } from '../../wire/message.js';
import { Untestable } from '../lab.js';
import { demandOutcome, describeReply, outcomeOfReply, seenIn } from '../reading.js';
import { type Foreign, type Scene, unanswered } from './scene.js';
import type { TaskView } from './view.js';

const PAGES = 100;

/** The list to its end: a page that nobody looked at may show the task as well as any other. */
export async function list({ other, who, task }: Scene): Promise<Foreign> {
  const first = await other.list(null);
  const outcome = outcomeOfReply(first);
  if (first.kind === 'none' && !other.spoken.offer.list)
    return unanswered(`tasks/list, which nobody declared, gave ${who.name} no answer`);
  demandOutcome(outcome, first.exchange);
  const replies = [first];
  const cursors = new Set<string>();
  let page = pageIn(first);
  while (page !== null && !shows(page, task) && page.cursor !== null) {
    if (cursors.has(page.cursor) || replies.length >= PAGES)
      throw new Untestable(`tasks/list of ${who.name} did not end within ${replies.length} pages`);
    cursors.add(page.cursor);
    const reply = await other.list(page.cursor);
    replies.push(reply);
    demandOutcome(outcomeOfReply(reply), reply.exchange);
    page = pageIn(reply);
    if (page === null)
      throw new Untestable(`page ${replies.length} of tasks/list got ${describeReply(reply)}`);
  }
  const { httpStatus, evidence } = seenIn(
    [first, ...replies.slice(1).slice(-1)].map(({ exchange }) => exchange),
  );
  const listing = { principal: who.name, standing: who.standing, outcome, httpStatus, evidence };
  return {
    attempts: [],
    listing: { ...listing, shows: page !== null && shows(page, task) },
    notTried: [],
  };
}

interface Page {
  readonly tasks: readonly unknown[];
  readonly cursor: string | null;
}

function pageIn(reply: Reply): Page | null {
  if (reply.kind !== 'result' || !isObject(reply.result)) return null;
  const { tasks, nextCursor } = reply.result;
  return {
    tasks: Array.isArray(tasks) ? tasks : [],
    cursor: typeof nextCursor === 'string' ? nextCursor : null,
  };
}

function shows({ tasks }: Page, { id }: TaskView): boolean {
  return tasks.some((one) => isObject(one) && one['taskId'] === id);
}
