/** How guessable a list of identifiers is, told from the identifiers alone and without crying wolf on good ones. */

/** Below this many samples nothing is said about randomness. */
export const ENOUGH_SAMPLES = 12;

/** Longer identifiers are judged by their first characters: they have bits to spare. */
const COLUMNS = 512;

/** How far below the mean of a uniform source a column may fall and still count as uniform, in bits. */
const TOLERANCE = 0.5;

/** Pairs of equal values a column must have before it can be said to determine another. */
const REPETITIONS = 12;

/** Sizes of the alphabets that identifiers are written in. */
const ALPHABET_SIZES = [2, 4, 8, 10, 16, 26, 32, 36, 52, 58, 62, 64, 94] as const;

/**
 * Bits of an identifier that look random, each character position by itself: positions in `known` (they tell the time,
 * say) and positions that follow from earlier ones count nothing. Null with fewer than `ENOUGH_SAMPLES` samples.
 */
export function randomBitsOf(ids: readonly string[], known: ReadonlySet<number>): number | null {
  if (ids.length < ENOUGH_SAMPLES) return null;
  const width = Math.min(COLUMNS, ...ids.map((id) => id.length));
  const columns = Array.from({ length: width }, (_, at) => ids.map((id) => id[at] ?? ''));
  const size = alphabetSizeOf(columns);
  const earlier: (readonly string[])[] = [];
  let bits = 0;
  for (const [at, column] of columns.entries()) {
    const distinct = new Set(column).size;
    if (distinct === 1) continue;
    const follows = earlier.some((other) => determines(other, column));
    earlier.push(column);
    if (known.has(at) || follows) continue;
    bits += bitsOf(column, distinct, size);
  }
  // What n samples that repeat can prove is bounded by the repetition.
  const distinctIds = new Set(ids).size;
  return Math.round(distinctIds < ids.length ? Math.min(bits, Math.log2(distinctIds) * 2) : bits);
}

/** The size of the alphabet that all varying positions together draw from. */
function alphabetSizeOf(columns: readonly (readonly string[])[]): number {
  const used = new Set(columns.filter((column) => new Set(column).size > 1).flat());
  return ALPHABET_SIZES.find((size) => size >= used.size) ?? used.size;
}

/** Entropy of one position: that of a uniform source where it cannot be told from one, else what was measured. */
function bitsOf(column: readonly string[], distinct: number, size: number): number {
  const measured = entropyOf(column);
  const samples = column.length;
  // Some positions draw from fewer characters than the rest, as the variant of a UUID does from four.
  const candidates = ALPHABET_SIZES.filter((own) => own >= distinct && own <= Math.max(size, distinct));
  for (const own of candidates) {
    const wide = own === size;
    // A smaller alphabet is believed only when all of it was seen; else rarely seen characters would be lost.
    if (!wide && distinct !== own) continue;
    if (measured >= uniformMean(samples, own) - TOLERANCE) return Math.log2(own);
  }
  // Miller and Madow's correction for the bias of few samples.
  return Math.min(Math.log2(size), measured + (distinct - 1) / (2 * samples * Math.LN2));
}

function entropyOf(column: readonly string[]): number {
  const counts = new Map<string, number>();
  for (const value of column) counts.set(value, (counts.get(value) ?? 0) + 1);
  const total = column.length;
  return [...counts.values()].reduce((sum, count) => sum - (count / total) * Math.log2(count / total), 0);
}

/** Mean of the measured entropy of `samples` draws from `size` equally likely characters. */
function uniformMean(samples: number, size: number): number {
  const chance = 1 / size;
  let probability = (1 - chance) ** samples;
  let sum = 0;
  for (let count = 1; count <= samples; count += 1) {
    probability *= ((samples - count + 1) / count) * (chance / (1 - chance));
    sum -= probability * (count / samples) * Math.log2(count / samples);
  }
  return size * sum;
}

/** Whether `column` is a function of `other`, with enough repetitions to rule out chance. */
function determines(other: readonly string[], column: readonly string[]): boolean {
  if (other.length - new Set(other).size < REPETITIONS) return false;
  const values = new Map<string, string>();
  for (const [at, key] of other.entries()) {
    const value = column[at] ?? '';
    const before = values.get(key);
    if (before !== undefined && before !== value) return false;
    values.set(key, value);
  }
  return true;
}
