/** Wording of what a policy edit changes, shared by its outputs. Raw text: escape it for the output at hand. */
import {
  type ChangedData,
  type ChangedFinding,
  flips,
  type PolicyImpact,
  type ServerImpact,
} from '../../policy/impact/impact.js';
import { cap } from '../escape.js';
import { count, DECISION_WORDS, LIMITS, sentence } from '../phrases.js';

/** `denied → allowed` */
export function flipWords({ before, after }: ServerImpact): string {
  return `${DECISION_WORDS[before]} → ${DECISION_WORDS[after]}`;
}

/** Whether something that is blocked now would no longer be. */
export function loosens({ before, after }: ServerImpact): boolean {
  return before !== 'allow' && after === 'allow';
}

/** The whole in one sentence, the dangerous part first. */
export function headline(impact: PolicyImpact): string {
  const flipped = impact.servers.filter(flips);
  const loose = flipped.filter(loosens).length;
  const among = `${count(impact.compared, 'server')} compared`;
  if (impact.digests.before === impact.digests.after) return `${sentence(among)} The policies are the same.`;
  if (flipped.length === 0) return `${sentence(among)} No decision changes.`;
  const change = `${count(flipped.length, 'decision')} ${flipped.length === 1 ? 'changes' : 'change'}`;
  return sentence(`${among}: ${change}${loose === 0 ? '' : `, ${loose} to allowed`}`);
}

/** `deny → warn`, `deny → nothing` */
export function changeWords({
  before,
  after,
}: {
  readonly before: string | null;
  readonly after: string | null;
}): string {
  return `${before ?? 'nothing'} → ${after ?? 'nothing'}`;
}

/** `mcp.config.minimumProtocolVersion` */
export function dataPath({ path }: ChangedData): string {
  return cap(path.join('.'), LIMITS.path);
}

/** Both sides of a change of data on one line each; of lists, what was taken away and what was added. */
export function dataWords({ before, after }: ChangedData): {
  readonly before: string;
  readonly after: string;
} {
  if (!Array.isArray(before) || !Array.isArray(after))
    return { before: valueWords(before), after: valueWords(after) };
  return {
    before: before.length === 0 ? 'nothing removed' : `removed ${valueWords(before)}`,
    after: after.length === 0 ? 'nothing added' : `added ${valueWords(after)}`,
  };
}

/** A JSON value on one line. */
function valueWords(value: unknown): string {
  return value === undefined || value === null ? 'nothing' : cap(JSON.stringify(value) ?? '', LIMITS.title);
}

/** What happened to one finding, in a word. */
export function findingWords(change: ChangedFinding): string {
  if (change.before === null) return 'appears';
  return change.after === null ? 'disappears' : 'changes';
}
