import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Facts } from '../../../src/facts/facts.js';
import type { WaiverEntry } from '../../../src/policy/data/waiver.js';
import type { Attributed } from '../../../src/policy/judging/answer.js';
import { type JudgingPolicies, type JudgingPolicy, judge } from '../../../src/policy/judging/judge.js';
import { type Waiving, waive } from '../../../src/policy/judging/waive.js';
import type { Finding, Rule } from '../../../src/policy/verdict.js';
import { faultlessFacts } from '../kit.js';

const NOW = Date.parse('2026-11-23T12:00:00Z');
const DAY = 86_400_000;

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
const untested: Rule = { ...rule, id: 'acme/untested', undecides: true };
const RULES = [rule, untested];

const finding = (changes: Partial<Finding> = {}): Finding => ({
  rule: rule.id,
  level: 'deny',
  title: rule.title,
  message: 'It has no name.',
  severity: 'high',
  remediation: 'Name it.',
  references: [],
  at: '/spec/run/command',
  evidence: [],
  waiver: null,
  source: null,
  ...changes,
});

const found = (...findings: readonly Finding[]): readonly Attributed[] =>
  findings.map((each) => ({
    finding: each,
    rule: RULES.find(({ id }) => id === each.rule) ?? { ...rule, id: each.rule },
  }));

const waiver = (changes: Partial<WaiverEntry> = {}): WaiverEntry => ({
  rule: 'acme/named',
  server: 'billing',
  at: null,
  reason: 'It is renamed in spring.',
  owner: 'alice@example.com',
  ticket: 'SEC-1',
  expires: '2027-01-31',
  environment: null,
  source: { file: 'policy/waivers.yaml', line: 4, column: 7 },
  ...changes,
});

const waiving = (changes: Partial<Waiving> = {}): Waiving => ({
  found: found(finding()),
  complete: true,
  waivers: [waiver()],
  terms: { maximumDays: 180, noticeDays: 14, waivableUntested: [] },
  rules: RULES,
  levels: new Map(),
  server: 'billing',
  now: NOW,
  ...changes,
});

/** `rule: level` of each finding, those that are waived with who did it. */
const outline = (result: readonly Attributed[]): readonly string[] =>
  result.map(({ finding: { rule: id, level, waiver: given } }) =>
    given === null ? `${id}: ${level}` : `${id}: ${level}, waived by ${given.owner}`,
  );

const said = (result: readonly Attributed[]): readonly string[] =>
  result
    .filter(({ finding: { rule: id } }) => id.startsWith('gate/waiver-'))
    .map(({ finding: { rule: id, level, message } }) => `${id} (${level}): ${message}`);

describe('a waiver that holds', () => {
  it('is laid over the finding, with everything that readers need, and says nothing else', () => {
    expect(waive(waiving()).map((each) => each.finding)).toEqual([
      finding({
        waiver: {
          owner: 'alice@example.com',
          reason: 'It is renamed in spring.',
          ticket: 'SEC-1',
          expires: '2027-01-31',
        },
      }),
    ]);
  });

  it('covers every finding of its rule, whatever their level, and none of another', () => {
    const all = found(finding(), finding({ at: '/spec', level: 'warn' }), finding({ rule: 'acme/other' }));
    expect(outline(waive(waiving({ found: all })))).toEqual([
      'acme/named: deny, waived by alice@example.com',
      'acme/named: warn, waived by alice@example.com',
      'acme/other: deny',
    ]);
  });

  it('covers only the place that it names, where it names one', () => {
    const all = found(finding({ at: '/spec' }), finding({ at: '/spec/run' }));
    expect(outline(waive(waiving({ found: all, waivers: [waiver({ at: '/spec' })] })))).toEqual([
      'acme/named: deny, waived by alice@example.com',
      'acme/named: deny',
    ]);
  });

  it('is the one that ends last, where several cover a finding; the others are not called unused', () => {
    const waivers = [
      waiver({ owner: 'bob', expires: '2027-01-30' }),
      waiver({ owner: 'carol', expires: '2027-02-01' }),
      waiver({ owner: 'dave', expires: '2027-01-31' }),
    ];
    expect(outline(waive(waiving({ waivers })))).toEqual(['acme/named: deny, waived by carol']);
  });
});

