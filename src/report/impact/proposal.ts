/** What policies under review come to: what is wrong with them, or what they would change and which line is behind it. */
import { flips, type PolicyImpact } from '../../policy/impact/impact.js';
import { type EditedPolicy, lineBehind, type PolicyLine } from '../../policy/impact/places.js';
import type { PolicyProblem } from '../../policy/problem.js';

export interface Proposal {
  /** Why they do not compile; then there is no impact. */
  readonly problems: readonly PolicyProblem[];
  readonly impact: PolicyImpact | null;
  /** By server whose decision flips: the line to look at. */
  readonly lines: ReadonlyMap<string, PolicyLine>;
}

/** The impact with the lines behind its flips. */
export function proposalOf(impact: PolicyImpact, before: EditedPolicy, after: EditedPolicy): Proposal {
  const lines = impact.servers.filter(flips).flatMap((server) => {
    const line = lineBehind(server, impact, before, after);
    return line === null ? [] : [[server.server, line] as const];
  });
  return { problems: [], impact, lines: new Map(lines) };
}
