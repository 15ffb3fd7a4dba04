import { describe, expect, it } from '@jest/globals';
import { expectedAndGot, type TestedPolicies, testPolicies } from '../../../src/policy/author/test.js';
import { compiler, faultlessFacts, problemsOf } from '../kit.js';
import { authoredOf } from './kit.js';

const POLICY = `package mcp.acme

deny contains finding if {
	input.protocol.best < data.mcp.config.minimumProtocolVersion
	finding := {"rule": "acme/old", "message": "It is old.", "at": "/spec"}
}

warn contains "no owner" if not input.candidate.labels.owner
`;

async function tested(tests: string, run = '', more: Readonly<Record<string, string>> = {}) {
  const source = `package mcp.acme_test\n\nimport data.mcp.acme\n\n${tests}`;
  const { authored } = await authoredOf({ 'acme.rego': POLICY, 'acme_test.rego': source, ...more });
  return testPolicies(authored, compiler, { run });
}

function results(outcome: TestedPolicies) {
  if (outcome.kind !== 'tested') throw new Error(JSON.stringify(outcome));
  return outcome;
}

/** What was expected and got by the only test. */
async function reasons(test: string): Promise<readonly string[]> {
  const { tests } = results(await tested(test));
  return expectedAndGot(tests[0]?.failedAt?.comparison);
}

const OLD = 'with input as {"protocol": {"best": "2024-11-05"}}';

describe('tests', () => {
  it('have the outcomes of opa test, and only the author has any', async () => {
    const { tests } = results(
      await tested(`test_a if true\n\ntest_b if false\n\ntodo_test_c if true\n\ntest_d if to_number("x")\n`),
    );

    expect(tests.map(({ name, outcome, file }) => [file, name, outcome])).toEqual([
      ['policies/acme_test.rego', 'test_a', 'pass'],
      ['policies/acme_test.rego', 'test_b', 'fail'],
      ['policies/acme_test.rego', 'todo_test_c', 'skip'],
      ['policies/acme_test.rego', 'test_d', 'fail'],
    ]);
  });

  it('are picked by a regular expression over package and name', async () => {
    const { tests } = results(await tested('test_a if true\n\ntest_ab if true\n', 'acme_test\\.test_a$'));

    expect(tests.map(({ name }) => name)).toEqual(['test_a']);
  });

  it('see the data of the gate with the author on top, and can replace it', async () => {
    const { tests } = results(
      await tested(
        `test_default if data.mcp.config.stdoutNoiseLimit == 7\n\ntest_with if data.mcp.config.stdoutNoiseLimit == 1 with data.mcp.config.stdoutNoiseLimit as 1\n`,
        '',
        { 'data.yaml': 'mcp: { config: { stdoutNoiseLimit: 7 } }\n' },
      ),
    );

    expect(tests.map(({ outcome }) => outcome)).toEqual(['pass', 'pass']);
  });

  it('see recorded facts by the name of their file', async () => {
    const facts = await faultlessFacts();
    const { tests } = results(
      await tested(`test_it if acme.warn == {"no owner"} with input as data.mcp.recorded.billing\n`, '', {
        'facts/billing.facts.json': JSON.stringify(facts),
      }),
    );

    expect(tests.map(({ outcome }) => outcome)).toEqual(['pass']);
  });

  it('see the rules of the built-in pack', async () => {
    const { tests } = results(await tested(`test_it if count(data.mcp.protocol.deny) == 1 ${OLD}\n`));

    expect(tests.map(({ outcome }) => outcome)).toEqual(['pass']);
  });

  it('are not run when they do not compile', async () => {
    const outcome = await tested('test_a if acme.dny == set()\n\ntest_b if input.protocol.bst\n');

    expect(outcome).toMatchObject({
      kind: 'wrong',
      complaints: [{ file: 'policies/acme_test.rego', row: 7, title: 'No such fact' }],
    });
  });

  it('refuse recorded facts of another version', async () => {
    const found = await problemsOf(() =>
      tested('test_a if true\n', '', { 'old.facts.json': '{"gate": {}}' }),
    );

    expect(found).toMatchObject([{ file: 'policies/old.facts.json', row: 1 }]);
    expect(found[0]?.message).toContain('Record them again');
  });

  it('refuse two recordings of one name', async () => {
    const text = JSON.stringify(await faultlessFacts());
    const found = await problemsOf(() =>
      tested('test_a if true\n', '', { 'a/x.facts.json': text, 'b/x.facts.json': text }),
    );

    expect(found).toMatchObject([
      {
        file: 'policies/b/x.facts.json',
        message: 'data.mcp.recorded["x"] is policies/a/x.facts.json already; rename one.',
      },
    ]);
  });
});

describe('a failing comparison', () => {
  it('tells expected from got, and the member of a set that differs', async () => {
    const test = `test_a if {\n\tacme.deny == {{"rule": "acme/old", "message": "It was old.", "at": "/spec"}} ${OLD}\n}\n`;

    expect(await reasons(test)).toEqual([
      'expected: {{"at":"/spec","message":"It was old.","rule":"acme/old"}}',
      'got: {{"at":"/spec","message":"It is old.","rule":"acme/old"}}',
      'at {…}.message: expected "It was old.", got "It is old."',
    ]);
  });

  it('takes the written side for the expected one', async () => {
    expect(await reasons('test_a if 3 == count([1])\n')).toEqual(['expected: 3', 'got: 1']);
  });

  it('tells what is missing and what is too much', async () => {
    expect(await reasons('test_a if {x | some x in [1, 2, 3]} == {1, 4}\n')).toEqual([
      'expected: {1,4}',
      'got: {1,2,3}',
      'at {…}: expected nothing, got 2',
      'at {…}: expected nothing, got 3',
      'at {…}: expected 4, got nothing',
    ]);
  });

  it('tells where two objects differ', async () => {
    expect(
      await reasons(
        'test_a if {\n\tx := {"a": [1, {"b": 2}], "c": 1}\n\tx == {"a": [1, {"b": 3}], "c": 1}\n}\n',
      ),
    ).toEqual([
      'expected: {"a":[1,{"b":3}],"c":1}',
      'got: {"a":[1,{"b":2}],"c":1}',
      'at a[1].b: expected 3, got 2',
    ]);
  });

  it('tells that a side is undefined', async () => {
    expect(await reasons('test_a if nothing == 3\n\nnothing := 3 if false\n')).toEqual([
      'expected: 3',
      'got: undefined',
    ]);
  });

  it('names other comparisons', async () => {
    expect(await reasons('test_a if count([1]) > 3\n')).toEqual(['expected >: 3', 'got: 1']);
    expect(await reasons('test_a if "x" in {"a"}\n')).toEqual(['expected in: {"a"}', 'got: "x"']);
  });

  it('says nothing where nothing was compared', async () => {
    expect(await reasons('test_a if not true\n')).toEqual([]);
    expect(expectedAndGot(undefined)).toEqual([]);
  });
});

describe('coverage', () => {
  it('is of the policies of the author', async () => {
    const { coverage } = results(await tested(`test_a if count(acme.deny) == 1 ${OLD}\n`));

    expect(coverage).toEqual({
      percentage: 75,
      files: {
        'policies/acme.rego': {
          percentage: 75,
          covered: [{ from: 3, to: 5 }],
          uncovered: [{ from: 8, to: 8 }],
        },
      },
    });
  });
});
