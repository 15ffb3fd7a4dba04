/** The tests of policies under review: run where the review changes something, and shown on their lines. */
import { testPolicies } from '../../policy/author/test.js';
import type { Annotation } from '../../report/annotations.js';
import type { Proposal } from '../../report/impact/proposal.js';
import type { Terminal } from '../terminal.js';
import { policyAnnotations } from './annotations.js';
import { authorOf } from './author.js';

export interface ProposalTests {
  readonly failed: boolean;
  readonly annotations: readonly Annotation[];
}

const NONE: ProposalTests = { failed: false, annotations: [] };

/** Runs them only where the policies compile, and differ from those that decide. */
export async function testsOfProposal(
  paths: readonly string[],
  proposal: Proposal | null,
  terminal: Terminal,
): Promise<ProposalTests> {
  const impact = proposal?.impact ?? null;
  if (impact === null || impact.digests.before === impact.digests.after || paths.length === 0) return NONE;
  const { authored, compiler } = await authorOf(paths, terminal);
  const tested = await testPolicies(authored, compiler, { run: '' });
  if (tested.kind === 'wrong')
    return { failed: true, annotations: policyAnnotations({ complaints: tested.complaints }) };
  return {
    failed: tested.tests.some(({ outcome }) => outcome === 'fail' || outcome === 'error'),
    annotations: policyAnnotations({ tests: tested.tests }),
  };
}
