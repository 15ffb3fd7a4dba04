/** Ways to change an opaque text so that a server that protects its integrity must notice. */
import { isObject } from '../../../wire/message.js';

export interface Alteration {
  readonly case: 'changed-character' | 'rewritten-json' | 'truncated' | 'emptied';
  /** Where or how. */
  readonly detail: string;
  readonly state: string;
}

/** Shares of the length at which one character is changed. */
const PLACES = [0, 0.05, 0.15, 0.25, 0.35, 0.5, 0.6, 0.75, 0.85, 0.92] as const;

const KINDS = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'] as const;

/** Everything that is tried, the subtle changes first. The last characters stay: of base64 they may carry no bits. */
export function alterationsOf(state: string): readonly Alteration[] {
  const alterations: Alteration[] = [];
  const seen = new Set([state]);
  const add = (alteration: Alteration): void => {
    if (seen.has(alteration.state)) return;
    seen.add(alteration.state);
    alterations.push(alteration);
  };
  for (const place of PLACES) {
    const changed = changedAt(state, Math.floor(place * (state.length - 2)));
    if (changed !== null)
      add({ case: 'changed-character', detail: `at ${Math.round(place * 100)}%`, state: changed });
  }
  for (const { detail, text } of rewritten(state)) add({ case: 'rewritten-json', detail, state: text });
  const cuts: [string, number][] = [
    ['without its last two characters', state.length - 2],
    ['without its last eighth', Math.floor(state.length * 0.875)],
    ['half of it', Math.floor(state.length / 2)],
    ['without what follows its last dot', state.lastIndexOf('.')],
    ['up to its last dot', state.lastIndexOf('.') + 1],
  ];
  for (const [detail, length] of cuts)
    if (length > 0) add({ case: 'truncated', detail, state: state.slice(0, length) });
  add({ case: 'emptied', detail: 'an empty text', state: '' });
  return alterations;
}

/** The nearest letter or digit at or after a place, replaced by another of its kind. */
function changedAt(state: string, from: number): string | null {
  for (let at = Math.max(0, from); at < state.length - 2; at += 1) {
    const character = state[at] ?? '';
    const kind = KINDS.find((one) => one.includes(character));
    // The last character of a base64 part may carry no bits.
    if (kind === undefined || !/[0-9A-Za-z_-]/.test(state[at + 1] ?? '')) continue;
    const next = kind[(kind.indexOf(character) + 1) % kind.length] ?? '';
    return state.slice(0, at) + next + state.slice(at + 1);
  }
  return null;
}

/** Where a part of the state is JSON, plainly or in base64: the same JSON with one member more, so that nothing else changes. */
function rewritten(state: string): { readonly detail: string; readonly text: string }[] {
  const plain = withMember(state);
  if (plain !== null) return [{ detail: 'plain JSON with a member more', text: plain }];
  const parts = state.split('.');
  return parts.flatMap((part, at) => {
    const encoding = part.includes('+') || part.includes('/') || part.endsWith('=') ? 'base64' : 'base64url';
    const json = withMember(Buffer.from(part, encoding).toString('utf8'));
    if (json === null) return [];
    const others = [...parts];
    others[at] = Buffer.from(json, 'utf8').toString(encoding);
    return [{ detail: `JSON in part ${at + 1} with a member more`, text: others.join('.') }];
  });
}

function withMember(text: string): string | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? JSON.stringify({ ...value, mcpGate: true }) : null;
  } catch {
    return null;
  }
}
