import { describe, expect, it } from '@jest/globals';
import { mergeData, readData } from '../../src/policy/data.js';
import { loadPolicy } from '../../src/policy/load.js';
import { describe as describeProblem } from '../../src/policy/problem.js';
import { builtinData, builtinPack, folderOf, noCompiler, problemsOf } from './kit.js';

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
      'a list at the top',
      '- mcp\n',
      ['data.yaml:1:1: Policy data must be a mapping at the top, like "mcp: …".'],
    ],
    ['a key twice', 'mcp: {}\nmcp: {}\n', ['data.yaml:2:1: Map keys must be unique']],
    [
      'a key that JavaScript would act on',
      'acme: { __proto__: { admin: true } }\n',
      ['data.yaml:1:1: The key "__proto__" is not allowed in policy data.'],
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
