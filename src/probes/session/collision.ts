/** Several clients use one JSON-RPC id at the same time: does each get its own answer, once? CVE-2026-25536. */
import { randomUUID } from 'node:crypto';
import type { SessionFacts } from '../../facts/session.js';
import type { Principal, Reply } from '../../wire/exchange.js';
import { type Experiment, Untestable } from '../lab.js';
import { answersIn, demand, outcomeOfReply } from '../reading.js';
import { callOf, harmlessTools, type NamedTool, takesCanary } from '../tools.js';
import { freshId } from './freshId.js';
import type { Ground, LegacyGround } from './ground.js';
import { nameIn } from './owned.js';

type Collision = SessionFacts['collisions'][number];
type Era = Collision['era'];

const CLIENTS = 4;
const ROUNDS = 3;

/** Any connection of either era that can ask. */
interface Asking {
  request(
    method: string,
    params: Record<string, unknown>,
    options: { readonly id: number; readonly timeoutMs: number },
  ): Promise<Reply>;
  close(): Promise<void>;
}

interface Contender {
  readonly principal: Principal;
  readonly connection: Asking;
}

/** What everybody asks, and what an answer has to hold to be one's own; null where it cannot be told. */
interface Question {
  readonly method: string;
  params(canary: string): Record<string, unknown>;
  /** Whether an answer is of this client, of another, or cannot be told. */
  belongs(answer: string, own: string, others: readonly string[]): 'own' | 'other' | 'unknown';
  /** The word by which this client's answers can be told. */
  word(contender: Contender, canary: string): string;
  readonly canary: boolean;
}

/** One experiment for each question; the clients belong to two principals where there are two. */
export function collisionExperiments(
  ground: Ground,
  era: Era,
  principals: readonly Principal[],
): Experiment<Collision>[] {
  const asked = questions(ground, era, principals);
  return asked.map((question, at) => {
    const name = `collision/${era}/${at + 1}`;
    const experiment = ground.lab.nameOf(name);
    return {
      name,
      budgetMs: 30_000,
      run: async () => {
        const among = async (clients: number): Promise<Collision> => {
          const contenders = await openAll(ground, era, experiment, principals, clients);
          try {
            return await collide(ground, era, question, contenders);
          } finally {
            await Promise.all(contenders.map(({ connection }) => connection.close()));
          }
        };
        try {
          return await among(CLIENTS);
        } catch (cause: unknown) {
          // Some servers hold one session for each user, and end it when the next one begins.
          if (!(cause instanceof Untestable) || principals.length < 2) throw cause;
          return among(principals.length);
        }
      },
    };
  });
}

function questions(ground: Ground, era: Era, principals: readonly Principal[]): Question[] {
  const named = harmlessTools(ground.context.plan);
  const tool = (era === 'legacy' ? ground.legacy?.tool : ground.modern?.tool) ?? null;
  const echoing = named.find(takesCanary) ?? null;
  return [
    ...(echoing === null ? [] : [echoQuestion(echoing)]),
    ...(tool === null ? [] : [nameQuestion(ground, tool, principals)]),
    // A name that does not exist is called in vain and comes back in the error.
    { ...echoQuestion({ tool: '${canary}', arguments: {}, pointer: null }), params: unknownTool },
  ];
}

function unknownTool(canary: string): Record<string, unknown> {
  return { name: canary, arguments: {} };
}

function echoQuestion(tool: NamedTool): Question {
  return {
    method: 'tools/call',
    params: (canary) => ({ ...callOf(tool, canary) }),
    word: (_, canary) => canary,
    belongs: (answer, own, others) => {
      if (others.some((other) => answer.includes(other))) return 'other';
      return answer.includes(own) ? 'own' : 'unknown';
    },
    canary: true,
  };
}

/** Who am I: the answer of one principal must not reach another. */
function nameQuestion(ground: Ground, tool: NamedTool, principals: readonly Principal[]): Question {
  const names = new Map(principals.map((name) => [name, nameOf(ground, name)]));
  const known =
    tool.pointer !== null && new Set(names.values()).size > 1 && ![...names.values()].includes(null);
  return {
    method: 'tools/call',
    params: (canary) => ({ ...callOf(tool, canary) }),
    word: ({ principal }) => names.get(principal) ?? '',
    belongs: (answer, own, others) => {
      if (!known) return 'unknown';
      const told = toldIn(answer, tool);
      if (told === own) return 'own';
      return told !== null && others.includes(told) ? 'other' : 'unknown';
    },
    canary: known,
  };
}

