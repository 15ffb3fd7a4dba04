/** What is thrown at the edge: whose fault it is, and that its text, which anybody may have written, does nothing in a log. */
import { describe, expect, it } from '@jest/globals';
import { toFailure, UsageError } from '../../src/commands/failure.js';
import { ManifestError } from '../../src/manifest/problem.js';
import { PolicyError } from '../../src/policy/problem.js';

const HOSTILE = 'a\n::error::pwned \u001b[31m';
const SHOWN = 'a\\n::error::pwned \\u{1b}[31m';

describe('a failure', () => {
  it.each([
    ['a string', 'stack overflow', 'stack overflow'],
    ['a plain object, as the OPA host throws', { message: 'no built-in' }, '{"message":"no built-in"}'],
    ['nothing', undefined, 'undefined'],
    ['what JSON cannot show', { value: 1n }, 'something that cannot be shown was thrown'],
  ])('that was thrown as %s is the gate’s own', (_name, thrown, shown) => {
    expect(toFailure(thrown)).toEqual({
      exitCode: 3,
      problems: [
        {
          text: `the gate itself failed: ${shown}`,
          message: `the gate itself failed: ${shown}`,
          file: null,
          line: null,
          column: null,
        },
      ],
    });
  });

  it.each([
    [
      'a manifest',
      new ManifestError([{ file: HOSTILE, line: 1, column: 2, message: HOSTILE }]),
      `${SHOWN}:1:2: ${SHOWN}`,
    ],
    [
      'a policy',
      new PolicyError([{ file: HOSTILE, row: 1, col: 2, message: HOSTILE, details: [HOSTILE] }]),
      `${SHOWN}:1:2: ${SHOWN}\n  ${SHOWN}`,
    ],
    ['an input', new UsageError(HOSTILE), 'a\n\\u{3a}:error::pwned \\u{1b}[31m'],
  ])('of %s does nothing in a log', (_name, thrown, text) => {
    const { exitCode, problems } = toFailure(thrown);
    expect([exitCode, problems.map((problem) => problem.text)]).toEqual([2, [text]]);
  });
});
