/** A name that does not exist is mostly one that was mistyped: say which one was meant. */

/** ` Did you mean "x"?`, with the space before it; nothing when no name is near. */
export function didYouMean(word: string, names: readonly string[]): string {
  const limit = Math.max(2, Math.floor(word.length / 3));
  const near = names
    .map((name) => ({ name, distance: distance(word.toLowerCase(), name.toLowerCase()) }))
    .filter((candidate) => candidate.distance <= limit && candidate.distance < word.length)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))[0];
  return near === undefined ? '' : ` Did you mean "${near.name}"?`;
}

/** The same, or all the names when none is near and they are few. */
export function hint(word: string, names: readonly string[]): string {
  const near = didYouMean(word, names);
  return near !== '' || names.length > 8 ? near : ` There is: ${names.join(', ')}.`;
}

/** Edits (insert, delete, replace) from one word to another. */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [i, letter] of [...from.slice(0, 100)].entries()) {
    const next = [i + 1];
    for (let j = 0; j < to.length; j++) {
      const replaced = (row[j] ?? 0) + (letter === to[j] ? 0 : 1);
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
