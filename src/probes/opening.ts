/** How a client was taken at its handshake, on every transport. */
import type { BindingOutcome } from '../facts/session.js';
import type { Exchange, Reply } from '../wire/exchange.js';
import type { LegacyConnection } from '../wire/wire.js';
import type { ProbeContext } from './probe.js';
import { isSuccess, outcomeOfReply } from './reading.js';

export interface Opening {
  readonly outcome: BindingOutcome;
  readonly exchange: Exchange;
}

/**
 * How `initialize` was taken, and by which exchange it can be told. On HTTP+SSE somebody may be refused on the event stream
 * already, and then the message was never sent.
 */
export function openingOf(
  context: Pick<ProbeContext, 'transcript'>,
  connection: LegacyConnection,
  reply: Reply,
): Opening {
  const told = { outcome: outcomeOfReply(reply), exchange: reply.exchange };
  if (connection.transport !== 'sse' || connection.details.endpoint?.kind === 'own') return told;
  const stream = context.transcript
    .experiment(reply.exchange.experiment)
    .find((one) => one.connection === connection.name && one.request.method === 'GET');
  if (stream === undefined) return told;
  const { status } = stream.answer;
  const refused = status !== null && status !== 429 && !isSuccess(status);
  return { outcome: refused ? 'refused' : 'inconclusive', exchange: stream };
}
