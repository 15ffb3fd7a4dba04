/** A section for each server: why it could not be judged, what was and was not tested, the tables, the evidence. */
import {
  count,
  DECISION_WORDS,
  duration,
  environmentWords,
  gaps,
  LIMITS,
  protocolLine,
  STATUS_WORDS,
  tellingOutput,
  untried,
} from '../phrases.js';
import type { Report, ServerReport } from '../report.js';
import { tally } from '../tally.js';
import { type Evidence, weightOf } from './evidence.js';
import { grid, LEVEL_SIGNS, mark, table } from './grid.js';
import { type Block, group } from './group.js';
import { block, type Child, code, el, type Markup, message, words } from './markup.js';
import { matrices } from './matrices.js';
import { transcript } from './transcript.js';

const SERVERS_IN_TABLE = 200;
const ROWS = 200;
const REASONS = 50;

const DECISION_SIGNS = { allow: '✓', deny: '✗', undecided: '?' } as const;

/** Sign and word of a decision. */
export function decisionBadge(decision: ServerReport['decision']): Markup {
  return el(
    'span',
    { class: `badge ${decision}` },
    `${DECISION_SIGNS[decision]} ${DECISION_WORDS[decision]}`,
  );
}

/** All servers at a glance. */
export function serversSection({ servers }: Report): Markup {
  const rows = servers.slice(0, SERVERS_IN_TABLE).map((server, index) => {
    const findings = tally(server.findings);
    const environment = environmentWords(server);
    return [
      el('a', { href: `#s${index + 1}` }, code(server.name)),
      decisionBadge(server.decision),
      ...(['deny', 'warn', 'notice', 'waived'] as const).map((level) => String(findings[level])),
      environment === null ? null : words(environment, LIMITS.title),
      code(server.manifest, LIMITS.path),
      duration(server.durationMs),
    ];
  });
  const more = servers.length - rows.length;
  const head = ['Server', 'Decision', 'Deny', 'Warn', 'Notice', 'Waived', 'Environment', 'Manifest', 'Time'];
  return el(
    'section',
    { id: 'servers', 'aria-labelledby': 'servers-title' },
    el('h2', { id: 'servers-title' }, 'Servers'),
    table('Decision and findings by server', head, rows),
    more > 0 ? el('p', {}, `… and ${count(more, 'more server')}`) : null,
  );
}

/** What is to be read before anything else of a server that could not be judged. */
export function undecidedSection({ servers }: Report): Markup[] {
  const open = servers.flatMap((server) => {
    const reasons = reasonsOf(server);
    return reasons.length === 0 ? [] : [el('h3', {}, code(server.name)), ...reasons];
  });
  if (open.length === 0) return [];
  return [
    el(
      'section',
      { id: 'undecided', 'aria-labelledby': 'undecided-title' },
      el('h2', { id: 'undecided-title' }, 'Could not be decided'),
      open,
    ),
  ];
}

function reasonsOf(server: ServerReport): Markup[] {
  const output = tellingOutput(server);
  const reasons = server.indecisions
    .slice(0, REASONS)
    .map(({ code: id, message: text }) => el('li', {}, code(id), ': ', message(text)));
  const more = server.indecisions.length - reasons.length;
  return [
    ...(reasons.length === 0 ? [] : [el('ul', {}, reasons)]),
    ...(more > 0 ? [el('p', {}, `… and ${count(more, 'more reason')}`)] : []),
    ...(output === null
      ? []
      : [el('p', {}, 'Its last output:'), block(output, LIMITS.output, LIMITS.outputLines)]),
  ];
}

/** Who accepted what, and until when. */
export function waiversSection({ servers }: Report): Markup[] {
  const waived = servers.flatMap((server) =>
    server.findings.flatMap((finding) =>
      finding.waiver === null ? [] : [{ server: server.name, finding, waiver: finding.waiver }],
    ),
  );
  if (waived.length === 0) return [];
  const rows = waived
    .map(({ server, finding, waiver }) => ({
      key: JSON.stringify([finding.rule, server, finding.at, finding.message]),
      cells: [
        code(finding.rule),
        code(server),
        mark(finding.level),
        words(waiver.owner),
        words(waiver.expires),
        waiver.ticket === null ? null : words(waiver.ticket),
        message(waiver.reason, LIMITS.title),
      ],
    }))
    .sort((a, b) => (a.key < b.key ? -1 : Number(a.key > b.key)))
    .slice(0, ROWS)
    .map(({ cells }) => cells);
  const more = waived.length - rows.length;
  return [
    el(
      'section',
      { id: 'waivers', 'aria-labelledby': 'waivers-title' },
      el('h2', { id: 'waivers-title' }, 'Waivers'),
      table(
        'Findings that somebody accepted',
        ['Rule', 'Server', 'Level', 'Owner', 'Until', 'Ticket', 'Reason'],
        rows,
      ),
      more > 0 ? el('p', {}, `… and ${count(more, 'more waiver')}`) : null,
    ),
  ];
}

