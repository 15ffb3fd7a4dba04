/** What a client of the legacy era does over Streamable HTTP. 2025-11-25 basic/transports and basic/lifecycle. */
import type { LegacyConnection } from '../../wire/legacy.js';
import { Untestable } from '../lab.js';
import { isUnanswered } from '../reading.js';
import { type Bench, demandControl, inSession } from './bench.js';
import { at, INTRUDER_ID, type Operation, sessionHeaders, type Visitor } from './operation.js';
import { type Served, type Showing, servedNotification, servedReply, servedStream, show } from './outcome.js';
import type { Speech, Voice } from './speech.js';

/** Changes nothing: no request of this id was ever made. */
const NOTIFICATION = 'notifications/cancelled';
const NOTIFIED = { requestId: 'mcp-gate-nothing', reason: 'no longer wanted' } as const;

/** Key of the request that names no session. */
export const WITHOUT_SESSION = 'legacy/request/without-session';

export function legacyOperations(path: string, voice: NonNullable<Speech['legacy']>): Operation[] {
  const common = { face: path, era: 'legacy' as const };
  const calls = voice.calls.map(
    ({ tool, arguments: given }): Operation => ({
      ...common,
      operation: 'call',
      method: 'tools/call',
      key: `legacy/call/${tool}`,
      attempt: (...args) => attemptRequest(voice, 'tools/call', { name: tool, arguments: given }, ...args),
    }),
  );
  return [
    {
      ...common,
      operation: 'initialize',
      method: 'initialize',
      key: 'legacy/initialize',
      attempt: (...args) => attemptInitialize(voice, ...args),
    },
    {
      ...common,
      operation: 'request',
      method: voice.method,
      key: 'legacy/request',
      attempt: (...args) => attemptRequest(voice, voice.method, {}, ...args),
    },
    ...calls,
    ...(voice.issuesIds
      ? [
          {
            ...common,
            operation: 'request' as const,
            method: `${voice.method} without a session id`,
            key: WITHOUT_SESSION,
            attempt: (...args: Parameters<Operation['attempt']>) => attemptWithoutSession(voice, ...args),
          },
        ]
      : []),
    {
      ...common,
      operation: 'notification',
      method: NOTIFICATION,
      key: 'legacy/notification',
      attempt: (...args) => attemptNotification(voice, ...args),
    },
    {
      ...common,
      operation: 'stream',
      method: 'GET',
      key: 'legacy/stream',
      attempt: (...args) => attemptStream(voice, ...args),
    },
    {
      ...common,
      operation: 'delete',
      method: 'DELETE',
      key: 'legacy/delete',
      attempt: (...args) => attemptDelete(voice, ...args),
    },
  ];
}

/** Sessions one after another, because some servers hold only one. */
async function attemptInitialize(
  voice: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  const { version, control } = voice;
  const legitimate = { experiment, principal: control, version };
  await inSession(bench, legitimate, async () => undefined);
  const served = await initializeAs(bench, experiment, version, visitor);
  if (served.served) return show(served, 'accepted');
  await inSession(bench, legitimate, async () => undefined);
  return show(served, 'refused');
}

/** Nobody to compare with: what comes back is kept, and only a result proves anything. */
export async function initializeAs(
  { wire, pace }: Bench,
  experiment: string,
  version: string,
  visitor: Visitor,
): Promise<Served> {
  const intruder = await asVisitor(wire, experiment, visitor);
  try {
    const { headers = {} } = visitor;
    const { reply } = await pace.ask(
      () => intruder.initialize(version, { headers, id: INTRUDER_ID }),
      (opened) => opened.reply.exchange,
    );
    return servedReply(reply);
  } finally {
    await intruder.close();
  }
}

async function attemptRequest(
  voice: Voice,
  method: string,
  params: Readonly<Record<string, unknown>>,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  return amid(voice, bench, experiment, visitor, async (session, intruder, headers) => {
    const control = await bench.pace.reply(() => session.request(method, params));
    demandControl(control, `${method} by ${voice.control}`);
    const served = servedReply(
      await bench.pace.reply(() => intruder.request(method, params, { headers, id: INTRUDER_ID })),
    );
    if (served.served) return show(served, 'accepted', [control.exchange.id]);
    const after = await bench.pace.reply(() => session.request(method, params));
    demandControl(after, `${method} by ${voice.control} after the attempt`);
    return show(served, 'refused', [control.exchange.id]);
  });
}

