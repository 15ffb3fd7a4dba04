/** What a policy edit changes, as a section of the job summary. */
import { flips, type PolicyImpact, type ServerImpact } from '../../policy/impact/impact.js';
import { cap, markdown, markdownCode } from '../escape.js';
import { DECISION_WORDS, LIMITS } from '../phrases.js';
import { details, table } from '../table.js';
import type { Proposal } from './proposal.js';
import { changeWords, dataPath, dataWords, findingWords, flipWords, headline, loosens } from './words.js';

const ROWS = 100;

/** Blocks of Markdown about the policies under review; none where there are none, or nothing changes. */
export function proposalBlocks(proposal: Proposal | null): string[] {
  if (proposal === null) return [];
  if (proposal.impact !== null) return impactBlocks(proposal.impact);
  const mistakes = proposal.problems
    .slice(0, ROWS)
    .map(
      ({ file, row, col, message }) =>
        `- ${row === 0 ? '' : `${code(`${file}:${row}:${col}`)} `}${markdown(cap(message, LIMITS.message))}`,
    );
  return [
    `## The edited policies do not compile\n\nUntil they do, nobody can tell what they would change. The policies of the base decided here.\n\n${mistakes.join('\n')}`,
  ];
}

function impactBlocks(impact: PolicyImpact): string[] {
  if (impact.digests.before === impact.digests.after) return [];
  const flipped = impact.servers.filter(flips);
  const others = impact.servers.filter((server) => !flips(server));
  return [
    `## What this change of the policies would do\n\n${markdown(headline(impact))} Until it is merged, the policies of the base decide.`,
    ...(flipped.length === 0 ? [] : [flipTable(flipped)]),
    ...flipped.flatMap((server) => findingDetails(server)),
    ...others.flatMap((server) => findingDetails(server)),
    ...details('Rules that change', ruleTable(impact)),
    ...details('Data that changes', dataTable(impact)),
  ];
}

function flipTable(servers: readonly ServerImpact[]): string {
  const rows = servers
    .slice(0, ROWS)
    .map((server) => [
      loosens(server) ? '🔓' : '🔒',
      code(server.server),
      DECISION_WORDS[server.before],
      `**${DECISION_WORDS[server.after]}**`,
    ]);
  return capped(['', 'Server', 'Now', 'After the merge'], rows, servers.length);
}

function findingDetails(server: ServerImpact): string[] {
  const rows = server.findings
    .slice(0, ROWS)
    .map((one) => [findingWords(one), code(one.rule), code(one.at), changeWords(one)]);
  if (rows.length === 0) return [];
  const body = capped(['', 'Rule', 'At', 'Level'], rows, server.findings.length);
  return [
    `<details><summary>${markdown(cap(server.server, LIMITS.name))}: ${flipWords(server)}</summary>\n\n${body}\n\n</details>`,
  ];
}

function ruleTable({ rules }: PolicyImpact): string | null {
  if (rules.length === 0) return null;
  const rows = rules.slice(0, ROWS).map((one) => [code(one.rule), changeWords(one)]);
  return capped(['Rule', 'Level of its own'], rows, rules.length);
}

function dataTable({ data }: PolicyImpact): string | null {
  if (data.length === 0) return null;
  const rows = data
    .slice(0, ROWS)
    .map((one) => [code(dataPath(one)), code(dataWords(one).before), code(dataWords(one).after)]);
  return capped(['Data', 'Now', 'After the merge'], rows, data.length);
}

function capped(head: readonly string[], rows: readonly (readonly string[])[], total: number): string {
  const left = total - rows.length;
  return table(head, rows) + (left > 0 ? `\n\n… and ${left} more` : '');
}

function code(text: string): string {
  return markdownCode(cap(text, LIMITS.path));
}
