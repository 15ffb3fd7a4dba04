/** Tells random values from words, counters and dates, and estimates how much chance one value can hold. An estimate: one value cannot show how it was made. */

/** A value that cannot be guessed over a network has at least so many bits. */
const RANDOM_FROM = 60;
/** Shorter values are codes and identifiers. */
const LENGTH_FROM = 14;
/** Longer ones are judged by their beginning. */
const MAX_LENGTH = 512;

const UUID = /^[0-9a-f]{8}-?[0-9a-f]{4}-?([1-9])[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$/i;
/** What a version of UUID leaves to chance at best, in bits (RFC 9562). */
const UUID_BITS: Readonly<Record<string, number>> = {
  1: 14,
  2: 14,
  3: 122,
  4: 122,
  5: 122,
  6: 14,
  7: 74,
  8: 122,
};

/** Whether the value looks as if it had been drawn at random and cannot be guessed. */
export function looksRandom(value: string): boolean {
  const body = bodyOf(value);
  if (body.length < LENGTH_FROM || !/^[A-Za-z0-9_\-+/=.~: ]+$/.test(body)) return false;
  if (isWordy(body) || isDate(body)) return false;
  if (/^\d+$/.test(body) && body.length < 20) return false;
  return randomBits(value) >= RANDOM_FROM;
}

/** The most chance the value can hold, in bits, by its alphabet, its length and its variety. */
export function randomBits(value: string): number {
  const uuid = UUID.exec(value)?.[1];
  if (uuid !== undefined) return Math.round((UUID_BITS[uuid] ?? 0) * variety(value.toLowerCase(), 16));
  const body = bodyOf(value).replace(/[^A-Za-z0-9]/g, '');
  if (body === '') return 0;
  const size = alphabetSize(body);
  return Math.round(body.length * Math.log2(size) * variety(body, size));
}

/** Without the prefix that says what it is: `cs_live_`, `req-`. */
function bodyOf(value: string): string {
  return value.slice(0, MAX_LENGTH).replace(/^(?:[a-z]{2,12}[_-](?:(?:live|test)[_-])?)/, '');
}

function alphabetSize(body: string): number {
  if (/^\d+$/.test(body)) return 10;
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(body)) return 16;
  const classes: readonly [RegExp, number][] = [
    [/\d/, 10],
    [/[a-z]/, 26],
    [/[A-Z]/, 26],
  ];
  return classes.reduce((sum, [pattern, size]) => sum + (pattern.test(body) ? size : 0), 0);
}

/** 1 for as many different characters, and as many different steps between them, as chance would bring; less for repetition and for sequences. */
function variety(body: string, size: number): number {
  const expected = size * (1 - (1 - 1 / size) ** body.length);
  const characters = new Set(body).size / expected;
  const steps = [...body].slice(1).map((letter, at) => letter.charCodeAt(0) - body.charCodeAt(at));
  const regular = mostFrequent(steps) / Math.max(1, steps.length);
  return Math.min(1, characters * 1.15) * (regular > 0.5 ? 1 - regular : 1);
}

function mostFrequent(numbers: readonly number[]): number {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

/** Mostly made of things that can be pronounced: `organization-settings`, `ReadWriteAll2`. */
function isWordy(body: string): boolean {
  const tokens = body.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+/g) ?? [];
  const spoken = tokens.filter(
    (token) => token.length >= 4 && /[aeiouy]/i.test(token) && !/[^aeiouy\d]{5}|[^a-z]\d/i.test(token),
  );
  const letters = spoken.reduce((sum, token) => sum + token.length, 0);
  return letters >= 0.6 * body.replace(/[^A-Za-z0-9]/g, '').length;
}

function isDate(body: string): boolean {
  return /^\d{4}-?\d{2}-?\d{2}(?:[T ]?[\d:.-]*Z?)?$/.test(body);
}
