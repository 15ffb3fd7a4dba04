import { describe, expect, it } from '@jest/globals';
import type { Report } from '../../src/report/report.js';
import { renderSarif, SARIF_RESULTS } from '../../src/report/sarif.js';
import { CLEAN, FIXTURE, finding, RULES, report, server } from './fixture.js';

interface Result {
  ruleId: string;
  ruleIndex: number;
  level: string;
  locations: { physicalLocation: { artifactLocation: { uri: string }; region: object } }[];
  partialFingerprints: { primaryLocationLineHash: string };
  suppressions: object[];
}

interface Run {
  tool: { driver: { rules: { id: string; name: string; properties: Record<string, unknown> }[] } };
  invocations: {
    executionSuccessful: boolean;
    exitCode: number;
    toolExecutionNotifications: { level: string; descriptor: { id: string }; message: { text: string } }[];
  }[];
  results: Result[];
}

function runOf(given: Report): Run {
  const log: { version: string; runs: Run[] } = JSON.parse(renderSarif(given, RULES));
  const [run] = log.runs;
  if (run === undefined || log.version !== '2.1.0') throw new Error('one run of SARIF 2.1.0');
  return run;
}

function fingerprints(given: Report): string[] {
  return runOf(given).results.map((one) => one.partialFingerprints.primaryLocationLineHash);
}

describe('SARIF', () => {
  it('lists every rule that was evaluated, whether it fired or not', () => {
    expect(runOf(CLEAN).tool.driver.rules.map(({ id, name }) => [id, name])).toEqual([
      ['elicitation/url-not-allowed', 'ElicitationUrlNotAllowed'],
      ['gate/probe-inconclusive', 'GateProbeInconclusive'],
      ['gate/waiver-unused', 'GateWaiverUnused'],
      ['protocol/accepts-below-minimum', 'ProtocolAcceptsBelowMinimum'],
      ['protocol/below-minimum', 'ProtocolBelowMinimum'],
      ['protocol/below-preferred', 'ProtocolBelowPreferred'],
      ['session/other-principal-accepted', 'SessionOtherPrincipalAccepted'],
      ['transport/dns-rebinding', 'TransportDnsRebinding'],
      ['transport/origin-not-validated', 'TransportOriginNotValidated'],
      ['transport/permissive-cors', 'TransportPermissiveCors'],
    ]);
  });

  it('describes a rule outside the catalogue by its finding', () => {
    const run = runOf(report([server({ findings: [finding({ rule: 'acme/own', severity: 'critical' })] })]));
    const [result] = run.results;
    const rule = run.tool.driver.rules[result?.ruleIndex ?? -1];
    expect([rule?.id, rule?.properties['security-severity']]).toEqual(['acme/own', '9.5']);
  });

  it('points every result at its rule', () => {
    const run = runOf(FIXTURE);
    expect(run.results.map((one) => run.tool.driver.rules[one.ruleIndex]?.id)).toEqual(
      run.results.map((one) => one.ruleId),
    );
  });

  it('anchors a result at the line, with the path as a URI inside the checkout', () => {
    const where = { file: './deploy\\a b/ż#.yaml', line: 7, column: 3 };
    const [result] = runOf(report([server({ findings: [finding({ location: where })] })])).results;
    expect(result?.locations[0]?.physicalLocation).toEqual({
      artifactLocation: { uri: 'deploy/a%20b/%C5%BC%23.yaml', uriBaseId: '%SRCROOT%' },
      region: { startLine: 7, startColumn: 3, endLine: 7 },
    });
  });

  it('keeps a fingerprint when line, message and manifest around it change, not when the subject does', () => {
    const prints = (changes: Parameters<typeof finding>[0], name = 'billing'): string[] =>
      fingerprints(report([server({ name, findings: [finding(changes)] })]));
    const original = prints({});
    const moved = { message: 'else', location: { file: 'deploy/mcp-gate.yaml', line: 70, column: 1 } };
    expect(prints(moved)).toEqual(original);
    expect(prints({ at: '/spec/run' })).not.toEqual(original);
    expect(prints({ rule: 'transport/dns-rebinding' })).not.toEqual(original);
    expect(prints({}, 'search')).not.toEqual(original);
  });

  it('gives two findings of one rule at one place two fingerprints', () => {
    const [first, second] = fingerprints(
      report([server({ findings: [finding({ message: 'a' }), finding({ message: 'b' })] })]),
    );
    expect([first?.slice(0, -1), first?.slice(-1), second?.slice(-1)]).toEqual([
      second?.slice(0, -1),
      '1',
      '2',
    ]);
  });

  it('suppresses what is waived, with the reason, and nothing else', () => {
    expect(
      runOf(FIXTURE)
        .results.filter((one) => one.suppressions.length > 0)
        .map((one) => [one.ruleId, one.suppressions]),
    ).toEqual([
      [
        'transport/permissive-cors',
        [
          {
            kind: 'external',
            status: 'accepted',
            justification:
              'waived by platform@example.com until 2027-01-31 (SEC-123): until the gateway moves',
            properties: { owner: 'platform@example.com', expires: '2027-01-31', ticket: 'SEC-123' },
          },
        ],
      ],
    ]);
  });

  it('says that the run failed and why when something is undecided, even behind a denial', () => {
    const [invocation] = runOf(FIXTURE).invocations;
    expect([invocation?.executionSuccessful, invocation?.exitCode]).toEqual([false, 1]);
    expect(invocation?.toolExecutionNotifications.map((one) => [one.level, one.descriptor.id])).toEqual([
      ['error', 'candidate-did-not-start'],
      ['error', 'protocol, transport'],
      ['error', 'transport/dns-rebinding'],
    ]);
    expect(runOf(CLEAN).invocations).toEqual([
      { executionSuccessful: true, exitCode: 0, toolExecutionNotifications: [] },
    ]);
  });

  it('stays within what code scanning shows, worst first, and says how many are missing', () => {
    const findings = Array.from({ length: SARIF_RESULTS + 7 }, (_none, index) =>
      finding({ at: `/spec/${index}`, level: index < 10 ? 'notice' : 'deny' }),
    );
    const run = runOf(report([server({ findings })]));
    expect(run.results.length).toBe(SARIF_RESULTS);
    expect(run.results.filter((one) => one.level === 'note').length).toBe(3);
    expect(run.invocations[0]?.toolExecutionNotifications.map((one) => one.message.text)).toEqual([
      '7 more findings: see the report.',
    ]);
  });
});
