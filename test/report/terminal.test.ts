import { describe, expect, it } from '@jest/globals';
import { wrap } from '../../src/report/paint.js';
import { renderTerminal } from '../../src/report/terminal.js';
import { FIXTURE, report, server } from './fixture.js';

const ESC = String.fromCharCode(27);
const CODE = new RegExp(`${ESC}\\[[0-9;]+m`, 'gu');

describe('the terminal report', () => {
  it('is the same text with and without colours', () => {
    const coloured = renderTerminal(FIXTURE, { color: true, width: 100 });
    expect(coloured.match(CODE)).not.toBeNull();
    expect(coloured.replace(CODE, '')).toBe(renderTerminal(FIXTURE, { color: false, width: 100 }));
  });

  it('keeps prose within the width', () => {
    const long = renderTerminal(FIXTURE, { color: false, width: 60 })
      .split('\n')
      .filter((line) => line.startsWith('    ') && Array.from(line).length > 60);
    expect(long.filter((line) => !line.includes('https://') && !/:\d+:\d+ /u.test(line))).toEqual([]);
  });

  it('shows the end of what a candidate printed, not its beginning', () => {
    const output = Array.from({ length: 50 }, (_none, index) => `line ${index}`).join('\n');
    const text = renderTerminal(
      report([
        server({
          decision: 'undecided',
          facts: null,
          output,
          indecisions: [{ code: 'internal', message: 'x' }],
        }),
      ]),
      { color: false, width: 80 },
    );
    expect(text.match(/│ line \d+/gu)).toEqual(
      Array.from({ length: 20 }, (_none, index) => `│ line ${index + 30}`),
    );
  });

  it('breaks lines at blanks and leaves addresses whole', () => {
    expect(wrap('a bb ccc https://a.example/long', 6)).toEqual(['a bb', 'ccc', 'https://a.example/long']);
    expect(wrap('x'.repeat(700), 50).map((line) => line.length)).toEqual([300, 300, 100]);
    expect(wrap('', 10)).toEqual([]);
  });
});
