/** A pull request that edits policies: a real repository, a real event, the built Action. */
import { rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Repository, repository } from '../history/repository.js';
import { annotationsIn, outputOf, type Ran, runAction } from './kit.js';

const RULE = `package acme.teams

# METADATA
# scope: rule
# title: Team b may not deploy
# description: Not before its review.
# custom:
#   id: acme/team-b
#   severity: high
#   remediation: Wait for the review.
deny contains {"rule": "acme/team-b", "at": "/metadata/labels/team", "evidence": set(), "message": "b waits for its review"} if {
	input.candidate.labels.team == "b"
}
`;
const TEST = `package acme.teams_test

import data.acme.teams

test_team_b if {
	count(teams.deny) == 1 with input as {"candidate": {"labels": {"team": "b"}}}
}
`;
// The zoo's server without users is faultless but for that.
const DATA = 'mcp:\n  rules:\n    authorization/none-required: { level: "off" }\n';

const SERVER = fileURLToPath(new URL('../zoo/server.mjs', import.meta.url));

const manifest = (name: string, labels = `{ team: ${name} }`): string => `apiVersion: mcp-gate/v1
kind: McpServerDeployment
metadata: { name: server-${name}, labels: ${labels} }
spec:
  run: { command: [node, ${JSON.stringify(SERVER)}, --transport, streamable-http, --era, modern, --fault, none, --port, "$\{port}"] }
  transport: { type: streamable-http, path: /mcp }
  authorization: { provider: none }
`;

let home: Repository;
let base = '';
const clones: string[] = [];

beforeAll(() => {
  home = repository();
  home.write({
    'policies/teams.rego': RULE,
    'policies/teams_test.rego': TEST,
    'policies/data.yaml': DATA,
    'deploy/a.yaml': manifest('a'),
    'deploy/b.yaml': manifest('b'),
    'deploy/c.yaml': manifest('c'),
  });
  base = home.commit('base');
});
afterAll(() => {
  home.dispose();
  for (const clone of clones) rmSync(clone, { recursive: true, force: true });
});

/** Commits an edit on a branch of its own, and runs the Action on it as GitHub does: on the merge of both. */
async function review(
  edit: Readonly<Record<string, string>>,
  manifests: readonly string[],
  { depth = 2, ...inputs }: { depth?: number } & Readonly<Record<string, string | number>> = {},
): Promise<Ran> {
  home.git('checkout', '--quiet', '-B', 'topic', base);
  home.write(edit);
  const head = home.commit('edit');
  home.git('checkout', '--quiet', '-B', 'merge', base);
  home.git('merge', '--quiet', '--no-ff', '-m', 'merge', 'topic');
  const clone = home.shallow(depth);
  clones.push(clone.folder);
  const sha = clone.git('rev-parse', 'HEAD');
  return runAction({
    cwd: clone.folder,
    inputs: {
      manifest: manifests.join('\n'),
      policies: 'policies',
      ...Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, String(value)])),
    },
    env: { GITHUB_EVENT_NAME: 'pull_request', GITHUB_SHA: sha, GITHUB_REPOSITORY: 'acme/servers' },
    event: {
      pull_request: {
        number: 7,
        base: { sha: base, ref: 'main' },
        head: { sha: head, repo: { full_name: 'acme/servers' } },
      },
    },
  });
}

