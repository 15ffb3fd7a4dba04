/** GitHub annotations as data: what a reviewer sees on the manifest's line, within the number GitHub shows for a step. */
import { annotation, cap, terminal } from './escape.js';
import { type PlacedFinding, sortedFindings } from './order.js';
import { count, LIMITS, openReasons, sentence, waiverWords } from './phrases.js';
import type { Report, ServerReport } from './report.js';

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

const LEVELS = ['error', 'warning', 'notice'] as const;

/**
 * Every annotation of a report, worst first: undecided servers, then findings in their order. In audit mode a denial
 * is a warning and says that it would have blocked; what could not be judged stays an error, as its exit code does.
 */
export function annotations(report: Report): Annotation[] {
  return [
    ...report.servers.filter((server) => server.decision === 'undecided').map(undecided),
    ...sortedFindings(report.servers).map((placed) => ofFinding(placed, report.mode)),
  ];
}

/**
 * At most `limit` of each level, in order. Where there are more, the last slot says how many are missing; it stands on
 * the line of the first of them.
 */
export function annotationBudget(all: readonly Annotation[], limit = ANNOTATIONS_PER_LEVEL): Annotation[] {
  return LEVELS.flatMap((level) => {
    const wanted = all.filter((one) => one.level === level);
    if (wanted.length <= limit) return wanted;
    const [first, ...hidden] = wanted.slice(limit - 1);
    if (first === undefined) return [];
    return [...wanted.slice(0, limit - 1), { ...first, ...remainder(level, hidden.length + 1) }];
  });
}

function remainder(level: AnnotationLevel, hidden: number): Pick<Annotation, 'title' | 'message'> {
  return {
    title: `and ${count(hidden, `more ${level}`)}`,
    message: `GitHub shows ${ANNOTATIONS_PER_LEVEL} annotations of a level for each step. ${count(hidden, `more ${level}`)}: see the job summary or the report.`,
  };
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

/** Each paragraph escaped and shortened by itself, so that a long one cannot push out those after it. */
function joined(paragraphs: readonly string[]): string {
  return paragraphs.map((paragraph) => annotation(paragraph, 10)).join('\n');
}

function list(lead: string, items: readonly string[]): string {
  return items.length === 0 ? '' : lead + cap(items.join(', '), LIMITS.path);
}
