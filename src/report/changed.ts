/** Which lines the change under review touches, so that what its author can see on them comes first. */

/** Lines from `first` to `last`, both included, counted from 1. */
export interface LineRange {
  readonly first: number;
  readonly last: number;
}

/** By path from the root of the repository, with slashes: the lines as they are after the change. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[]>;

/** Whether a line is among the changed ones. */
export function isChanged(
  changed: ChangedLines,
  { file, line }: { readonly file: string; readonly line: number },
): boolean {
  const ranges = changed.get(file.replace(/^(?:\.\/)+/u, '')) ?? [];
  return ranges.some(({ first, last }) => first <= line && line <= last);
}
