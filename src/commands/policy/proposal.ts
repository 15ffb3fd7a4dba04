/** The tests of policies under review: run where the review changes something, and shown on their lines. */
import { type TestedPolicies, testPolicies } from '../../policy/author/test.js';
import { type Annotation, ofPolicy } from '../../report/annotations.js';
import type { Proposal } from '../../report/impact/proposal.js';
import { type FailureProblem, toFailure } from '../failure.js';
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
  let tested: TestedPolicies;
  try {
    const { authored, compiler } = await authorOf(paths, terminal);
    tested = await testPolicies(authored, compiler, { run: '' });
  } catch (cause: unknown) {
    // There is a verdict already, which has to reach its report.
    return { failed: true, annotations: toFailure(cause).problems.map(ofFailure) };
  }
  if (tested.kind === 'wrong')
    return { failed: true, annotations: policyAnnotations({ complaints: tested.complaints }) };
  return {
    failed: tested.tests.some(({ outcome }) => outcome === 'fail' || outcome === 'error'),
    annotations: policyAnnotations({ tests: tested.tests }),
  };
}

function ofFailure({ message, file, line, column }: FailureProblem): Annotation {
  const place = { file: file ?? '', line: line ?? 0, column: column ?? 0 };
  return ofPolicy('error', 'The tests of the edited policies cannot be run', [message], place);
}
