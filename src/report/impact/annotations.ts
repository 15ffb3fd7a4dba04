/** What policies under review come to, as annotations on their own lines. */
import { flips, type ServerImpact } from '../../policy/impact/impact.js';
import { type Annotation, ofPolicy } from '../annotations.js';
import { cap } from '../escape.js';
import { LIMITS } from '../phrases.js';
import type { Proposal } from './proposal.js';
import { changeWords, flipWords, loosens } from './words.js';

const FINDINGS = 20;

/** Mistakes in the policies first, then the flips: to "allowed" first, as warnings; nothing blocks by a preview. */
export function proposalAnnotations({ problems, impact, lines }: Proposal): Annotation[] {
  const mistakes = problems.map((problem) =>
    ofPolicy('error', 'The edited policies do not compile', [problem.message], {
      file: problem.file,
      line: problem.row,
      column: problem.col,
    }),
  );
  const flipped = (impact?.servers ?? [])
    .filter(flips)
    .map((server) =>
      ofPolicy(
        loosens(server) ? 'warning' : 'notice',
        `${cap(server.server, LIMITS.name)}: ${flipWords(server)} once this is merged`,
        [explanation(server), ...findings(server)],
        lines.get(server.server) ?? { file: '', line: 0, column: 0 },
      ),
    );
  return [...mistakes, ...flipped];
}

function explanation(server: ServerImpact): string {
  return loosens(server)
    ? 'This edit would let a deployment through that is blocked now. The policies of the base still decide here.'
    : 'This edit changes the decision. The policies of the base still decide here.';
}

function findings({ findings }: ServerImpact): string[] {
  return findings.slice(0, FINDINGS).map((one) => `${one.rule}: ${changeWords(one)}`);
}
