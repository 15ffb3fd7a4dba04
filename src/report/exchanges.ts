/** Exchanges of the transcript as a reader wants them: who sent what, and what came back in a few words. Raw, short text. */
import { cap } from './escape.js';
import type { ServerReport } from './report.js';

/** One request and what it met. Everything in it may be hostile. */
export interface Step {
  /** Of the exchange (x41), or of the elicitation (e3) where its exchange is not kept. */
  readonly id: string;
  readonly experiment: string;
  readonly principal: string;
  /** `tools/call my_account`, `GET (stream)`, with an Origin that is not the candidate's own. */
  readonly sent: string;
  /** Session id it was sent with, to tell sessions apart; never shown. */
  readonly session: string | null;
  /** Requests of the server in the answer, in order. */
  readonly asked: readonly string[];
  /** `200 {"owner":"alice"}`, `400 error -32000: No session`, `no answer: timeout`. Empty where it is unknown. */
  readonly answer: string;
  /** A result, or a status of success where there is no JSON-RPC answer. */
  readonly served: boolean;
  /** Ids of exchanges that it stands for, beside its own. */
  readonly rests: readonly string[];
}

type Json = Readonly<Record<string, unknown>>;

/** Longest text taken over from a message, in UTF-16 units. */
const EXCERPT = 80;
/** Requests of the server shown of one answer. */
const ASKED = 3;

/** Those of the named exchanges that the transcript has, in the order in which they began. */
export function stepsOf({ transcript }: ServerReport, named: ReadonlySet<unknown>): readonly Step[] {
  return transcript.filter(({ id }) => named.has(id)).flatMap((record) => stepOf(record) ?? []);
}

function stepOf(record: Json): Step | null {
  const { id, request, answer } = record;
  if (typeof id !== 'string' || !isObject(request)) return null;
  const received = isObject(answer) ? answer : {};
  const messages = messagesOf(received);
  const reply = replyIn(messages, request['rpcId']);
  return {
    id,
    experiment: text(record['experiment']) ?? '',
    principal: text(record['principal']) ?? '',
    sent: sentOf(request),
    session: sessionOf(request),
    asked: messages.filter(isRequest).slice(0, ASKED).map(askedOf),
    answer: answerOf(received, messages, reply),
    served: reply === null ? succeeded(received['status']) : 'result' in reply,
    rests: [],
  };
}

function sentOf(request: Json): string {
  const { method, rpcMethod, headers } = request;
  const origin = isObject(headers) ? text(header(headers, 'origin')) : null;
  const what = text(rpcMethod) ?? withoutRpc(text(method));
  const tool = what === 'tools/call' ? toolIn(request['body']) : null;
  const words = tool === null ? short(what) : `${what} ${short(tool)}`;
  return origin === null ? words : `${words}, Origin ${short(origin)}`;
}

function withoutRpc(method: string | null): string {
  if (method === 'GET') return 'GET (stream)';
  if (method === 'DELETE') return 'DELETE (end of the session)';
  return method === null ? 'no single request' : `${method} (no single request)`;
}

function toolIn(body: unknown): string | null {
  const message = parsed(body);
  const params = isObject(message) ? message['params'] : null;
  return isObject(params) ? text(params['name']) : null;
}

/** In a header, or in the address with the deprecated transport. */
function sessionOf({ headers, url }: Json): string | null {
  const sent = isObject(headers) ? text(header(headers, 'mcp-session-id')) : null;
  if (sent !== null || typeof url !== 'string' || !URL.canParse(url)) return sent;
  return new URL(url).searchParams.get('sessionId');
}

function header(headers: Json, name: string): unknown {
  const found = Object.keys(headers).find((key) => key.toLowerCase() === name);
  return found === undefined ? null : headers[found];
}

function messagesOf(answer: Json): Json[] {
  const { messages } = answer;
  if (!Array.isArray(messages)) return [];
  return messages.flatMap((message: unknown) => {
    const value = isObject(message) ? message['value'] : null;
    return isObject(value) ? [value] : [];
  });
}

/** The answer to this request; where none has its id, any. */
function replyIn(messages: readonly Json[], id: unknown): Json | null {
  const replies = messages.filter((message) => 'result' in message || 'error' in message);
  return replies.find((reply) => reply['id'] === id) ?? replies[0] ?? null;
}

function isRequest(message: Json): boolean {
  return typeof message['method'] === 'string' && 'id' in message;
}

function askedOf(message: Json): string {
  const params = isObject(message['params']) ? message['params'] : {};
  return askedWords(text(message['method']) ?? '', text(params['url']));
}

/** What a server asks its client for, with the place it would send the user to. */
export function askedWords(method: string, url: string | null): string {
  return url === null ? short(method) : `${short(method)}: ${short(url)}`;
}

function answerOf(answer: Json, messages: readonly Json[], reply: Json | null): string {
  const { status, ending } = answer;
  const lead = typeof status === 'number' ? `${status}` : '';
  if (reply !== null) return `${lead} ${replyWords(reply)}`.trim();
  if (lead === '' && messages.length === 0) return `no answer: ${short(text(ending) ?? 'unknown')}`;
  if (messages.length === 0) return lead;
  return `${lead} ${messages.length} message${messages.length === 1 ? '' : 's'}`.trim();
}

function replyWords({ result, error }: Json): string {
  if (isObject(error)) return `error ${number(error['code'])}: ${short(text(error['message']) ?? '')}`;
  if (!isObject(result)) return 'a result';
  const { content, inputRequests, isError } = result;
  if (isObject(inputRequests)) return `asks for ${short(Object.keys(inputRequests).join(', '))}`;
  const [first] = Array.isArray(content) ? content : [];
  const words = isObject(first) ? text(first['text']) : null;
  if (words !== null) return `${isError === true ? 'tool error: ' : ''}${short(words)}`;
  return `result: ${short(Object.keys(result).join(', ') || 'empty')}`;
}

function succeeded(status: unknown): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}

function short(value: string): string {
  return cap(value, EXCERPT);
}

function number(value: unknown): string {
  return typeof value === 'number' ? `${value}` : 'without a code';
}

function text(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function parsed(body: unknown): unknown {
  if (typeof body !== 'string') return null;
  try {
    return JSON.parse(body);
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
