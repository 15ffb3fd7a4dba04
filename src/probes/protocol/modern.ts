/** Asks the modern questions: `server/discover`, and an inline request for each kind of revision. Specification: 2026-07-28 basic/versioning, server/discover. */
import type { InlineRequest, ProtocolFacts } from '../../facts/protocol.js';
import { LEGACY_REVISIONS, MODERN_REVISIONS } from '../../facts/revisions.js';
import type { Reply } from '../../wire/exchange.js';
import { validateMessage } from '../../wire/validate.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import {
  absence,
  capabilityNames,
  isRecord,
  refusesCaller,
  serverInfo,
  shortTexts,
  supportedInError,
  UNSUPPORTED_PROTOCOL_VERSION,
} from './reading.js';

type Discover = NonNullable<ProtocolFacts['discover']>;

export const NEWEST_MODERN = MODERN_REVISIONS[MODERN_REVISIONS.length - 1] ?? '2026-07-28';
const NEWEST_LEGACY = LEGACY_REVISIONS[LEGACY_REVISIONS.length - 1] ?? '2025-11-25';

export interface DiscoverAnswer {
  readonly discover: Discover;
  readonly reply: Reply;
}

export function discoverExperiment(wire: Wire, lab: Lab): Experiment<DiscoverAnswer> {
  const name = 'discover';
  return {
    name,
    run: async () => {
      const connection = await wire.modern({ experiment: lab.nameOf(name), version: NEWEST_MODERN });
      try {
        const reply = await connection.request('server/discover');
        const refusal = refusesCaller(reply);
        if (refusal !== null) throw new Untestable(refusal);
        return { discover: describeDiscover(reply), reply };
      } finally {
        await connection.close();
      }
    },
  };
}

function describeDiscover(reply: Reply): Discover {
  const result = reply.kind === 'result' ? reply.result : null;
  const info = serverInfo(result);
  const shaped = validateMessage(NEWEST_MODERN, 'DiscoverResult', result).length === 0;
  return {
    outcome: reply.kind === 'result' && !shaped ? 'malformed' : outcomeOf(reply),
    supportedVersions: isRecord(result) ? shortTexts(result['supportedVersions']) : [],
    capabilities: capabilityNames(result),
    serverName: info.name,
    serverVersion: info.version,
    httpStatus: reply.exchange.answer.status,
    errorCode: reply.kind === 'error' ? reply.code : null,
    evidence: [reply.exchange.id],
  };
}

/**
 * A list method the candidate offers, so that asking it inline says something about the revision and not about the method.
 * @param capabilities as `server/discover` or `initialize` told them; empty when neither did, and then tools are the best guess
 */
export function listMethod(capabilities: readonly string[], discovered: boolean): string {
  for (const name of ['tools', 'resources', 'prompts']) {
    if (capabilities.includes(name)) return `${name}/list`;
  }
  return discovered ? 'server/discover' : 'tools/list';
}

/** Inline requests for every modern revision, one legacy revision in `_meta`, and one never published. */
export function inlineExperiments(wire: Wire, lab: Lab, method: string): Experiment<InlineRequest>[] {
  const questions: Pick<InlineRequest, 'case' | 'requested'>[] = [
    ...MODERN_REVISIONS.map((requested) => ({ case: 'modern' as const, requested })),
    { case: 'legacy', requested: NEWEST_LEGACY },
    { case: 'unknown', requested: '2099-12-31' },
  ];
  return questions.map((question) => {
    const name = `inline/${question.requested}`;
    return {
      name,
      run: async () => {
        const connection = await wire.modern({ experiment: lab.nameOf(name), version: question.requested });
        try {
          const reply = await connection.request(method);
          const refusal = refusesCaller(reply);
          if (refusal !== null) throw new Untestable(refusal);
          return {
            ...question,
            outcome: outcomeOf(reply),
            httpStatus: reply.exchange.answer.status,
            errorCode: reply.kind === 'error' ? reply.code : null,
            supported: supportedInError(reply),
            evidence: [reply.exchange.id],
          };
        } finally {
          await connection.close();
        }
      },
    };
  });
}

function outcomeOf(reply: Reply): Discover['outcome'] {
  switch (reply.kind) {
    case 'result':
      return isRecord(reply.result) && typeof reply.result['resultType'] === 'string'
        ? 'result'
        : 'legacy-result';
    case 'error':
      return reply.code === UNSUPPORTED_PROTOCOL_VERSION ? 'unsupported-version' : 'error';
    case 'http':
      return 'http-error';
    case 'malformed':
      return 'malformed';
    case 'none':
      return absence(reply.ending);
  }
}
