/** Lists all tools, however many pages they come on: what is on a later page can do the same harm. */
import type { Connection } from '../wire/connection.js';
import type { Reply } from '../wire/exchange.js';
import { isObject } from '../wire/message.js';

const PAGES = 50;
const TOOLS = 2000;

export interface ToolList {
  /** The answer to the first question. */
  readonly first: Reply;
  /** Entries as they came, hostile; empty where there was no list. */
  readonly tools: readonly Readonly<Record<string, unknown>>[];
}

/** Asks for page after page until there is no other, or none comes. */
export async function listTools(connection: Pick<Connection, 'request'>): Promise<ToolList> {
  const first = await connection.request('tools/list', {});
  const tools: Readonly<Record<string, unknown>>[] = [];
  const cursors = new Set<string>();
  for (let reply = first; tools.length < TOOLS; ) {
    if (reply.kind !== 'result' || !isObject(reply.result)) break;
    const { nextCursor, tools: page } = reply.result;
    if (Array.isArray(page)) tools.push(...page.slice(0, TOOLS - tools.length).filter(isObject));
    if (typeof nextCursor !== 'string' || cursors.has(nextCursor) || cursors.size >= PAGES) break;
    cursors.add(nextCursor);
    reply = await connection.request('tools/list', { cursor: nextCursor });
  }
  return { first, tools };
}
