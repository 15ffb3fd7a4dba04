/** The one question a compiled policy is asked: a generated module that gathers the findings of every package. */
import { type FindingSet, nameOf } from './catalogue.js';

/** No policy may use this package. */
export const COLLECTOR_PACKAGE = 'mcp_gate';
export const COLLECTOR_FILE = 'mcp-gate:collector';
export const ENTRYPOINT = 'mcp_gate/answer';

/**
 * Rego that answers `{"findings": [{"set", "finding"}], "evaluated": [set]}`. A set is in `evaluated` only when it
 * really was evaluated to a set, so that the judge can tell silence from absence.
 */
export function collectorSource(sets: readonly Pick<FindingSet, 'package' | 'name'>[]): string {
  const clauses = sets.flatMap((set) => {
    const name = JSON.stringify(nameOf(set));
    const reference = `data.${set.package}.${set.name}`;
    return [
      `findings contains {"set": ${name}, "finding": finding} if some finding in ${reference}`,
      `evaluated contains ${name} if is_set(${reference})`,
    ];
  });
  return [
    `package ${COLLECTOR_PACKAGE}`,
    'answer := {"findings": findings, "evaluated": evaluated}',
    'findings contains finding if { some finding in set() }',
    'evaluated contains name if { some name in set() }',
    ...clauses,
    '',
  ].join('\n\n');
}
