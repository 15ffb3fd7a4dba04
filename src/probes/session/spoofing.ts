/** Somebody else answers what the server asked the owner: does the owner's call go on? 2025-11-25 client/elicitation. */
import type { Attempt, BindingOutcome, Standing } from '../../facts/session.js';
import type { ServerMessage } from '../../wire/connection.js';
import type { Reply } from '../../wire/exchange.js';
import { within } from '../../wire/http-exchange.js';
import type { Intruder } from '../cast.js';
import { type Experiment, Untestable } from '../lab.js';
import { Busy } from '../patience.js';
import { isSuccess, seenIn } from '../reading.js';
import { askingTools, callOf, type NamedTool } from '../tools.js';
import type { LegacyGround, OwnAccess } from './ground.js';
import { openStream } from './listening.js';
import { isLost, type Owned, withOwned } from './owned.js';
import { visit } from './visit.js';

/** What a call can wait for. No roots: a server may ask for those whenever it likes, and then no call depends on them. */
const CAPABILITIES = { elicitation: { form: {}, url: {} }, sampling: {} } as const;
const ASKED_IN_CALLS: ReadonlySet<string> = new Set(['elicitation/create', 'sampling/createMessage']);

/** How long a server gets to ask, and a call to go on once it has its answer. */
const ASK_MS = 2500;
const GO_ON_MS = 400;
/** Without an answer a call must wait at least this long, or its going on would tell nothing. */
const WAIT_MS = 2 * GO_ON_MS;
/** How long the owner's call may last: others open sessions and try their answers meanwhile, which takes its time on a busy machine. */
const CALL_MS = 30_000;
/** Questions of one call that the owner answers in the end. */
const QUESTIONS = 10;

/** The others are the owner, or told apart by requests. */
const TRIED: readonly Standing[] = ['other-principal', 'nobody'];

/** How the answer travels: naming the owner's session, or in a session of one's own. */
type Way = 'on-session' | 'own-session';

/** The tool that makes the server ask the owner; null when none of the manifest does. */
export function askingToolExperiment(ground: LegacyGround): Experiment<NamedTool | null> {
  const name = 'response/control';
  return {
    name,
    run: async () => {
      for (const tool of askingTools(ground.context.plan).slice(0, 4)) {
        const alone = await leaveAlone(ground, ground.lab.nameOf(name), tool, WAIT_MS);
        if (alone?.waits === true) return tool;
      }
      return null;
    },
  };
}

interface Alone {
  readonly waits: boolean;
  readonly questions: number;
}

/** What a call does while nobody answers it; null when it asks nothing. */
function leaveAlone(
  ground: LegacyGround,
  experiment: string,
  tool: NamedTool,
  forMs: number,
): Promise<Alone | null> {
  return withPending(ground, experiment, tool, async (pending) => {
    const waits = (await within(forMs, pending.call)) === null;
    const questions = pending.questions();
    await pending.settle();
    return { waits, questions };
  });
}

/** One experiment for each principal, and a second one where there is a session of one's own to answer from. */
export function spoofingExperiments(ground: LegacyGround, tool: NamedTool): Experiment<Attempt>[] {
  return ground.intruders.flatMap((who) => {
    const own = ground.own.get(who.name);
    if (own === undefined || !TRIED.includes(who.standing)) return [];
    const ways: Way[] = ['on-session'];
    if (who.standing === 'other-principal' && own.ownRequest === 'accepted') ways.push('own-session');
    return ways.map((way) => spoofingExperiment(ground, tool, who, own, way));
  });
}

function spoofingExperiment(
  ground: LegacyGround,
  tool: NamedTool,
  who: Intruder,
  own: OwnAccess,
  way: Way,
): Experiment<Attempt> {
  const name = `response/${way}/${who.name}`;
  const experiment = ground.lab.nameOf(name);
  return {
    name,
    run: async () => {
      const tried = await withPending(ground, experiment, tool, async (pending): Promise<Attempt> => {
        const began = performance.now();
        const { status, evidence } = await spoof(ground, experiment, who, way, pending);
        if (status === 429) throw new Busy(undefined);
        const ended = hasEnded(await within(GO_ON_MS, pending.call));
        const waitedMs = performance.now() - began;
        const questions = pending.questions();
        // The control: the right answer still gets through, unless the wrong one did.
        const settled = ended || hasEnded(await pending.settle());
        const sessionLost = !settled && (await isLost(ground, experiment, pending.owned));
        if (!settled && !sessionLost)
          throw new Untestable("the control failed: the owner's own answer got nothing either");
        // An end follows from an answer, and so does a further question; unless a call that nobody answers does the same.
        const moved = ended || questions > 1;
        const alone = moved ? await leaveAlone(ground, experiment, tool, waitedMs) : null;
        if (moved && alone === null) throw didNotAsk(tool);
        const wentOn = alone !== null && (ended ? alone.waits : alone.questions < questions);
        const outcome: BindingOutcome = wentOn ? 'accepted' : isSuccess(status) ? 'ignored' : 'refused';
        return {
          face: ground.context.wire.path,
          principal: who.name,
          standing: who.standing,
          operation: 'response',
          outcome,
          ownRight: own.ownRequest === 'accepted',
          servedAs: null,
          sessionLost,
          ...seenIn([]),
          httpStatus: status,
          evidence,
        };
      });
      if (tried === null) throw didNotAsk(tool);
      return tried;
    },
  };
}

