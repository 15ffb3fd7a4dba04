/** Lays waivers over findings: exactly, never silently, and never so that "could not be tested" becomes "fine". */

import type { Levels } from '../data/config.js';
import { DAY_MS, type End, endOf, type WaiverEntry, type WaiverTerms } from '../data/waiver.js';
import { isWaiverRule, WAIVER_RULES, type WaiverProblem } from '../pack/waiver-rules.js';
import { didYouMean } from '../spelling.js';
import type { Finding, Rule, Waiver } from '../verdict.js';
import type { Attributed } from './answer.js';

export interface Waiving {
  readonly found: readonly Attributed[];
  /** Whether everything could be tested and evaluated; else no waiver can be called unused. */
  readonly complete: boolean;
  readonly waivers: readonly WaiverEntry[];
  readonly terms: WaiverTerms;
  readonly rules: readonly Rule[];
  readonly levels: Levels;
  /** `metadata.name` of the server that is judged. */
  readonly server: string;
  /** Start of the run in milliseconds since 1970: the only clock. */
  readonly now: number;
}

type State =
  | { readonly kind: 'invalid'; readonly why: string }
  | { readonly kind: 'expired'; readonly end: End }
  | { readonly kind: 'active'; readonly end: End };

interface Examined {
  readonly waiver: WaiverEntry;
  readonly state: State;
}

/** The findings, those that are covered with their waiver, and after them what is wrong with the server's waivers. */
export function waive(given: Waiving): readonly Attributed[] {
  const own = given.waivers
    .filter((waiver) => waiver.server === given.server)
    .map((waiver): Examined => ({ waiver, state: stateOf(waiver, given) }));
  const found = given.found.map((each) => covered(each, own, given.terms));
  const problems = own.flatMap((each) => problemsOf(each, found, given));
  return [...found, ...problems.flatMap((each) => withLevel(each, given.levels))];
}

function stateOf(waiver: WaiverEntry, { terms, rules, now }: Waiving): State {
  const rule = rules.find((each) => each.id === waiver.rule);
  if (isWaiverRule(waiver.rule))
    return invalid('covers nothing: what is said about waivers cannot be waived.');
  if (rule?.undecides === true && !mayBeWaived(rule, terms))
    return invalid(
      'covers nothing: the rule says that something could not be tested, and mcp.config.waivableUntested does not name it.',
    );
  if (waiver.expires === null) return invalid('has no end ("expires"), so it covers nothing.');
  const end = endOf(waiver.expires);
  if (end === null) return invalid(`ends at ${waiver.expires}, which is no day, so it covers nothing.`);
  if (now >= end.at) return { kind: 'expired', end };
  if (terms.maximumDays === 0)
    return invalid('covers nothing: mcp.config.waiverMaximumDays is 0, so nothing can be waived.');
  if (end.counted > now + terms.maximumDays * DAY_MS)
    return invalid(
      `ends ${end.words}, more than ${days(terms.maximumDays)} from now (mcp.config.waiverMaximumDays), so it covers nothing.`,
    );
  return { kind: 'active', end };
}

const invalid = (why: string): State => ({ kind: 'invalid', why });

function mayBeWaived(rule: Rule, { waivableUntested }: WaiverTerms): boolean {
  return !rule.undecides || waivableUntested.includes(rule.id);
}

/** Of several waivers that cover a finding, the one that ends last is shown. */
function covered(each: Attributed, own: readonly Examined[], terms: WaiverTerms): Attributed {
  if (!mayBeWaived(each.rule, terms)) return each;
  const [best] = own
    .flatMap(({ waiver, state }) => (state.kind === 'active' ? [{ waiver, end: state.end.at }] : []))
    .filter(({ waiver }) => matches(waiver, each.finding))
    .sort((a, b) => b.end - a.end);
  return best === undefined ? each : { ...each, finding: { ...each.finding, waiver: shown(best.waiver) } };
}

/** Equal, letter for letter: no pattern, no prefix, no other case. The server was compared before. */
function matches(waiver: WaiverEntry, finding: Finding): boolean {
  return waiver.rule === finding.rule && (waiver.at === null || waiver.at === finding.at);
}

function shown({ owner, reason, ticket, expires }: WaiverEntry): Waiver {
  return { owner, reason, ticket, expires: expires ?? '' };
}

function problemsOf(
  { waiver, state }: Examined,
  found: readonly Attributed[],
  given: Waiving,
): readonly Attributed[] {
  const matching = found.filter(({ finding }) => matches(waiver, finding));
  const say = (problem: WaiverProblem, text: string): readonly Attributed[] => [
    attributed(problem, waiver, text),
  ];
  if (state.kind === 'invalid') return say('invalid', state.why);
  if (state.kind === 'expired') {
    const open = matching.filter(({ finding }) => finding.waiver === null).length;
    return say('expired', `ended ${state.end.words}${afterwards(open, given)}`);
  }
  if (matching.length === 0 && given.complete) return say('unused', unusedBecause(waiver, given));
  const left = state.end.at - given.now;
  if (left > given.terms.noticeDays * DAY_MS) return [];
  const soon = left <= DAY_MS ? 'within a day' : `in ${days(Math.ceil(left / DAY_MS))}`;
  return say('ending', `ends ${soon}, ${state.end.words}; then what it covers counts again.`);
}

function afterwards(open: number, { complete }: Waiving): string {
  if (open > 0) return `; ${open === 1 ? 'the finding counts' : `${open} findings count`} again.`;
  return complete ? '; nothing that counts is left of what it covered.' : '.';
}

function unusedBecause(waiver: WaiverEntry, { rules, levels }: Waiving): string {
  const ids = rules.map((rule) => rule.id);
  if (levels.get(waiver.rule) === 'off') return 'covers no finding: the rule is off.';
  if (!ids.includes(waiver.rule))
    return `covers no finding: there is no rule ${waiver.rule}.${didYouMean(waiver.rule, ids)}`;
  return waiver.at === null
    ? 'covers no finding: the rule found nothing.'
    : `covers no finding: the rule found nothing at ${waiver.at}.`;
}

const days = (count: number): string => (count === 1 ? '1 day' : `${count} days`);

function attributed(problem: WaiverProblem, waiver: WaiverEntry, text: string): Attributed {
  const rule = WAIVER_RULES[problem];
  const { title, severity, remediation, references } = rule;
  const where = waiver.at === null ? waiver.rule : `${waiver.rule} at ${waiver.at}`;
  return {
    rule,
    finding: {
      rule: rule.id,
      level: rule.level,
      title,
      message: `The waiver of ${where} by ${waiver.owner} ${text}`,
      severity,
      remediation,
      references,
      at: '/metadata/name',
      evidence: [],
      waiver: null,
      source: waiver.source,
    },
  };
}

function withLevel(each: Attributed, levels: Levels): readonly Attributed[] {
  const level = levels.get(each.finding.rule);
  if (level === undefined || level === 'off') return [each];
  return [{ ...each, finding: { ...each.finding, level } }];
}
