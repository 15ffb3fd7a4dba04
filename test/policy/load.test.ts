import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Compiler } from '../../src/policy/compiler/compiler.js';
import { CompilerCrash } from '../../src/policy/compiler/contract.js';
import { createEvaluate } from '../../src/policy/judging/evaluate.js';
import { judge } from '../../src/policy/judging/judge.js';
import { type LoadOptions, loadPolicy, type PolicySet } from '../../src/policy/load.js';
import type { Verdict } from '../../src/policy/verdict.js';
import { builtinPack, compiler, faultlessFacts, folderOf, noCompiler, problemsOf } from './kit.js';

async function loaded(
  files: Readonly<Record<string, string>>,
  options: Partial<LoadOptions> = {},
): Promise<PolicySet> {
  const cwd = await folderOf(files);
  return loadPolicy({
    pack: await builtinPack(),
    extra: [cwd],
    compiler: () => compiler,
    cacheDir: null,
    cwd,
    ...options,
  });
}

async function judged(files: Readonly<Record<string, string>>): Promise<Verdict> {
  return judge({ facts: await faultlessFacts(), policy: await loaded(files) });
}

const rego = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

describe('without policies of the user', () => {
  it('the compiler is never started', async () => {
    const policy = await loaded(
      { 'strict.yaml': 'mcp: { config: { minimumProtocolVersion: "2025-11-25" } }' },
      { compiler: noCompiler },
    );
    expect(policy.data).toEqual({
      mcp: {
        config: {
          minimumProtocolVersion: '2025-11-25',
          preferredProtocolVersion: '2025-11-25',
          stdoutNoiseLimit: 500,
          waiverMaximumDays: 180,
          waiverNoticeDays: 14,
          waivableUntested: [],
          sessionBinding: 'principal',
          maximumTaskLifeMs: 86_400_000,
          elicitationWildcards: false,
          elicitationLoopback: false,
        },
        allowedElicitationOrigins: [],
        rules: { 'protocol/accepts-below-minimum': { level: 'warn' } },
        waivers: [],
        environments: {},
      },
    });
  });

  it('data changes the verdict and the digest', async () => {
    const facts = await faultlessFacts();
    const plain = await loadPolicy({
      pack: await builtinPack(),
      extra: [],
      compiler: noCompiler,
      cacheDir: null,
    });
    const strict = await loaded(
      {
        'data.yaml': rego(
          'mcp:',
          '  config: { minimumProtocolVersion: "2026-07-28", preferredProtocolVersion: "2026-07-28" }',
          '  rules: { protocol/accepts-below-minimum: { level: deny } }',
        ),
      },
      { compiler: noCompiler },
    );
    const verdict = await judge({ facts, policy: strict });
    expect([verdict.decision, verdict.findings.map((finding) => [finding.rule, finding.level])]).toEqual([
      'deny',
      [['protocol/accepts-below-minimum', 'deny']],
    ]);
    expect(strict.digest).not.toBe(plain.digest);
    expect(plain.digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('a policy of the user', () => {
  it('denies by a rule of its own, with the words of its METADATA', async () => {
    const source = rego(
      'package acme.naming',
      '',
      '# METADATA',
      '# title: Servers carry an owner',
      '# description: Somebody must answer for them.',
      '# related_resources: ["https://acme.example/owners"]',
      '# custom: { id: acme/owner, severity: low, remediation: Add the label owner. }',
      'deny contains finding if {',
      '\tnot input.candidate.labels.owner',
      '\tfinding := {"at": "/metadata/labels", "message": $"{input.candidate.name} has no owner."}',
      '}',
    );
    const { decision, findings, indecisions } = await judged({ 'naming.rego': source });
    expect({ decision, findings, indecisions }).toEqual({
      decision: 'deny',
      indecisions: [],
      findings: [
        {
          rule: 'acme/owner',
          level: 'deny',
          title: 'Servers carry an owner',
          message: 'billing has no owner.',
          severity: 'low',
          remediation: 'Add the label owner.',
          references: ['https://acme.example/owners'],
          at: '/metadata/labels',
          evidence: [],
          waiver: null,
          source: null,
        },
      ],
    });
  });

  it('may be written for Conftest: package main, strings, objects with msg, names with a suffix', async () => {
    const source = rego(
      'package main',
      '',
      'deny contains "no" if input.candidate.started',
      '',
      'violation contains {"msg": "never", "details": {"port": 80}} if input.candidate.started',
      '',
      'warn_slow contains msg if {',
      '\tinput.candidate.readyMs > 10',
      '\tmsg := "slow"',
      '}',
    );
    const { findings } = await judged({ 'main.rego': source });
    expect(
      findings.map(({ rule, level, title, severity, message, remediation }) => [
        rule,
        level,
        title,
        severity,
        message,
        remediation,
      ]),
    ).toEqual([
      ['main/deny', 'deny', 'main/deny', 'high', 'no', 'Ask whoever owns main.rego.'],
      ['main/violation', 'deny', 'main/violation', 'high', 'never', 'Ask whoever owns main.rego.'],
      ['main/warn_slow', 'warn', 'main/warn_slow', 'medium', 'slow', 'Ask whoever owns main.rego.'],
    ]);
  });

  it('may be written for Conftest in several files of one package, with sprintf', async () => {
    const findings = (
      await judged({
        'a.rego': rego(
          'package main',
          '',
          'import rego.v1',
          '',
          'deny contains msg if {',
          '\tmsg := "no"',
          '}',
        ),
        'b.rego': rego(
          'package main',
          '',
          'warn contains msg if {',
          '\tmsg := sprintf("%s!", ["slow"])',
          '}',
        ),
      })
    ).findings;
    expect(findings.map(({ rule, level, message }) => [rule, level, message])).toEqual([
      ['main/deny', 'deny', 'no'],
      ['main/warn', 'warn', 'slow!'],
    ]);
  });

  it('stays undecided when a finding for Conftest says nothing, or a finding of ours is misspelt', async () => {
    const wordless = rego('package main', '', 'violation contains {"msg": "", "details": {}} if true');
    const misspelt = rego('package main', '', 'deny contains {"message": "x", "evidnce": []} if true');
    const verdicts = [await judged({ 'a.rego': wordless }), await judged({ 'a.rego': misspelt })];
    expect(
      verdicts.map(({ decision, indecisions }) => [decision, indecisions.map((each) => each.message)]),
    ).toEqual([
      ['undecided', ['A finding of main/violation cannot be read: msg: must say something']],
      ['undecided', ['A finding of main/deny cannot be read: Unrecognized key: "evidnce"']],
    ]);
  });

  it('is asked for sets below its package too', async () => {
    const source = rego('package acme', '', 'limits.deny contains "slow" if input.candidate.started');
    expect(
      (await judged({ 'limits.rego': source })).findings.map(({ rule, level }) => [rule, level]),
    ).toEqual([['acme/limits.deny', 'deny']]);
  });

  it('reads its own data and may be switched off by data', async () => {
    const source = rego(
      'package acme.limits',
      '',
      'deny contains "slow" if input.candidate.readyMs > data.acme.readyMs',
    );
    const on = await judged({ 'limits.rego': source, 'data.json': '{"acme": {"readyMs": 10}}' });
    const off = await judged({
      'limits.rego': source,
      'data.json': '{"acme": {"readyMs": 10}}',
      'levels.yml': 'mcp: { rules: { acme.limits/deny: { level: "off" } } }',
    });
    expect([on.decision, off.decision]).toEqual(['deny', 'allow']);
  });

  it('sees one clock, which stands still at the start of the run', async () => {
    const source = rego(
      'package acme.clock',
      '',
      'notice contains $"{time.now_ns()}" if true',
      '',
      'notice contains $"{input.gate.startedAtMs}" if true',
    );
    const { findings } = await judged({ 'clock.rego': source });
    expect(findings.map((finding) => finding.message)).toEqual(['1795392000000', '1795392000000000000']);
  });

  it('may call a pure built-in that WASM lacks', async () => {
    const source = rego(
      'package acme.semver',
      '',
      'deny contains "old" if semver.compare("1.2.3", "1.10.0") < 0',
    );
    expect((await judged({ 'semver.rego': source })).findings.map((finding) => finding.message)).toEqual([
      'old',
    ]);
  });

  it('leaves the run undecided when such a built-in fails, instead of denying nothing', async () => {
    const source = rego(
      'package acme.semver',
      '',
      'deny contains "old" if semver.compare(input.candidate.name, "1.10.0") < 0',
    );
    const { decision, findings, indecisions } = await judged({ 'semver.rego': source });
    expect([decision, findings, indecisions.map((each) => each.code), indecisions[0]?.message]).toEqual([
      'undecided',
      [],
      ['evaluation-failed'],
      expect.stringMatching(/^The policy could not be evaluated: semver\.compare: /),
    ]);
  });

  it('does not take its own tests along', async () => {
    const policy = await loaded({
      'own.rego': rego('package own', '', 'deny contains "x" if false'),
      'own_test.rego': rego(
        'package own_test',
        '',
        'deny contains "from a test" if true',
        '',
        'this does not even parse',
      ),
    });
    expect(policy.sets.filter((set) => !set.builtin).map((set) => set.package)).toEqual(['own']);
  });
});

describe('a policy that cannot be compiled', () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string>>, readonly string[]])[] = [
    [
      'does not parse',
      { 'a.rego': rego('package a', '', 'deny contains "x" if {', '\ttrue') },
      ['a.rego:5:1: unexpected eof token'],
    ],
    [
      'uses a variable that is nowhere bound',
      { 'a.rego': rego('package a', '', 'deny contains "x" if inputt.candidate.started') },
      ['a.rego:3:22: var inputt is unsafe'],
    ],
    [
      'misspells a fact',
      { 'a.rego': rego('package a', '', 'deny contains "x" if input.protocol.bestt == "y"') },
      ['a.rego:3:22: undefined ref: input.protocol.bestt'],
    ],
    [
      'misspells a fact of a list',
      {
        'a.rego': rego(
          'package a',
          '',
          'deny contains "x" if {',
          '\tsome claim in input.protocol.claims',
          '\tclaim.observd',
          '}',
        ),
      },
      ['a.rego:5:2: undefined ref: claim.observd'],
    ],
    [
      'calls a function that does not exist',
      { 'a.rego': rego('package a', '', 'deny contains "x" if strings.shout("y")') },
      ['a.rego:3:22: undefined function strings.shout'],
    ],
    [
      'calls the network',
      { 'a.rego': rego('package a', '', 'deny contains "x" if http.send({})') },
      [
        'a.rego:3:22: http.send is refused: a policy sees facts, not the network; let a probe record the fact, or pass it as data',
      ],
    ],
    [
      'denies with something that is no set',
      { 'a.rego': rego('package a', '', 'deny if input.candidate.started') },
      ['a.rego:3:1: deny must be a set of findings: write "deny contains finding if { … }".'],
    ],
    [
      'says nothing that would be asked',
      { 'a.rego': rego('package a', '', 'default allow := false', '', 'allow if input.candidate.started') },
      [
        'a.rego:1:1: None of these policies has a deny, warn or notice: write "deny contains finding if { … }".',
      ],
    ],
    [
      "exempts rules as Conftest's exceptions do",
      {
        'a.rego': rego(
          'package main',
          '',
          'deny_root contains "x" if true',
          '',
          'exception contains rules if {',
          '\trules := ["root"]',
          '}',
        ),
      },
      [
        "a.rego:5:1: Conftest's exceptions do not count here: write a waiver, which has an owner and an end, into mcp.waivers.",
      ],
    ],
    [
      'moves into a package of the gate',
      { 'a.rego': rego('package mcp.protocol', '', 'completed if true') },
      ['a.rego:1:1: The package mcp.protocol belongs to the gate; use one of your own, like mcp.acme.'],
    ],
    [
      'hides data of the gate',
      { 'a.rego': rego('package mcp.config', '', 'minimumProtocolVersion := "2024-11-05"') },
      ['a.rego:1:1: The package mcp.config belongs to the gate; use one of your own, like mcp.acme.'],
    ],
    [
      'takes the id of another rule',
      {
        'a.rego': rego(
          'package a',
          '',
          '# METADATA',
          '# custom: { id: protocol/cloaking }',
          'deny contains "x" if true',
        ),
      },
      [
        expect.stringMatching(
          /^a\.rego:5:1: The rule id protocol\/cloaking is taken by mcp-gate:protocol\.rego:\d+; choose another one\.$/,
        ) as unknown as string,
      ],
    ],
    [
      'misspells a severity',
      {
        'a.rego': rego(
          'package a',
          '',
          '# METADATA',
          '# custom: { id: a/b, severity: hgih }',
          'deny contains "x" if true',
        ),
      },
      [
        'a.rego:5:1: METADATA custom.severity is "hgih"; expected one of critical, high, medium, low. Did you mean "high"?',
      ],
    ],
    [
      'has an id without an area',
      { 'a.rego': rego('package a', '', '# METADATA', '# custom: { id: b }', 'deny contains "x" if true') },
      ['a.rego:5:1: METADATA custom.id is "b"; expected an id like "acme/no-secrets": lower case, one slash'],
    ],
  ];

  it.each(cases)('is the mistake of its author when it %s', async (_, files, expected) => {
    const problems = await problemsOf(() => loaded(files));
    const told = problems.map(({ file, row, col, message }) => `${file}:${row}:${col}: ${message}`);
    expect(told).toEqual(
      expected.map((each) => (typeof each === 'string' ? expect.stringContaining(each) : each)),
    );
  });

  it('is our mistake when the compiler breaks', async () => {
    const broken: Compiler = {
      ...compiler,
      check: async () => ({ kind: 'crashed', crash: new CompilerCrash('out of memory') }),
    };
    await expect(loaded({ 'a.rego': rego('package a') }, { compiler: () => broken })).rejects.toThrow(
      new CompilerCrash('out of memory'),
    );
  });
});

describe('the cache of compiled policies', () => {
  const files = { 'a.rego': rego('package a', '', 'deny contains "x" if input.candidate.started') };

  it('spares the compiler for the same sources, and gives the same verdict', async () => {
    const cacheDir = await folderOf({});
    const cwd = await folderOf(files);
    const options = { pack: await builtinPack(), extra: [cwd], cacheDir, cwd };
    const facts = await faultlessFacts();
    const first = await judge({ facts, policy: await loadPolicy({ ...options, compiler: () => compiler }) });
    const second = await judge({ facts, policy: await loadPolicy({ ...options, compiler: noCompiler }) });
    expect(second).toEqual(first);
    expect(first.findings.map((finding) => finding.rule)).toEqual(['a/deny']);
  });

  it('knows other sources, and another compiler, from these', async () => {
    const cacheDir = await folderOf({});
    const cwd = await folderOf(files);
    const pack = await builtinPack();
    await loadPolicy({ pack, extra: [cwd], cacheDir, cwd, compiler: () => compiler });
    await expect(
      loadPolicy({
        pack: { ...pack, compiler: 'another' },
        extra: [cwd],
        cacheDir,
        cwd,
        compiler: noCompiler,
      }),
    ).rejects.toThrow('the compiler was started');
    await writeFile(
      join(cwd, 'a.rego'),
      rego('package a', '', 'deny contains "y" if input.candidate.started'),
    );
    await expect(loadPolicy({ pack, extra: [cwd], cacheDir, cwd, compiler: noCompiler })).rejects.toThrow(
      'the compiler was started',
    );
  });

  it.each(['json', 'wasm'])('compiles again when its %s was damaged', async (ending) => {
    const cacheDir = await folderOf({});
    const cwd = await folderOf(files);
    const options = { pack: await builtinPack(), extra: [cwd], cacheDir, cwd };
    await loadPolicy({ ...options, compiler: () => compiler });
    const kept = (await readdir(cacheDir)).filter((name) => name.endsWith(ending));
    for (const name of kept) await writeFile(join(cacheDir, name), '{}');
    await expect(loadPolicy({ ...options, compiler: noCompiler })).rejects.toThrow(
      'the compiler was started',
    );
  });
});

describe('a module that wants more than its host has', () => {
  it('is refused before it is asked', async () => {
    const built = await compiler.build({
      modules: {
        'a.rego': rego(
          'package mcp_gate',
          '',
          'answer := {"old": semver.compare("1.0.0", "2.0.0")} if input.never',
        ),
      },
      entrypoints: ['mcp_gate/answer'],
    });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    const evaluate = createEvaluate({ wasm: built.value.wasm, data: {}, builtins: [], compiler: noCompiler });
    expect(await evaluate(await faultlessFacts())).toEqual({
      kind: 'failed',
      indecision: {
        code: 'missing-builtin',
        message: 'Nobody answers the built-in semver.compare that the policy calls.',
      },
    });
  });

  it('gives no answer when its entry point is undefined', async () => {
    const built = await compiler.build({
      modules: { 'a.rego': rego('package mcp_gate', '', 'answer := 1 if input.gate.version == "never"') },
      entrypoints: ['mcp_gate/answer'],
    });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    const evaluate = createEvaluate({ wasm: built.value.wasm, data: {}, builtins: [], compiler: noCompiler });
    expect(await evaluate(await faultlessFacts())).toEqual({
      kind: 'failed',
      indecision: {
        code: 'malformed-answer',
        message: 'The policy gave 0 answers; exactly one is expected.',
      },
    });
  });

  it('is loaded anew after it broke', async () => {
    const built = await compiler.build({
      modules: {
        'a.rego': rego(
          'package mcp_gate',
          '',
          'answer := 1 if input.candidate.name == "quiet"',
          '',
          'answer := 2 if input.candidate.started',
        ),
      },
      entrypoints: ['mcp_gate/answer'],
    });
    if (built.kind !== 'done') throw new Error(JSON.stringify(built));
    const evaluate = createEvaluate({ wasm: built.value.wasm, data: {}, builtins: [], compiler: noCompiler });
    const facts = await faultlessFacts();
    const clashing = { ...facts, candidate: { ...facts.candidate, name: 'quiet' } };
    const kinds = [await evaluate(facts), await evaluate(clashing), await evaluate(facts)].map((each) =>
      each.kind === 'answered' ? each.answer : each.indecision.code,
    );
    expect(kinds).toEqual([2, 'evaluation-failed', 2]);
  });
});
