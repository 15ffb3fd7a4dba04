/** `mcp-gate policy format`: the one way to lay out Rego, which is OPA's. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type FormattedFile, formatPolicies } from '../../policy/author/format.js';
import { terminal as visible } from '../../report/escape.js';
import { count } from '../../report/phrases.js';
import { UsageError } from '../failure.js';
import type { Terminal } from '../terminal.js';
import { annotate, policyAnnotations } from './annotations.js';
import { authorOf } from './author.js';
import { renderComplaint } from './check.js';

export interface PolicyFormatOptions {
  /** Writes nothing, and says which files are not formatted. */
  readonly check: boolean;
  readonly write: boolean;
}

/** Exit code 0; 1 when `--check` finds something; 2 when a file cannot be read as Rego. */
export async function policyFormat(
  paths: readonly string[],
  options: PolicyFormatOptions,
  terminal: Terminal,
): Promise<number> {
  if (options.check && options.write)
    throw new UsageError('--check writes nothing: expected it or --write, not both');
  const { authored, compiler } = await authorOf(paths, terminal);
  const formatted = await formatPolicies(authored, compiler);
  if (formatted.kind === 'wrong') {
    for (const complaint of formatted.complaints) terminal.err(renderComplaint(complaint));
    annotate(policyAnnotations({ complaints: formatted.complaints }), terminal);
    return 2;
  }
  const changed = formatted.files.filter((file) => file.firstDifference !== null);
  if (options.check) return report(changed, formatted.files.length, terminal);
  if (options.write) return write(changed, formatted.files.length, terminal);
  for (const { source } of formatted.files) terminal.out(source);
  return 0;
}

function report(changed: readonly FormattedFile[], all: number, terminal: Terminal): number {
  const complaints = changed.map(({ file, firstDifference }) => ({
    kind: 'error' as const,
    title: 'Not formatted',
    file,
    row: firstDifference ?? 1,
    col: 1,
    message: 'Not formatted as OPA has it: run "mcp-gate policy format --write".',
  }));
  for (const complaint of complaints) terminal.out(renderComplaint(complaint));
  terminal.out(`${changed.length} of ${count(all, 'file')} to format\n`);
  annotate(policyAnnotations({ complaints }), terminal);
  return changed.length === 0 ? 0 : 1;
}

async function write(changed: readonly FormattedFile[], all: number, terminal: Terminal): Promise<number> {
  for (const { file, source } of changed) {
    await writeFile(resolve(terminal.cwd, file), source);
    terminal.out(`${visible(file)}\n`);
  }
  terminal.out(`${changed.length} of ${count(all, 'file')} written\n`);
  return 0;
}
