/** The first question to a candidate that may not be ready yet: does it speak MCP here, under this host name? */
import type { HelloOutcome, Origin } from '../candidate/candidate.js';
import type { TransportType } from '../manifest/plan.js';
import { type HttpAnswer, sendHttp } from './http.js';
import { DEFAULT_LIMITS } from './limits.js';
import { isObject, membersOf, sortMessage } from './message.js';
import { POST_HEADERS } from './streamable-http.js';

/** A hello is repeated until the candidate is ready, so each one is short. */
const PATIENCE_MS = 3000;
const LONGEST_BODY = 64 * 1024;

/**
 * Asks once. Streamable HTTP: a `ping` without a session, which any endpoint answers and none keeps state for.
 * HTTP+SSE: a GET whose stream is closed as soon as its headers are there. Stdio has nothing to ask: `accepted`.
 * Never throws; heeds the signal.
 */
export async function hello(
  origin: Origin,
  path: string,
  type: TransportType,
  signal: AbortSignal = new AbortController().signal,
): Promise<HelloOutcome> {
  if (type === 'stdio') return 'accepted';
  const common = {
    origin,
    path,
    signal,
    timeoutMs: PATIENCE_MS,
    limits: { ...DEFAULT_LIMITS, messageBytes: LONGEST_BODY },
    now: () => 0,
  };
  if (type === 'sse') {
    const headers = { accept: 'text/event-stream' };
    const head = await sendHttp({
      ...common,
      method: 'GET',
      headers,
      body: null,
      readStream: 'headers-only',
    });
    return judge(head, isStream(head));
  }
  const body = JSON.stringify({ jsonrpc: '2.0', id: 'hello', method: 'ping' });
  const answer = await sendHttp({
    ...common,
    method: 'POST',
    headers: POST_HEADERS,
    body,
    readStream: 'until-answer',
    isAnswer: (value) => sortMessage(value).kind === 'response',
  });
  return judge(answer, speaksJsonRpc(answer) || isStream(answer));
}

function judge(answer: HttpAnswer, speaksMcp: boolean): HelloOutcome {
  const { status } = answer;
  if (status === null)
    return answer.ending === 'closed' || answer.ending === 'too-large' ? 'answered' : 'no-answer';
  if (refusesHost(answer, status)) return 'host-refused';
  // 401: it wants a token. 400 and 406: it read the request and wants a session or other headers.
  if (speaksMcp || status === 401) return 'accepted';
  return status === 202 || status === 400 || status === 406 ? 'accepted' : 'answered';
}

/** 421 and 403 are how SDKs refuse a host; others say so in a 400. A 403 may have other reasons. */
function refusesHost(answer: HttpAnswer, status: number): boolean {
  if (status === 421 || status === 403) return true;
  if (status !== 400 && status !== 404) return false;
  const text = [answer.body ?? '', ...answer.messages.map((message) => message.text)]
    .join('\n')
    .slice(0, 2000);
  return /\b(?:invalid|disallowed|blocked|untrusted|not allowed|forbidden)\b.{0,40}\bhost\b|\bhost\b.{0,60}\bnot (?:allowed|permitted|trusted)\b/i.test(
    text,
  );
}

function speaksJsonRpc(answer: HttpAnswer): boolean {
  return answer.messages
    .flatMap((message) => membersOf(message.value))
    .some((member) => isObject(member) && sortMessage(member).kind === 'response');
}

function isStream(answer: HttpAnswer): boolean {
  return answer.status === 200 && (answer.contentType ?? '').toLowerCase().startsWith('text/event-stream');
}
