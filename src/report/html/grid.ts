/** Tables for a person with eyes and for a screen reader: caption, headers with scope, a region that scrolls by keyboard. */

import { cap } from '../escape.js';
import { count, LIMITS } from '../phrases.js';
import type { ReportFinding } from '../report.js';
import type { Evidence } from './evidence.js';
import { type Child, code, el, type Markup, words } from './markup.js';

const ROWS = 200;
const ENTRIES = 20;

/** One thing in a cell. Raw text. */
export interface Entry {
  readonly text: string;
  /** code: a value as it was sent. loud: what somebody looks for first. own: our words. */
  readonly kind: 'code' | 'loud' | 'own' | 'words';
  /** Ids of exchanges; those in the report are linked. */
  readonly evidence: readonly string[];
  /** False where nothing was got: a finding that names such an exchange names it as its control. */
  readonly telling: boolean;
}

/** A table as data. The first cell of a row is its header. */
export interface Grid {
  readonly title: string;
  /** What one has to know to read it; our own words. */
  readonly note: string | null;
  readonly head: readonly string[];
  readonly rows: readonly (readonly (readonly Entry[])[])[];
}

/** Our own words. */
export function own(text: string, evidence: readonly string[] = []): Entry {
  return { text, kind: 'own', evidence, telling: true };
}

/** A value as the candidate or the manifest has it. */
export function sent(text: string, evidence: readonly string[] = []): Entry {
  return { text, kind: 'code', evidence, telling: true };
}

/** The table with marks where a finding rests on what a cell says. */
export function grid({ title, note, head, rows }: Grid, evidence: Evidence | null): Markup {
  const more = rows.length - ROWS;
  return el('div', {}, [
    note === null ? null : el('p', { class: 'muted' }, note),
    table(
      title,
      head,
      rows.slice(0, ROWS).map((row) => row.map((cell) => cellOf(cell, evidence))),
    ),
    more > 0 ? el('p', {}, `… and ${count(more, 'more row')}`) : null,
  ]);
}

/** A table of cells that are made already. */
export function table(title: string, head: readonly string[], rows: readonly (readonly Child[])[]): Markup {
  return el('div', { class: 'wide', role: 'region', tabindex: '0', 'aria-label': title }, [
    el('table', {}, [
      el('caption', {}, title),
      el('thead', {}, [
        el(
          'tr',
          {},
          head.map((name) => el('th', { scope: 'col' }, name)),
        ),
      ]),
      el(
        'tbody',
        {},
        rows.map((row) =>
          el(
            'tr',
            {},
            row.map((cell, index) => (index === 0 ? el('th', { scope: 'row' }, cell) : el('td', {}, cell))),
          ),
        ),
      ),
    ]),
  ]);
}

function cellOf(entries: readonly Entry[], evidence: Evidence | null): Child {
  const shown = entries.slice(0, ENTRIES).map((entry) => entryOf(entry, evidence));
  const more = entries.length - shown.length;
  if (more > 0) shown.push([`… and ${more} more`]);
  return shown.length === 1 ? (shown[0] ?? null) : shown.map((child) => el('div', {}, child));
}

function entryOf(entry: Entry, evidence: Evidence | null): Child[] {
  const level = entry.telling ? (evidence?.worst(entry.evidence) ?? null) : null;
  return [
    textOf(entry),
    level === null ? null : [' ', mark(level)],
    ...(evidence?.links(entry.evidence) ?? []).map((link) => [' ', link]),
  ];
}

function textOf({ kind, text }: Entry): Child {
  switch (kind) {
    case 'code':
      return text === '' ? null : code(text);
    case 'loud':
      return el('span', { class: 'loud' }, cap(text, LIMITS.name));
    case 'words':
      return words(text, LIMITS.title);
    case 'own':
      return cap(text, LIMITS.title);
  }
}

export const LEVEL_SIGNS = { deny: '✗', warn: '!', notice: 'i', waived: '~' } as const;

/** Sign and word of a level; the colour says nothing that they do not. */
export function mark(level: ReportFinding['level'] | 'waived'): Markup {
  return el('span', { class: `hit ${level}` }, `${LEVEL_SIGNS[level]} ${level}`);
}
