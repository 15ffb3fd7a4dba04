/** Findings grouped by area, worst first, and the form that narrows them down where scripts run. */
import { cap, webAddress } from '../escape.js';
import { compareFindings, type PlacedFinding } from '../order.js';
import { area, count, LIMITS, place, waiverTerms } from '../phrases.js';
import type { Report, ReportFinding, ServerReport } from '../report.js';
import { decisiveOf, inSession, sessionNames } from '../sequence.js';
import { type Evidence, weightOf } from './evidence.js';
import { LEVEL_SIGNS, table } from './grid.js';
import { type Block, group } from './group.js';
import { type Child, code, el, type Markup, message, words } from './markup.js';

const REFERENCES = 5;
const OPTIONS = 200;

/** @param evidence of each server, in the order of the report */
export function findingsSection(report: Report, evidence: readonly Evidence[]): Block[] {
  const placed = report.servers
    .flatMap((server, number) => server.findings.map((finding) => ({ server: server.name, finding, number })))
    .sort(compareFindings);
  if (placed.length === 0) return [];
  const areas = [...new Set(placed.map(({ finding }) => area(finding.rule)))];
  return [
    group('section', { id: 'findings', 'aria-labelledby': 'findings-title' }, [
      el('h2', { id: 'findings-title' }, 'Findings'),
      form(report, areas),
      ...areas.map((name, number) => {
        const own = placed.filter(({ finding }) => area(finding.rule) === name);
        return group('div', { class: 'area' }, areaBlocks(name, number, own));
      }),
    ]),
  ];

  /** Cards are made only while there is room for them. */
  function* areaBlocks(name: string, areaNumber: number, own: typeof placed): Generator<Markup> {
    yield el('h3', {}, cap(name, LIMITS.name).trim() === '' ? 'other' : words(name));
    for (const { finding, server, number } of own) {
      const steps = stepsOf(report.servers[number], finding, evidence[number]);
      yield card(
        { finding, server },
        { number, area: areaNumber, evidence: evidence[number] ?? null, steps },
      );
    }
  }
}

/** Where a finding stands in the page, and what of its evidence is shown at once. */
interface Place {
  readonly number: number;
  readonly area: number;
  readonly evidence: Evidence | null;
  readonly steps: Child;
}

/** The exchanges that show best what the finding says. */
function stepsOf(
  server: ServerReport | undefined,
  finding: ReportFinding,
  evidence: Evidence | undefined,
): Child {
  const decisive = server === undefined ? null : decisiveOf(server, finding);
  if (decisive === null) return null;
  const sessions = sessionNames(decisive.steps);
  const rows = decisive.steps.map((step) => [
    evidence?.links([step.id]) ?? null,
    words(step.principal),
    [words(step.sent, LIMITS.title), inSession(step, sessions)],
    [
      ...step.asked.map((one) => el('div', {}, 'asks ', words(one, LIMITS.title))),
      words(step.answer, LIMITS.title),
    ],
  ]);
  const title = `What happened${decisive.more > 0 ? `, and ${count(decisive.more, 'more piece')} of evidence` : ''}`;
  return el(
    'details',
    {},
    el('summary', {}, title),
    table('What happened, step by step', ['Exchange', 'Who', 'Sent', 'Came back'], rows),
  );
}

function card({ finding, server }: PlacedFinding, at: Place): Markup {
  const weight = weightOf(finding);
  return el(
    'article',
    {
      class: `card ${weight}`,
      'data-level': weight,
      'data-area': `a${at.area}`,
      'data-server': `s${at.number + 1}`,
    },
    el('h4', {}, [
      el('span', { class: `badge filled ${weight}` }, `${LEVEL_SIGNS[weight]} ${weight}`),
      ' ',
      words(finding.title, LIMITS.title),
    ]),
    el('p', { class: 'meta' }, [
      `${finding.severity}${finding.waiver === null ? '' : `, ${finding.level} but waived`} · `,
      code(finding.rule),
      ' · server ',
      code(server),
      ' · ',
      code(place(finding.location), LIMITS.path),
    ]),
    el('p', {}, message(finding.message)),
    finding.remediation.trim() === ''
      ? null
      : el('p', { class: 'do' }, el('strong', {}, 'What to do: '), message(finding.remediation)),
    at.steps,
    evidenceLine(finding.evidence, at.evidence),
    references(finding.references),
    finding.waiver === null
      ? null
      : el('p', { class: 'do' }, el('strong', {}, 'Waived '), message(waiverTerms(finding.waiver))),
  );
}

function evidenceLine(ids: readonly string[], evidence: Evidence | null): Child {
  if (ids.length === 0 || evidence === null) return null;
  return el('p', { class: 'meta' }, ['Evidence: ', evidence.links(ids).flatMap((link) => [link, ' '])]);
}

function references(urls: readonly string[]): Child {
  if (urls.length === 0) return null;
  return el('p', { class: 'meta' }, [
    'See ',
    urls.slice(0, REFERENCES).flatMap((url) => [reference(cap(url, LIMITS.path)), ' ']),
  ]);
}

/** The references of a policy are the only links that leave the page. */
function reference(url: string): Markup {
  const href = webAddress(url);
  return href === null ? code(url, LIMITS.path) : el('a', { href, rel: 'noreferrer noopener' }, url);
}

function form(report: Report, areas: readonly string[]): Markup {
  const levels = (['deny', 'warn', 'notice', 'waived'] as const).map((level) => [level, level] as const);
  return el(
    'form',
    { id: 'filters', class: 'filters', role: 'search', 'aria-label': 'Filter the findings', hidden: '' },
    choice('by-level', 'Level', levels),
    choice(
      'by-area',
      'Area',
      areas.map((name, index) => [`a${index}`, name] as const),
    ),
    choice(
      'by-server',
      'Server',
      report.servers.map(({ name }, index) => [`s${index + 1}`, name] as const),
    ),
    el('div', { class: 'grow' }, [
      el('label', { for: 'by-text' }, 'Text'),
      el('input', { id: 'by-text', type: 'search', autocomplete: 'off', maxlength: '200' }),
    ]),
    el('button', { id: 'show-all', type: 'button' }, 'Show all'),
    el('p', { id: 'count', role: 'status', class: 'muted' }),
  );
}

function choice(
  id: string,
  name: string,
  options: readonly (readonly [value: string, name: string])[],
): Markup {
  return el(
    'div',
    {},
    el('label', { for: id }, name),
    el('select', { id, autocomplete: 'off' }, [
      el('option', { value: '' }, 'all'),
      ...options.slice(0, OPTIONS).map(([value, text]) => el('option', { value }, cap(text, LIMITS.name))),
    ]),
  );
}
