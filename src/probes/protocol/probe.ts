/** How the candidate negotiates a revision, in both eras. The catalogue of experiments is section 1 of the probe reference. */
import type { InitializeAttempt, ProtocolFacts } from '../../facts/protocol.js';
import { LEGACY_REVISIONS } from '../../facts/revisions.js';
import { validateMessage } from '../../wire/validate.js';
import type { Wire } from '../../wire/wire.js';
import type { Lab } from '../lab.js';
import type { Probe } from '../probe.js';
import { checkClaims } from './claims.js';
import { conformanceExperiments } from './conformance.js';
import { derive } from './derive.js';
import { type InitializeAnswer, initializeExperiments } from './initialize.js';
import {
  type DiscoverAnswer,
  discoverExperiment,
  inlineExperiments,
  listMethod,
  NEWEST_MODERN,
} from './modern.js';
import { capabilityPaths } from './reading.js';
import { compare, type Portrait, portraitExperiments } from './stability.js';
import { versionHeaderExperiments } from './versionHeader.js';

type Violations = ProtocolFacts['violations'];

/** A candidate that repeats one mistake on every message shall not fill the report with it. */
const VIOLATION_LIMIT = 20;

export const protocolProbe: Probe<ProtocolFacts> = {
  id: 'protocol',
  budgetMs: 120_000,

  async run({ plan, wire }, lab) {
    const answers = present(await lab.runAll(initializeExperiments(wire, lab)));
    const initialize = answers.map((answer) => answer.attempt);
    const modern =
      wire.transport === 'sse'
        ? null
        : await askModern(
            wire,
            lab,
            initialize.flatMap((attempt) => attempt.capabilities),
          );
    const derived = derive(initialize, modern?.inline ?? []);

    const legacy = newestLegacy(initialize);
    const header =
      wire.transport === 'streamable-http' && legacy !== null
        ? versionHeaderExperiments(wire, lab, legacy)
        : [];
    const speaksModern = derived.eras.includes('modern');
    const portraits = await portray(wire, lab, legacy, speaksModern);
    const versionHeader = present(await lab.runInTurn(header));
    const conformance = speaksModern
      ? conformanceExperiments(wire, lab, {
          method: modern?.method ?? 'server/discover',
          speaksLegacy: derived.eras.includes('legacy'),
          servesHeaderlessClients: derived.supported.some((revision) => revision < '2025-06-18'),
        })
      : [];
    const modernCases = present(await lab.runInTurn(conformance));

    const negotiated = derived.supported.length > 0;
    if (!negotiated) lab.cannotTell('negotiation', 'no published revision could be agreed on');
    const claims = negotiated
      ? await checkClaims(plan, {
          supported: derived.supported,
          capabilities: [...answers, ...(modern?.discover ? [modern.discover] : [])].flatMap(({ reply }) =>
            reply.kind === 'result' ? capabilityPaths(reply.result) : [],
          ),
          evidence: [
            ...initialize.flatMap((attempt) => attempt.evidence),
            ...(modern?.discover?.discover.evidence ?? []),
          ],
        })
      : [];

    return {
      kind: 'facts',
      facts: {
        ...derived,
        initialize,
        discover: modern?.discover?.discover ?? null,
        inline: modern?.inline ?? [],
        versionHeader,
        modern: modernCases,
        stability: mergeStability(portraits.map(compare)),
        claims,
        violations: violations(answers, modern?.discover ?? null, portraits.flat(), legacy),
      },
    };
  },
};

function present<T>(results: readonly (T | null)[]): T[] {
  return results.filter((result): result is T => result !== null);
}

async function askModern(wire: Wire, lab: Lab, legacyCapabilities: readonly string[]) {
  const discover = await lab.run(discoverExperiment(wire, lab));
  const discovered = discover?.discover.outcome === 'result';
  const method = listMethod(discovered ? discover.discover.capabilities : legacyCapabilities, discovered);
  const inline = await lab.runAll(inlineExperiments(wire, lab, method));
  return { discover, inline: present(inline), method };
}

/** What a client that asks for the newest legacy revision ends up with. */
function newestLegacy(initialize: readonly InitializeAttempt[]): string | null {
  const newest = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1];
  const asked = initialize.find((attempt) => attempt.requested === newest);
  return asked?.outcome === 'same' || asked?.outcome === 'counter-offer' ? asked.answered : null;
}

async function portray(
  wire: Wire,
  lab: Lab,
  legacy: string | null,
  speaksModern: boolean,
): Promise<Portrait[][]> {
  const eras = [
    ...(legacy === null ? [] : [portraitExperiments(wire, lab, legacy, 'legacy')]),
    ...(speaksModern ? [portraitExperiments(wire, lab, NEWEST_MODERN, 'modern')] : []),
  ];
  const portraits: Portrait[][] = [];
  for (const experiments of eras) portraits.push(present(await lab.runAll(experiments)));
  return portraits;
}

function mergeStability(parts: readonly ProtocolFacts['stability'][]): ProtocolFacts['stability'] {
  return {
    repeated: parts.flatMap((part) => part.repeated),
    byClient: parts.flatMap((part) => part.byClient),
  };
}

/** Messages that do not match the published types of the revision they were sent under. */
function violations(
  answers: readonly InitializeAnswer[],
  discover: DiscoverAnswer | null,
  portraits: readonly Portrait[],
  legacy: string | null,
): Violations {
  const messages = [
    ...answers.map(({ attempt, reply }) => ({
      revision: attempt.answered,
      message: 'InitializeResult' as const,
      reply,
    })),
    ...(discover === null
      ? []
      : [{ revision: NEWEST_MODERN, message: 'DiscoverResult' as const, reply: discover.reply }]),
  ].flatMap(({ revision, message, reply }) =>
    reply.kind === 'result' && revision !== null
      ? [{ revision, message, value: reply.result, evidence: reply.exchange.id }]
      : [],
  );
  const tools = portraits
    .filter((portrait) => portrait.toolsResult !== null && portrait.asker === 'attempt 1')
    .map((portrait) => ({
      revision: portrait.protocolVersion.startsWith('[') ? NEWEST_MODERN : (legacy ?? NEWEST_MODERN),
      message: 'ListToolsResult' as const,
      value: portrait.toolsResult,
      evidence: portrait.evidence.at(-1) ?? '',
    }));
  return [...messages, ...tools]
    .flatMap(({ revision, message, value, evidence }) =>
      validateMessage(revision, message, value).map((problem) => ({
        revision,
        message,
        ...problem,
        evidence: [evidence].filter((id) => id !== ''),
      })),
    )
    .slice(0, VIOLATION_LIMIT);
}
