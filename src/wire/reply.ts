/** Reads an exchange as the answer to the request it carried. */
import type { Exchange, Reply } from './exchange.js';
import { answersRequest, isObject, type JsonRpcId, membersOf, sortMessage } from './message.js';

/**
 * The answer to request `id` in `exchange`. An error without an id counts when it came with an HTTP error
 * or as the only answer, because a server that could not read a request cannot know its id (JSON-RPC 2.0, section 5).
 * What the answer lacks beyond that (a `jsonrpc` member, fields of a result) is for `validateMessage` to tell.
 */
export function readReply(exchange: Exchange, id: JsonRpcId): Reply {
  const members = exchange.answer.messages.flatMap((message) => membersOf(message.value));
  const own = members.find((member) => answersRequest(member, id));
  if (isObject(own)) return readResponse(own, exchange);

  const responses = members.filter((member) => sortMessage(member).kind === 'response');
  const anonymous = responses.find((member) => isObject(member) && isAnonymousError(member));
  if (isObject(anonymous)) return readResponse(anonymous, exchange);

  const { status, ending } = exchange.answer;
  if (status !== null && (status < 200 || status >= 300)) return { kind: 'http', status, exchange };
  if (responses.length > 0) return { kind: 'malformed', problem: wrongIds(responses, id), exchange };
  if (ending !== 'answered') return { kind: 'none', ending, exchange };
  const nonsense = nonsenseIn(exchange);
  if (nonsense !== null) return { kind: 'malformed', problem: nonsense, exchange };
  if (status !== null) return { kind: 'http', status, exchange };
  return {
    kind: 'malformed',
    problem: 'the candidate sent messages, but no answer to the request',
    exchange,
  };
}

function readResponse(message: Readonly<Record<string, unknown>>, exchange: Exchange): Reply {
  const { result, error } = message;
  if (result !== undefined && error !== undefined && error !== null) {
    return { kind: 'malformed', problem: 'the answer has both a result and an error', exchange };
  }
  if (result !== undefined) return { kind: 'result', result, exchange };
  if (!isObject(error)) {
    return { kind: 'malformed', problem: 'the answer has neither a result nor an error object', exchange };
  }
  return {
    kind: 'error',
    code: typeof error['code'] === 'number' ? error['code'] : null,
    message: typeof error['message'] === 'string' ? error['message'] : '',
    data: error['data'],
    exchange,
  };
}

/** An error that names no request. */
function isAnonymousError(message: Readonly<Record<string, unknown>>): boolean {
  return (message['id'] === null || message['id'] === undefined) && isObject(message['error']);
}

function wrongIds(responses: readonly unknown[], id: JsonRpcId): string {
  const seen = responses.map((member) => (isObject(member) ? shortJson(member['id']) : '?'));
  return `expected an answer with id ${shortJson(id)}, seen ${seen.slice(0, 5).join(', ')}`;
}

function nonsenseIn(exchange: Exchange): string | null {
  const { messages, body, headers } = exchange.answer;
  const texts = messages.filter((message) => message.text !== '');
  if (texts.some((message) => message.value === undefined)) return 'the answer is no JSON';
  if (texts.length > 0) return 'the answer is JSON, but no JSON-RPC answer';
  if (body === null || body.trim() === '') return null;
  return `the answer is no JSON, its content type is ${shortJson(headers['content-type'] ?? null)}`;
}

function shortJson(value: unknown): string {
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? 'none').slice(0, 80);
}
