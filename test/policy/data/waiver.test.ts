import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Facts } from '../../../src/facts/facts.js';
import { endOf } from '../../../src/policy/data/waiver.js';
import { judge } from '../../../src/policy/judging/judge.js';
import { loadPolicy, type PolicySet } from '../../../src/policy/load.js';
import { describe as describeProblem } from '../../../src/policy/problem.js';
import { reportOf, serverReportOf } from '../../../src/report/assemble.js';
import { renderJson } from '../../../src/report/json.js';
import { CHECKED_OUT } from '../../../src/report/report.js';
import { builtinData, builtinPack, faultlessFacts, folderOf, noCompiler, problemsOf } from '../kit.js';

async function loaded(files: Readonly<Record<string, string>>): Promise<PolicySet> {
  const cwd = await folderOf(files);
  return loadPolicy({ pack: await builtinPack(), extra: [cwd], compiler: noCompiler, cacheDir: null, cwd });
}

async function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await problemsOf(() => loaded(files))).map(describeProblem);
}

const yaml = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** The faultless server with two probes that told nothing, for reasons of their own: two findings of gate/probe-inconclusive. */
async function inconclusive(): Promise<Facts> {
  const facts = await faultlessFacts();
  facts.probes = facts.probes.map((probe) => ({
    ...probe,
    status: 'inconclusive',
    reason: `${probe.id}: 429`,
  }));
  return facts;
}

async function cloaking(): Promise<Facts> {
  const facts = await faultlessFacts();
  if (facts.protocol === null) throw new Error('the fixture has no protocol facts');
  facts.protocol.unknownAnswer = { outcome: 'echo', answered: '2099-12-31', evidence: ['x12'] };
  return facts;
}

const entry = (...more: readonly string[]): readonly string[] => [
  'rule: protocol/echoes-unknown-version',
  'server: billing',
  'reason: The SDK is replaced in January.',
  'owner: platform@example.com',
  ...more,
];

const inList = (...lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => `    ${index === 0 ? '- ' : '  '}${line}`);

describe('the end that a waiver names', () => {
  const ends: readonly (readonly [string, string | null])[] = [
    ['2027-01-31', '2027-02-01T00:00:00.000Z'],
    ['2028-02-29', '2028-03-01T00:00:00.000Z'],
    ['2027-01-31T18:00:00Z', '2027-01-31T18:00:00.000Z'],
    ['2027-01-31T18:00:00.5+05:30', '2027-01-31T12:30:00.500Z'],
    ['2027-02-29', null],
    ['2027-02-30T00:00:00Z', null],
    ['2027-13-01', null],
    ['2027-1-31', null],
    ['2027-01-31T18:00:00', null],
    ['2027-01-31T18:00Z', null],
    ['2027-01-31T24:00:00Z', null],
    ['2027-01-31 18:00:00Z', null],
    ['31.01.2027', null],
    ['01/31/2027', null],
    ['2027', null],
    ['soon', null],
    ['', null],
    [' 2027-01-31', null],
    ['+012027-01-31', null],
  ];

  it.each(ends)('%s is %s', (text, expected) => {
    const end = endOf(text);
    expect(end === null ? null : new Date(end.at).toISOString()).toBe(expected);
  });
});

