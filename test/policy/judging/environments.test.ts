import { describe, expect, it } from '@jest/globals';
import { judge } from '../../../src/policy/judging/judge.js';
import { loadPolicy, type PolicySet } from '../../../src/policy/load.js';
import { describe as describeProblem } from '../../../src/policy/problem.js';
import type { Verdict } from '../../../src/policy/verdict.js';
import { builtinPack, compiler, faultlessFacts, folderOf, noCompiler, problemsOf } from '../kit.js';

async function loaded(files: Readonly<Record<string, string>>): Promise<PolicySet> {
  const cwd = await folderOf(files);
  const compiled = Object.keys(files).some((name) => name.endsWith('.rego'));
  return loadPolicy({
    pack: await builtinPack(),
    extra: [cwd],
    compiler: compiled ? () => compiler : noCompiler,
    cacheDir: null,
    cwd,
  });
}

async function told(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return (await problemsOf(() => loaded(files))).map(describeProblem);
}

async function judged(policy: PolicySet, labels: Readonly<Record<string, string>>): Promise<Verdict> {
  const facts = await faultlessFacts();
  facts.candidate.labels = { ...labels };
  return judge({ facts, policy });
}

const outline = ({ decision, environment, findings }: Verdict): unknown => [
  decision,
  environment,
  findings.map(({ rule, level, waiver }) => `${rule} ${level}${waiver === null ? '' : ' waived'}`),
];

const yaml = (...lines: readonly string[]): string => `${lines.join('\n')}\n`;

/** The faultless server still accepts revisions older than 2026-07-28, which production denies. */
const STRICT = yaml(
  'mcp:',
  '  environments:',
  '    production:',
  '      config: { preferredProtocolVersion: "2026-07-28", minimumProtocolVersion: "2026-07-28" }',
  '      rules:',
  '        protocol/accepts-below-minimum: { level: deny }',
  '    staging:',
  '      config: { preferredProtocolVersion: "2026-07-28" }',
);

