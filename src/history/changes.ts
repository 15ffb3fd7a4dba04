/** Which lines a change touches: what a reviewer looks at first. */
import { type Git, HistoryError } from './git.js';

/** Lines of the new version, counted from 1, both included. */
export interface TouchedLines {
  readonly first: number;
  readonly last: number;
}

const FILES_LIMIT = 3_000;

/**
 * Lines that differ between a commit and what is checked out, by path relative to git's working directory. Empty where
 * git cannot tell: knowing them only puts things in order.
 */
export async function touchedLines(
  git: Git,
  base: string,
): Promise<ReadonlyMap<string, readonly TouchedLines[]>> {
  try {
    const diff = await git.run(
      '-c',
      'core.quotePath=false',
      'diff',
      '--no-ext-diff',
      '--no-textconv',
      '--no-renames',
      '--no-color',
      '--relative',
      '--src-prefix=a/',
      '--dst-prefix=b/',
      '--unified=0',
      base,
      'HEAD',
      '--',
    );
    return readDiff(diff);
  } catch (cause: unknown) {
    if (cause instanceof HistoryError) return new Map();
    throw cause;
  }
}

function readDiff(diff: string): ReadonlyMap<string, readonly TouchedLines[]> {
  const touched = new Map<string, TouchedLines[]>();
  let file: TouchedLines[] | null = null;
  // Content begins with + or -, but never at the places where a header is looked for: hunks say how long they are.
  let content = 0;
  for (const line of diff.split('\n')) {
    if (content > 0 && /^[-+]/u.test(line)) {
      content -= 1;
      continue;
    }
    const path = /^\+\+\+ b\/([^"\t]+)\t?$/u.exec(line)?.[1];
    if (path !== undefined && touched.size < FILES_LIMIT) {
      file = [];
      touched.set(path, file);
      continue;
    }
    if (line.startsWith('+++ ')) file = null;
    const [, removed = '1', first = '', added = '1'] =
      /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u.exec(line) ?? [];
    if (first === '') continue;
    content = Number(removed) + Number(added);
    if (Number(added) > 0) file?.push({ first: Number(first), last: Number(first) + Number(added) - 1 });
  }
  return touched;
}