describe('the end of a waiver', () => {
  const at = (now: string, expires: string | null): readonly string[] =>
    outline(waive(waiving({ now: Date.parse(now), waivers: [waiver({ owner: 'alice', expires })] })));

  const cases: readonly (readonly [string, string, string | null, readonly string[]])[] = [
    [
      'holds to the last millisecond of its day in UTC, and is mentioned before',
      '2027-01-31T23:59:59.999Z',
      '2027-01-31',
      ['acme/named: deny, waived by alice', 'gate/waiver-ending: notice'],
    ],
    [
      'is over when the next day begins',
      '2027-02-01T00:00:00Z',
      '2027-01-31',
      ['acme/named: deny', 'gate/waiver-expired: warn'],
    ],
    [
      'may be an instant with an offset',
      '2027-01-31T15:59:59.999Z',
      '2027-01-31T18:00:00+02:00',
      ['acme/named: deny, waived by alice', 'gate/waiver-ending: notice'],
    ],
    [
      'is over at its instant',
      '2027-01-31T16:00:00Z',
      '2027-01-31T18:00:00+02:00',
      ['acme/named: deny', 'gate/waiver-expired: warn'],
    ],
    [
      'may be as far away as the maximum',
      '2026-11-23T00:00:00Z',
      '2027-05-22',
      ['acme/named: deny, waived by alice'],
    ],
    [
      'may not be a day further',
      '2026-11-23T00:00:00Z',
      '2027-05-23',
      ['acme/named: deny', 'gate/waiver-invalid: warn'],
    ],
    ['must be there', '2026-11-23T00:00:00Z', null, ['acme/named: deny', 'gate/waiver-invalid: warn']],
    [
      'is mentioned from the configured number of days on',
      '2027-01-18T00:00:00Z',
      '2027-01-31',
      ['acme/named: deny, waived by alice', 'gate/waiver-ending: notice'],
    ],
    ['is not mentioned before', '2027-01-17T23:59:59Z', '2027-01-31', ['acme/named: deny, waived by alice']],
  ];

  it.each(cases)('%s', (_, now, expires, expected) => {
    expect(at(now, expires)).toEqual(expected);
  });

  it('allows no waiver at all where the maximum is 0 days', () => {
    const terms = { maximumDays: 0, noticeDays: 14, waivableUntested: [] };
    const waivers = ['2026-11-23', '2026-11-24'].map((expires) => waiver({ expires }));
    expect(outline(waive(waiving({ terms, waivers })))).toEqual([
      'acme/named: deny',
      'gate/waiver-invalid: warn',
      'gate/waiver-invalid: warn',
    ]);
  });
});