describe('waivers in policy data', () => {
  it('ship with the gate for nothing', () => {
    expect([builtinData['mcp']]).toEqual([expect.objectContaining({ waivers: [], environments: {} })]);
  });

  it('are read with the line that says them, from all files and environments', async () => {
    const policy = await loaded({
      'a.yaml': yaml('mcp:', '  waivers:', ...inList(...entry('expires: 2027-01-31', 'ticket: SEC-1'))),
      'b.json': JSON.stringify({
        mcp: { waivers: [{ rule: 'session/weak-id', server: 's', reason: 'r', owner: 'o', at: '/spec' }] },
      }),
      'c.yaml': yaml(
        'mcp:',
        '  environments:',
        '    production:',
        '      waivers:',
        '        - { rule: session/weak-id, server: t, reason: r, owner: o, expires: null }',
      ),
    });
    expect(policy.waivers).toEqual([
      {
        rule: 'protocol/echoes-unknown-version',
        server: 'billing',
        at: null,
        reason: 'The SDK is replaced in January.',
        owner: 'platform@example.com',
        ticket: 'SEC-1',
        expires: '2027-01-31',
        environment: null,
        source: { file: 'a.yaml', line: 3, column: 7 },
      },
      {
        rule: 'session/weak-id',
        server: 's',
        at: '/spec',
        reason: 'r',
        owner: 'o',
        ticket: null,
        expires: null,
        environment: null,
        source: { file: 'b.json', line: 1, column: 20 },
      },
      {
        rule: 'session/weak-id',
        server: 't',
        at: null,
        reason: 'r',
        owner: 'o',
        ticket: null,
        expires: null,
        environment: 'production',
        source: { file: 'c.yaml', line: 5, column: 11 },
      },
    ]);
    expect([
      policy.for({}).waivers.length,
      policy.for({ environment: 'production' }).waivers.length,
      policy.for({ environment: 'staging' }).waivers.length,
    ]).toEqual([2, 3, 2]);
  });

  const minimal = '{ rule: a/b, server: s, reason: r, owner: o, expires: 2027-01-31';
  const refused: readonly (readonly [string, string, string])[] = [
    ['a misspelt key', `${minimal}, expire: 2027-01-31 }`, '.expire is not known. Did you mean "expires"?'],
    [
      'a pattern for rules',
      minimal.replace('a/b', '"session/*"'),
      '.rule: must be the id of one rule, like session/weak-id; there are no patterns.',
    ],
    [
      'no rule',
      minimal.replace('rule: a/b, ', ''),
      '.rule: Invalid input: expected string, received undefined.',
    ],
    [
      'no reason',
      minimal.replace('reason: r, ', ''),
      '.reason: Invalid input: expected string, received undefined.',
    ],
    ['an empty reason', minimal.replace('reason: r', 'reason: " "'), '.reason: must say something.'],
    [
      'no owner',
      minimal.replace('owner: o, ', ''),
      '.owner: Invalid input: expected string, received undefined.',
    ],
    [
      'a server with a blank before its name',
      minimal.replace('server: s', 'server: " s"'),
      '.server: must be the name of one server, as in metadata.name of its manifest.',
    ],
    [
      'a day that no calendar has',
      minimal.replace('2027-01-31', '2027-02-30'),
      '.expires: must be a day like 2027-01-31 or an instant like 2027-01-31T18:00:00Z.',
    ],
    [
      'a place that is no pointer',
      `${minimal}, at: spec }`,
      '.at: must be the JSON pointer that the report gives as "at", like /spec/transport.',
    ],
    [
      'a line break in the reason',
      minimal.replace('reason: r', 'reason: "a\\n::error::b"'),
      '.reason: must have no control characters and no line breaks.',
    ],
  ];

  it.each(refused)('are refused with their line for %s', async (_, text, message) => {
    const line = text.endsWith('}') ? text : `${text} }`;
    const first = '    - { rule: a/b, server: s, reason: r, owner: o }';
    const [problem, ...others] = await told({
      'a.yaml': yaml('mcp:', '  waivers:', first),
      'b.yaml': yaml('mcp:', '  waivers:', first, `    - ${line}`),
    });
    expect([problem?.replace(/^(b\.yaml:4):\d+: mcp\.waivers\.\d+/, '$1 '), others]).toEqual([
      `b.yaml:4 ${message}`,
      [],
    ]);
  });

  it('are refused when they are no list', async () => {
    expect(await told({ 'a.yaml': 'mcp: { waivers: { a: {} } }\n' })).toEqual([
      'a.yaml:1:8: mcp.waivers: Invalid input: expected array, received object.',
    ]);
  });

  it('are refused where one file has a list, and another something else', async () => {
    expect(
      await told({ 'a.yaml': 'mcp: { waivers: [] }\n', 'b.yaml': 'mcp: { waivers: { a: {} } }\n' }),
    ).toEqual(['b.yaml:1:19: data.mcp.waivers.a is set in a.yaml too; set it in one of them.']);
  });

  it('may cover what could not be tested only for rules that say so', async () => {
    const text = yaml(
      'mcp:',
      '  config:',
      '    waivableUntested: [gate/probe-inconclusive, protocol/cloaking]',
    );
    expect(await told({ 'a.yaml': text })).toEqual([
      expect.stringContaining(
        'a.yaml:3:49: protocol/cloaking is no rule that says "could not be tested". There is: authorization/scopes-untested, elicitation/not-exercised, gate/',
      ) as unknown as string,
    ]);
  });

  it('cannot be made silent', async () => {
    const text = yaml('mcp:', '  rules:', '    gate/waiver-expired: { level: "off" }');
    expect(await told({ 'a.yaml': text })).toEqual([
      'a.yaml:3:28: gate/waiver-expired cannot be off: what is wrong with waivers must be seen. Set warn or notice.',
    ]);
  });
});

