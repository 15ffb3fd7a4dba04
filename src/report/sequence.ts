/** The decisive exchange behind a finding: as a diagram for who reads pictures, as a table for who does not. */
import { elicitationsOf } from './elicited.js';
import { cap, markdown, mermaid, visible } from './escape.js';
import { askedWords, type Step, stepsOf } from './exchanges.js';
import type { ReportFinding, ServerReport } from './report.js';
import { table } from './table.js';

/** Steps shown of one finding. With labels of bounded length a diagram stays far below Mermaid's 50,000 characters. */
const STEPS = 6;
/** Longest label before its signs become entity codes, in UTF-16 units. */
const LABEL = 100;
const NAME = 40;

/** What shows best what a finding says, in the order in which it happened. */
export interface Decisive {
  readonly steps: readonly Step[];
  /** Things that the finding names beside them. */
  readonly more: number;
}

/** The telling part of a finding's evidence; null where the report holds none of it. */
export function decisiveOf(server: ServerReport, finding: ReportFinding): Decisive | null {
  const named = new Set(finding.evidence);
  const kept = stepsOf(server, named);
  const steps = (kept.length > 0 ? mostTelling(kept) : elicitationSteps(server, finding)).slice(0, STEPS);
  if (steps.length === 0) return null;
  for (const { id, rests } of steps) for (const told of [id, ...rests]) named.delete(told);
  return { steps, more: named.size };
}

/**
 * Of the experiments, the one in which somebody else than the first to act was served; among those a tool call, then one
 * with a control beside it, then the first.
 */
function mostTelling(steps: readonly Step[]): readonly Step[] {
  const experiments = new Map<string, Step[]>();
  for (const step of steps)
    experiments.set(step.experiment, [...(experiments.get(step.experiment) ?? []), step]);
  const [first = [], ...others] = experiments.values();
  return others.reduce((best, one) => (weight(one) > weight(best) ? one : best), first);
}

function weight(steps: readonly Step[]): number {
  const [first] = steps;
  const others = steps.filter((step) => step.principal !== first?.principal && step.served);
  return (
    (others.length > 0 ? 4 : 0) +
    (others.some((step) => step.sent.startsWith('tools/call')) ? 2 : 0) +
    (steps.length > 1 ? 1 : 0)
  );
}

/** Where the exchange itself is not kept, the facts still say who was asked for what. */
function elicitationSteps(server: ServerReport, finding: ReportFinding): Step[] {
  return elicitationsOf(server, finding).map((request) => ({
    id: request.id,
    experiment: 'elicitation',
    principal: request.principal,
    sent: request.tool === '' ? 'before any call' : `tools/call ${cap(request.tool, LABEL)}`,
    session: null,
    asked: [askedWords(`elicitation/create (${request.mode})`, request.url?.text ?? null)],
    answer: '',
    served: true,
    rests: request.evidence,
  }));
}

/** A fenced Mermaid diagram. `outcome` is what it comes to, below it; all text raw. */
export function sequenceDiagram(steps: readonly Step[], outcome: string): string {
  const people = [...new Set(steps.map(({ principal }) => principal))];
  const ids = new Map(people.map((principal, index) => [principal, `g${index + 1}`]));
  const sessions = sessionNames(steps);
  const lines = [
    ...people.map((principal) => `participant ${ids.get(principal)} as ${gateAs(principal)}`),
    'participant s as Server',
    ...steps.flatMap((step) => {
      const id = ids.get(step.principal);
      return [
        `${id}->>s: ${label(`${step.sent}${inSession(step, sessions)}`)}`,
        ...step.asked.map((asked) => `s->>${id}: ${label(asked)}`),
        ...(step.answer === '' ? [] : [`s-->>${id}: ${label(step.answer)}`]),
      ];
    }),
    `Note over g1,s: ${label(outcome)}`,
  ];
  return `\`\`\`mermaid\nsequenceDiagram\n${lines.map((line) => `    ${line}`).join('\n')}\n\`\`\``;
}

/** The same steps as a table. */
export function sequenceTable(steps: readonly Step[]): string {
  const sessions = sessionNames(steps);
  const rows = steps.map((step) => [
    markdown(cap(step.id, NAME)),
    markdown(cap(step.principal, NAME)),
    markdown(`${step.sent}${inSession(step, sessions)}`),
    markdown(
      [...step.asked.map((asked) => `asks ${asked}`), step.answer].filter((one) => one !== '').join('; '),
    ),
  ]);
  return table(['Exchange', 'As', 'Sent', 'Answer'], rows);
}

/** Sessions by the order in which they appear: their ids are nobody's business. */
export function sessionNames(steps: readonly Step[]): ReadonlyMap<string, string> {
  const ids = [...new Set(steps.flatMap(({ session }) => session ?? []))];
  return new Map(ids.map((id, index) => [id, `session ${index + 1}`]));
}

/** Which of these sessions a step was sent in, in brackets; empty for none. Our own words. */
export function inSession({ session }: Step, names: ReadonlyMap<string, string>): string {
  const name = session === null ? undefined : names.get(session);
  return name === undefined ? '' : ` (${name})`;
}

function gateAs(principal: string): string {
  const name = mermaid(cap(visible(principal), NAME));
  return name === '' ? 'Gate' : `Gate as ${name}`;
}

function label(text: string): string {
  return mermaid(cap(visible(text), LABEL)) || '-';
}