describe('what is said about waivers', () => {
  const messages: readonly (readonly [string, Partial<WaiverEntry>, Partial<Waiving>, string])[] = [
    [
      'has no end',
      { expires: null },
      {},
      'gate/waiver-invalid (warn): The waiver of acme/named by alice@example.com has no end ("expires"), so it covers nothing.',
    ],
    [
      'ends too late',
      { expires: '2036-01-01' },
      {},
      'gate/waiver-invalid (warn): The waiver of acme/named by alice@example.com ends at the end of 2036-01-01 (UTC), more than 180 days from now (mcp.config.waiverMaximumDays), so it covers nothing.',
    ],
    [
      'is for what could not be tested',
      { rule: 'acme/untested' },
      { found: [] },
      'gate/waiver-invalid (warn): The waiver of acme/untested by alice@example.com covers nothing: the rule says that something could not be tested, and mcp.config.waivableUntested does not name it.',
    ],
    [
      'is for a waiver',
      { rule: 'gate/waiver-expired' },
      { found: [] },
      'gate/waiver-invalid (warn): The waiver of gate/waiver-expired by alice@example.com covers nothing: what is said about waivers cannot be waived.',
    ],
    [
      'has ended, and what it covered is still there',
      { expires: '2026-11-20' },
      { found: found(finding(), finding({ at: '/spec' })) },
      'gate/waiver-expired (warn): The waiver of acme/named by alice@example.com ended at the end of 2026-11-20 (UTC); 2 findings count again.',
    ],
    [
      'has ended, and nothing is left',
      { expires: '2026-11-20T10:00:00Z' },
      { found: [] },
      'gate/waiver-expired (warn): The waiver of acme/named by alice@example.com ended at 2026-11-20T10:00:00Z; nothing that counts is left of what it covered.',
    ],
    [
      'has ended, and nobody knows what is left',
      { expires: '2026-11-20' },
      { found: [], complete: false },
      'gate/waiver-expired (warn): The waiver of acme/named by alice@example.com ended at the end of 2026-11-20 (UTC).',
    ],
    [
      'covers nothing',
      {},
      { found: [] },
      'gate/waiver-unused (warn): The waiver of acme/named by alice@example.com covers no finding: the rule found nothing.',
    ],
    [
      'covers nothing at its place',
      { at: '/spec/transport' },
      {},
      'gate/waiver-unused (warn): The waiver of acme/named at /spec/transport by alice@example.com covers no finding: the rule found nothing at /spec/transport.',
    ],
    [
      'covers nothing because its rule is off',
      {},
      { found: [], levels: new Map([['acme/named', 'off']]) },
      'gate/waiver-unused (warn): The waiver of acme/named by alice@example.com covers no finding: the rule is off.',
    ],
    [
      'is for a rule that does not exist',
      { rule: 'acme/nmaed' },
      {},
      'gate/waiver-unused (warn): The waiver of acme/nmaed by alice@example.com covers no finding: there is no rule acme/nmaed. Did you mean "acme/named"?',
    ],
    [
      'ends soon',
      { expires: '2026-11-30' },
      {},
      'gate/waiver-ending (notice): The waiver of acme/named by alice@example.com ends in 8 days, at the end of 2026-11-30 (UTC); then what it covers counts again.',
    ],
    [
      'ends today',
      { expires: '2026-11-23' },
      {},
      'gate/waiver-ending (notice): The waiver of acme/named by alice@example.com ends within a day, at the end of 2026-11-23 (UTC); then what it covers counts again.',
    ],
  ];

  it.each(messages)('is clear where one %s', (_, changes, given, message) => {
    expect(said(waive(waiving({ ...given, waivers: [waiver(changes)] })))).toEqual([message]);
  });

  it('stands on the line of the waiver, with the words of its rule', () => {
    const [problem] = waive(waiving({ found: [] }));
    expect(problem?.finding).toEqual({
      rule: 'gate/waiver-unused',
      level: 'warn',
      title: 'A waiver is not needed',
      message: 'The waiver of acme/named by alice@example.com covers no finding: the rule found nothing.',
      severity: 'low',
      remediation: 'Remove it, or correct the rule, the server or the place that it names.',
      references: [],
      at: '/metadata/name',
      evidence: [],
      waiver: null,
      source: { file: 'policy/waivers.yaml', line: 4, column: 7 },
    });
  });

  it('does not call a waiver unused where not everything could be judged', () => {
    expect(waive(waiving({ found: [], complete: false }))).toEqual([]);
  });

  it('says nothing to one server about the waivers of another', () => {
    const waivers = [
      waiver({ server: 'search', expires: null }),
      waiver({ server: 'search', expires: '2020-01-01' }),
      waiver({ server: 'search' }),
    ];
    expect(outline(waive(waiving({ waivers })))).toEqual(['acme/named: deny']);
  });

  it('has the level that data sets', () => {
    const levels = new Map([['gate/waiver-unused', 'deny']] as const);
    expect(outline(waive(waiving({ found: [], levels })))).toEqual(['gate/waiver-unused: deny']);
  });
});

describe('a waiver that is not quite the same', () => {
  const other = (of: string): readonly string[] => [
    of.toUpperCase(),
    `${of.slice(0, 1).toUpperCase()}${of.slice(1)}`,
    of.slice(0, -1),
    of.slice(1),
    `${of}s`,
    `x${of}`,
    ` ${of}`,
    `${of} `,
    `${of}*`,
    '*',
    '.*',
    '',
    of.replace('a', 'а'),
    `${of}\u200b`,
    of.replace(/.$/u, '?'),
  ];

  it('covers nothing by prefix, case, pattern or look-alike of a rule', () => {
    for (const id of [...other('acme/named'), 'acme', 'acme/', 'acme/*', '*/named']) {
      const [first] = waive(waiving({ waivers: [waiver({ rule: id })] }));
      expect([id, first?.finding.waiver]).toEqual([id, null]);
    }
  });

  it('covers nothing by prefix, case, pattern or look-alike of a server', () => {
    for (const server of other('billing').filter((name) => name !== 'billing')) {
      expect([server, outline(waive(waiving({ waivers: [waiver({ server })] })))]).toEqual([
        server,
        ['acme/named: deny'],
      ]);
    }
  });

  it('covers nothing at a place above, below or beside its own', () => {
    for (const place of ['/spec/run', '/spec/run/command/0', '/spec/run/COMMAND', '/spec/run/command/', '']) {
      const [first] = waive(waiving({ waivers: [waiver({ at: place })] }));
      expect([place, first?.finding.waiver]).toEqual([place, null]);
    }
  });
});

