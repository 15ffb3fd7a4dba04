/** What a client of the modern era does over HTTP: every request stands for itself. 2026-07-28 basic/transports/streamable-http. */
import type { ModernConnection } from '../../wire/modern.js';
import { type Bench, demandControl } from './bench.js';
import { at, type Operation, type Visitor } from './operation.js';
import { type Served, type Showing, servedReply, servedStream, show } from './outcome.js';
import type { Speech, Voice } from './speech.js';

type Params = Readonly<Record<string, unknown>>;

const LISTEN = 'subscriptions/listen';
/** Long enough for a refusal that comes as an event. */
const EVENT_MS = 150;

export function modernOperations(path: string, voice: NonNullable<Speech['modern']>): Operation[] {
  const common = { face: path, era: 'modern' as const };
  const asking = (operation: 'discover' | 'request', method: string): Operation => ({
    ...common,
    operation,
    method,
    key: `modern/${operation}`,
    attempt: (...args) => attemptRequest(voice, method, {}, ...args),
  });
  const calls = voice.calls.map(
    ({ tool, arguments: given }): Operation => ({
      ...common,
      operation: 'call',
      method: 'tools/call',
      key: `modern/call/${tool}`,
      attempt: (...args) => attemptRequest(voice, 'tools/call', { name: tool, arguments: given }, ...args),
    }),
  );
  return [
    ...(voice.discovers ? [asking('discover', 'server/discover')] : []),
    ...(voice.method === 'server/discover' ? [] : [asking('request', voice.method)]),
    ...calls,
    {
      ...common,
      operation: 'listen',
      method: LISTEN,
      key: 'modern/listen',
      attempt: (...args) => attemptListen(voice, ...args),
    },
  ];
}

async function attemptRequest(
  voice: Voice,
  method: string,
  params: Params,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  return beside(voice, bench, experiment, visitor, async (legitimate, intruder) => {
    const control = await bench.pace.reply(() => legitimate.request(method, params));
    demandControl(control, `${method} by ${voice.control}`);
    const served = await requestAs(bench, intruder, method, params, visitor);
    if (served.served) return show(served, 'accepted', [control.exchange.id]);
    const after = await bench.pace.reply(() => legitimate.request(method, params));
    demandControl(after, `${method} by ${voice.control} after the attempt`);
    return show(served, 'refused', [control.exchange.id]);
  });
}

/** One modern request without any control. */
export async function requestAs(
  { pace }: Bench,
  intruder: ModernConnection,
  method: string,
  params: Params,
  { headers = {} }: Visitor,
): Promise<Served> {
  return servedReply(await pace.reply(() => intruder.request(method, params, { headers })));
}

async function attemptListen(
  voice: Voice,
  bench: Bench,
  experiment: string,
  visitor: Visitor,
): Promise<Showing> {
  return beside(voice, bench, experiment, visitor, async (legitimate, intruder) => {
    const open = async (
      client: ModernConnection,
      headers: NonNullable<Visitor['headers']>,
    ): Promise<Served> => {
      const params = { notifications: { toolsListChanged: true } };
      const stream = await bench.pace.ask(
        () => client.listen(params, { headers }),
        (opened) => opened.exchange,
      );
      await stream.next(EVENT_MS);
      await stream.close();
      return servedStream(stream.exchange);
    };
    const served = await open(intruder, visitor.headers ?? {});
    if (served.served) return show(served, 'accepted');
    const control = await open(legitimate, {});
    return show(served, control.served ? 'refused' : 'not-offered', [control.exchange.id]);
  });
}

async function beside(
  { control, version }: Voice,
  { wire }: Bench,
  experiment: string,
  visitor: Visitor,
  work: (legitimate: ModernConnection, intruder: ModernConnection) => Promise<Showing>,
): Promise<Showing> {
  const legitimate = await wire.modern({ experiment, principal: control, version });
  const transport = { type: 'streamable-http' as const, path: at(wire.path, visitor) };
  const intruder = await wire.modern({ experiment, principal: visitor.principal, version, transport });
  try {
    return await work(legitimate, intruder);
  } finally {
    await intruder.close();
    await legitimate.close();
  }
}
