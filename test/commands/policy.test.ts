/** The policy author's commands: exit codes, streams and words, called in this process with the built pack of dist/. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../../src/commands/program.js';

const cache = mkdtempSync(join(tmpdir(), 'mcp-gate-author-cache-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

let cwd = '';
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), 'mcp-gate-author-'));
});
afterEach(() => rm(cwd, { recursive: true, force: true }));

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function gate(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  let out = '';
  let err = '';
  const code = await run(['policy', ...args], {
    cwd,
    env: { XDG_CACHE_HOME: cache, ...env },
    dist: new URL('../../dist/', import.meta.url),
    style: { color: false, width: 100 },
    interactive: false,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

async function write(files: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    await writeFile(join(cwd, name), text);
  }
}

const RULE = `package acme

# METADATA
# scope: rule
# title: It is old
# description: Too old for us.
# custom: {id: acme/old, severity: low, requirement: ACME 1, remediation: Update it.}
deny contains {"rule": "acme/old", "message": "It is old."} if input.protocol.best < "2025-11-25"
`;

const test = (message: string): string => `package acme_test

import data.acme

test_old if acme.deny == {{"rule": "acme/old", "message": "${message}"}} with input as {"protocol": {"best": "2025"}}
`;

describe('policy check', () => {
  it('exits 0 and counts what it checked', async () => {
    await write({ 'p/acme.rego': RULE, 'p/acme_test.rego': test('It is old.') });

    expect(await gate(['check', 'p'])).toEqual({
      code: 0,
      out: '1 policy file, 1 test file: nothing wrong\n',
      err: '',
    });
  });

  it('exits 2 with file, row and column, and annotates the line of the Rego', async () => {
    await write({ 'p/acme.rego': RULE.replace('protocol.best', 'protocol.bets') });
    const { code, out } = await gate(['check', 'p'], { GITHUB_ACTIONS: 'true' });

    expect(code).toBe(2);
    expect(out.split('\n').filter((line) => !line.startsWith(' '))).toEqual([
      'p/acme.rego:8:64: undefined ref: input.protocol.bets. Did you mean "best"?',
      '1 policy file, 0 test files: 1 error',
      expect.stringMatching(
        /^::error title=No such fact,file=p\/acme\.rego,line=8,col=64::undefined ref: input\.protocol\.bets\. Did you mean "best"\?%0Ainput\.protocol\.bets%0A/,
      ),
      '',
    ]);
  });

  it('writes JSON and nothing else when asked', async () => {
    await write({ 'p/acme.rego': 'package acme\n\ndeny contains "x" if data.acme.lmit\n' });
    const { code, out } = await gate(['check', 'p', '--json'], { GITHUB_ACTIONS: 'true' });

    expect(code).toBe(0);
    expect(JSON.parse(out)).toEqual({
      problems: [
        {
          kind: 'warning',
          title: 'No such data',
          file: 'p/acme.rego',
          row: 3,
          col: 22,
          message:
            'data.acme.lmit is neither a rule nor in the data, so it is undefined. Put it into a data file, or mend the name.',
        },
      ],
      policies: 1,
      tests: 0,
    });
  });

  it('exits 2 for a path that does not exist', async () => {
    const { code, err } = await gate(['check', 'nowhere']);

    expect([code, err]).toEqual([2, expect.stringContaining('nowhere: This path')]);
  });

  it('shows at most ten annotations of a level, and how many more there are', async () => {
    const rules = Array.from({ length: 13 }, (_, n) => `deny contains "${n}" if input.nope${n}\n`);
    await write({ 'p/acme.rego': `package acme\n\n${rules.join('\n')}` });
    const { out } = await gate(['check', 'p'], { GITHUB_ACTIONS: 'true' });
    const commands = out.split('\n').filter((line) => line.startsWith('::'));

    expect(commands).toHaveLength(10);
    expect(commands[9]).toContain('title=and 4 more errors');
  });

  it('lets nothing in a policy write a workflow command', async () => {
    await write({ 'p/acme.rego': 'package acme\n\ndeny contains "x" if input["::error::a\\n::error::b"]\n' });
    const { out } = await gate(['check', 'p']);

    expect(out.split('\n').filter((line) => /^\s*::/.test(line))).toEqual([]);
  });
});

describe('policy test', () => {
  it('exits 0 when all pass, names them when asked, and writes JUnit', async () => {
    await write({ 'p/acme.rego': RULE, 'p/acme_test.rego': test('It is old.') });
    const { code, out } = await gate([
      'test',
      'p',
      '--verbose',
      '--threshold',
      '100',
      '--junit',
      'out/t.xml',
    ]);

    expect(code).toBe(0);
    expect(out.replace(/\d+\.\d ms/, 'T ms')).toBe(
      'PASS  p/acme_test.rego:5  data.acme_test.test_old (T ms)\n1 of 1 tests passed\n100.0% of the policies covered, expected at least 100%\n',
    );
    expect(readFileSync(join(cwd, 'out/t.xml'), 'utf8').replace(/time="[\d.]+"/g, 'time="T"')).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="mcp-gate policy test" tests="1" failures="0" errors="0" skipped="0">',
        '  <testsuite name="data.acme_test" tests="1" failures="0" errors="0" skipped="0" time="T" file="p/acme_test.rego">',
        '    <testcase classname="data.acme_test" name="test_old" file="p/acme_test.rego" line="5" time="T"/>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });

  it('exits 1 with expected and got, on the line that failed', async () => {
    await write({ 'p/acme.rego': RULE, 'p/acme_test.rego': test('It was old.') });
    const { code, out } = await gate(['test', 'p', '--junit', 't.xml'], { GITHUB_ACTIONS: 'true' });

    expect(code).toBe(1);
    expect(out.replace(/\d+\.\d ms/, 'T ms').split('\n')).toEqual([
      'FAIL  p/acme_test.rego:5  data.acme_test.test_old (T ms)',
      '      p/acme_test.rego:5:13',
      '      expected: {{"message":"It was old.","rule":"acme/old"}}',
      '      got: {{"message":"It is old.","rule":"acme/old"}}',
      '      at {…}.message: expected "It was old.", got "It is old."',
      '0 of 1 tests passed, 1 failed',
      '::error title=test_old fails,file=p/acme_test.rego,line=5,col=13::expected: {{"message":"It was old.","rule":"acme/old"}}%0Agot: {{"message":"It is old.","rule":"acme/old"}}%0Aat {…}.message: expected "It was old.", got "It is old."',
      '',
    ]);
    expect(readFileSync(join(cwd, 't.xml'), 'utf8')).toContain('<failure message="expected: ');
  });

  it('exits 1 below the threshold, and annotates what no test reaches', async () => {
    await write({
      'p/acme.rego': `${RULE}\nwarn contains "x" if input.candidate.readyMs > 5\n`,
      'p/acme_test.rego': test('It is old.'),
    });
    const { code, out } = await gate(['test', 'p', '--threshold', '80'], { GITHUB_ACTIONS: 'true' });

    expect(code).toBe(1);
    expect(out.split('\n')).toEqual([
      '1 of 1 tests passed',
      'p/acme.rego:10: no test reaches this',
      '50.0% of the policies covered, expected at least 80%',
      '::warning title=No test reaches this,file=p/acme.rego,line=10,col=1::Line 10 is not evaluated by any test. Add one that makes the rule true, and one that does not.',
      '',
    ]);
  });

  it('exits 2 when it does not compile, when there is no test, and for a pattern that is none', async () => {
    await write({ 'p/acme.rego': RULE, 'q/acme.rego': 'package q\n\np := 08\n' });
    const ended = [
      await gate(['test', 'q']),
      await gate(['test', 'p']),
      await gate(['test', 'p', '--run', '(']),
      await gate(['test', 'p', '--threshold', '101']),
    ];

    expect(ended.map(({ code }) => code)).toEqual([2, 2, 2, 2]);
    expect(ended.map(({ err }) => err.split('\n')[0])).toEqual([
      expect.stringMatching(/^q\/acme\.rego:3:6: /),
      'mcp-gate: There is no test here. Expected rules named test_… in files named *_test.rego.',
      expect.stringContaining('--run: expected a regular expression'),
      expect.stringContaining('Expected a percentage from 0 to 100'),
    ]);
  });

  it('exits 0 where all tests are skipped, as OPA does, and 2 where a folder has none at all', async () => {
    await write({
      'p/a_test.rego': 'package a_test\n\ntodo_test_a if false\n',
      'q/acme.rego': RULE,
      'r/notes.txt': 'nothing',
    });
    const ended = [await gate(['test', 'p']), await gate(['test', 'q']), await gate(['test', 'r'])];

    expect(ended.map(({ code }) => code)).toEqual([0, 2, 2]);
    expect(ended[0]?.out).toContain('0 of 1 tests passed, 1 skipped\n');
    expect(ended.slice(1).map(({ err }) => err.split('\n')[0])).toEqual([
      'mcp-gate: There is no test here. Expected rules named test_… in files named *_test.rego.',
      expect.stringMatching(/^mcp-gate: /u),
    ]);
  });

  it('shows what tests print', async () => {
    await write({ 'p/a_test.rego': 'package a_test\n\ntest_a if {\n\tprint("seen", 1)\n\tfalse\n}\n' });

    expect((await gate(['test', 'p'])).out).toContain('      printed: seen 1\n');
  });
});

describe('policy format', () => {
  const untidy = 'package a\n\ndeny contains "x" if   input.protocol.best=="x"\n';
  const tidy = 'package a\n\ndeny contains "x" if input.protocol.best == "x"\n';

  it('writes on stdout, and with --write to the file', async () => {
    await write({ 'p/a.rego': untidy });

    expect(await gate(['format', 'p'])).toEqual({ code: 0, out: tidy, err: '' });
    expect(await gate(['format', 'p', '--write'])).toEqual({
      code: 0,
      out: 'p/a.rego\n1 of 1 file written\n',
      err: '',
    });
    expect(readFileSync(join(cwd, 'p/a.rego'), 'utf8')).toBe(tidy);
  });

  it('exits 1 with --check, naming the first line that is not as it should be', async () => {
    await write({ 'p/a.rego': untidy, 'p/b.rego': tidy });
    const { code, out } = await gate(['format', '--check', 'p'], { GITHUB_ACTIONS: 'true' });

    expect(code).toBe(1);
    expect(out).toMatch(
      /^p\/a\.rego:3:1: Not formatted .*\n1 of 2 files to format\n::error title=Not formatted,file=p\/a\.rego,line=3,/,
    );
    expect(readFileSync(join(cwd, 'p/a.rego'), 'utf8')).toBe(untidy);
  });

  it('exits 2 for what is no Rego, for no path, and for both options', async () => {
    await write({ 'p/a.rego': 'package a\n\np := 08\n' });
    const ended = [
      await gate(['format', 'p']),
      await gate(['format']),
      await gate(['format', 'p', '--check', '--write']),
    ];

    expect(ended.map(({ code }) => code)).toEqual([2, 2, 2]);
  });
});

describe('policy build', () => {
  it('writes the same bundle twice, and says its digests', async () => {
    await write({ 'p/acme.rego': RULE });
    const first = await gate(['build', 'p', '-o', 'a.tar.gz', '--json']);
    const again = await gate(['build', 'p', '-o', 'b.tar.gz', '--json']);
    const { file, ...said } = JSON.parse(first.out);

    expect([first.code, file]).toEqual([0, 'a.tar.gz']);
    expect(JSON.parse(again.out)).toEqual({ file: 'b.tar.gz', ...said });
    expect(readFileSync(join(cwd, 'a.tar.gz')).equals(readFileSync(join(cwd, 'b.tar.gz')))).toBe(true);
  });

  it('exits 2 and writes nothing when it does not compile', async () => {
    await write({ 'p/acme.rego': 'package a\n\np := 08\n' });
    const { code, err } = await gate(['build', 'p', '-o', 'a.tar.gz']);

    expect([code, existsSync(join(cwd, 'a.tar.gz'))]).toEqual([2, false]);
    expect(err).toMatch(/p\/acme\.rego:3:6/);
  });
});

describe('policy rules', () => {
  it('has the user’s rules among the others, with what data and METADATA say', async () => {
    await write({ 'p/acme.rego': RULE, 'p/data.yaml': 'mcp: { rules: { acme/old: { level: warn } } }\n' });
    const asTable = await gate(['rules', 'p']);
    const asMarkdown = await gate(['rules', 'p', '--format', 'markdown']);
    const asJson = await gate(['rules', 'p', '--format', 'json']);
    const own = JSON.parse(asJson.out).find((rule: { readonly id: string }) => rule.id === 'acme/old');

    expect(own).toEqual({
      id: 'acme/old',
      level: 'warn',
      levelFrom: 'data',
      severity: 'low',
      requirement: 'ACME 1',
      title: 'It is old',
      description: 'Too old for us.',
      remediation: 'Update it.',
      references: [],
      builtin: false,
      source: { file: 'p/acme.rego', line: 8 },
    });
    expect(asTable.out).toMatch(/^acme\/old +warn \(by data\) +low +ACME 1 +It is old$/m);
    expect(asMarkdown.out).toContain('**It is old** · warn (by data) · low · ACME 1');
  });

  it('exits 2 for an environment that the data does not name', async () => {
    const { code, err } = await gate(['rules', '--environment', 'production']);

    expect([code, err]).toEqual([
      2,
      expect.stringContaining('--environment: the data has nothing for "production".'),
    ]);
  });
});