/** Everything else about one server. */
export function serverSection(server: ServerReport, number: number, evidence: Evidence): Block {
  const id = `s${number}`;
  return group('section', { id, 'aria-labelledby': `${id}-title` }, blocksOf(server, id, evidence));
}

function* blocksOf(server: ServerReport, id: string, evidence: Evidence): Generator<Block> {
  yield el('h2', { id: `${id}-title` }, ['Server ', code(server.name), ' ', decisionBadge(server.decision)]);
  yield el('dl', {}, [
    ...pair('Manifest', code(server.manifest, LIMITS.path)),
    ...pair('Environment', environmentOf(server)),
    ...pair('Protocol', protocolOf(server)),
    ...pair('Transport', server.facts?.candidate.transport ?? null),
    ...pair('Tested from', server.facts?.gate.startedAt ?? null),
    ...pair('Findings', findingsOf(server)),
  ]);
  yield probes(server);
  yield* untested(server);
  for (const one of matrices(server)) {
    yield el('details', {}, el('summary', {}, one.title), grid(one, evidence));
  }
  if (server.transcript.length === 0) return;
  yield el('h3', {}, 'Evidence');
  yield el(
    'p',
    { class: 'muted' },
    `${count(server.transcript.length, 'exchange')} that findings name, in the order they began; credentials were masked when they were recorded.`,
  );
  yield* transcript(server, evidence);
}

function pair(name: string, value: Child): Child[] {
  return value === null ? [] : [el('dt', {}, name), el('dd', {}, value)];
}

function environmentOf(server: ServerReport): Child {
  const environment = environmentWords(server);
  return environment === null ? null : words(environment, LIMITS.title);
}

function protocolOf(server: ServerReport): Child {
  const line = protocolLine(server);
  return line === null ? null : words(line, LIMITS.title);
}

function findingsOf(server: ServerReport): Child {
  if (server.findings.length === 0) return server.decision === 'allow' ? 'none' : null;
  const weights = server.findings.map(weightOf);
  return (Object.keys(LEVEL_SIGNS) as (keyof typeof LEVEL_SIGNS)[])
    .map((level) => ({ level, number: weights.filter((one) => one === level).length }))
    .filter(({ number }) => number > 0)
    .map(({ level, number }) => [mark(level), ` × ${number} `]);
}

function probes(server: ServerReport): Markup {
  const rows = server.probes
    .slice(0, ROWS)
    .map(({ id, status, reason, durationMs }) => [
      code(id),
      STATUS_WORDS[status],
      duration(durationMs),
      reason === null ? null : message(reason, LIMITS.title),
    ]);
  return el(
    'div',
    {},
    el('h3', {}, 'Probes'),
    rows.length === 0
      ? el('p', {}, 'None ran.')
      : table('Probes', ['Probe', 'Status', 'Time', 'Remark'], rows),
  );
}

function* untested(server: ServerReport): Generator<Markup> {
  const open = gaps(server);
  if (open.length > 0) {
    yield el('h3', {}, 'Not tested');
    yield table(
      'Experiments without an answer',
      ['Experiment', 'Status', 'Reason'],
      open
        .slice(0, ROWS)
        .map((gap) => [code(gap.what), STATUS_WORDS[gap.status], message(gap.reason, LIMITS.title)]),
    );
  }
  const rest = untried(server);
  if (rest.length > 0) {
    yield el('h3', {}, 'Could not be tried here');
    yield table(
      'What this set-up could not try',
      ['What', 'Reason'],
      rest
        .slice(0, ROWS)
        .map(({ what, reason }) => [words(what.join(', '), LIMITS.message), message(reason, LIMITS.title)]),
    );
  }
}
