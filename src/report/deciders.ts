/** Whose policies decided, and what the change under review does to the list of servers, in the job summary. */
import { cap, markdown, markdownCode } from './escape.js';
import { LIMITS, policySourceWords } from './phrases.js';
import type { Report } from './report.js';
import { reviewNotes } from './review.js';

const PENDING_SHOWN = 10;
const NOTES_SHOWN = 50;

/** One paragraph. */
export function policyLine(report: Report): string {
  const { pending } = report.policy.source;
  const shown = pending.slice(0, PENDING_SHOWN).map((path) => markdownCode(cap(path, LIMITS.path)));
  const more = pending.length > shown.length ? [`and ${pending.length - shown.length} more`] : [];
  return [
    `Policies: ${markdown(policySourceWords(report))}.`,
    ...(pending.length === 0
      ? []
      : [
          `Only this change has ${[...shown, ...more].join(', ')}, which decides nothing before it is merged.`,
        ]),
  ].join(' ');
}

/** Servers that the change adds or leaves out; no block where there are none. */
export function reviewBlocks(report: Report): string[] {
  const notes = reviewNotes(report);
  if (notes.length === 0) return [];
  const lines = notes
    .slice(0, NOTES_SHOWN)
    .map(
      ({ title, text }) =>
        `- **${markdown(cap(title, LIMITS.title))}.** ${markdown(cap(text, LIMITS.message))}`,
    );
  const more = notes.length > NOTES_SHOWN ? [`- … and ${notes.length - NOTES_SHOWN} more`] : [];
  return [`## Against the base\n\n${[...lines, ...more].join('\n')}`];
}
