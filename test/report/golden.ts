/** Compares text with a committed golden file, or writes it when asked to. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UPDATE = 'UPDATE_GOLDENS';

/**
 * @param path where the expected text is, relative to this file
 * @throws Error with the first line that differs and how to accept the new text
 */
export function expectGolden(path: string, actual: string): void {
  const file = fileURLToPath(new URL(path, import.meta.url));
  if (process.env[UPDATE] === '1') {
    writeFileSync(file, actual);
    return;
  }
  const expected = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (actual === expected) return;
  const [before, after] = [expected.split('\n'), actual.split('\n')];
  const line = after.findIndex((text, index) => text !== before[index]);
  const at = line === -1 ? after.length : line;
  throw new Error(
    `${path} differs from line ${at + 1} on.\n  expected: ${JSON.stringify(before[at] ?? null)}\n  received: ${JSON.stringify(after[at] ?? null)}\nIf the new text is right, run: ${UPDATE}=1 npm test -- test/report`,
  );
}
