/** Tells whether two calls came to the same, although results hold times and ids that never repeat. */
import type { ElicitationCall } from '../../facts/elicitation.js';
import { isObject } from '../../wire/message.js';
import type { CallRun, End } from './exchange/run.js';

const MISSING_CAPABILITY = -32021;
const INVALID_PARAMS = -32602;
const METHOD_NOT_FOUND = -32601;
const DEPTH = 8;
const MEMBERS = 100;
const TEXT = 4000;

/** A text without what changes from one call to the next: numbers, times, ids, tokens. */
function blanked(text: string): string {
  return text
    .slice(0, TEXT)
    .replace(/[A-Za-z0-9_-]{20,}/g, (token) => (/\d/.test(token) ? '#' : token))
    .replace(/\b[0-9a-f]*\d[0-9a-f]*\b/gi, '#')
    .replace(/\d+/g, '#')
    .replace(/#(?:[-:.T+]*#)+/g, '#');
}

/** A value with sorted keys, blanked texts and without metadata, cut in depth and width. */
function canonical(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return blanked(value);
  if (typeof value === 'number') return '#';
  if (depth >= DEPTH) return '…';
  if (Array.isArray(value)) return value.slice(0, MEMBERS).map((member) => canonical(member, depth + 1));
  if (!isObject(value)) return value ?? null;
  return Object.keys(value)
    .filter((key) => key !== '_meta')
    .sort()
    .slice(0, MEMBERS)
    .map((key) => [key, canonical(value[key], depth + 1)]);
}

/** Two ends that a user could not tell apart. An end that did not come equals nothing. */
export function sameEnd(a: End, b: End): boolean {
  if (a.kind === 'result' && b.kind === 'result')
    return JSON.stringify(canonical(a.result)) === JSON.stringify(canonical(b.result));
  if (a.kind === 'error' && b.kind === 'error')
    return a.code === b.code && blanked(a.message) === blanked(b.message);
  return false;
}

/** Whether the call came to an end at all. */
export function hasEnded(end: End): boolean {
  return end.kind === 'result' || end.kind === 'error';
}

/** A result that does not say it failed. */
export function succeeded(end: End): boolean {
  return end.kind === 'result' && !(isObject(end.result) && end.result['isError'] === true);
}

/** The outcome of a call for its fact. @param declared everything the server could ask for was declared */
export function outcomeOf({ end, plan }: Pick<CallRun, 'end' | 'plan'>): ElicitationCall['outcome'] {
  if (end.kind === 'result') return succeeded(end) ? 'result' : 'tool-error';
  if (end.kind === 'pending') return 'asked';
  if (end.kind === 'silent') return 'inconclusive';
  if (end.code === MISSING_CAPABILITY) return 'refused';
  // Tools may be hidden from clients that cannot be asked.
  const hidden = end.code === INVALID_PARAMS || end.code === METHOD_NOT_FOUND;
  return hidden && plan.declared !== 'both' ? 'refused' : 'error';
}
