/** Lays out policies as `opa fmt` does. */
import type { Compiler } from '../compiler/compiler.js';
import type { Authored } from './authored.js';
import { type Complaint, NO_NAMES, sorted, toComplaint, uncrashed } from './complaint.js';

export interface FormattedFile {
  readonly file: string;
  /** What it should be. */
  readonly source: string;
  /** The first line that is not as it should be; null when all are. */
  readonly firstDifference: number | null;
}

export type FormattedPolicies =
  | { readonly kind: 'wrong'; readonly complaints: readonly Complaint[] }
  | { readonly kind: 'formatted'; readonly files: readonly FormattedFile[] };

/**
 * Formats the author's own files, tests too.
 * @throws CompilerCrash
 */
export async function formatPolicies(
  { modules, own, shown }: Authored,
  compiler: Pick<Compiler, 'format'>,
): Promise<FormattedPolicies> {
  const sources = Object.fromEntries(Object.entries(modules).filter(([file]) => own.has(file)));
  const said = uncrashed(await compiler.format(sources));
  if (said.kind === 'wrong') {
    const complaints = said.problems.map((each) =>
      toComplaint({ ...each, file: shown(each.file) }, NO_NAMES),
    );
    return { kind: 'wrong', complaints: sorted(complaints) };
  }
  const files = Object.entries(said.value.modules).map(([file, { source, changed }]) => ({
    file: shown(file),
    source,
    firstDifference: changed ? firstDifference(sources[file] ?? '', source) : null,
  }));
  return { kind: 'formatted', files: files.sort((a, b) => (a.file < b.file ? -1 : 1)) };
}

function firstDifference(from: string, to: string): number {
  const wanted = to.split('\n');
  return Math.max(1, from.split('\n').findIndex((line, at) => line !== wanted[at]) + 1);
}
