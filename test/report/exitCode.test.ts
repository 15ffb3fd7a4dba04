import { describe, expect, it } from '@jest/globals';
import { exitCode } from '../../src/report/exitCode.js';
import type { Report } from '../../src/report/report.js';
import { report, server } from './fixture.js';

const open = { code: 'internal', message: 'x' };

function withServers(...decisions: Report['decision'][]): Report {
  return report(decisions.map((decision) => server({ decision })));
}

describe('the exit code', () => {
  it.each<[string, Report, enforce: number, audit: number]>([
    ['everything is allowed', withServers('allow', 'allow'), 0, 0],
    ['something is denied', withServers('allow', 'deny'), 1, 0],
    ['something is undecided', withServers('allow', 'undecided'), 3, 3],
    ['one is denied and one undecided', withServers('deny', 'undecided'), 1, 3],
    [
      'one is denied and a rest could not be judged',
      report([server({ decision: 'deny', indecisions: [open] })]),
      1,
      3,
    ],
    ['no server was tested', { ...withServers(), decision: 'allow' }, 3, 3],
    ['the report says allow but a server does not', { ...withServers('deny'), decision: 'allow' }, 3, 3],
    [
      'the report says allow but something could not be judged',
      report([server({ decision: 'allow', indecisions: [open] })]),
      3,
      3,
    ],
  ])('when %s', (_name, given, enforce, audit) => {
    expect(exitCode({ ...given, mode: 'enforce' })).toBe(enforce);
    expect(exitCode({ ...given, mode: 'audit' })).toBe(audit);
  });
});
