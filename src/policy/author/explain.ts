/** Says which rules are true of some facts, and which facts and data they had before them. */
import type { Facts } from '../../facts/facts.js';
import type { Compiler } from '../compiler/compiler.js';
import type { Read } from '../compiler/contract.js';
import type { PolicySet } from '../load.js';
import { nameOf } from '../pack/catalogue.js';
import { inputSchema } from '../pack/input-schema.js';
import { PolicyError } from '../problem.js';
import type { Level } from '../verdict.js';
import { NO_NAMES, toComplaint, uncrashed } from './complaint.js';

export interface TrueRule {
  readonly rule: string;
  /** With the data applied. */
  readonly level: Level | 'off';
  readonly file: string;
  readonly row: number;
  readonly col: number;
  readonly reads: readonly Read[];
}

/**
 * Evaluates every set of findings once more, in OPA's own evaluator, which can be watched where WASM cannot.
 * @throws PolicyError when a policy cannot be evaluated; CompilerCrash
 */
export async function explain(
  policy: PolicySet,
  facts: Facts,
  compiler: Pick<Compiler, 'explain'>,
): Promise<readonly TrueRule[]> {
  const { data, levels } = policy.for(facts.candidate.labels);
  const sets = new Map(policy.sets.map((set) => [`data.${set.package}.${set.name}`, set]));
  const said = uncrashed(
    await compiler.explain({
      modules: policy.modules,
      schemas: { facts: inputSchema() },
      input: 'facts',
      facts: { ...facts },
      data,
      sets: [...sets.keys()],
      nowMs: facts.gate.startedAtMs,
    }),
  );
  if (said.kind === 'wrong') throw new PolicyError(said.problems.map((each) => toComplaint(each, NO_NAMES)));
  return said.value.rules.flatMap(({ package: path, name, finding, reads, file, row, col }) => {
    const set = sets.get(`${path}.${name}`);
    if (set === undefined) throw new Error(`${path}.${name} is no set of ${[...sets.values()].map(nameOf)}`);
    const rule = ruleOf(finding) ?? set.rule;
    return [{ rule, level: levels.get(rule) ?? set.level, file, row, col, reads: gathered(reads) }];
  });
}

function ruleOf(finding: unknown): string | null {
  if (typeof finding !== 'object' || finding === null || !('rule' in finding)) return null;
  return typeof finding.rule === 'string' ? finding.rule : null;
}

/** Exchanges are named by findings; they are not what a rule goes by. */
const EVIDENCE = /\.evidence(\[\d+\])?$/;
const LAST_INDEX = /\[(\d+)\](?!.*\[\d+\])/;

/** `attempts[1].outcome` and `attempts[4].outcome` are one line, `attempts[1,4].outcome`, where they say the same. */
function gathered(reads: readonly Read[]): readonly Read[] {
  const lines = new Map<
    string,
    { readonly path: string; readonly value: string; readonly indexes: string[] }
  >();
  for (const { path, value } of reads.filter((read) => !EVIDENCE.test(read.path))) {
    const shape = path.replace(LAST_INDEX, '[*]');
    const key = JSON.stringify([shape, value]);
    const line = lines.get(key) ?? { path, value, indexes: [] };
    line.indexes.push(LAST_INDEX.exec(path)?.[1] ?? '');
    lines.set(key, line);
  }
  return [...lines.values()]
    .map(({ path, value, indexes }) => ({
      path: path.replace(
        LAST_INDEX,
        `[${indexes
          .map(Number)
          .sort((a, b) => a - b)
          .join(',')}]`,
      ),
      value,
    }))
    .sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}
