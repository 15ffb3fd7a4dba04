import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Facts } from '../../../src/facts/facts.js';
import type { Evaluate, Evaluation } from '../../../src/policy/judging/evaluate.js';
import { type JudgingPolicies, type JudgingPolicy, judge } from '../../../src/policy/judging/judge.js';
import { loadPolicy, type PolicySet } from '../../../src/policy/load.js';
import type { Decision, Indecision, Rule } from '../../../src/policy/verdict.js';
import { builtinPack, faultlessFacts, folderOf, noCompiler } from '../kit.js';

let policy: PolicySet;
let facts: Facts;

beforeAll(async () => {
  policy = await loadPolicy({ pack: await builtinPack(), extra: [], compiler: noCompiler, cacheDir: null });
  facts = await faultlessFacts();
});

const rule: Rule = {
  id: 'acme/named',
  level: 'deny',
  title: 'Servers are named',
  description: 'Somebody must answer for them.',
  severity: 'high',
  remediation: 'Name it.',
  references: [],
  requirement: null,
  undecides: false,
  builtin: false,
  source: { file: 'acme.rego', line: 3 },
};

const set = {
  package: 'acme',
  name: 'deny',
  level: 'deny',
  builtin: false,
  rule: 'acme/named',
  file: 'acme.rego',
} as const;

/** A policy with one rule, whose answer the test decides. */
function scripted(evaluate: Evaluate, changes: Partial<JudgingPolicy> = {}): JudgingPolicies {
  const policyOfTest: JudgingPolicy = {
    rules: [rule],
    sets: [set],
    levels: new Map(),
    environment: null,
    waivers: [],
    terms: { maximumDays: 180, noticeDays: 14, waivableUntested: [] },
    evaluate,
    ...changes,
  };
  return { for: () => policyOfTest };
}

function answering(
  findings: readonly unknown[],
  evaluated: readonly string[] = ['acme/deny'],
  changes: Partial<JudgingPolicy> = {},
): JudgingPolicies {
  const answer = { findings: findings.map((finding) => ({ set: 'acme/deny', finding })), evaluated };
  return scripted(async () => ({ kind: 'answered', answer }), changes);
}

const thrower =
  (thrown: unknown): Evaluate =>
  () => {
    throw thrown;
  };

const says = (code: Indecision['code'], message: string): readonly Indecision[] => [{ code, message }];

describe('a faultless candidate', () => {
  it('is allowed with nothing to say', async () => {
    expect(await judge({ facts, policy })).toEqual({
      decision: 'allow',
      environment: null,
      findings: [],
      indecisions: [],
    });
  });

  it('gets the same bytes each time it is judged', async () => {
    const faulty = await echoing();
    const verdicts = [await judge({ facts: faulty, policy }), await judge({ facts: faulty, policy })];
    expect(JSON.stringify(verdicts[0])).toBe(JSON.stringify(verdicts[1]));
  });
});

async function echoing(): Promise<Facts> {
  const changed = await faultlessFacts();
  if (changed.protocol === null || changed.transport === null) throw new Error('the fixture has no facts');
  changed.protocol.unknownAnswer = { outcome: 'echo', answered: '2099-12-31', evidence: ['x12', 'x8'] };
  changed.protocol.oldestAccepted = '2024-11-05';
  changed.transport.crashes = [
    { experiment: 'batches', afterExchange: 'x9', exitCode: 1, signal: null, evidence: ['x10'] },
  ];
  return changed;
}

