import { describe, expect, it } from '@jest/globals';
import { mergeData, readData } from '../../../src/policy/data/data.js';
import { loadPolicy } from '../../../src/policy/load.js';
import { describe as describeProblem } from '../../../src/policy/problem.js';
import { builtinData, builtinPack, folderOf, noCompiler, problemsOf } from '../kit.js';

async function told(
  files: Readonly<Record<string, string>>,
  extra?: readonly string[],
): Promise<readonly string[]> {
  const cwd = await folderOf(files);
  const pack = await builtinPack();
  const problems = await problemsOf(() =>
    loadPolicy({ pack, extra: extra ?? [cwd], compiler: noCompiler, cacheDir: null, cwd }),
  );
  return problems.map(describeProblem);
}

/** Policy data that allows one origin. */
const allowing = (origin: string, more = ''): string =>
  `mcp:\n  allowedElicitationOrigins: [{ origin: "${origin}", ${more === '' ? '' : `${more}, `}reviewedBy: a, reason: b, expires: "2027-01-31" }]\n`;

describe('data that the gate cannot use', () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a misspelt threshold',
      'mcp:\n  config:\n    minimumProtocolVersoin: "2025-11-25"\n',
      [
        'data.yaml:3:5: mcp.config.minimumProtocolVersoin is not known. Did you mean "minimumProtocolVersion"?',
      ],
    ],
    [
      'a misspelt section',
      'mcp:\n  rule: {}\n',
      ['data.yaml:2:3: mcp.rule is not known. Did you mean "rules"?'],
    ],
    [
      'a version that was never published',
      'mcp:\n  config: { minimumProtocolVersion: "2025-06-19" }\n',
      [
        'data.yaml:2:13: mcp.config.minimumProtocolVersion: Invalid option: expected one of "2024-11-05"|"2025-03-26"|"2025-06-18"|"2025-11-25"|"2026-07-28".',
      ],
    ],
    [
      'a threshold that is nothing',
      'mcp:\n  config: { minimumProtocolVersion: null }\n',
      [
        'data.yaml:2:13: mcp.config.minimumProtocolVersion: Invalid option: expected one of "2024-11-05"|"2025-03-26"|"2025-06-18"|"2025-11-25"|"2026-07-28".',
      ],
    ],
    [
      'thresholds that are nothing',
      'mcp:\n  config:\n',
      ['data.yaml:2:3: mcp.config: Invalid input: expected object, received null.'],
    ],
    [
      'a minimum above the preferred version',
      'mcp: { config: { minimumProtocolVersion: "2026-07-28" } }\n',
      [
        'data.yaml:1:18: minimumProtocolVersion 2026-07-28 is newer than preferredProtocolVersion 2025-11-25; raise the preferred one too.',
      ],
    ],
    [
      'the level of a rule that does not exist',
      'mcp:\n  rules:\n    protocol/cloakign: { level: warn }\n',
      ['data.yaml:3:5: There is no rule protocol/cloakign. Did you mean "protocol/cloaking"?'],
    ],
    [
      'a level that does not exist',
      'mcp: { rules: { protocol/cloaking: { level: error } } }\n',
      [
        'data.yaml:1:38: mcp.rules.protocol/cloaking.level: Invalid option: expected one of "deny"|"warn"|"notice"|"off".',
      ],
    ],
    [
      'a setting of a rule that does not exist',
      'mcp: { rules: { protocol/cloaking: { levl: warn, level: warn } } }\n',
      ['data.yaml:1:38: mcp.rules.protocol/cloaking.levl is not known. Did you mean "level"?'],
    ],
    [
      'switching off what says that nothing was tested',
      'mcp: { rules: { gate/probe-inconclusive: { level: "off" } } }\n',
      [
        'data.yaml:1:44: gate/probe-inconclusive cannot be off: what was not tested must be seen. Set warn or notice.',
      ],
    ],
    [
      'an origin without who looked at it, until when, and why',
      'mcp:\n  allowedElicitationOrigins:\n    - origin: https://connect.example.com\n',
      [
        'data.yaml:3:7: mcp.allowedElicitationOrigins.0.reviewedBy: ',
        'data.yaml:3:7: mcp.allowedElicitationOrigins.0.reason: ',
        'data.yaml:3:7: mcp.allowedElicitationOrigins.0.expires: ',
      ],
    ],
    [
      'a misspelt part of an allowed origin',
      allowing('https://connect.example.com', 'server: [billing]'),
      ['data.yaml:2:72: mcp.allowedElicitationOrigins.0.server is not known. Did you mean "servers"?'],
    ],
    [
      'an allowed origin for no server',
      allowing('https://connect.example.com', 'servers: []'),
      ['data.yaml:2:72: mcp.allowedElicitationOrigins.0.servers: '],
    ],
    ...(
      [
        ['http://connect.example.com', 'must begin with https://; http is only for this machine'],
        ['connect.example.com', 'must begin with https://.'],
        ['https://connect.example.com/', 'must be written as browsers do: https://connect.example.com.'],
        ['https://Connect.example.com:443', 'must be written as browsers do: https://connect.example.com.'],
        [
          'https://cönnect.example.com',
          'must be written as browsers do: https://xn--cnnect-wxa.example.com.',
        ],
        ['https://2130706433', 'must be written as browsers do: https://127.0.0.1.'],
        ['https://connect.*.example.com', 'may have * as its whole first label only'],
        ['https://*', 'may have * as its whole first label only'],
        ['https://*.com', 'must not be a wildcard for a public suffix or an address'],
        ['https://*.github.io', 'must not be a wildcard for a public suffix or an address'],
        ['https://', 'must be an origin such as https://connect.example.com'],
      ] as const
    ).map(([origin, why]): readonly [string, string, readonly string[]] => [
      `${origin} as an allowed origin`,
      allowing(origin),
      [`mcp.allowedElicitationOrigins.0.origin: ${why}`],
    ]),
    ...['2027-02-30', '31.01.2027', '2027-01-31T24:00:00Z', '2027-01-31T12:00:00+01:00', 'never'].map(
      (expires): readonly [string, string, readonly string[]] => [
        `${expires} as the end of an allowed origin`,
        allowing('https://connect.example.com').replace('2027-01-31', expires),
        ['mcp.allowedElicitationOrigins.0.expires: must be a day such as 2027-01-31'],
      ],
    ),
    [
      'a wildcard where wildcards are not allowed',
      allowing('https://*.example.com'),
      [
        'mcp.allowedElicitationOrigins: https://*.example.com is a wildcard, and config.elicitationWildcards is false',
      ],
    ],
    [
      'a list at the top',
      '- mcp\n',
      ['data.yaml:1:1: Policy data must be a mapping at the top, like "mcp: …".'],
    ],
    ['a key twice', 'mcp: {}\nmcp: {}\n', ['data.yaml:2:1: Map keys must be unique']],
    [
      'a key that JavaScript would act on',
      'acme: { __proto__: { admin: true } }\n',
      ['data.yaml:1:9: The key "__proto__" is not allowed in policy data.'],
    ],
    [
      'data where a rule stands',
      'mcp:\n  protocol:\n    deny: []\n',
      ['data.yaml:2:3: mcp.protocol is not known.'],
    ],
  ];

  it.each(cases)('is refused with its line: %s', async (_, text, expected) => {
    expect(await told({ 'data.yaml': text })).toEqual(expected.map((each) => expect.stringContaining(each)));
  });

  it('is none of these: origins that somebody has reviewed', async () => {
    const text = [
      'mcp:',
      '  config: { elicitationWildcards: true }',
      '  allowedElicitationOrigins:',
      '    - { origin: "https://connect.example.com", reviewedBy: a, reason: b, expires: 2027-01-31 }',
      '    - { origin: "https://connect.example.com:8443", servers: [a, b], reviewedBy: a, reason: b, expires: "2027-01-31T12:00:00Z" }',
      '    - { origin: "https://*.example.com", reviewedBy: a, reason: b, expires: 2028-02-29 }',
      '    - { origin: "https://xn--cnnect-wxa.example.com", reviewedBy: a, reason: b, expires: 2027-01-31 }',
    ].join('\n');
    const policy = await loadPolicy({
      pack: await builtinPack(),
      extra: [await folderOf({ 'data.yaml': text })],
      compiler: noCompiler,
      cacheDir: null,
    });
    expect(policy.data).toMatchObject({ mcp: { config: { elicitationWildcards: true } } });
  });

  it('is refused when it is no YAML', async () => {
    expect(await told({ 'data.yaml': 'mcp: [\n' })).toEqual([expect.stringMatching(/^data\.yaml:\d+:\d+: /)]);
  });

  it('is refused when it is not there', async () => {
    expect(await told({}, ['nowhere'])).toEqual(['nowhere: This path of --policies does not exist.']);
  });

  it('is refused when the folder holds nothing', async () => {
    expect(await told({ 'empty/readme.md': '' }, ['empty'])).toEqual([
      'empty: There is no policy (.rego) and no data (.yaml, .yml, .json) here.',
    ]);
  });

  it('is refused when two files set the same value', async () => {
    expect(
      await told({
        'a.yaml': 'mcp: { config: { minimumProtocolVersion: "2025-06-18" } }\n',
        'b.yaml': 'mcp:\n  config:\n    minimumProtocolVersion: "2025-06-18"\n',
      }),
    ).toEqual([
      'b.yaml:3:5: data.mcp.config.minimumProtocolVersion is set in a.yaml too; set it in one of them.',
    ]);
  });
});

