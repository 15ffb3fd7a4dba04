/** Reads the structure of identifiers: what they are written in, whether they count, whether they tell the time. */
import type { Identifiers } from '../../facts/session.js';
import { randomBitsOf } from './entropy.js';

type Alphabet = Identifiers['alphabet'];
type Form = Identifiers['form'];
type Order = Identifiers['order'];

/** One identifier and when it was given out, in milliseconds since 1970. */
export interface Sample {
  readonly id: string;
  readonly at: number;
}

export type Structure = Omit<Identifiers, 'kind' | 'tool' | 'evidence'>;

/** How far a time in an identifier may be from our own clock. */
const CLOCK_SKEW_MS = 24 * 3600 * 1000;
/** Share of neighbours in the same order that cannot be chance. */
const ORDERED = 0.9;
/** A step of a counter that other clients may have used meanwhile. */
const COUNTER_STEP = 1000n;
const LOWER_36 = '0123456789abcdefghijklmnopqrstuvwxyz';
const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** What a list of identifiers, in the order they were given out, tells about how they are made. */
export function structureOf(samples: readonly Sample[]): Structure {
  const ids = samples.map(({ id }) => id);
  const lengths = ids.map((id) => id.length);
  const time = timeColumnsOf(samples);
  const count = countOf(ids);
  return {
    sampled: ids.length,
    distinct: new Set(ids).size,
    minLength: ids.length === 0 ? 0 : Math.min(...lengths),
    maxLength: ids.length === 0 ? 0 : Math.max(...lengths),
    alphabet: alphabetOf(ids),
    visibleAscii: ids.every((id) => /^[\x21-\x7e]+$/.test(id)),
    form: formOf(ids),
    order: count === 'none' ? orderOf(ids) : count,
    counter: count !== 'none',
    time: time.size > 0,
    commonPrefix: commonPrefixOf(ids).length,
    randomBits: randomBitsOf(ids, time),
  };
}

