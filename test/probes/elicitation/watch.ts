/** Watches everything this process asks of the network, below every library: names resolved, connections, datagrams, processes. */
import { createHook } from 'node:async_hooks';
import diagnostics from 'node:diagnostics_channel';

/** What was seen: "resolve <host>", "connect <address>", "request <origin>", "process", "datagram". */
export interface Watch {
  seen(): readonly string[];
  stop(): void;
}

type Handle = Record<string, unknown>;

/** Kinds of handles that libuv makes for each. They hold their names only after they were made. */
const KINDS: ReadonlyMap<string, (handle: Handle) => string> = new Map<string, (handle: Handle) => string>([
  ['GETADDRINFOREQWRAP', ({ hostname }) => `resolve ${String(hostname)}`],
  ['QUERYWRAP', ({ hostname }) => `resolve ${String(hostname)}`],
  ['TCPCONNECTWRAP', ({ address }) => `connect ${String(address)}`],
  ['UDPSENDWRAP', () => 'datagram'],
  ['PROCESSWRAP', () => 'process'],
]);
const REQUESTS = 'undici:request:create';

/** Begins to watch. */
export function watchNetwork(): Watch {
  const handles: { readonly type: string; readonly handle: Handle }[] = [];
  const requests: string[] = [];
  const hook = createHook({
    init: (_id, type, _trigger, handle) => {
      if (KINDS.has(type)) handles.push({ type, handle: handle as Handle });
    },
  }).enable();
  const onRequest = (message: unknown): void => {
    const { request } = message as { request: { origin?: unknown } };
    requests.push(`request ${String(request.origin)}`);
  };
  diagnostics.subscribe(REQUESTS, onRequest);
  return {
    seen: () => [
      ...new Set([...handles.flatMap(({ handle, type }) => KINDS.get(type)?.(handle) ?? []), ...requests]),
    ],
    stop: () => {
      hook.disable();
      diagnostics.unsubscribe(REQUESTS, onRequest);
    },
  };
}
