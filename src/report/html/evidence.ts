/** Which exchanges of a server are in the report, where they stand in the page, and which findings rest on them. */
import { cap } from '../escape.js';
import { LIMITS } from '../phrases.js';
import type { ReportFinding, ServerReport } from '../report.js';
import { el, type Markup } from './markup.js';

type Weight = ReportFinding['level'] | 'waived';

const RANK = { deny: 0, warn: 1, notice: 2, waived: 3 } as const;

/** Links of one cell or finding; the rest is counted. */
const LINKS = 8;

export interface Evidence {
  /** Links to the exchanges that are in the report, and the bare ids of the others. */
  links(ids: readonly string[]): Markup[];
  /** The worst level among the findings that rest on any of these; null where none does. */
  worst(ids: readonly string[]): Weight | null;
  /** Where the exchange with this number in the transcript stands. */
  anchor(index: number): string;
}

/** @param prefix begins every anchor of the server: `s1` */
export function evidenceOf(server: ServerReport, prefix: string): Evidence {
  const anchor = (index: number): string => `${prefix}-x${index + 1}`;
  const anchors = new Map(
    server.transcript.flatMap(({ id }, index) =>
      typeof id === 'string' ? [[id, anchor(index)] as const] : [],
    ),
  );
  const weights = new Map<string, Weight>();
  for (const finding of server.findings) {
    const weight = weightOf(finding);
    for (const id of finding.evidence) {
      const before = weights.get(id);
      if (before === undefined || RANK[weight] < RANK[before]) weights.set(id, weight);
    }
  }
  return {
    anchor,
    links(ids) {
      const shown = ids.slice(0, LINKS).map((id) => {
        const target = anchors.get(id);
        const name = cap(id, LIMITS.name);
        return target === undefined
          ? el('bdi', { class: 'muted' }, name)
          : el('a', { href: `#${target}`, 'aria-label': `evidence ${name}` }, name);
      });
      const more = ids.length - shown.length;
      return more > 0 ? [...shown, el('span', { class: 'muted' }, `and ${more} more`)] : shown;
    },
    worst(ids) {
      const found = ids.flatMap((id) => weights.get(id) ?? []);
      return found.sort((a, b) => RANK[a] - RANK[b])[0] ?? null;
    },
  };
}

/** What a finding counts as: its level, unless it is waived. */
export function weightOf(finding: ReportFinding): Weight {
  return finding.waiver === null ? finding.level : 'waived';
}
