/** The deprecated transport, which often stays open beside the guarded endpoint. 2024-11-05 basic/transports. */
import type { Exchange } from '../../wire/exchange.js';
import { answersRequest, isObject, membersOf } from '../../wire/message.js';
import { Untestable } from '../lab.js';
import { type Bench, demandControl } from './bench.js';
import { at, INTRUDER_ID, type Operation, type Visitor } from './operation.js';
import { type Served, type Showing, servedNotification, servedStream, show } from './outcome.js';
import { type Deprecated, isErrorResult } from './speech.js';

const OLDEST_REVISION = '2024-11-05';
/** The result comes on the stream, after the POST was answered. */
const RESULT_POLLS = 10;
const RESULT_POLL_MS = 50;

export function deprecatedOperations(route: Deprecated): Operation[] {
  const common = { face: route.path, era: 'legacy' as const };
  const calls = route.calls.map(({ tool, arguments: given }): Operation => {
    const request = { method: 'tools/call', params: { name: tool, arguments: given } };
    return {
      ...common,
      operation: 'call',
      method: request.method,
      key: `deprecated/call/${tool}`,
      attempt: (...args) => attemptMessage(route, request, ...args),
    };
  });
  return [
    {
      ...common,
      operation: 'stream',
      method: 'GET',
      key: `deprecated/stream${route.path}`,
      attempt: (...args) => attemptStream(route, ...args),
    },
    {
      ...common,
      operation: 'message',
      method: 'ping',
      key: `deprecated/message${route.path}`,
      attempt: (...args) => attemptMessage(route, { method: 'ping', params: {} }, ...args),
    },
    ...calls,
  ];
}

async function attemptStream(
  { path, control }: Deprecated,
  { wire, pace }: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  const open = (who: Visitor): Promise<Exchange> =>
    pace.exchange(() =>
      wire.http({
        experiment,
        principal: who.principal,
        method: 'GET',
        path: at(path, who),
        headers: { accept: 'text/event-stream', ...who.headers },
        readStream: 'until-quiet',
      }),
    );
  const served = servedStream(await open(visitor));
  if (served.served) return show(served, 'accepted');
  const after = servedStream(await open({ principal: control }));
  if (!after.served) throw new Untestable(`the control failed: GET by ${control} opened no stream`);
  return show(served, 'refused', [after.exchange.id]);
}

/** A message to the route of the legitimate user's stream; served when its result came on that stream. */
async function attemptMessage(
  { path, control }: Deprecated,
  request: { readonly method: string; readonly params: Readonly<Record<string, unknown>> },
  { wire, pace }: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  const session = await wire.deprecatedSse({ experiment, principal: control, path });
  try {
    const opened = await session.initialize(OLDEST_REVISION);
    demandControl(opened.reply, `initialize by ${control} over the deprecated transport`);
    await session.initialized();
    const before = await pace.reply(() => session.request('ping'));
    demandControl(before, `ping by ${control} over the deprecated transport`);
    const { endpoint } = session.details;
    if (endpoint?.kind !== 'own') throw new Untestable('the server named no message route of its own');
    const exchange = await pace.exchange(() =>
      wire.http({
        experiment,
        principal: visitor.principal,
        method: 'POST',
        path: at(endpoint.path, visitor),
        headers: { 'content-type': 'application/json', ...visitor.headers },
        body: JSON.stringify({ jsonrpc: '2.0', id: INTRUDER_ID, ...request }),
      }),
    );
    const taken = servedNotification(exchange);
    if (!taken.served) {
      demandControl(await pace.reply(() => session.request('ping')), `ping by ${control} after the attempt`);
      return show(taken, 'refused', [before.exchange.id]);
    }
    const answer = await answerOnStream(wire, experiment);
    if (answer === null) throw new Untestable('the message was taken, and nothing came back to tell why');
    const served: Served = { ...taken, served: !('error' in answer) && !isErrorResult(answer['result']) };
    return show(served, served.served ? 'accepted' : 'refused', [before.exchange.id]);
  } finally {
    await session.close();
  }
}

async function answerOnStream(
  wire: Bench['wire'],
  experiment: string,
): Promise<Readonly<Record<string, unknown>> | null> {
  for (let poll = 0; poll < RESULT_POLLS; poll += 1) {
    const answers = wire.transcript
      .experiment(experiment)
      .flatMap(({ answer }) => answer.messages)
      .flatMap(({ value }) => membersOf(value))
      .filter((member) => answersRequest(member, INTRUDER_ID));
    const [first] = answers.filter(isObject);
    if (first !== undefined) return first;
    await new Promise((resolve) => setTimeout(resolve, RESULT_POLL_MS));
  }
  return null;
}