function didNotAsk({ tool }: NamedTool): Untestable {
  return new Untestable(`the control failed: ${tool} did not make the server ask this time`);
}

async function spoof(
  ground: LegacyGround,
  experiment: string,
  who: Intruder,
  way: Way,
  { asked, owned }: Pending,
): Promise<{ readonly status: number | null; readonly evidence: string[] }> {
  const message = { jsonrpc: '2.0', id: asked.id, ...refusalOf(asked.method) };
  if (way === 'own-session') {
    return withOwned({ ...ground, owner: who.name }, experiment, async (own) => {
      const exchange = await own.connection.sendRaw(message, { timeoutMs: ground.patienceMs });
      return { status: exchange.answer.status, evidence: [exchange.id] };
    });
  }
  const visitor = await visit(ground, owned, { principal: who.name, experiment });
  try {
    const { exchange } = await visitor.answer(message);
    return { status: exchange.answer.status, evidence: [exchange.id] };
  } finally {
    await visitor.close();
  }
}

/** A result or an error, whatever it says: the call did not go on waiting. */
function hasEnded(reply: Reply | null): boolean {
  return reply !== null && (reply.kind === 'result' || reply.kind === 'error');
}

interface Pending {
  readonly owned: Owned;
  readonly asked: { readonly id: string | number; readonly method: string };
  /** The owner's call, which waits for an answer. */
  readonly call: Promise<Reply>;
  /** How many questions arrived so far. */
  questions(): number;
  /** Answers as the owner whatever is asked, and waits for the call to end; null when it does not. */
  settle(): Promise<Reply | null>;
}

/** Runs `work` while the server waits for the owner's answer. Null when the call did not make it ask. */
async function withPending<T>(
  ground: LegacyGround,
  experiment: string,
  tool: NamedTool,
  work: (pending: Pending) => Promise<T>,
): Promise<T | null> {
  const opens = ground.legacy.offersStream;
  return withOwned(
    ground,
    experiment,
    async (owned) => {
      const { connection } = owned;
      // Some servers ask on the GET stream only.
      const stream = opens ? await openStream(ground, connection) : null;
      const questions: ServerMessage[] = [];
      let wake: () => void = () => undefined;
      const arrived = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let settling = false;
      const decline = ({ id, method }: ServerMessage): void => {
        if (id !== null) void connection.respond(id, refusalAnswer(method)).catch(() => undefined);
      };
      connection.onServerMessage((message) => {
        if (message.id === null || !ASKED_IN_CALLS.has(message.method)) return undefined;
        questions.push(message);
        if (settling && questions.length <= QUESTIONS) decline(message);
        wake();
        return 'taken';
      });
      const call = connection.request('tools/call', { ...callOf(tool, 'control') }, { timeoutMs: CALL_MS });
      await Promise.race([arrived, call, within(ASK_MS, arrived)]);
      const [question] = questions;
      const id = question?.id;
      if (question === undefined || id === null || id === undefined) {
        await stream?.close();
        return null;
      }
      const asked = { id, method: question.method };
      const settle = async (): Promise<Reply | null> => {
        settling = true;
        questions.forEach(decline);
        return within(ground.context.limits.requestTimeoutMs, call);
      };
      try {
        return await work({ owned, asked, call, questions: () => questions.length, settle });
      } finally {
        await stream?.close();
      }
    },
    { capabilities: CAPABILITIES },
  );
}

type Answer = { result: unknown } | { error: { code: number; message: string } };

/** An answer that leads to nothing: the user declines. */
function refusalAnswer(method: string): Answer {
  if (method === 'elicitation/create') return { result: { action: 'decline' } };
  return { error: { code: -1, message: 'The user declined' } };
}

function refusalOf(method: string): Record<string, unknown> {
  return { ...refusalAnswer(method) };
}
