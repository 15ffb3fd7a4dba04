/** `mcp-gate policy check`: does it compile, are the facts spelt right, would the gate take it. */
import { checkPolicies } from '../../policy/author/check.js';
import type { Complaint } from '../../policy/author/complaint.js';
import { describe } from '../../policy/problem.js';
import { json as inert, terminal as visible } from '../../report/escape.js';
import { count } from '../../report/phrases.js';
import type { Terminal } from '../terminal.js';
import { annotate, policyAnnotations } from './annotations.js';
import { authorOf } from './author.js';

export interface PolicyCheckOptions {
  readonly json: boolean;
}

/** Exit code 0, or 2 when something is wrong: policies that do not compile are the user's mistake. */
export async function policyCheck(
  paths: readonly string[],
  { json }: PolicyCheckOptions,
  terminal: Terminal,
): Promise<number> {
  const { authored, loading, compiler } = await authorOf(paths, terminal);
  const { complaints, modules, tests } = await checkPolicies(authored, compiler, loading);
  const errors = complaints.filter(({ kind }) => kind === 'error').length;
  if (json) {
    terminal.out(`${inert(JSON.stringify({ problems: complaints, policies: modules, tests }, null, 2))}\n`);
  } else {
    for (const complaint of complaints) terminal.out(renderComplaint(complaint));
    terminal.out(
      `${count(modules, 'policy file')}, ${count(tests, 'test file')}: ${summary(errors, complaints.length)}\n`,
    );
    annotate(policyAnnotations({ complaints }), terminal);
  }
  return errors === 0 ? 0 : 2;
}

/** A problem with its details below it, as editors and log viewers link it. */
export function renderComplaint(complaint: Complaint): string {
  const level = complaint.kind === 'warning' ? 'warning: ' : '';
  const details = (complaint.details ?? []).map((line) => `    ${visible(line)}\n`);
  return `${visible(describe({ ...complaint, message: level + complaint.message }))}\n${details.join('')}`;
}

function summary(errors: number, all: number): string {
  if (all === 0) return 'nothing wrong';
  return [
    ...(errors === 0 ? [] : [count(errors, 'error')]),
    ...(all === errors ? [] : [count(all - errors, 'warning')]),
  ].join(', ');
}