/** Some servers take a request that names no session for one of the only session they have, whoever sent it. */
async function attemptWithoutSession(
  voice: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  return amid(voice, bench, experiment, visitor, async (session, intruder, headers) => {
    const ask = async (client: LegacyConnection, extra: Headers): Promise<Served> => {
      const sent = { ...extra, 'mcp-session-id': null };
      return servedReply(
        await bench.pace.reply(() => client.request(voice.method, {}, { headers: sent, id: INTRUDER_ID })),
      );
    };
    const served = await ask(intruder, headers);
    if (served.served) return show(served, 'accepted');
    const control = await ask(session, {});
    return show(served, control.served ? 'refused' : 'not-offered', [control.exchange.id]);
  });
}

async function attemptNotification(
  voice: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  return amid(voice, bench, experiment, visitor, async (session, intruder, headers) => {
    const served = servedNotification(
      await bench.pace.exchange(() => intruder.notify(NOTIFICATION, NOTIFIED, { headers })),
    );
    if (served.served) return show(served, 'accepted');
    const control = servedNotification(
      await bench.pace.exchange(() => session.notify(NOTIFICATION, NOTIFIED)),
    );
    return show(served, control.served ? 'refused' : 'not-offered', [control.exchange.id]);
  });
}

/** The attempt comes before the control: a server that allows one stream only may hold on to the first. */
async function attemptStream(
  voice: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  return amid(voice, bench, experiment, visitor, async (session, intruder, headers) => {
    const open = async (client: LegacyConnection, extra: Headers) => {
      const stream = await bench.pace.ask(
        () => client.openStream({ headers: extra }),
        (opened) => opened.exchange,
      );
      await stream.close();
      return servedStream(stream.exchange);
    };
    const served = await open(intruder, headers);
    if (served.served) return show(served, 'accepted');
    const control = await open(session, {});
    const silent = isUnanswered(control.exchange);
    if (silent && isUnanswered(served.exchange) && visitor.principal !== voice.control)
      throw new Untestable(
        `GET is neither refused nor answered, as for ${voice.control}: nobody can tell whether the stream was opened`,
      );
    const offered = control.served || (silent && !isUnanswered(served.exchange));
    return show(served, offered ? 'refused' : 'not-offered', [control.exchange.id]);
  });
}

/** What counts is whether the session is gone afterwards. */
async function attemptDelete(
  voice: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  const { wire, pace } = bench;
  return amid(voice, bench, experiment, visitor, async (session, _intruder, headers) => {
    const request = (): ReturnType<LegacyConnection['request']> => session.request(voice.method);
    const before = await pace.reply(request);
    demandControl(before, `${voice.method} by ${voice.control}`);
    const exchange = await pace.exchange(() =>
      wire.http({
        experiment,
        principal: visitor.principal,
        method: 'DELETE',
        path: at(wire.path, visitor),
        headers,
      }),
    );
    const { errorCode } = servedNotification(exchange);
    const attempt: Served = { served: false, exchange, errorCode };
    if (session.sessionId === null) return show(attempt, 'not-offered');
    const after = await pace.reply(request);
    const controls = [before.exchange.id, after.exchange.id];
    if (after.kind !== 'result') {
      if (after.exchange.answer.status === null)
        throw new Untestable('the candidate did not answer after the attempt');
      return show(attempt, 'accepted', controls);
    }
    const ended = await session.terminate();
    const { status = null } = ended?.answer ?? {};
    const offered = status !== null && status >= 200 && status < 300;
    return show(attempt, offered ? 'refused' : 'not-offered', controls);
  });
}

type Headers = NonNullable<Visitor['headers']>;

/** An intruder beside the legitimate user's session, with the headers that make a request part of it. */
async function amid(
  { control, version }: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
  work: (session: LegacyConnection, intruder: LegacyConnection, headers: Headers) => Promise<Showing>,
): Promise<Showing> {
  return inSession(bench, { experiment, principal: control, version }, async (session) => {
    const intruder = await asVisitor(bench.wire, experiment, visitor);
    try {
      return await work(session, intruder, { ...sessionHeaders(session), ...visitor.headers });
    } finally {
      await intruder.close();
    }
  });
}

function asVisitor(wire: Bench['wire'], experiment: string, visitor: Visitor): Promise<LegacyConnection> {
  const transport = { type: 'streamable-http' as const, path: at(wire.path, visitor) };
  return wire.legacy({ experiment, principal: visitor.principal, transport });
}
