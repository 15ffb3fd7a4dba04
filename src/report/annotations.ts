/** GitHub annotations as data: what a reviewer sees on the manifest's line, within the number GitHub shows for a step. */
import { type ChangedLines, isChanged } from './changed.js';
import { annotation, cap, terminal } from './escape.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import { count, LIMITS, openReasons, sentence, waiverWords } from './phrases.js';
import type { Report, ServerReport } from './report.js';
import { type ReviewNote, reviewNotes } from './review.js';

export type AnnotationLevel = 'error' | 'warning' | 'notice';

/** The arguments of `error()`, `warning()` or `notice()` of `@actions/core`. All text is escaped already. */
export interface Annotation {
  readonly level: AnnotationLevel;
  readonly title: string;
  readonly message: string;
  readonly file: string;
  readonly startLine: number;
  readonly startColumn: number;
}

/** Annotations that GitHub shows of each level and step. Source: actions/toolkit, docs/problem-matchers.md. */
export const ANNOTATIONS_PER_LEVEL = 10;

/** Files that the last slot names. */
const FILES_NAMED = 5;

const LEVELS = ['error', 'warning', 'notice'] as const;

export interface AnnotationOptions {
  /** Lines that the change under review touches; none where there is no change, or nobody knows. */
  readonly changed?: ChangedLines;
}

/**
 * Every annotation of a report, worst first: undecided servers, then findings by their level, those on changed lines
 * before others, and so in their order; before other notices, what the change adds or leaves out. In audit mode a denial is a warning and says that it would have blocked; what
 * could not be judged stays an error, as its exit code does.
 */
export function annotations(report: Report, { changed = new Map() }: AnnotationOptions = {}): Annotation[] {
  const findings = sortedFindings(report.servers).map((placed) => ({
    one: ofFinding(placed, report.mode),
    elsewhere: Number(!isChanged(changed, placed.finding.location)),
  }));
  findings.sort((a, b) => rank(a.one) - rank(b.one) || a.elsewhere - b.elsewhere);
  return [
    ...report.servers.filter((server) => server.decision === 'undecided').map(undecided),
    ...findings.flatMap(({ one }) => (one.level === 'notice' ? [] : [one])),
    ...reviewNotes(report).map(ofNote),
    ...findings.flatMap(({ one }) => (one.level === 'notice' ? [one] : [])),
  ];
}

function rank({ level }: Annotation): number {
  return LEVELS.indexOf(level);
}

/** Annotations that there is room for, and where people find the others. */
export interface Budget {
  readonly limit?: number;
  readonly elsewhere?: string;
}

/**
 * At most `limit` of each level, in order. Where there are more, the last slot says how many are missing; it stands on
 * the line of the first of them.
 */
export function annotationBudget(
  all: readonly Annotation[],
  { limit = ANNOTATIONS_PER_LEVEL, elsewhere = 'the job summary or the report' }: Budget = {},
): Annotation[] {
  return LEVELS.flatMap((level) => {
    const wanted = all.filter((one) => one.level === level);
    if (wanted.length <= limit) return wanted;
    const shown = wanted.slice(0, Math.max(0, limit - 1));
    const hidden = wanted.slice(shown.length);
    const [first] = hidden;
    return limit < 1 || first === undefined ? [] : [...shown, { ...first, ...remainder(hidden, elsewhere) }];
  });
}

function remainder(hidden: readonly Annotation[], elsewhere: string): Pick<Annotation, 'title' | 'message'> {
  const number = count(hidden.length, `more ${hidden[0]?.level}`);
  return {
    title: `and ${number}`,
    message: `GitHub shows ${ANNOTATIONS_PER_LEVEL} annotations of a level for each step. ${number} in ${filesOf(hidden)}: see ${elsewhere}.`,
  };
}

/** Where they are, the file with the most of them first. */
function filesOf(hidden: readonly Annotation[]): string {
  const numbers = new Map<string, number>();
  for (const { file } of hidden) {
    const name = file === '' ? 'no file' : file;
    numbers.set(name, (numbers.get(name) ?? 0) + 1);
  }
  const files = [...numbers].sort(([, a], [, b]) => b - a).map(([file, number]) => `${file} (${number})`);
  const more = files.length - FILES_NAMED;
  return `${files.slice(0, FILES_NAMED).join(', ')}${more > 0 ? ` and ${count(more, 'more file')}` : ''}`;
}

function ofFinding({ server, finding }: PlacedFinding, mode: Report['mode']): Annotation {
  const paragraphs = [
    cap(finding.message, LIMITS.message),
    `Rule ${cap(finding.rule, LIMITS.name)} · ${finding.severity} · server ${cap(server, LIMITS.name)}${list(' · evidence ', finding.evidence)}`,
    ...(finding.remediation === '' ? [] : [`What to do: ${cap(finding.remediation, LIMITS.message)}`]),
    ...finding.references.slice(0, 5).map((reference) => `See ${cap(reference, LIMITS.path)}`),
    ...remarks(finding, mode),
  ];
  return {
    level: levelOf(finding, mode),
    title: terminal(cap(`${finding.waiver === null ? '' : 'waived: '}${finding.title}`, LIMITS.title)),
    message: joined(paragraphs),
    file: terminal(cap(finding.location.file, LIMITS.path)),
    startLine: finding.location.line,
    startColumn: finding.location.column,
  };
}

function levelOf(finding: PlacedFinding['finding'], mode: Report['mode']): AnnotationLevel {
  if (finding.waiver !== null || finding.level === 'notice') return 'notice';
  return finding.level === 'deny' && mode === 'enforce' ? 'error' : 'warning';
}

function remarks(finding: PlacedFinding['finding'], mode: Report['mode']): string[] {
  if (finding.waiver !== null) {
    return [cap(sentence(waiverWords(finding.waiver)), LIMITS.message)];
  }
  return finding.level === 'deny' && mode === 'audit' ? ['Audit mode: this would deny the deployment.'] : [];
}

function undecided(server: ServerReport): Annotation {
  const reasons = openReasons(server).map(({ code, message }) => `${code}: ${message}`);
  return {
    level: 'error',
    title: terminal(`${cap(server.name, LIMITS.name)} could not be judged`),
    message: joined(reasons.slice(0, 10)) || 'No reason was given: see the report.',
    file: terminal(cap(server.manifest, LIMITS.path)),
    startLine: 1,
    startColumn: 1,
  };
}

function ofNote({ title, text, file, line }: ReviewNote): Annotation {
  return ofPolicy('notice', title, [text], { file, line, column: 1 });
}

/** Each paragraph escaped and shortened by itself, so that a long one cannot push out those after it. */
function joined(paragraphs: readonly string[]): string {
  return paragraphs.map((paragraph) => annotation(paragraph, 10)).join('\n');
}

function list(lead: string, items: readonly string[]): string {
  return items.length === 0 ? '' : lead + cap(items.join(', '), LIMITS.path);
}

/** Where something is; line 0 and an empty file where it is nowhere in particular. */
export interface AnnotatedPlace {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An annotation on a line that no finding is about. All text raw: each line of the message is shortened by itself. */
export function ofPolicy(
  level: AnnotationLevel,
  title: string,
  message: readonly string[],
  place: AnnotatedPlace,
): Annotation {
  return {
    level,
    title: terminal(cap(title, LIMITS.title)),
    message: annotation(message.map((line) => cap(line, LIMITS.message)).join('\n'), 20),
    file: terminal(cap(place.file, LIMITS.path)),
    startLine: Math.max(1, place.line),
    startColumn: Math.max(1, place.column),
  };
}