describe('a faulty candidate', () => {
  it('is denied with its findings, worst first', async () => {
    const { decision, findings, indecisions } = await judge({ facts: await echoing(), policy });
    expect({ decision, indecisions, findings: findings.map(({ rule: id, level }) => [id, level]) }).toEqual({
      decision: 'deny',
      indecisions: [],
      findings: [
        ['protocol/echoes-unknown-version', 'deny'],
        ['transport/crashes', 'deny'],
        ['protocol/accepts-below-minimum', 'warn'],
      ],
    });
  });

  it('is told what, why, where and what to do', async () => {
    const { findings } = await judge({ facts: await echoing(), policy });
    expect(findings[0]).toEqual({
      rule: 'protocol/echoes-unknown-version',
      level: 'deny',
      title: 'Versions that never existed are confirmed',
      message: 'Asked for an unknown version it confirmed a version that was never published.',
      severity: 'high',
      remediation:
        'Answer initialize with the requested version only if it is in the list of supported ones, else with the latest of that list.',
      references: [
        'https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle#version-negotiation',
      ],
      at: '/spec/run/command',
      evidence: ['x8', 'x12'],
      waiver: null,
      source: null,
    });
  });
});

describe('a run that could not test everything', () => {
  const cases: readonly (readonly [
    string,
    (facts: Facts) => void,
    readonly string[],
    readonly Indecision[],
  ])[] = [
    [
      'a probe that is inconclusive',
      (changed) => {
        changed.probes = changed.probes.map((probe) => ({ ...probe, status: 'inconclusive', reason: '429' }));
      },
      ['gate/probe-inconclusive'],
      [],
    ],
    [
      'a probe that broke',
      (changed) => {
        changed.probes = changed.probes.map((probe) => ({ ...probe, status: 'failed', reason: 'TypeError' }));
      },
      ['gate/probe-failed', 'gate/probe-failed'],
      [],
    ],
    [
      'a probe that did not report',
      (changed) => {
        changed.probes = changed.probes.slice(1);
      },
      ['gate/probe-missing'],
      says('probe-missing', 'The probe protocol did not report.'),
    ],
    [
      'a probe that reported twice',
      (changed) => {
        changed.probes = [...changed.probes, ...changed.probes.slice(1)];
      },
      [],
      says('probe-missing', 'The probe transport reported 2 times.'),
    ],
    [
      'a probe that reported no facts',
      (changed) => {
        changed.transport = null;
      },
      ['gate/probe-missing'],
      says('probe-missing', 'The probe transport reported no facts.'),
    ],
    [
      'no probe at all',
      (changed) => {
        changed.gate.probes = [];
      },
      [],
      says('no-probes', 'No probe was expected to report.'),
    ],
    [
      'a candidate that did not start',
      (changed) => {
        changed.candidate = { ...changed.candidate, started: false, failure: 'exited with code 1' };
        changed.probes = [];
        changed.protocol = null;
        changed.transport = null;
      },
      ['gate/candidate-not-started'],
      says('candidate-did-not-start', 'The candidate did not start: exited with code 1'),
    ],
  ];

  it.each(cases)('is undecided for %s', async (_, change, rules, indecisions) => {
    const changed = await faultlessFacts();
    change(changed);
    const verdict = await judge({ facts: changed, policy });
    expect({ ...verdict, findings: verdict.findings.map((finding) => finding.rule) }).toEqual({
      decision: 'undecided',
      environment: null,
      findings: rules,
      indecisions,
    });
  });

  it('is denied all the same when what was tested is bad enough', async () => {
    const changed = await echoing();
    changed.probes = changed.probes.map((probe) => ({ ...probe, status: 'inconclusive', reason: null }));
    expect((await judge({ facts: changed, policy })).decision).toBe('deny');
  });

  it('may be let through with a warning, where data says so', async () => {
    const changed = await faultlessFacts();
    changed.probes = changed.probes.map((probe) => ({ ...probe, status: 'inconclusive', reason: null }));
    const folder = await folderOf({
      'data.yaml': 'mcp: { rules: { gate/probe-inconclusive: { level: warn } } }',
    });
    const lenient = await loadPolicy({
      pack: await builtinPack(),
      extra: [folder],
      compiler: noCompiler,
      cacheDir: null,
    });
    const { decision, findings } = await judge({ facts: changed, policy: lenient });
    expect([decision, findings.map((finding) => finding.level)]).toEqual(['allow', ['warn']]);
  });

  it('is undecided without a report, even where data lowers the rule that says so', async () => {
    const changed = await faultlessFacts();
    changed.probes = [];
    const folder = await folderOf({
      'data.yaml': 'mcp: { rules: { gate/probe-missing: { level: notice } } }',
    });
    const lenient = await loadPolicy({
      pack: await builtinPack(),
      extra: [folder],
      compiler: noCompiler,
      cacheDir: null,
    });
    expect((await judge({ facts: changed, policy: lenient })).decision).toBe('undecided');
  });
});

