/** Lists that differ by user while the server says that anybody may share them. 2026-07-28 server/utilities/caching. */
import type { SessionFacts } from '../../../facts/session.js';
import type { Principal } from '../../../wire/exchange.js';
import { isObject } from '../../../wire/message.js';
import type { Experiment } from '../../lab.js';
import { demandTelling } from '../../reading.js';
import type { Ground } from '../ground.js';

type Cached = NonNullable<SessionFacts['modern']>['cached'][number];

const METHODS = [
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
] as const;

/** Members of a result that say how long and for whom it keeps, not what it holds. */
const HINTS = new Set(['_meta', 'ttlMs', 'cacheScope']);

/** One experiment for each list; null where the list is not offered to both. */
export function cachingExperiments(ground: Ground, other: Principal): Experiment<Cached | null>[] {
  return METHODS.map((method) => {
    const name = `caching/${method}`;
    const experiment = ground.lab.nameOf(name);
    return {
      name,
      run: async () => {
        const asks = [ground.owner, other, ground.owner, other];
        const answers: Answer[] = [];
        for (const principal of asks) {
          const answer = await ask(ground, experiment, principal, method);
          if (answer === null) return null;
          answers.push(answer);
        }
        const [own, others, ownAgain, othersAgain] = answers;
        // What changes from one asking to the next is not different by user.
        const stable = own?.content === ownAgain?.content && others?.content === othersAgain?.content;
        const scopes = answers.map(({ scope }) => scope);
        return {
          method,
          scope: scopes.includes('public') ? 'public' : (scopes[0] ?? null),
          differs: stable && own?.content !== others?.content,
          between: [ground.owner, other],
          evidence: answers.map(({ exchange }) => exchange),
        };
      },
    };
  });
}

interface Answer {
  readonly content: string;
  readonly scope: Cached['scope'];
  readonly exchange: string;
}

async function ask(
  ground: Ground,
  experiment: string,
  principal: Principal,
  method: string,
): Promise<Answer | null> {
  const connection = await ground.context.wire.modern({ experiment, principal });
  try {
    const reply = await connection.request(method, {}, { timeoutMs: ground.patienceMs });
    demandTelling(reply);
    if (reply.kind !== 'result' || !isObject(reply.result)) return null;
    const { cacheScope } = reply.result;
    return {
      content: canonical(withoutHints(reply.result)),
      scope: cacheScope === 'public' || cacheScope === 'private' ? cacheScope : null,
      exchange: reply.exchange.id,
    };
  } finally {
    await connection.close();
  }
}

function withoutHints(result: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(result).filter(([name]) => !HINTS.has(name)));
}

/** JSON with its members in one order, so that only content counts; lists of named things in the order of their JSON. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).sort().join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).map(
    ([name, member]) => `${JSON.stringify(name)}:${canonical(member)}`,
  );
  return `{${members.sort().join(',')}}`;
}
