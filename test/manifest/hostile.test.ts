import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readPlan } from '../../src/manifest/read.js';
import { type Files, inWorkspace, manifest, planOf, problemsFrom, problemsOf, STDIO } from './workspace.js';

const file = 'm.yaml';
const LAUGHS = [
  'a: &a [x, x, x, x, x, x, x, x, x]',
  ...'bcdefghi'.split('').map((name, index) => `${name}: &${name} [${'abcdefgh'.charAt(index)}]`),
]
  .join('\n')
  .replace(
    /\[([a-h])\]/g,
    (_, name: string) => `[${Array.from({ length: 9 }, () => `*${name}`).join(', ')}]`,
  );

const WIDE = `big: &big [${Array.from({ length: 400 }, () => '1').join(',')}]\nmany: [${Array.from({ length: 60 }, () => '*big').join(',')}]\n`;

const cases: readonly (readonly [string, string | Uint8Array, readonly object[]])[] = [
  [
    'a syntax error',
    'a: [1\nb: 2\n',
    [
      {
        file,
        line: 2,
        column: 1,
        message:
          'not valid YAML: Flow sequence in block collection must be sufficiently indented and end with a ]',
      },
    ],
  ],
  [
    'an exponential number of aliases',
    LAUGHS,
    [
      {
        file,
        line: 3,
        column: 8,
        message: 'more than 100 aliases in one document',
        suggestion: 'write the values out',
      },
    ],
  ],
  [
    'few aliases of something large',
    WIDE,
    [
      {
        file,
        line: 1,
        column: 610,
        message: 'more than 20000 values in one document, aliases counted each time',
      },
    ],
  ],
  [
    'an alias of what holds it',
    'a: &a\n  b: *a\n',
    [{ file, line: 2, column: 6, message: 'the alias *a contains itself' }],
  ],
  [
    'an alias of nothing',
    'a: *b\n',
    [{ file, line: 1, column: 4, message: 'the alias *b has no anchor &b before it' }],
  ],
  [
    'a merge key',
    `${manifest(STDIO)}<<: { extra: 1 }\n`,
    [
      {
        file,
        line: 7,
        column: 1,
        message: 'merge keys (<<) are not supported',
        suggestion: 'write the entries out',
      },
    ],
  ],
  [
    'a __proto__ key',
    manifest(`${STDIO}  __proto__: { lock: x }\n`),
    [{ file, line: 7, column: 3, message: 'the key "__proto__" is not allowed' }],
  ],
  [
    'a key given twice',
    `${manifest(STDIO)}kind: Other\n`,
    [
      {
        file,
        line: 7,
        column: 1,
        message: 'the key "kind" is given twice',
        suggestion: 'remove one; the first is in line 2',
      },
    ],
  ],
  [
    'keys that are no names',
    '? [a]\n: 1\n? \n: 2\n',
    [
      {
        file,
        line: 1,
        column: 3,
        message: 'a key is not a name',
        expected: 'a string',
        seen: 'something else',
      },
      { file, line: 3, column: 3, message: 'a key is not a name', expected: 'a string', seen: 'nothing' },
    ],
  ],
  [
    'a number that JSON has no word for',
    'a: .inf\n',
    [{ file, line: 1, column: 4, message: 'Infinity has no place in JSON', expected: 'a finite number' }],
  ],
  [
    'a tag',
    'a: !!js/function x\n',
    [
      {
        file,
        line: 1,
        column: 4,
        message: 'not valid YAML: Unresolved tag: tag:yaml.org,2002:js/function',
      },
    ],
  ],
  [
    'another version of YAML',
    `%YAML 1.1\n---\n${manifest(STDIO)}`,
    [
      {
        file,
        line: 2,
        column: 1,
        message: 'only YAML 1.2 is understood',
        suggestion: 'remove the %YAML directive',
      },
    ],
  ],
  [
    'too deep a nesting',
    '['.repeat(100_000),
    [{ file, line: 1, column: 1, message: 'nested deeper than 64 levels' }],
  ],
  [
    'too deep a nesting in blocks',
    '- '.repeat(100_000),
    [{ file, line: 1, column: 1, message: 'nested deeper than 64 levels' }],
  ],
  [
    'too many documents',
    '--- 1\n'.repeat(201),
    [{ file, line: 201, column: 1, message: 'more than 200 documents in one file' }],
  ],
  [
    'too large a file',
    ' '.repeat(256 * 1024 + 1),
    [{ file, line: 1, column: 1, message: 'larger than 256 KiB' }],
  ],
  [
    'nothing',
    '',
    [{ file, line: 1, column: 1, message: 'the file is empty', expected: 'a manifest or an mcp.json' }],
  ],
  [
    'nothing but comments and separators',
    '# nothing\n---\n---\n# more\n',
    [{ file, line: 1, column: 1, message: 'the file is empty', expected: 'a manifest or an mcp.json' }],
  ],
  [
    'bytes that are not text',
    Uint8Array.from([0x61, 0xff, 0xfe]),
    [{ file, line: 1, column: 1, message: 'not UTF-8 text', suggestion: 'save the file as UTF-8' }],
  ],
];

describe('a hostile file', () => {
  it.each(cases)('with %s is refused at its place', async (_, content, problems) => {
    expect(await problemsOf({ [file]: content })).toEqual(problems);
  });

  it('cannot bury the first problems under thousands of others', async () => {
    const many = Array.from({ length: 3000 }, (_, index) => `x${index}: 1\n`).join('');
    const problems = await problemsOf({ [file]: manifest(STDIO) + many });
    expect(problems).toHaveLength(101);
    expect(problems[0]).toMatchObject({ line: 7, message: 'unknown key x0' });
    expect(problems[100]).toEqual({
      file,
      line: 107,
      column: 1,
      message: '2900 more problems from here on are not shown',
    });
  });

  it('with names from Object.prototype is read as any other', async () => {
    const labels = 'metadata: { name: a, labels: { constructor: x, toString: y, hasOwnProperty: z } }';
    const text = manifest(STDIO).replace(/metadata:.*/, labels);
    const plan = await planOf({ [file]: text });
    expect(Object.entries(plan.servers[0]?.labels ?? {})).toEqual([
      ['constructor', 'x'],
      ['toString', 'y'],
      ['hasOwnProperty', 'z'],
    ]);
  });

  it('that lacks a field has no use of what every object inherits', async () => {
    const text = manifest('  run: { command: [node] }\n  transport: { type: constructor }\n  toString: 1\n');
    const problems = await problemsOf({ [file]: text });
    expect(problems.map((problem) => problem.message)).toEqual([
      'spec.transport.type is not right',
      'unknown key spec.toString',
    ]);
  });
});

describe('what is not a readable file', () => {
  const at = { line: 1, column: 1 };
  it('is refused with the reason', async () => {
    const files: Files = { 'folder/x': '' };
    const problems = await inWorkspace(files, async (cwd) => {
      execFileSync('mkfifo', [join(cwd, 'fifo')]);
      return problemsFrom(readPlan(['missing.yaml', 'folder', 'fifo', '../missing'], { cwd, env: {} }));
    });
    const suggestion = 'check the path; it is relative to the working directory';
    const expected = 'a manifest or an mcp.json';
    expect(problems).toEqual([
      { file: 'missing.yaml', ...at, message: 'cannot be read: it does not exist', suggestion },
      { file: 'folder', ...at, message: 'not a regular file', expected },
      { file: 'fifo', ...at, message: 'not a regular file', expected },
      { file: '../missing', ...at, message: 'cannot be read: it does not exist', suggestion },
    ]);
  });
});