describe('a policy that answers badly', () => {
  const broken: readonly (readonly [string, JudgingPolicies, readonly Indecision[]])[] = [
    [
      'throws an error',
      scripted(thrower(new Error('boom'))),
      says('evaluation-failed', 'The policy could not be evaluated: boom'),
    ],
    [
      'throws a string',
      scripted(thrower('boom')),
      says('evaluation-failed', 'The policy could not be evaluated: boom'),
    ],
    [
      'throws an object with a message',
      scripted(thrower({ message: 'not implemented: built-in function 3' })),
      says('evaluation-failed', 'The policy could not be evaluated: not implemented: built-in function 3'),
    ],
    [
      'throws an object without one',
      scripted(thrower({ code: 7 })),
      says('evaluation-failed', 'The policy could not be evaluated: {"code":7}'),
    ],
    [
      'throws nothing',
      scripted(thrower(undefined)),
      says('evaluation-failed', 'The policy could not be evaluated: undefined'),
    ],
    [
      'rejects',
      scripted(() => Promise.reject(null)),
      says('evaluation-failed', 'The policy could not be evaluated: null'),
    ],
    [
      'has no rules',
      answering([], ['acme/deny'], { rules: [] }),
      says('no-rules', 'There is no rule to judge by.'),
    ],
    ['evaluated nothing', answering([], []), says('malformed-answer', 'acme/deny was not evaluated.')],
    [
      'evaluated something else',
      answering([], ['acme/deny', 'other/deny']),
      says('malformed-answer', '"other/deny" was evaluated, and is not known.'),
    ],
  ];

  it.each(broken)('leaves it undecided when it %s', async (_, policyOfTest, indecisions) => {
    expect(await judge({ facts, policy: policyOfTest })).toEqual({
      decision: 'undecided',
      environment: null,
      findings: [],
      indecisions,
    });
  });

  const unreadable: readonly (readonly [string, unknown, string])[] = [
    ['a number', 7, 'Invalid input: expected object, received number'],
    ['nothing', null, 'Invalid input: expected object, received null'],
    ['an empty string', ' ', 'message: must say something'],
    [
      'an object without a message',
      { rule: 'acme/named' },
      'must have exactly one of message, detail and msg',
    ],
    [
      'a message and a detail',
      { message: 'a', detail: 'b' },
      'must have exactly one of message, detail and msg',
    ],
    ['a misspelt key', { mesage: 'a', message: 'b' }, 'Unrecognized key: "mesage"'],
    ['a rule without an area', { rule: 'named', message: 'a' }, 'rule: must look like "acme/no-secrets"'],
    [
      'a place that is no pointer',
      { at: 'spec', message: 'a' },
      'at: must be a JSON pointer into the manifest, like /spec/transport',
    ],
    [
      'a place with a line break',
      { at: '/spec\n::error::', message: 'a' },
      'at: must be a JSON pointer into the manifest, like /spec/transport',
    ],
    [
      'evidence that is no exchange',
      { evidence: ['<b>'], message: 'a' },
      'evidence.0: must be ids of exchanges or elicitations, like x41 or e1',
    ],
  ];

  it.each(unreadable)('leaves it undecided when a finding is %s', async (_, finding, problem) => {
    expect(await judge({ facts, policy: answering([finding]) })).toEqual({
      decision: 'undecided',
      environment: null,
      findings: [],
      indecisions: says('malformed-answer', `A finding of acme/deny cannot be read: ${problem}`),
    });
  });

  const shapes: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['a list', []],
    ['findings alone', { findings: [] }],
    ['more than was asked', { findings: [], evaluated: ['acme/deny'], allow: true }],
    ['findings as an object', { findings: {}, evaluated: ['acme/deny'] }],
  ];

  it.each(shapes)('leaves it undecided when the answer is %s', async (_, answer) => {
    const verdict = await judge({ facts, policy: scripted(async () => ({ kind: 'answered', answer })) });
    expect([verdict.decision, verdict.findings, verdict.indecisions.map((each) => each.code)]).toEqual([
      'undecided',
      [],
      ['malformed-answer'],
    ]);
  });

  it('still denies by the findings that can be read', async () => {
    const { decision, findings, indecisions } = await judge({ facts, policy: answering(['unnamed', 7]) });
    expect([decision, findings.map((finding) => finding.message), indecisions.length]).toEqual([
      'deny',
      ['unnamed'],
      1,
    ]);
  });

  it('is told when a built-in set names a rule that does not exist', async () => {
    const builtin = answering([{ rule: 'acme/other', message: 'a' }], ['acme/deny'], {
      sets: [{ ...set, builtin: true }],
    });
    expect((await judge({ facts, policy: builtin })).indecisions).toEqual(
      says('malformed-answer', 'A finding of acme/deny names the rule acme/other, which does not exist.'),
    );
  });

  it('cannot speak in the name of a built-in rule', async () => {
    const usurping = answering([{ message: 'a' }], ['acme/deny'], {
      rules: [{ ...rule, builtin: true, undecides: true }],
    });
    expect((await judge({ facts, policy: usurping })).indecisions).toEqual(
      says('malformed-answer', 'A finding of acme/deny names acme/named, a rule of the built-in pack.'),
    );
  });
});

