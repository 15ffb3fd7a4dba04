import { describe, expect, it } from '@jest/globals';
import { readPack } from '../../../src/policy/author/authored.js';
import { checkPolicies } from '../../../src/policy/author/check.js';
import { compiler } from '../kit.js';
import { checked, complaintsOf, smallPack } from './kit.js';

const rule = (body: string): string => `package mcp.acme\n\ndeny contains "no" if {\n${body}\n}\n`;

describe('policies that are right', () => {
  it('are counted with their tests', async () => {
    const files = {
      'acme.rego': rule('\tinput.protocol.best < data.mcp.config.minimumProtocolVersion'),
      'acme_test.rego':
        'package mcp.acme_test\n\nimport data.mcp.acme\n\ntest_no if acme.deny == {"no"} with input as {"protocol": {"best": "1"}}\n',
      'data.yaml': 'mcp: { rules: { acme/deny: { level: warn } } }\n',
    };

    expect(await checked(files)).toEqual({ complaints: [], modules: 1, tests: 1 });
  });
});

describe('Rego that does not compile', () => {
  it('names a misspelt fact with its place and the nearest name', async () => {
    expect(await complaintsOf({ 'acme.rego': rule('\tinput.protocol.bst == "2025-11-25"') })).toEqual([
      'policies/acme.rego:4:2 error: undefined ref: input.protocol.bst. Did you mean "best"?',
    ]);
  });

  it('lists the facts there are when none is near', async () => {
    const [complaint] = await complaintsOf({ 'acme.rego': rule('\tinput.candidate.tea') });

    expect(complaint).toMatch(
      /^policies\/acme\.rego:4:2 error: undefined ref: input\.candidate\.tea\. There is: /,
    );
  });

  it('names a misspelt fact behind an unused import', async () => {
    const source = `package mcp.acme\n\nimport data.mcp.place\n\ndeny contains "no" if input.protocol.bst\n`;

    expect(await complaintsOf({ 'acme.rego': source })).toEqual([
      'policies/acme.rego:3:1 error: import data.mcp.place unused',
      'policies/acme.rego:5:23 error: undefined ref: input.protocol.bst. Did you mean "best"?',
    ]);
  });

  it('names the function that was meant', async () => {
    expect(await complaintsOf({ 'acme.rego': rule('\tcont(input.probes) > 1') })).toEqual([
      'policies/acme.rego:4:2 error: undefined function cont. Did you mean "count"?',
    ]);
  });

  it('refuses a built-in by name and line, with what to use instead', async () => {
    expect(await complaintsOf({ 'acme.rego': rule('\trand.intn("a", 2) == 1') })).toEqual([
      'policies/acme.rego:4:2 error: rand.intn is refused: two runs on the same facts must agree; derive the value from input or data.',
    ]);
  });

  it('is reported together with data that is wrong, in the order of files', async () => {
    const files = {
      'z.rego': 'package z\n\np := 08\n',
      'a.yaml': 'mcp: { config: { minimumProtcolVersion: "2025-06-18" } }\n',
    };

    const places = (await complaintsOf(files)).map((line) => line.replace(/: .*/, ''));
    expect([...new Set(places)]).toEqual(['policies/a.yaml:1:18 error', 'policies/z.rego:3:6 error']);
  });

  it('is found in tests too', async () => {
    const files = {
      'acme.rego': rule('\tinput.protocol.best == "x"'),
      'acme_test.rego': 'package mcp.acme_test\n\ntest_no if input.protocol.bst\n',
    };

    expect(await complaintsOf(files)).toEqual([
      'policies/acme_test.rego:3:12 error: undefined ref: input.protocol.bst. Did you mean "best"?',
    ]);
  });
});

describe('policies that the gate would refuse', () => {
  it.each([
    [
      'a package of the gate',
      { 'a.rego': 'package mcp.protocol\n\ndeny contains "x" if true\n' },
      'belongs to the gate',
    ],
    [
      'no set of findings',
      { 'a.rego': 'package acme\n\nallow if true\n' },
      'None of these policies has a deny',
    ],
    [
      'METADATA with a severity that is none',
      {
        'a.rego':
          'package acme\n\n# METADATA\n# custom: {id: a/b, severity: hihg}\ndeny contains "x" if true\n',
      },
      'Did you mean "high"?',
    ],
    [
      'a rule that does not exist',
      { 'a.yaml': 'mcp: { rules: { protocol/odl: { level: off } } }\n' },
      'Did you mean "protocol/old"?',
    ],
    [
      'a level that is none',
      { 'a.yaml': 'mcp: { rules: { protocol/old: { level: deyn } } }\n' },
      'mcp.rules.protocol/old.level',
    ],
  ])('%s', async (_, files, words) => {
    const [complaint, ...more] = await complaintsOf(files as Readonly<Record<string, string>>);

    expect(more).toEqual([]);
    expect(complaint).toContain(words);
    expect(complaint).toMatch(/^policies\/a\.(rego|yaml):[1-9]/);
  });
});

describe('data that nobody supplies', () => {
  const warned = (body: string): Promise<readonly string[]> => complaintsOf({ 'acme.rego': rule(body) });

  it('is a warning, with the name of the data that was meant', async () => {
    expect(await warned('\tinput.protocol.best < data.mcp.config.minimumProtcolVersion')).toEqual([
      'policies/acme.rego:4:24 warning: data.mcp.config.minimumProtcolVersion is neither a rule nor in the data, so it is undefined. Did you mean "minimumProtocolVersion"?',
    ]);
  });

  it('is a warning, with the name of the rule that was meant', async () => {
    expect(await warned('\tcount(data.mcp.protocol.denny) > 0')).toEqual([
      'policies/acme.rego:4:8 warning: data.mcp.protocol.denny is neither a rule nor in the data, so it is undefined. Did you mean "deny"?',
    ]);
  });

  it('is none where data files have it, inside lists too', async () => {
    const files = {
      'acme.rego': rule(
        '\tsome owner in data.acme.owners\n\towner.name == "x"\n\tdata.acme.owners[0].name == "x"',
      ),
      'data.yaml': 'acme: { owners: [{ name: x }] }\n',
    };

    expect(await complaintsOf(files)).toEqual([]);
  });
});

describe('the built-in pack alone', () => {
  it('is checked from what ships when its sources do not', async () => {
    const pack = await smallPack();
    const authored = await readPack(pack, { cwd: '.', home: null });

    expect(await checkPolicies(authored, compiler, { pack, extra: null, cwd: '.' })).toEqual({
      complaints: [],
      modules: 1,
      tests: 0,
    });
  });
});
