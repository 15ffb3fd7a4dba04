import { describe, expect, it } from '@jest/globals';
import { explain } from '../../../src/policy/author/explain.js';
import { catalogueOf } from '../../../src/policy/author/rules.js';
import { loadPolicy, type PolicySet } from '../../../src/policy/load.js';
import { compiler, faultlessFacts, folderOf, problemsOf } from '../kit.js';
import { smallPack } from './kit.js';

const SESSIONS = `package mcp.acme

# METADATA
# scope: rule
# title: Attempts are refused
# custom: {id: acme/attempts, severity: critical, requirement: ACME 7.2, remediation: Refuse them.}
deny contains finding if {
	some attempt in accepted
	attempt.requested in watched
	finding := {"rule": "acme/attempts", "message": attempt.requested}
}

accepted contains attempt if {
	some attempt in input.protocol.initialize
	attempt.outcome == "same"
	not old
}

watched := data.acme.revisions

old if input.protocol.best < data.mcp.config.minimumProtocolVersion

warn contains "never" if input.candidate.started == false

notice contains "no probe" if count([p | some p in input.probes; p.status == "failed"]) == 0
`;

const DATA =
  'acme: { revisions: ["2025-11-25", "2025-06-18"] }\nmcp: { rules: { acme/notice: { level: warn } } }\n';

async function policyOf(files: Readonly<Record<string, string>>): Promise<PolicySet> {
  const cwd = await folderOf(files);
  const extra = Object.keys(files);
  return loadPolicy({ pack: await smallPack(), extra, cwd, compiler: () => compiler, cacheDir: null });
}

async function facts() {
  const base = await faultlessFacts();
  const [one] = base.protocol?.initialize ?? [];
  if (one === undefined || base.protocol === null) throw new Error('the fixture has no attempt');
  const initialize = [
    { ...one, requested: '2025-11-25', outcome: 'error' as const },
    { ...one, requested: '2025-11-25', outcome: 'same' as const },
    { ...one, requested: '2025-11-25', outcome: 'same' as const },
  ];
  return { ...base, protocol: { ...base.protocol, initialize } };
}

describe('an explanation', () => {
  it('names every rule that is true, with its level and line, and the values it went by', async () => {
    const policy = await policyOf({ 'acme.rego': SESSIONS, 'data.yaml': DATA });
    const rules = await explain(policy, await facts(), compiler);

    expect(rules.map(({ rule, level, file, row }) => [rule, level, `${file}:${row}`])).toEqual([
      ['acme/attempts', 'deny', 'acme.rego:7'],
      ['acme/notice', 'warn', 'acme.rego:25'],
    ]);
    expect(rules[0]?.reads).toEqual([
      { path: 'data.acme.revisions', value: '["2025-11-25","2025-06-18"]' },
      { path: 'data.mcp.config.minimumProtocolVersion', value: '"2025-06-18"' },
      { path: 'input.protocol.best', value: expect.stringMatching(/^"20/) },
      { path: 'input.protocol.initialize[1,2].outcome', value: '"same"' },
    ]);
  });

  it('says which facts were looked at in vain', async () => {
    const policy = await policyOf({ 'acme.rego': SESSIONS, 'data.yaml': DATA });
    const notice = (await explain(policy, await facts(), compiler)).find(
      ({ rule }) => rule === 'acme/notice',
    );

    expect(notice?.reads.map(({ path }) => path)).toEqual(['input.probes']);
  });

  it('is empty where no rule is true', async () => {
    const policy = await policyOf({
      'acme.rego': 'package acme\n\ndeny contains "x" if input.candidate.started == false\n',
    });

    expect(await explain(policy, await faultlessFacts(), compiler)).toEqual([]);
  });

  it('fails where the policy cannot be evaluated', async () => {
    const source = 'package acme\n\ndeny contains f(1) if true\n\nf(x) := x\n\nf(x) := x + 1\n';
    const policy = await policyOf({ 'acme.rego': source });
    const found = await problemsOf(async () => explain(policy, await faultlessFacts(), compiler));

    expect(found).toMatchObject([{ file: 'acme.rego', row: 7 }]);
  });
});

describe('the catalogue', () => {
  const own = async (data: string, environment: string | null) => {
    const policy = await policyOf({ 'acme.rego': SESSIONS, 'data.yaml': data });
    return catalogueOf(policy, environment)
      .filter(({ id }) => id.startsWith('acme/'))
      .map(({ id, level, levelFrom, severity, requirement }) => [
        id,
        level,
        levelFrom,
        severity,
        requirement,
      ]);
  };

  it('has levels as data leaves them, and says where they come from', async () => {
    expect(await own(DATA, null)).toEqual([
      ['acme/attempts', 'deny', 'rule', 'critical', 'ACME 7.2'],
      ['acme/notice', 'warn', 'data', 'low', null],
      ['acme/warn', 'warn', 'rule', 'medium', null],
    ]);
  });

  it('applies the data of an environment', async () => {
    const data = DATA.replace(
      'mcp: { rules: {',
      'mcp: { environments: { production: { rules: { acme/attempts: { level: "off" } } } }, rules: {',
    );

    expect((await own(data, 'production'))[0]).toEqual([
      'acme/attempts',
      'off',
      'data',
      'critical',
      'ACME 7.2',
    ]);
  });
});
