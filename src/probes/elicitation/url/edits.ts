/** How many slips of the finger are between two names. Own code: the libraries for it know no transpositions or have not been maintained for years. */

/** Longer names are compared by their beginnings. */
const MAX_LENGTH = 96;

/** Insertions, deletions, substitutions and transpositions of neighbours (optimal string alignment). */
export function edits(first: string, second: string): number {
  const a = [...first.slice(0, MAX_LENGTH)];
  const b = [...second.slice(0, MAX_LENGTH)];
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (const [i, letter] of a.entries()) {
    const row = [i + 1];
    for (const [j, other] of b.entries()) {
      const changed = (last[j] ?? 0) + (letter === other ? 0 : 1);
      const swapped =
        i > 0 && j > 0 && letter === b[j - 1] && a[i - 1] === other ? (beforeLast[j - 1] ?? 0) + 1 : changed;
      row.push(Math.min((last[j + 1] ?? 0) + 1, (row[j] ?? 0) + 1, changed, swapped));
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

const ROWS = ['1234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm'];

/** Whether two keys touch on a QWERTY keyboard. */
export function areNeighbours(first: string, second: string): boolean {
  const [row, column] = keyOf(first);
  const [otherRow, otherColumn] = keyOf(second);
  if (row < 0 || otherRow < 0) return false;
  return Math.abs(row - otherRow) <= 1 && Math.abs(column - otherColumn) <= 1;
}

function keyOf(letter: string): readonly [number, number] {
  const row = ROWS.findIndex((keys) => keys.includes(letter));
  return [row, ROWS[row]?.indexOf(letter) ?? -1];
}

/** Whether two letters are each other's mirror image, or one stroke apart. */
export function areMirrored(first: string, second: string): boolean {
  return ['bdpqg', 'hn', 'uvw', 'ijl', 'ft', 'ce'].some(
    (alike) => alike.includes(first) && alike.includes(second),
  );
}