describe('a finding', () => {
  it('is cut short, keeps its evidence in order and once, and points at the name where it points nowhere', async () => {
    const finding = { message: `${'ä'.repeat(700)}\ud800`, evidence: ['x10', 'x9', 'x10'] };
    const { findings } = await judge({ facts, policy: answering([finding]) });
    expect(
      findings.map(({ message, evidence, at }) => [[...message].length, message.at(-1), evidence, at]),
    ).toEqual([[600, '…', ['x9', 'x10'], '/metadata/name']]);
  });

  it('is denied by its set and by nothing that it says', async () => {
    const decided: Decision[] = [];
    for (const level of ['warn', 'notice'] as const) {
      const lenient = answering(['unnamed'], ['acme/deny'], { sets: [{ ...set, level }] });
      decided.push((await judge({ facts, policy: lenient })).decision);
    }
    expect(decided).toEqual(['allow', 'allow']);
  });

  const levels: readonly (readonly ['deny' | 'warn' | 'notice' | 'off', Decision, readonly string[]])[] = [
    ['deny', 'deny', ['deny']],
    ['warn', 'allow', ['warn']],
    ['notice', 'allow', ['notice']],
    ['off', 'allow', []],
  ];

  it.each(levels)('has the level %s where data says so', async (level, decision, seen) => {
    const set_ = answering(['unnamed'], ['acme/deny'], { levels: new Map([['acme/named', level]]) });
    const verdict = await judge({ facts, policy: set_ });
    expect([verdict.decision, verdict.findings.map((finding) => finding.level)]).toEqual([decision, seen]);
  });
});

describe('an evaluation that already failed', () => {
  it('keeps its reason', async () => {
    const failure: Evaluation = {
      kind: 'failed',
      indecision: { code: 'missing-builtin', message: 'Nobody answers x.' },
    };
    expect(await judge({ facts, policy: scripted(async () => failure) })).toEqual({
      decision: 'undecided',
      environment: null,
      findings: [],
      indecisions: says('missing-builtin', 'Nobody answers x.'),
    });
  });
});
