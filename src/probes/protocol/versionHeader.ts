/** Sends a live session the wrong `MCP-Protocol-Version`. Specification: 2025-11-25 basic/transports, "Protocol Version Header". */
import type { ProtocolFacts } from '../../facts/protocol.js';
import { LEGACY_REVISIONS } from '../../facts/revisions.js';
import type { Reply } from '../../wire/exchange.js';
import type { Wire } from '../../wire/wire.js';
import { type Experiment, type Lab, Untestable } from '../lab.js';
import { refusesCaller } from './reading.js';

type VersionHeader = ProtocolFacts['versionHeader'][number];

/** No date, so that a server which compares strings by order cannot take it for a newer revision. */
const INVALID = 'mcp-gate-no-such-revision';

/**
 * Each case on a session of its own, because some servers drop a session on the first bad header.
 * `ping` is the question: every legacy server has to answer it.
 */
export function versionHeaderExperiments(
  wire: Wire,
  lab: Lab,
  negotiated: string,
): Experiment<VersionHeader>[] {
  const other = LEGACY_REVISIONS.find((revision) => revision !== negotiated) ?? null;
  const cases: Pick<VersionHeader, 'case' | 'sent'>[] = [
    { case: 'absent', sent: null },
    { case: 'invalid', sent: INVALID },
    { case: 'other', sent: other },
  ];
  return cases.map((variation) => {
    const name = `version-header/${variation.case}`;
    return {
      name,
      run: async () => {
        const connection = await wire.legacy({ experiment: lab.nameOf(name) });
        try {
          const opened = await connection.initialize(negotiated);
          if (opened.negotiated === null)
            throw new Untestable(refusesCaller(opened.reply) ?? 'no session could be opened');
          await connection.initialized();
          const control = await connection.request('ping');
          if (control.kind !== 'result')
            throw new Untestable('the control failed: a right ping on this session was not answered');
          const reply = await connection.request(
            'ping',
            {},
            { headers: { 'mcp-protocol-version': variation.sent } },
          );
          return {
            ...variation,
            outcome: outcomeOf(reply),
            httpStatus: reply.exchange.answer.status,
            evidence: [control.exchange.id, reply.exchange.id],
          };
        } finally {
          await connection.close();
        }
      },
    };
  });
}

function outcomeOf(reply: Reply): VersionHeader['outcome'] {
  if (reply.kind === 'result') return 'accepted';
  const status = reply.exchange.answer.status;
  return status !== null && status >= 400 && status < 500 && status !== 429 ? 'refused' : 'inconclusive';
}
