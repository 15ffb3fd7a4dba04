/** Which line of the policies is behind a change of a decision: the line a reviewer has to look at. */
import { type DataFile, placeOf } from '../data/data.js';
import type { WaiverEntry } from '../data/waiver.js';
import type { Rule } from '../verdict.js';
import type { ChangedData, ChangedFinding, PolicyImpact, ServerImpact } from './impact.js';

/** A line of a policy source; rows and columns count from 1. */
export interface PolicyLine {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** As much of the edited policies as says where things stand. */
export interface EditedPolicy {
  readonly rules: readonly Rule[];
  readonly waivers: readonly WaiverEntry[];
  readonly modules: Readonly<Record<string, string>>;
  readonly files: readonly DataFile[];
}

/**
 * The line to look at for a server whose decision changes: of the waiver, of the level, of the rule, or of the data
 * that the edit changed, in this order; null when what changed is no longer in any file.
 */
export function lineBehind(
  server: ServerImpact,
  impact: PolicyImpact,
  before: Pick<EditedPolicy, 'modules'>,
  after: EditedPolicy,
): PolicyLine | null {
  const lines = server.findings.flatMap(
    (change) => lineOf(server.server, change, impact, before, after) ?? [],
  );
  return lines[0] ?? firstOf(impact.data, after.files);
}

function lineOf(
  server: string,
  change: ChangedFinding,
  impact: PolicyImpact,
  before: Pick<EditedPolicy, 'modules'>,
  after: EditedPolicy,
): PolicyLine | null {
  if (change.after === 'waived') {
    const waiver = after.waivers.find((one) => one.rule === change.rule && one.server === server);
    if (waiver?.source !== undefined && waiver.source !== null) return waiver.source;
  }
  const levels = impact.data.filter(({ path }) => path[path.indexOf('rules') + 1] === change.rule);
  const level = firstOf(levels, after.files);
  if (level !== null) return level;
  const rule = after.rules.find(({ id }) => id === change.rule);
  if (rule === undefined) return null;
  const { file, line } = rule.source;
  return before.modules[file] === after.modules[file] ? null : { file, line, column: 1 };
}

/** The line of the first change that still stands in a file. */
function firstOf(changes: readonly ChangedData[], files: readonly DataFile[]): PolicyLine | null {
  for (const { path } of changes) {
    const { file, row, col } = placeOf(path, files);
    if (file !== '' && row > 0) return { file, line: row, column: col };
  }
  return null;
}