describe('a pull request that edits policies', () => {
  it('with a typo is told so on its line, and the base decides', async () => {
    const { code, log, summary, outputs } = await review(
      { 'policies/teams.rego': RULE.replace('candidate.labels', 'candidat.labels') },
      ['deploy/b.yaml'],
    );

    expect(annotationsIn(log)).toEqual([
      expect.stringMatching(/^error policies\/teams\.rego:12 The edited policies do not compile$/u),
      expect.stringMatching(/^error deploy\/b\.yaml:\d+ Team b may not deploy$/u),
    ]);
    expect([code, outputOf(outputs, 'decision')]).toEqual([1, 'deny']);
    expect(summary).toContain('## The edited policies do not compile');
    expect(summary).toContain('candidat');
  });

  it('with a typo fails also where the base allows, because merged it would stop every run', async () => {
    const { code, log, summary, outputs } = await review({ 'policies/teams.rego': `${RULE}\nnonsense` }, [
      'deploy/a.yaml',
    ]);
    expect([code, outputOf(outputs, 'decision')]).toEqual([2, 'allow']);
    const meaning = 'xit code 2: the edited policies cannot be used, so the change must not be merged';
    expect([log.includes(meaning), summary.includes(meaning)]).toEqual([true, true]);
    expect(log + summary).not.toContain('exit code 0');
  });

  it('with a failing test is told so on the line of the test', async () => {
    const { code, log, outputs } = await review({ 'policies/teams.rego': RULE.replace('== "b"', '== "z"') }, [
      'deploy/a.yaml',
    ]);

    expect(annotationsIn(log)).toEqual([
      expect.stringMatching(/^error policies\/teams_test\.rego:6 test_team_b fails$/u),
    ]);
    expect([code, outputOf(outputs, 'decision')]).toEqual([2, 'allow']);
  });

  it('that flips one of three servers shows which, on the line that does it, and the base decides', async () => {
    const { code, log, summary, outputs } = await review(
      {
        'policies/teams.rego': RULE.replace('== "b"', '== "z"'),
        'policies/teams_test.rego': TEST.replace('"team": "b"', '"team": "z"'),
      },
      ['deploy/a.yaml', 'deploy/b.yaml', 'deploy/c.yaml'],
    );

    expect(annotationsIn(log)).toEqual([
      expect.stringMatching(/^error deploy\/b\.yaml:\d+ Team b may not deploy$/u),
      expect.stringMatching(
        /^warning policies\/teams\.rego:\d+ server-b%3A denied → allowed once this is merged$/u,
      ),
    ]);
    expect([code, outputOf(outputs, 'decision')]).toEqual([1, 'deny']);
    expect(summary).toContain('3 servers compared: 1 decision changes, 1 to allowed.');
    expect(summary).toContain('| 🔓 | `server-b` | denied | **allowed** |');
  });

  it('cannot wave itself through with a waiver', async () => {
    const { code, log, outputs } = await review(
      {
        'policies/data.yaml': `${DATA}  waivers:\n    - rule: acme/team-b\n      server: server-b\n      owner: team b\n      reason: Hurry.\n      expires: ${new Date(Date.now() + 30 * 86_400_000).toISOString().slice(0, 10)}\n`,
      },
      ['deploy/b.yaml'],
    );

    expect(annotationsIn(log)).toEqual([
      expect.stringMatching(/^error deploy\/b\.yaml:\d+ Team b may not deploy$/u),
      expect.stringMatching(
        /^warning policies\/data\.yaml:5 server-b%3A denied → allowed once this is merged$/u,
      ),
    ]);
    expect([code, outputOf(outputs, 'decision')]).toEqual([1, 'deny']);
  });

  it('decides by itself where the workflow says so', async () => {
    const { code, log } = await review(
      { 'policies/teams.rego': RULE.replace('== "b"', '== "z"') },
      ['deploy/b.yaml'],
      {
        'policies-from': 'head',
      },
    );
    expect([code, annotationsIn(log)]).toEqual([0, []]);
  });

  it('in a checkout without its base is told what to set', async () => {
    const { code, log } = await review({ 'policies/data.yaml': DATA }, ['deploy/a.yaml'], { depth: 1 });
    expect(code).toBe(2);
    expect(log).toMatch(
      /^::error title=The gate cannot run as asked::policies-from base: Expected the commit [0-9a-f]{40}, whose policies decide, but the history of this checkout is too shallow to have it\. Set "fetch-depth: 0" \(or 2, on pull_request\) for actions\/checkout\.$/mu,
    );
  });
});

describe('the environment of a server', () => {
  it('is that of the base: a change of the label does not move it to a laxer one', async () => {
    const data = `${DATA}  environments:\n    production:\n      rules:\n        authorization/none-required: { level: deny }\n`;
    home.git('checkout', '--quiet', '-B', 'strict', base);
    home.write({ 'policies/data.yaml': data, 'deploy/p.yaml': manifest('p', '{ environment: production }') });
    const before = base;
    base = home.commit('strict');
    const { log, outputs } = await review({ 'deploy/p.yaml': manifest('p', '{ environment: test }') }, [
      'deploy/p.yaml',
    ]);
    base = before;

    expect(outputOf(outputs, 'decision')).toBe('deny');
    expect(annotationsIn(log)[0]).toMatch(/^error deploy\/p\.yaml:\d+ /u);
  });
});

describe('the servers of a change', () => {
  it('that take a name or an environment of their own, or are gone, are shown; on a push nothing is', async () => {
    const data = `${DATA}  environments:\n    lax:\n      rules:\n        acme/team-b: { level: notice }\n`;
    home.git('checkout', '--quiet', '-B', 'environments', base);
    home.write({
      'policies/data.yaml': data,
      'deploy/all.yaml': [manifest('a'), manifest('b'), manifest('gone')].join('---\n'),
    });
    const before = base;
    base = home.commit('environments');
    const added = manifest('c', '{ team: b, environment: lax }');
    const { code, log, summary } = await review(
      { 'deploy/all.yaml': [added, manifest('a'), manifest('renamed')].join('---\n') },
      ['deploy/all.yaml'],
    );
    base = before;

    expect([code, annotationsIn(log)]).toEqual([
      0,
      [
        'notice deploy/all.yaml:3 server-c is new against the base',
        'notice deploy/all.yaml:19 server-renamed is new against the base',
        'notice deploy/all.yaml:1 server-b was not judged',
        'notice deploy/all.yaml:1 server-gone was not judged',
        expect.stringMatching(/^notice deploy\/all\.yaml:\d+ Team b may not deploy$/u),
      ],
    ]);
    expect(summary).toContain(
      "- **server-c is new against the base.** Its environment label lax is the change's own and chooses what it is judged by: reviewers, look at it.",
    );
    expect(log).toContain('against the base\n  server-c is new against the base: ');

    const pushed = await runAction({
      cwd: home.folder,
      inputs: { manifest: 'deploy/all.yaml', policies: 'policies' },
      env: { GITHUB_EVENT_NAME: 'push' },
    });
    expect([
      pushed.code,
      annotationsIn(pushed.log).length,
      pushed.summary.includes('Against the base'),
    ]).toEqual([0, 1, false]);
  });
});
