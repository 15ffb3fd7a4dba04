/** Tokens that must not open anything: defective ones, right ones in the wrong place, and one without the scopes. */
import type { Attempt, DoubledAttempt, TokenAttempt } from '../../facts/authorization.js';
import { DEFECTIVE, type PrincipalName } from '../../identity/cast.js';
import type { Identity } from '../../identity/identity.js';
import type { Experiment } from '../lab.js';
import { attemptOf } from './anonymous.js';
import type { Bench } from './bench.js';
import { WITHOUT_SESSION } from './legacyOperations.js';
import type { Operation, Visitor } from './operation.js';

/** The members of the cast whose token a server must refuse with 401. */
export const DEFECTS = [...DEFECTIVE, 'invented'] as const satisfies readonly PrincipalName[];

/** Operations at which every defect is tried; whether each route asks for a token at all is told by nobody's attempts. */
const TELLING = new Set<Attempt['operation']>(['initialize', 'request', 'stream', 'message']);

/** What tells nothing new: GET of the endpoint itself, and a request beside every session. */
const SILENT: ReadonlySet<string> = new Set(['legacy/stream', WITHOUT_SESSION]);

/** The guarded operations at which a token is worth trying. */
export function tellingOperations(guarded: readonly Operation[]): readonly Operation[] {
  const telling = guarded.filter(({ operation, key }) => TELLING.has(operation) && !SILENT.has(key));
  const modern = telling.some(({ era }) => era === 'modern');
  return modern ? telling : [...telling, ...guarded.filter(({ operation }) => operation === 'discover')];
}

/** Each available defect at each of the operations; `right` are those that are none at this server. */
export function defectExperiments(
  bench: Bench,
  identity: Identity,
  operations: readonly Operation[],
  right: ReadonlySet<PrincipalName>,
): Experiment<TokenAttempt>[] {
  const available = DEFECTS.filter(
    (name) => identity.principals.get(name)?.available === true && !right.has(name),
  );
  return available.flatMap((principal) =>
    operations.map((operation): Experiment<TokenAttempt> => {
      const trial = attempting(bench, operation, `defect/${principal}`, { principal });
      return { ...trial, run: async (signal) => ({ principal, ...(await trial.run(signal)) }) };
    }),
  );
}

/** `token` in the query string under the name of RFC 6750 section 2.3, and in no header. */
export function queryExperiments(
  bench: Bench,
  operations: readonly Operation[],
  token: string,
): Experiment<Attempt>[] {
  const visitor: Visitor = {
    principal: 'alice',
    headers: { authorization: null },
    pathOf: (path) => `${path}${path.includes('?') ? '&' : '?'}access_token=${encodeURIComponent(token)}`,
  };
  return operations.map((operation) => attempting(bench, operation, 'query', visitor));
}

/** The same operations, and every tool call: some servers ask for a scope only there. */
export function scopeExperiments(bench: Bench, guarded: readonly Operation[]): Experiment<Attempt>[] {
  const calls = guarded.filter(({ operation }) => operation === 'call');
  return [...tellingOperations(guarded), ...calls].map((operation) =>
    attempting(bench, operation, 'low-scope', { principal: 'low-scope' }),
  );
}

/** Two Authorization headers at once: which of them counts is a fact, and no more than that. */
export function doubledExperiments(
  bench: Bench,
  operations: readonly Operation[],
  tokens: { readonly valid: string; readonly invented: string },
): Experiment<DoubledAttempt>[] {
  const target =
    operations.find(({ operation, era }) => era === 'modern' && operation === 'request') ??
    operations.find(({ operation }) => operation === 'initialize');
  if (target === undefined) return [];
  const { valid, invented } = tokens;
  return (['valid-first', 'valid-last'] as const).map((which) => {
    const values = which === 'valid-first' ? [valid, invented] : [invented, valid];
    const trial = attempting(bench, target, `doubled/${which}`, {
      principal: 'alice',
      headers: { authorization: values.map((token) => `Bearer ${token}`) },
    });
    return { ...trial, run: async (signal) => ({ case: which, ...(await trial.run(signal)) }) };
  });
}

function attempting(
  bench: Bench,
  operation: Operation,
  prefix: string,
  visitor: Visitor,
): Experiment<Attempt> {
  const name = `${prefix}/${operation.key}`;
  return {
    name,
    run: async () => attemptOf(operation, await operation.attempt(bench, bench.lab.nameOf(name), visitor)),
  };
}
