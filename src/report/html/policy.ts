/** Which policies decided, where they are from, and what the policies under review would change. */
import { flips, type PolicyImpact, type ServerImpact } from '../../policy/impact/impact.js';
import type { Proposal } from '../impact/proposal.js';
import {
  changeWords,
  dataPath,
  dataWords,
  findingWords,
  flipWords,
  headline,
  loosens,
} from '../impact/words.js';
import { count, DECISION_WORDS, LIMITS } from '../phrases.js';
import type { Report } from '../report.js';
import { reviewNotes } from '../review.js';
import { table } from './grid.js';
import { type Child, code, el, type Markup, message, words } from './markup.js';

const ROWS = 100;

/** The version of the policies that decided. */
export function policySection({ policy, gate }: Report): Markup {
  const { kind, commit, pending } = policy.source;
  const more = pending.length - ROWS;
  return el(
    'section',
    { id: 'policy', 'aria-labelledby': 'policy-title' },
    el('h2', { id: 'policy-title' }, 'Policies'),
    el('dl', {}, [
      ...pair('Decided by', [count(policy.rules, 'rule'), ', ', SOURCES[kind]]),
      ...(commit === null ? [] : pair(kind === 'base' ? 'Base commit' : 'Commit', code(commit))),
      ...pair('Digest', code(policy.digest)),
      ...pair('Gate', ['mcp-gate ', words(gate.version)]),
    ]),
    pending.length === 0
      ? null
      : [
          el('p', {}, 'Only the change under review has these; they decide nothing before it is merged:'),
          el(
            'ul',
            {},
            pending.slice(0, ROWS).map((path) => el('li', {}, code(path, LIMITS.path))),
          ),
          more > 0 ? el('p', {}, `… and ${count(more, 'more path')}`) : null,
        ],
  );
}

/** Servers that the change adds or leaves out; nothing where there are none. */
export function reviewSection(report: Report): Markup[] {
  const notes = reviewNotes(report);
  if (notes.length === 0) return [];
  const more = notes.length - ROWS;
  return [
    el(
      'section',
      { id: 'review', 'aria-labelledby': 'review-title' },
      el('h2', { id: 'review-title' }, 'Against the base'),
      el(
        'ul',
        {},
        notes
          .slice(0, ROWS)
          .map(({ title, text }) =>
            el('li', {}, el('strong', {}, words(title, LIMITS.title)), ': ', message(text)),
          ),
      ),
      more > 0 ? el('p', {}, `… and ${more} more`) : null,
    ),
  ];
}

const SOURCES = {
  checkout: 'from the files that are checked out',
  base: 'from the base of the change under review',
  ref: 'from a commit that was named',
  directory: 'from a folder that was named',
} as const;

function pair(name: string, value: Child): Child[] {
  return [el('dt', {}, name), el('dd', {}, value)];
}

/** What an edit of the policies would do; nothing where there is none, or it changes nothing. */
export function proposalSection(proposal: Proposal | null): Markup[] {
  if (proposal === null) return [];
  const body = proposal.impact === null ? mistakes(proposal) : impactOf(proposal, proposal.impact);
  if (body === null) return [];
  const [title, content] = body;
  return [
    el(
      'section',
      { id: 'proposal', 'aria-labelledby': 'proposal-title' },
      el('h2', { id: 'proposal-title' }, title),
      content,
    ),
  ];
}

function mistakes({ problems }: Proposal): [string, Child] {
  return [
    'The edited policies do not compile',
    [
      el(
        'p',
        {},
        'Until they do, nobody can tell what they would change. The policies of the base decided here.',
      ),
      el(
        'ul',
        {},
        problems
          .slice(0, ROWS)
          .map(({ file, row, col, message: text }) =>
            el('li', {}, row === 0 ? null : [code(`${file}:${row}:${col}`, LIMITS.path), ' '], message(text)),
          ),
      ),
    ],
  ];
}

function impactOf({ lines }: Proposal, impact: PolicyImpact): [string, Child] | null {
  if (impact.digests.before === impact.digests.after) return null;
  const flipped = impact.servers.filter(flips);
  return [
    'What this change of the policies would do',
    [
      el(
        'p',
        {},
        words(headline(impact), LIMITS.title),
        ' Until it is merged, the policies of the base decide.',
      ),
      flipped.length === 0
        ? null
        : capped(
            'Decisions that change',
            ['Server', 'Now', 'After the merge', 'Effect', 'Line behind it'],
            flipped,
            (server) => [
              code(server.server),
              DECISION_WORDS[server.before],
              el('strong', {}, DECISION_WORDS[server.after]),
              loosens(server)
                ? el('span', { class: 'hit deny' }, '✗ lets through what is blocked now')
                : 'blocks or opens',
              lineOf(lines.get(server.server)),
            ],
          ),
      ...impact.servers
        .filter(({ findings }) => findings.length > 0)
        .slice(0, ROWS)
        .map(findingDetails),
      impact.rules.length === 0
        ? null
        : folded(
            'Rules that change',
            capped('Rules that change', ['Rule', 'Level of its own'], impact.rules, (one) => [
              code(one.rule),
              changeWords(one),
            ]),
          ),
      impact.data.length === 0
        ? null
        : folded(
            'Data that changes',
            capped('Data that changes', ['Data', 'Now', 'After the merge'], impact.data, (one) => [
              code(dataPath(one), LIMITS.path),
              code(dataWords(one).before, LIMITS.path),
              code(dataWords(one).after, LIMITS.path),
            ]),
          ),
    ],
  ];
}

function lineOf(line: { readonly file: string; readonly line: number } | undefined): Child {
  return line === undefined ? null : code(`${line.file}:${line.line}`, LIMITS.path);
}

function findingDetails(server: ServerImpact): Markup {
  return folded(
    [words(server.server), `: ${flipWords(server)}`],
    capped('Findings that change', ['Rule', 'Change', 'At', 'Level'], server.findings, (one) => [
      code(one.rule),
      findingWords(one),
      code(one.at, LIMITS.path),
      changeWords(one),
    ]),
  );
}

function folded(title: Child, body: Child): Markup {
  return el('details', {}, el('summary', {}, title), body);
}

function capped<T>(
  title: string,
  head: readonly string[],
  all: readonly T[],
  row: (one: T) => readonly Child[],
): Child {
  const more = all.length - ROWS;
  return [
    table(title, head, all.slice(0, ROWS).map(row)),
    more > 0 ? el('p', {}, `… and ${more} more`) : null,
  ];
}