function alphabetOf(ids: readonly string[]): Alphabet {
  const all = (pattern: RegExp): boolean => ids.every((id) => pattern.test(id));
  if (all(/^[0-9]+$/)) return 'digits';
  if (all(/^(?:0x)?[0-9a-f-]+$/) || all(/^(?:0x)?[0-9A-F-]+$/)) return 'hex';
  if (all(/^[0-9a-z]+$/)) return 'lower-alphanumeric';
  if (all(/^[0-9A-Za-z]+$/)) return 'alphanumeric';
  if (all(/^[0-9A-Za-z_-]+$/)) return 'base64url';
  return all(/^[\x21-\x7e]+$/) ? 'printable' : 'other';
}

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?([1-8])[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;

function formOf(ids: readonly string[]): Form {
  if (ids.length === 0) return 'opaque';
  const versions = new Set(ids.map((id) => UUID.exec(id)?.[1] ?? null));
  const [version] = versions;
  if (versions.size === 1 && version !== null && version !== undefined) {
    if (version === '4') return 'uuid-v4';
    if (version === '7') return 'uuid-v7';
    return version === '1' ? 'uuid-v1' : 'uuid';
  }
  if (ids.every((id) => /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(id))) return 'ulid';
  if (ids.every((id) => /^[0-9]{1,20}$/.test(id))) return 'number';
  if (isPointers(ids)) return 'pointer';
  return 'opaque';
}

/** Addresses share their upper half and are aligned. */
function isPointers(ids: readonly string[]): boolean {
  if (!ids.every((id) => /^(?:0x)?[0-9a-f]{8,16}$/i.test(id))) return false;
  const prefix = commonPrefixOf(ids.map((id) => id.replace(/^0x/i, ''))).length;
  const digits = Math.min(...ids.map((id) => id.replace(/^0x/i, '').length));
  const aligned = ids.every((id) => Number.parseInt(id.slice(-1), 16) % 8 === 0);
  return aligned && prefix >= digits / 4;
}

function commonPrefixOf(ids: readonly string[]): string {
  let prefix = ids[0] ?? '';
  for (const id of ids) while (!id.startsWith(prefix)) prefix = prefix.slice(0, -1);
  return prefix;
}

function orderOf(ids: readonly string[]): Order {
  if (ids.length < 8) return 'none';
  const values = ids.map(sortKey);
  let up = 0;
  let down = 0;
  for (let at = 1; at < values.length; at += 1) {
    const [before = '', after = ''] = [values[at - 1], values[at]];
    if (after > before) up += 1;
    if (after < before) down += 1;
  }
  const pairs = values.length - 1;
  if (up / pairs >= ORDERED) return 'ascending';
  return down / pairs >= ORDERED ? 'descending' : 'none';
}

/** Numbers inside an identifier compared as numbers: "s-9" comes before "s-10". */
function sortKey(id: string): string {
  return id.replace(/[0-9]+/g, (digits) => digits.padStart(40, '0'));
}

/** The direction of the small steps in which what varies goes, read as a number in any usual base. */
function countOf(ids: readonly string[]): Order {
  if (ids.length < 8) return 'none';
  const prefix = commonPrefixOf(ids).length;
  const suffix = commonPrefixOf(ids.map(reversed)).length;
  const parts = ids.map((id) => id.slice(widenLeft(id, prefix), Math.max(prefix, id.length - suffix)));
  for (const base of [10, 16, 36]) {
    const values = parts.map((part) => numberIn(part, base));
    const steps = values.slice(1).map((value, at) => stepBetween(values[at] ?? null, value));
    const up = steps.filter((step) => step !== null && step > 0n && step <= COUNTER_STEP).length;
    const down = steps.filter((step) => step !== null && step < 0n && -step <= COUNTER_STEP).length;
    if (up / steps.length >= ORDERED) return 'ascending';
    if (down / steps.length >= ORDERED) return 'descending';
  }
  return 'none';
}

function stepBetween(before: bigint | null, after: bigint | null): bigint | null {
  return before === null || after === null ? null : after - before;
}

/** The prefix may end inside a number: "19" and "20" share nothing, "10" and "11" share a digit. */
function widenLeft(id: string, prefix: number): number {
  let from = prefix;
  while (from > 0 && /[0-9a-z]/i.test(id[from - 1] ?? '') && prefix - from < 4) from -= 1;
  return /^[0-9]*$/.test(id.slice(from, prefix)) ? from : prefix;
}

function reversed(text: string): string {
  return [...text].reverse().join('');
}

function numberIn(text: string, base: number): bigint | null {
  const digits = LOWER_36.slice(0, base);
  const lower = text.toLowerCase();
  if (lower === '' || lower.length > 32) return null;
  let value = 0n;
  for (const character of lower) {
    const digit = digits.indexOf(character);
    if (digit < 0) return null;
    value = value * BigInt(base) + BigInt(digit);
  }
  return value;
}

interface Clock {
  readonly width: number;
  /** Milliseconds since 1970; NaN where the text is no such time. */
  read(text: string): number;
}

const CLOCKS: readonly Clock[] = [
  { width: 16, read: (text) => (/^[0-9]+$/.test(text) ? Number(text) / 1000 : Number.NaN) },
  { width: 13, read: (text) => (/^[0-9]+$/.test(text) ? Number(text) : Number.NaN) },
  { width: 13, read: (text) => (/^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) / 1000 : Number.NaN) },
  { width: 10, read: (text) => (/^[0-9]+$/.test(text) ? Number(text) * 1000 : Number.NaN) },
  { width: 12, read: (text) => (/^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN) },
  { width: 11, read: (text) => (/^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : Number.NaN) },
  { width: 8, read: (text) => (/^[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) * 1000 : Number.NaN) },
  { width: 8, read: (text) => (/^[0-9a-z]+$/.test(text) ? Number.parseInt(text, 36) : Number.NaN) },
  { width: 10, read: (text) => digitsIn(text, CROCKFORD) },
];

function digitsIn(text: string, digits: string): number {
  let value = 0;
  for (const character of text) {
    const digit = digits.indexOf(character);
    if (digit < 0) return Number.NaN;
    value = value * digits.length + digit;
  }
  return value;
}

/** Positions of the characters that tell the time of issue in every identifier. */
function timeColumnsOf(samples: readonly Sample[]): ReadonlySet<number> {
  if (samples.length < 8) return new Set();
  const uuid = uuidTimeColumns(samples);
  if (uuid.size > 0) return uuid;
  const width = Math.min(128, ...samples.map(({ id }) => id.length));
  for (const clock of CLOCKS) {
    for (let from = 0; from + clock.width <= width; from += 1) {
      const tells = samples.every(({ id, at }) => {
        const told = clock.read(id.slice(from, from + clock.width));
        return Math.abs(told - at) <= CLOCK_SKEW_MS;
      });
      if (tells) return new Set(Array.from({ length: clock.width }, (_, step) => from + step));
    }
  }
  return new Set();
}

/** UUID version 7 begins with milliseconds, version 1 with a shuffled count of 100 nanoseconds. RFC 9562. */
function uuidTimeColumns(samples: readonly Sample[]): ReadonlySet<number> {
  const form = formOf(samples.map(({ id }) => id));
  if (form !== 'uuid-v7' && form !== 'uuid-v1') return new Set();
  const hexColumns = [...(samples[0]?.id ?? '')].flatMap((character, at) => (character === '-' ? [] : [at]));
  return new Set(hexColumns.slice(0, form === 'uuid-v7' ? 12 : 16));
}