describe('a server with waivers', () => {
  it('is allowed, with the finding shown as waived', async () => {
    const policy = await loaded({
      'a.yaml': yaml('mcp:', '  waivers:', ...inList(...entry('expires: 2027-01-31', 'ticket: SEC-1'))),
    });
    const facts = await cloaking();
    facts.candidate.name = 'billing';
    const { decision, findings } = await judge({ facts, policy });
    expect([decision, findings.map(({ rule, level, waiver }) => [rule, level, waiver])]).toEqual([
      'allow',
      [
        [
          'protocol/echoes-unknown-version',
          'deny',
          {
            owner: 'platform@example.com',
            reason: 'The SDK is replaced in January.',
            ticket: 'SEC-1',
            expires: '2027-01-31',
          },
        ],
      ],
    ]);
  });

  it('is told in the report, on the line of the data, what is wrong with them', async () => {
    const policy = await loaded({
      'sub/a.yaml': yaml(
        'mcp:',
        '  waivers:',
        ...inList(...entry()),
        ...inList(...entry('expires: 2026-11-01')),
      ),
    });
    const facts = await cloaking();
    facts.candidate.name = 'billing';
    const verdict = await judge({ facts, policy });
    const plan = {
      name: 'billing',
      manifest: 'mcp-gate.yaml',
      locate: () => ({ file: 'mcp-gate.yaml', line: 6, column: 3 }),
    };
    const server = serverReportOf({
      plan,
      examination: { facts, exchanges: [], output: '' },
      verdict,
      durationMs: 1,
    });
    const report = reportOf({
      servers: [server],
      mode: 'enforce',
      policy,
      source: CHECKED_OUT,
      review: null,
      version: '0',
    });
    const parsed: typeof report = JSON.parse(renderJson(report));
    expect([
      parsed.decision,
      parsed.servers.flatMap(({ findings }) =>
        findings.map(({ rule, location: { file, line, column } }) => `${rule} ${file}:${line}:${column}`),
      ),
    ]).toEqual([
      'deny',
      [
        'protocol/echoes-unknown-version mcp-gate.yaml:6:3',
        'gate/waiver-expired sub/a.yaml:7:7',
        'gate/waiver-invalid sub/a.yaml:3:7',
      ],
    ]);
  });

  const untested = (config: string): Readonly<Record<string, string>> => ({
    'a.yaml': yaml(
      'mcp:',
      config,
      '  waivers:',
      '    - rule: gate/probe-inconclusive',
      '      server: billing',
      '      reason: It limits us to ten requests.',
      '      owner: o',
      '      expires: 2026-12-24',
    ),
  });

  it('stays undecided where something could not be tested, unless data allows that very waiver', async () => {
    const facts = await inconclusive();
    facts.candidate.name = 'billing';
    const policies = [
      await loaded(untested('  rules: {}')),
      await loaded(untested('  config: { waivableUntested: [gate/probe-missing] }')),
      await loaded(untested('  config: { waivableUntested: [gate/probe-inconclusive] }')),
    ];
    const seen = [];
    for (const policy of policies) {
      const { decision, findings } = await judge({ facts, policy });
      seen.push([decision, findings.map(({ rule, waiver }) => [rule, waiver?.owner ?? null])]);
    }
    const bare = ['gate/probe-inconclusive', null];
    const waived = ['gate/probe-inconclusive', 'o'];
    expect(seen).toEqual([
      ['undecided', [bare, bare, ['gate/waiver-invalid', null]]],
      ['undecided', [bare, bare, ['gate/waiver-invalid', null]]],
      ['allow', [waived, waived]],
    ]);
  });
});

describe('docs/waivers.md', () => {
  const page = readFileSync('docs/waivers.md', 'utf8');
  const examples = [...page.matchAll(/```yaml\n(.*?)```/gsu)].map(([, text = '']) => text);

  it('has examples that the gate takes', async () => {
    const policies = await Promise.all(examples.map((text) => loaded({ 'data.yaml': text })));
    expect(
      policies.map(({ waivers }) => waivers.map(({ rule, environment }) => [rule, environment])),
    ).toEqual([
      [['session/weak-id', null]],
      [['gate/probe-inconclusive', null]],
      [['protocol/below-minimum', 'staging']],
    ]);
  });

  it('gives the defaults that the data has', () => {
    expect(builtinData['mcp']).toMatchObject({
      config: {
        waiverMaximumDays: Number(/`waiverMaximumDays` \((\d+)\)/u.exec(page)?.[1]),
        waiverNoticeDays: Number(/`waiverNoticeDays` \((\d+)\)/u.exec(page)?.[1]),
        waivableUntested: [],
      },
    });
  });
});
