/** The step of the nightly workflow that keeps one issue: its own script under bash, with a `gh` that only writes down its calls. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ROOT } from './kit.js';

const workflow = parse(readFileSync(join(ROOT, 'examples/workflows/nightly.yml'), 'utf8'));
const { run: script, env: variables } = workflow.jobs.issue.steps.find((step: { run?: string }) => step.run);

const GH = `#!/usr/bin/env bash
printf '%s\\n' "$*" >> calls
if [ "$1 $2" = 'issue list' ]; then printf '%s' "$OPEN"; fi
`;
const RUN_URL = 'https://github.com/acme/servers/actions/runs/7';

const made: string[] = [];
afterEach(() => {
  for (const one of made.splice(0)) rmSync(one, { recursive: true, force: true });
});

const finding = (changes: object = {}) => ({
  rule: 'session/other-principal-accepted',
  level: 'deny',
  location: { file: 'deploy/mcp-gate.yaml', line: 7, column: 3 },
  waiver: null,
  ...changes,
});

interface Night {
  readonly result: string;
  /** Number of the issue that is open. */
  readonly open?: string;
  /** Text of the report; none was uploaded when left out. */
  readonly report?: string;
}

/** What `gh` was called with, after the question which issue is open, and the text of the issue. */
function night({ result, open = '', report }: Night) {
  const folder = mkdtempSync(join(tmpdir(), 'mcp-gate-nightly-'));
  made.push(folder);
  writeFileSync(join(folder, 'gh'), GH, { mode: 0o755 });
  if (report !== undefined) {
    mkdirSync(join(folder, 'gate'));
    writeFileSync(join(folder, 'gate/mcp-gate-report.json'), report);
  }
  // As the runner starts a step.
  execFileSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: folder,
    env: {
      PATH: [folder, dirname(process.execPath), process.env['PATH']].join(delimiter),
      OPEN: open,
      LABEL: variables.LABEL,
      RESULT: result,
      RUN_URL,
    },
    stdio: 'ignore',
  });
  const [asked, ...calls] = readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n');
  expect(asked).toMatch(/^issue list --state open --label mcp-gate-nightly /u);
  return { calls, body: readFileSync(join(folder, 'body.md'), 'utf8') };
}

const reportOf = (...findings: object[]): string =>
  JSON.stringify({ servers: [{ name: 'billing', findings }] });

describe('the issue of the nightly workflow', () => {
  it('is opened with the findings that count, each with its line', () => {
    const { calls, body } = night({
      result: 'failure',
      report: reportOf(
        finding(),
        finding({ level: 'notice' }),
        finding({ waiver: { owner: 'a', reason: 'b', ticket: null, expires: '2027-01-31' } }),
      ),
    });

    expect(calls).toEqual([
      'label create mcp-gate-nightly --force --color B60205 --description The nightly MCP gate does not pass',
      'issue create --title The nightly MCP gate does not pass --label mcp-gate-nightly --body-file body.md',
    ]);
    expect(
      body,
    ).toBe(`The gate's job ended with **failure** in [last night's run](${RUN_URL}); its summary has the details.

| server | level | rule | line |
| --- | --- | --- | --- |
| \`billing\` | deny | \`session/other-principal-accepted\` | \`deploy/mcp-gate.yaml:7\` |

This text is replaced every night. The issue is closed when the gate passes.
`);
  });

  it('is updated when it is open', () => {
    expect(night({ result: 'failure', open: '12', report: reportOf(finding()) }).calls).toEqual([
      'issue edit 12 --body-file body.md',
    ]);
  });

  it('is closed when the gate passes, and nothing is done when there is none', () => {
    expect(night({ result: 'success', open: '12', report: reportOf() }).calls).toEqual([
      `issue close 12 --comment The gate passes again: ${RUN_URL}`,
    ]);
    expect(night({ result: 'success', report: reportOf() }).calls).toEqual([]);
  });

  it.each([
    ['without a report', undefined],
    ['with a report that is cut off', '{"servers": ['],
    ['with a report of another shape', '{"servers": 3}'],
  ])('is opened %s, too', (_which, report) => {
    const { calls, body } = night({ result: 'failure', ...(report === undefined ? {} : { report }) });
    expect(calls.at(-1)).toMatch(/^issue create /u);
    expect(body).toMatch(/^The gate's job ended with \*\*failure\*\* in .*\n\n\nThis text is replaced/u);
  });

  it('lets no text of a report be more than text, and has room for 100 findings', () => {
    const evil = '`@acme/all` | ![x](//evil) <script>\n::error::$(id)';
    const { body } = night({
      result: 'failure',
      report: reportOf(
        finding({ rule: evil, location: { file: evil, line: evil, column: 1 } }),
        ...Array.from({ length: 119 }, () => finding({ rule: 'x'.repeat(100_000) })),
      ),
    });

    const [, row] = /\| --- \|\n(.*)\n/u.exec(body) ?? [];
    expect(row).toBe(
      '| `billing` | deny | `··acme/all······x··//evil···script··::error::··id·` | `··acme/all······x··//evil···script··::error::··id·:··acme/all······x··//evil···script··::error::··id·` |',
    );
    expect(body).toContain('\n20 more are in the report.\n');
    expect(body.length).toBeLessThan(65_536);
  });
});
