import { describe, expect, it } from '@jest/globals';
import { OutputTail } from '../../src/candidate/tail.js';

function tailOf(chunks: readonly string[], bytes = 10, lines = 3): string {
  const tail = new OutputTail(bytes, lines);
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.toString();
}

describe('the tail of an output', () => {
  it.each([
    ['nothing', [], ''],
    ['what fits', ['ab\ncd'], 'ab\ncd'],
    ['what fits exactly', ['01234', '56789'], '0123456789'],
    ['the last bytes of what does not', ['01234', '56789', 'ab'], '23456789ab'],
    ['the last bytes of one big piece', ['0123456789abcdef'], '6789abcdef'],
    ['a big piece after a small one', ['xyz', '0123456789abcdef'], '6789abcdef'],
    ['the last lines', ['1\n2\n', '3\r\n4\n'], '2\n3\n4'],
  ])('is %s', (_, chunks, expected) => {
    expect(tailOf(chunks)).toBe(expected);
  });

  it('cuts a line without end', () => {
    expect(tailOf(['x'.repeat(5_000)], 4_000)).toBe(`${'x'.repeat(2_000)}…`);
  });
});
