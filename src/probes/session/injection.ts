/** Events on the owner's stream that somebody else caused: in a session of their own, or by naming the owner's. */
import { randomUUID } from 'node:crypto';
import type { SessionFacts } from '../../facts/session.js';
import type { Principal } from '../../wire/exchange.js';
import type { LegacyConnection } from '../../wire/wire.js';
import type { Experiment } from '../lab.js';
import { demand, demandTelling } from '../reading.js';
import { callOf, harmlessTools, type NamedTool, tracesOf } from '../tools.js';
import { freshId } from './freshId.js';
import type { LegacyGround } from './ground.js';
import { openStream } from './listening.js';
import { withOwned } from './owned.js';
import { visit } from './visit.js';

type Injection = SessionFacts['injections'][number];

/** How long an event may take to arrive, and how long silence must last to be silence. */
const SETTLE_MS = 400;
const TICK_MS = 50;
/** Tools called as somebody else; each may cause an event. */
const TOOLS = 4;

/** The owner holds a stream and does nothing; what arrives with somebody else's words in it is theirs. Null without one. */
export function injectionExperiment(
  ground: LegacyGround,
  principal: Principal,
  via: Injection['via'],
): Experiment<Injection | null> {
  const name = `injection/${via}/${principal}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: () =>
      withOwned(ground, experiment, async (owned) => {
        const ear = await openEar(ground, owned.connection);
        await ear.wait(SETTLE_MS);
        // Streams that end by themselves carry nothing that was not asked for.
        if (!ear.open()) return null;
        const before = ear.texts();
        const canary = `mcp-gate-${randomUUID()}`;
        const tools = harmlessTools(ground.context.plan).slice(0, TOOLS);
        const asked = requestsOf(ground, tools, canary);
        const evidence =
          via === 'own-session'
            ? await actAlone(ground, principal, experiment, asked)
            : await actOnIt(ground, principal, experiment, asked, owned);
        // A word that was there before anybody acted tells nothing.
        const words = [...wordsOf(tools, canary), ...asked.map(({ id }) => String(id))].filter(
          (word) => !before.some((text) => text.includes(word)),
        );
        const arrived = await heard(ear, before.length, words);
        if (!ear.open() && !arrived) return null;
        await ear.close();
        demand(await owned.request(), "the owner's request after the attempt");
        return {
          via,
          principal,
          outcome: arrived ? 'accepted' : 'refused',
          evidence: [...ear.evidence(), ...evidence],
        };
      }),
  };
}

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** A progress token makes a server that reports progress name it. */
function requestsOf({ legacy }: LegacyGround, tools: readonly NamedTool[], canary: string): readonly Asked[] {
  const calls = tools.map((tool) => ({
    ...callOf(tool, canary),
    _meta: { progressToken: `${canary}-progress` },
  }));
  return [
    ...calls.map((params): Asked => ({ id: freshId(), method: 'tools/call', params })),
    { id: freshId(), method: legacy.method, params: {} },
  ];
}

async function actAlone(
  ground: LegacyGround,
  principal: Principal,
  experiment: string,
  asked: readonly Asked[],
): Promise<string[]> {
  const evidence: string[] = [];
  await withOwned({ ...ground, owner: principal }, experiment, async ({ connection }) => {
    for (const { id, method, params } of asked) {
      const reply = await connection.request(method, params, { id, timeoutMs: ground.patienceMs });
      // Who was not heard has caused nothing.
      demandTelling(reply);
      evidence.push(reply.exchange.id);
    }
  });
  return evidence;
}

async function actOnIt(
  ground: LegacyGround,
  principal: Principal,
  experiment: string,
  asked: readonly Asked[],
  owned: Parameters<typeof visit>[1],
): Promise<string[]> {
  const evidence: string[] = [];
  const visitor = await visit(ground, owned, { principal, experiment });
  try {
    for (const { id, method, params } of asked) {
      evidence.push((await visitor.ask(method, params, id)).exchange.id);
    }
  } finally {
    await visitor.close();
  }
  return evidence;
}

function wordsOf(tools: readonly NamedTool[], canary: string): readonly string[] {
  return [canary, ...tools.flatMap((tool) => tracesOf(tool, canary))];
}

/** What the owner hears without having asked. */
interface Ear {
  texts(): readonly string[];
  open(): boolean;
  wait(timeoutMs: number): Promise<unknown>;
  evidence(): readonly string[];
  close(): Promise<void>;
}

/** The GET stream of Streamable HTTP; on HTTP+SSE the one stream there is. */
async function openEar(ground: LegacyGround, connection: LegacyConnection): Promise<Ear> {
  if (connection.transport === 'streamable-http') {
    const stream = await openStream(ground, connection);
    return {
      texts: () => stream.messages.map(({ text }) => text),
      open: () => stream.open,
      wait: (timeoutMs) => stream.next(timeoutMs),
      evidence: () => [stream.exchange.id],
      close: () => stream.close(),
    };
  }
  const texts: string[] = [];
  const exchanges = new Set<string>();
  connection.onServerMessage((message) => {
    texts.push(JSON.stringify(message.params) ?? '');
    if (message.exchange !== null) exchanges.add(message.exchange);
  });
  return {
    texts: () => [...texts],
    open: () => true,
    wait: (timeoutMs) => new Promise((resolve) => setTimeout(resolve, Math.min(timeoutMs, TICK_MS))),
    evidence: () => [...exchanges],
    close: async () => undefined,
  };
}

/** Whether anything with one of the words arrived since. */
async function heard(ear: Ear, before: number, words: readonly string[]): Promise<boolean> {
  const deadline = performance.now() + SETTLE_MS;
  const found = (): boolean =>
    ear
      .texts()
      .slice(before)
      .some((text) => words.some((word) => text.includes(word)));
  while (!found() && ear.open() && performance.now() < deadline) {
    await ear.wait(Math.max(1, deadline - performance.now()));
  }
  return found();
}
