/** `mcp-gate policy impact`: what an edit of the policies would change, on facts that were recorded before. */
import type { Facts } from '../../facts/facts.js';
import { impactOf, type Side } from '../../policy/impact/impact.js';
import { judge } from '../../policy/judging/judge.js';
import { loadPolicy, type PolicySet } from '../../policy/load.js';
import { json as inert } from '../../report/escape.js';
import { proposalAnnotations } from '../../report/impact/annotations.js';
import { proposalOf } from '../../report/impact/proposal.js';
import { renderImpactTerminal } from '../../report/impact/terminal.js';
import { decidingPolicies } from '../decidingPolicies.js';
import { readEvent } from '../event.js';
import { UsageError } from '../failure.js';
import { readFacts } from '../recordedFacts.js';
import type { Terminal } from '../terminal.js';
import { annotate } from './annotations.js';

export interface PolicyImpactOptions {
  readonly base: string;
  readonly facts: readonly string[];
  readonly json: boolean;
}

/** Exit code 0 whatever changes: it is a preview. Throws for the user's mistakes, in either version. */
export async function policyImpact(
  paths: readonly string[],
  { base, facts: files, json }: PolicyImpactOptions,
  terminal: Terminal,
): Promise<number> {
  const recorded = await allFacts(files, terminal.cwd);
  const event = await readEvent(base === 'base' ? terminal.env : {});
  const found = await decidingPolicies(
    { policies: paths, policiesFrom: base, manifests: [] },
    event,
    terminal,
  );
  try {
    if (found.proposed === null)
      throw new UsageError(`--base ${base}: expected another version than the one that is checked out.`);
    const before = await loadPolicy(found.deciding);
    const after = await loadPolicy(found.proposed.policies);
    const impact = impactOf(await sideOf(before, recorded), await sideOf(after, recorded));
    if (json) {
      terminal.out(`${inert(JSON.stringify(impact, null, 2))}\n`);
      return 0;
    }
    terminal.out(renderImpactTerminal(impact, terminal.style));
    annotate(proposalAnnotations(proposalOf(impact, before, after)), terminal);
    return 0;
  } finally {
    await found.dispose();
  }
}

async function sideOf(policy: PolicySet, recorded: ReadonlyMap<string, Facts>): Promise<Side> {
  const verdicts = new Map<string, Awaited<ReturnType<typeof judge>>>();
  for (const [name, facts] of recorded) verdicts.set(name, await judge({ facts, policy }));
  return { policy, verdicts };
}

/** By server; recordings of one server under several files are told apart by their file. */
async function allFacts(files: readonly string[], cwd: string): Promise<ReadonlyMap<string, Facts>> {
  const all = new Map<string, Facts>();
  for (const file of files) {
    for (const facts of await readFacts(file, cwd)) {
      const { name } = facts.candidate;
      all.set(all.has(name) ? `${name} (${file})` : name, facts);
    }
  }
  return all;
}