describe('a hostile data file', () => {
  const problemOf = async (text: string): Promise<string> => {
    const [problem] = await problemsOf(() => readData('data.yaml', text));
    return problem === undefined ? '' : describeProblem(problem);
  };

  it.each([
    ['flow lists', `a: ${'['.repeat(100_000)}`],
    ['flow lists that are closed', `a: ${'['.repeat(20_000)}${']'.repeat(20_000)}`],
    ['flow mappings', `${'{a: '.repeat(20_000)}1${'}'.repeat(20_000)}`],
    ['lists in lists', `${'- '.repeat(20_000)}x`],
    [
      'mappings in mappings',
      Array.from({ length: 1_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
  ])('that nests too deeply is refused with its line, and does not end the process: %s', async (_, text) => {
    expect(await problemOf(text)).toMatch(/^data\.yaml:\d+:\d+: Nested deeper than 64 levels\.$/);
  });

  it('that nests by aliases is refused too', async () => {
    const deep = (inside: string): string => `${'['.repeat(30)}${inside}${']'.repeat(30)}`;
    const lines = [`a: &a ${deep('x')}`, `b: &b ${deep('*a')}`, `c: ${deep('*b')}`];
    expect(await problemOf(lines.join('\n'))).toMatch(/^data\.yaml:\d+:\d+: Nested deeper than 64 levels\.$/);
  });

  it('that multiplies by aliases is refused', async () => {
    const lines = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
    for (const [from, to] of ['ab', 'bc', 'cd', 'de', 'ef', 'fg']) {
      lines.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
    }
    expect(await problemOf(lines.join('\n'))).toBe(
      'data.yaml:1:1: Excessive alias count indicates a resource exhaustion attack',
    );
  });

  it.each([
    [
      'a number without end',
      'acme:\n  limit: .inf\n',
      'data.yaml:2:3: Infinity has no place in JSON; expected a finite number.',
    ],
    [
      'two documents',
      'a: 1\n---\nb: 2\n',
      'data.yaml:2:1: Policy data must be one document: remove the "---".',
    ],
    ['a type of its own', 'acme: !!set { a }\n', 'data.yaml:1:7: Unresolved tag: tag:yaml.org,2002:set'],
  ])('is refused with its line for %s', async (_, text, expected) => {
    expect(await problemOf(text)).toBe(expected);
  });
});

describe('merging', () => {
  const file = (name: string, text: string) => readData(name, text);

  it('merges mappings, and replaces lists and values of the defaults', () => {
    const defaults = { a: { x: 1, y: [1, 2] }, b: 'old' };
    const merged = mergeData(defaults, [
      file('a.yaml', 'a: { y: [3] }'),
      file('b.json', '{"b": "new", "c": {}}'),
    ]);
    expect(merged).toEqual({ a: { x: 1, y: [3] }, b: 'new', c: {} });
  });

  it('takes mappings that two files share and fill differently', () => {
    expect(mergeData({}, [file('a.yaml', 'a: { x: 1 }'), file('b.yaml', 'a: { y: 2 }')])).toEqual({
      a: { x: 1, y: 2 },
    });
  });

  it.each([
    ['value over mapping', 'a: { x: 1 }', 'a: 2'],
    ['mapping over value', 'a: 2', 'a: { x: 1 }'],
    ['list over list', 'a: [1]', 'a: [2]'],
  ])('refuses two files that disagree about the kind: %s', async (_, first, second) => {
    const problems = await problemsOf(() => mergeData({}, [file('a.yaml', first), file('b.yaml', second)]));
    expect(problems.map((problem) => problem.file)).toEqual(['b.yaml']);
  });

  it('leaves the defaults as they were', () => {
    const before = structuredClone(builtinData);
    mergeData(builtinData, [file('a.yaml', 'mcp: { rules: { protocol/cloaking: { level: warn } } }')]);
    expect(builtinData).toEqual(before);
  });

  it('reads an empty file as nothing', () => {
    expect(file('a.yaml', '# nothing yet\n').value).toEqual({});
  });
});