describe('an environment', () => {
  it('lays its part over what holds for all, for the servers whose label names it, and for no others', async () => {
    const policy = await loaded({ 'data.yaml': STRICT });
    const seen = [
      await judged(policy, { environment: 'production' }),
      await judged(policy, { environment: 'staging' }),
      await judged(policy, { environment: 'Production' }),
      await judged(policy, { environment: 'constructor' }),
      await judged(policy, { team: 'production' }),
    ].map(outline);
    expect(seen).toEqual([
      ['deny', { name: 'production', applied: true }, ['protocol/accepts-below-minimum deny']],
      ['allow', { name: 'staging', applied: true }, []],
      ['allow', { name: 'Production', applied: false }, []],
      ['allow', { name: 'constructor', applied: false }, []],
      ['allow', null, []],
    ]);
  });

  it('has waivers of its own, which cover nothing for servers of another or of none', async () => {
    const policy = await loaded({
      'data.yaml': yaml(
        'mcp:',
        '  environments:',
        '    staging:',
        '      waivers:',
        '        - { rule: protocol/below-minimum, server: billing, reason: r, owner: o, expires: 2026-12-15 }',
        '    production: {}',
      ),
    });
    const facts = await faultlessFacts();
    if (facts.protocol === null) throw new Error('the fixture has a protocol');
    facts.candidate.name = 'billing';
    facts.protocol.best = '2024-11-05';
    facts.gate.startedAtMs = Date.parse('2026-11-20T00:00:00Z');
    const seen = [];
    for (const environment of ['staging', 'production', 'none'])
      seen.push(outline(await judge({ facts, policy, labels: { environment } })));
    expect(seen).toEqual([
      ['allow', { name: 'staging', applied: true }, ['protocol/below-minimum deny waived']],
      ['deny', { name: 'production', applied: true }, ['protocol/below-minimum deny']],
      ['deny', { name: 'none', applied: false }, ['protocol/below-minimum deny']],
    ]);
  });

  it('is not spoken of where policy data knows none', async () => {
    const policy = await loaded({ 'data.yaml': 'acme: {}\n' });
    expect((await judged(policy, { environment: 'production' })).environment).toBeNull();
  });

  it('shows its policies the data in effect, and none of the other environments', async () => {
    const policy = await loaded({ 'data.yaml': STRICT });
    const of = (environment: string): unknown => policy.for({ environment }).data['mcp'];
    expect(of('staging')).toEqual({
      ...(policy.general.data['mcp'] as object),
      config: {
        ...(policy.general.data['mcp'] as { readonly config: object }).config,
        preferredProtocolVersion: '2026-07-28',
      },
    });
    expect(Object.keys(of('production') as object).sort()).toEqual([
      'allowedElicitationOrigins',
      'config',
      'rules',
      'waivers',
    ]);
  });

  it('reaches the data that rules of the user read', async () => {
    const policy = await loaded({
      'own.rego': yaml(
        'package acme.env',
        '',
        'notice contains $"at least {data.mcp.config.preferredProtocolVersion}" if true',
      ),
      'data.yaml': STRICT,
    });
    const messages = await Promise.all(
      ['production', 'elsewhere', 'staging', 'production'].map(async (environment) => {
        const { findings } = await judged(policy, { environment });
        return findings.find((finding) => finding.rule === 'acme.env/notice')?.message;
      }),
    );
    expect(messages).toEqual([
      'at least 2026-07-28',
      'at least 2025-11-25',
      'at least 2026-07-28',
      'at least 2026-07-28',
    ]);
  });

  it('counts in the digest', async () => {
    const [one, other] = [
      await loaded({ 'data.yaml': 'mcp: { environments: { a: {} } }\n' }),
      await loaded({ 'data.yaml': 'mcp: { environments: { b: {} } }\n' }),
    ];
    expect(one.digest).not.toBe(other.digest);
  });

  it('may be put together from several files that do not disagree', async () => {
    const policy = await loaded({
      'a.yaml': 'mcp: { environments: { production: { config: { stdoutNoiseLimit: 1 } } } }\n',
      'b.yaml': 'mcp: { environments: { production: { config: { sessionBinding: credential } } } }\n',
    });
    expect(policy.for({ environment: 'production' }).data).toMatchObject({
      mcp: { config: { stdoutNoiseLimit: 1, sessionBinding: 'credential' } },
    });
  });

  const wrong: readonly (readonly [string, string, readonly string[]])[] = [
    [
      'a misspelt section',
      'mcp:\n  environments:\n    production:\n      confg: {}\n',
      ['data.yaml:4:7: mcp.environments.production.confg is not known. Did you mean "config"?'],
    ],
    [
      'a misspelt threshold',
      'mcp:\n  environments:\n    production:\n      config: { stdoutNoiselimit: 1 }\n',
      [
        'data.yaml:4:17: mcp.environments.production.config.stdoutNoiselimit is not known. Did you mean "stdoutNoiseLimit"?',
      ],
    ],
    [
      'environments inside environments',
      'mcp: { environments: { production: { environments: {} } } }\n',
      ['data.yaml:1:38: mcp.environments.production.environments is not known.'],
    ],
    [
      'a rule that does not exist',
      'mcp: { environments: { production: { rules: { protocol/cloakign: { level: warn } } } } }\n',
      ['data.yaml:1:47: There is no rule protocol/cloakign. Did you mean "protocol/cloaking"?'],
    ],
    [
      'switching off what says that nothing was tested',
      'mcp: { environments: { production: { rules: { gate/probe-failed: { level: "off" } } } } }\n',
      [
        'data.yaml:1:68: gate/probe-failed cannot be off: what was not tested must be seen. Set warn or notice.',
      ],
    ],
    [
      'a minimum above the preferred version of all',
      'mcp:\n  environments:\n    lab: { config: { minimumProtocolVersion: "2026-07-28" } }\n',
      [
        'data.yaml:3:22: In the environment lab: minimumProtocolVersion 2026-07-28 is newer than preferredProtocolVersion 2025-11-25; raise the preferred one too.',
      ],
    ],
    [
      'an environment that is nothing',
      'mcp: { environments: { production: } }\n',
      ['data.yaml:1:24: mcp.environments.production: Invalid input: expected object, received null.'],
    ],
  ];

  it.each(wrong)('is refused with its line for %s', async (_, text, expected) => {
    expect(await told({ 'data.yaml': text })).toEqual(
      expected.map((each) => expect.stringContaining(each) as unknown as string),
    );
  });
});