describe('the decision', () => {
  let facts: Facts;
  beforeAll(async () => {
    facts = await faultlessFacts();
    facts.candidate.name = 'billing';
    facts.gate.startedAtMs = NOW;
  });

  const set = {
    package: 'acme',
    name: 'deny',
    level: 'deny',
    builtin: false,
    rule: 'acme/named',
    file: 'acme.rego',
  } as const;

  function policyFinding(rules: readonly string[], changes: Partial<JudgingPolicy>): JudgingPolicies {
    const answer = {
      findings: rules.map((id) => ({ set: 'acme/deny', finding: { rule: id, message: `${id}!` } })),
      evaluated: ['acme/deny'],
    };
    const policy: JudgingPolicy = {
      rules: RULES,
      sets: [set],
      levels: new Map(),
      environment: null,
      waivers: [],
      terms: { maximumDays: 180, noticeDays: 14, waivableUntested: [] },
      evaluate: async () => ({ kind: 'answered', answer }),
      ...changes,
    };
    return { for: () => policy };
  }

  const decided = async (
    rules: readonly string[],
    changes: Partial<JudgingPolicy>,
    given: Facts = facts,
  ): Promise<string> => (await judge({ facts: given, policy: policyFinding(rules, changes) })).decision;

  it('is allow when every denial is waived, and deny when one is not', async () => {
    expect([
      await decided(['acme/named'], {}),
      await decided(['acme/named'], { waivers: [waiver()] }),
      await decided(['acme/named', 'acme/other'], { waivers: [waiver()] }),
    ]).toEqual(['deny', 'allow', 'deny']);
  });

  it('is deny for an unused waiver where data makes that a denial', async () => {
    const levels = new Map([['gate/waiver-unused', 'deny']] as const);
    expect(await decided([], { waivers: [waiver()], levels })).toBe('deny');
  });

  it('calls no waiver unused beside what could not be tested, where its finding may only not have been looked for', async () => {
    const waivers = [waiver()];
    const levels = new Map([['acme/untested', 'notice']] as const);
    const found = async (changes: Partial<JudgingPolicy>, rules: readonly string[] = ['acme/untested']) =>
      (await judge({ facts, policy: policyFinding(rules, { waivers, ...changes }) })).findings.map(
        ({ rule }) => rule,
      );
    expect([await found({}), await found({ levels }), await found({}, ['acme/other'])]).toEqual([
      ['acme/untested'],
      ['acme/untested'],
      ['acme/other', 'gate/waiver-unused'],
    ]);
  });

  it('takes its clock from the run and from nowhere else', async () => {
    const late: Facts = { ...facts, gate: { ...facts.gate, startedAtMs: NOW + 100 * DAY } };
    expect(await decided(['acme/named'], { waivers: [waiver()] }, late)).toBe('deny');
  });

  it('stays undecided under any waiver, unless data names the rule', async () => {
    const waivers = ['acme/untested', 'acme/named', 'acme', '*', 'gate/waiver-invalid'].flatMap((id) =>
      ['2026-11-23', '2027-01-31', '2099-01-01', null].flatMap((expires) =>
        [null, '/metadata/name'].map((at) => waiver({ rule: id, expires, at })),
      ),
    );
    const named = { maximumDays: 180, noticeDays: 14, waivableUntested: ['acme/untested'] };
    expect([
      await decided(['acme/untested'], { waivers }),
      await decided(['acme/untested', 'acme/named'], { waivers }),
      await decided(['acme/untested'], { waivers, terms: named }),
      await decided(['acme/untested'], { waivers: [waiver()], terms: named }),
    ]).toEqual(['undecided', 'undecided', 'allow', 'undecided']);
  });

  it('stays undecided for what the judge itself misses, whatever data and waivers say', async () => {
    const terms = {
      maximumDays: 180,
      noticeDays: 14,
      waivableUntested: ['acme/untested', 'gate/probe-missing'],
    };
    const waivers = ['acme/untested', 'acme/named', 'gate/probe-missing', 'gate/candidate-not-started'].map(
      (id) => waiver({ rule: id }),
    );
    const silent: Facts = { ...facts, probes: [] };
    const down: Facts = { ...facts, candidate: { ...facts.candidate, started: false } };
    const broken: Partial<JudgingPolicy> = {
      waivers,
      terms,
      evaluate: async () => {
        throw new Error('boom');
      },
    };
    expect([
      await decided(['acme/untested'], { waivers, terms }, silent),
      await decided(['acme/untested'], { waivers, terms }, down),
      await decided([], broken),
      await decided(['acme/named', 'not an id'], { waivers, terms }),
    ]).toEqual(['undecided', 'undecided', 'undecided', 'undecided']);
  });
});