function nameOf(ground: Ground, principal: Principal): string | null {
  return ground.own.get(principal)?.name ?? null;
}

function toldIn(answer: string, tool: NamedTool): string | null {
  const value: unknown = JSON.parse(answer);
  const result = typeof value === 'object' && value !== null ? Reflect.get(value, 'result') : undefined;
  return nameIn({ kind: 'result', result } as Extract<Reply, { kind: 'result' }>, tool);
}

async function openAll(
  ground: Ground,
  era: Era,
  experiment: string,
  principals: readonly Principal[],
  clients: number,
): Promise<Contender[]> {
  const contenders: Contender[] = [];
  for (let at = 0; at < clients; at += 1) {
    const principal = principals[at % principals.length] ?? ground.owner;
    contenders.push({ principal, connection: await open(ground, era, experiment, principal) });
  }
  return contenders;
}

async function open(ground: Ground, era: Era, experiment: string, principal: Principal): Promise<Asking> {
  const { wire } = ground.context;
  if (era === 'modern') return wire.modern({ experiment, principal });
  const connection = await wire.legacy({ experiment, principal });
  const opened = await connection.initialize((ground as LegacyGround).legacy.revision);
  if (outcomeOfReply(opened.reply) !== 'accepted') {
    await connection.close();
    throw new Untestable(`the control failed: ${principal} could not open a session beside others`);
  }
  await connection.initialized();
  return connection;
}

async function collide(
  ground: Ground,
  era: Era,
  question: Question,
  contenders: readonly Contender[],
): Promise<Collision> {
  const method = (era === 'legacy' ? ground.legacy?.method : ground.modern?.method) ?? 'tools/list';
  // The control: one after the other everybody gets an answer, and it can be told whose it is.
  let told = question.canary;
  for (const contender of contenders) {
    const alone = await contender.connection.request(method, {}, { id: freshId(), timeoutMs: 5000 });
    demand(alone, `${contender.principal}'s request beside others`);
    const canary = `mcp-gate-${randomUUID()}`;
    const reply = await contender.connection.request(question.method, question.params(canary), {
      id: freshId(),
      timeoutMs: 5000,
    });
    if (reply.kind !== 'result' && reply.kind !== 'error')
      throw new Untestable('the control failed: one client alone got no answer');
    const [answer] = answersIn(reply.exchange);
    const own = question.word(contender, canary);
    told &&= answer !== undefined && question.belongs(JSON.stringify(answer), own, []) === 'own';
  }

  let misdelivered = 0;
  let unanswered = 0;
  const evidence: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const id = freshId();
    const asked = contenders.map((contender) => ({ contender, canary: `mcp-gate-${randomUUID()}` }));
    const words = asked.map(({ contender, canary }) => question.word(contender, canary));
    const replies = await Promise.all(
      asked.map(({ contender, canary }) =>
        contender.connection.request(question.method, question.params(canary), {
          id,
          timeoutMs: ground.patienceMs,
        }),
      ),
    );
    for (const [at, reply] of replies.entries()) {
      const own = words[at] ?? '';
      const others = words.filter((word) => word !== own && word !== '');
      const answers = answersIn(reply.exchange).filter((answer) => answer['id'] === id);
      const foreign = told
        ? answers.filter((answer) => question.belongs(JSON.stringify(answer), own, others) === 'other').length
        : 0;
      const wrong = Math.max(foreign, answers.length - 1);
      if (wrong > 0) misdelivered += wrong;
      else if (answers.length === 0) unanswered += 1;
      if (wrong > 0 || answers.length === 0) evidence.push(reply.exchange.id);
    }
    if (round === 0 && evidence.length === 0) evidence.push(...replies.map(({ exchange }) => exchange.id));
  }
  return {
    era,
    clients: contenders.length,
    rounds: ROUNDS,
    canary: told,
    misdelivered,
    unanswered,
    evidence,
  };
}
