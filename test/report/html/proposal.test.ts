import { expect, it } from '@jest/globals';
import { renderHtml } from '../../../src/report/html/html.js';
import type { Proposal } from '../../../src/report/impact/proposal.js';
import { CLEAN } from '../fixture.js';
import { readPage, textOf } from './page.js';

const PROPOSAL: Proposal = {
  problems: [],
  impact: {
    digests: { before: 'sha256:a', after: 'sha256:b' },
    compared: 2,
    servers: [
      {
        server: 'billing',
        before: 'deny',
        after: 'allow',
        findings: [{ rule: 'session/weak-id', at: '/spec', title: 'Weak', before: 'deny', after: null }],
      },
    ],
    rules: [{ rule: 'session/weak-id', before: 'deny', after: 'notice' }],
    data: [{ path: ['mcp', 'config', 'minimum'], before: 1, after: undefined }],
  },
  lines: new Map([['billing', { file: 'policies/waivers.yaml', line: 7, column: 3 }]]),
};

function sectionOf(proposal: Proposal | null): string | null {
  const page = readPage(renderHtml(CLEAN, { proposal }));
  const section = page.elements.find(({ attributes }) => attributes.get('id') === 'proposal');
  return section === undefined ? null : textOf(section);
}

it('says what policies under review would let through, and which line is behind it', () => {
  const section = sectionOf(PROPOSAL);
  expect(section).toContain('What this change of the policies would do');
  expect(section).toContain('2 servers compared: 1 decision changes, 1 to allowed.');
  expect(section).toContain('billingdeniedallowed✗ lets through what is blocked nowpolicies/waivers.yaml:7');
  expect(section).toContain('session/weak-iddisappears/specdeny → nothing');
  expect(section).toContain('mcp.config.minimum1nothing');
});

it('says why nobody can tell', () => {
  const problems = [{ file: 'policies/a.rego', row: 3, col: 1, message: 'rego_parse_error: <b>' }];
  const section = sectionOf({ problems, impact: null, lines: new Map() });
  expect(section).toContain('The edited policies do not compile');
  expect(section).toContain('rego_parse_error: <b>');
  expect(section).toContain('policies/a.rego:3:1');
});

it('has no such section without an edit, or where the edit changes nothing', () => {
  const { impact } = PROPOSAL;
  const same = impact === null ? null : { ...impact, digests: { before: 'sha256:a', after: 'sha256:a' } };
  expect([sectionOf(null), sectionOf({ ...PROPOSAL, impact: same })]).toEqual([null, null]);
});
