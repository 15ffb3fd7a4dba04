/** The evidence exchange by exchange, as it was recorded: only blanks and line breaks are added to JSON. */
import { z } from 'zod';
import { cap } from '../escape.js';
import { duration, LIMITS } from '../phrases.js';
import type { ServerReport } from '../report.js';
import type { Evidence } from './evidence.js';
import { block, type Child, el, type Markup, words } from './markup.js';

const BODY = 6_000;
const LINES = 160;
const MESSAGES = 10;
/** Text that nests deeper is shown as it is: no message of MCP needs it. */
const DEEPEST = 24;

const text = z.string().catch('');
const number = z.number().nullable().catch(null);
const headers = z.record(z.string(), z.string()).catch({});

/** As much of a recorded exchange as is shown; reports may be older or newer than this reader. */
const exchange = z.object({
  id: text,
  experiment: text,
  connection: text,
  principal: text,
  at: number,
  durationMs: number,
  request: z.object({
    transport: text,
    method: text,
    url: text,
    headers,
    body: text,
    rpcMethod: text,
  }),
  answer: z.object({
    ending: text,
    status: number,
    headers,
    body: text,
    problem: text,
    messages: z.array(z.object({ text, at: number })).catch([]),
  }),
});
type Exchange = z.infer<typeof exchange>;

/** A block for each exchange, closed until somebody goes there. */
export function* transcript(server: ServerReport, evidence: Evidence): Generator<Markup> {
  for (const [index, record] of server.transcript.entries()) {
    const read = exchange.safeParse(record);
    const [head, body] = read.success ? [headOf(read.data), bodyOf(read.data)] : unknownRecord(record);
    yield el('details', { id: evidence.anchor(index) }, el('summary', {}, head), body);
  }
}

function headOf({ id, principal, request, answer, durationMs }: Exchange): Child {
  const asked = [request.method, request.rpcMethod].filter((part) => part !== '').join(' ');
  return [
    el('strong', {}, cap(id, LIMITS.name)),
    ' ',
    words(asked === '' ? 'exchange' : asked),
    ' as ',
    words(principal === '' ? 'nobody' : principal),
    answer.status === null ? ' → no status' : ` → HTTP ${answer.status}`,
    answer.ending === 'answered' ? null : [', ', words(answer.ending)],
    durationMs === null ? null : `, ${duration(durationMs)}`,
  ];
}

function bodyOf({ experiment, connection, at, request, answer }: Exchange): Child {
  return [
    el('dl', {}, [
      ...pair('Experiment', experiment),
      ...pair('Client', connection),
      ...pair('Began', at === null ? '' : `${duration(at)} into the run`),
      ...pair('To', request.url === '' ? request.transport : request.url),
      ...pair('Problem', answer.problem),
    ]),
    ...part('Request', [headerLines(request.headers), indented(request.body)]),
    ...part('Answer', [headerLines(answer.headers), indented(answer.body)]),
    ...answer.messages
      .slice(0, MESSAGES)
      .flatMap((message, index) =>
        part(`Message ${index + 1}${message.at === null ? '' : `, ${duration(message.at)} into the run`}`, [
          indented(message.text),
        ]),
      ),
  ];
}

function pair(name: string, value: string): Child[] {
  return value === '' ? [] : [el('dt', {}, name), el('dd', {}, words(value, LIMITS.path))];
}

function part(title: string, texts: readonly string[]): Child[] {
  const full = texts.filter((one) => one !== '');
  if (full.length === 0) return [];
  return [el('p', { class: 'muted' }, title), ...full.map((one) => block(one, BODY, LINES))];
}

function headerLines(all: Readonly<Record<string, string>>): string {
  return Object.entries(all)
    .map(([name, value]) => `${cap(name, LIMITS.name)}: ${cap(value, LIMITS.path)}`)
    .join('\n');
}

function unknownRecord(record: Readonly<Record<string, unknown>>): [Child, Child] {
  const { id } = record;
  return [
    el('strong', {}, typeof id === 'string' ? cap(id, LIMITS.name) : 'exchange'),
    block(indented(cap(JSON.stringify(record) ?? '', BODY)), BODY, LINES),
  ];
}

/** JSON with a line for each member, every sign of it kept; anything else as it is. */
export function indented(source: string): string {
  const json = cap(source, BODY);
  if (!/^\s*[[{]/u.test(json)) return json;
  let depth = 0;
  let written = '';
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|\s+|[^"[\]{},:\s]+|"/gu)) {
    if (token === '{' || token === '[') depth += 1;
    if (token === '}' || token === ']') depth -= 1;
    if (depth < 0 || depth > DEEPEST) return json;
    if (token === '}' || token === ']') written += `\n${'  '.repeat(depth)}`;
    if (token.trim() !== '') written += token;
    if (token === ':') written += ' ';
    if (token === '{' || token === '[' || token === ',') written += `\n${'  '.repeat(depth)}`;
  }
  // A cut text does not close what it opens, and is worth indenting all the same.
  return written.replace(/([[{])\s+(?=[\]}])/gu, '$1');
}
