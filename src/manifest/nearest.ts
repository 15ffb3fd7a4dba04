/** Finds the name somebody probably meant, so that a typo costs one look instead of a search. */

/** The candidate closest to `word`, or null when none is close enough to be worth saying. */
export function nearest(word: string, candidates: readonly string[]): string | null {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | null = null;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance >= bestDistance) continue;
    best = candidate;
    bestDistance = distance;
  }
  return best;
}

/** `did you mean "x"?`, or nothing to say. */
export function didYouMean(word: string, candidates: readonly string[]): { readonly suggestion?: string } {
  const found = nearest(word, candidates);
  return found === null ? {} : { suggestion: `did you mean "${found}"?` };
}

/** Edits (insert, delete, replace, swap of neighbours) between two words; infinite for words no name could be. */
function editDistance(a: string, b: string): number {
  if (a.length > 64 || Math.abs(a.length - b.length) > 32) return Number.POSITIVE_INFINITY;
  let older: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      const swapped = a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const edits = [
        at(previous, j) + 1,
        at(current, j - 1) + 1,
        at(previous, j - 1) + (same ? 0 : 1),
        swapped && i > 1 && j > 1 ? at(older, j - 2) + 1 : Number.POSITIVE_INFINITY,
      ];
      current.push(Math.min(...edits));
    }
    older = previous;
    previous = current;
  }
  return at(previous, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
