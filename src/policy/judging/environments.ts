/** One policy, several environments: what servers of each are judged by, from what data says for all and for them. */

import { type DataProblem, type InEffect, inEffect, inEffectData, type Levels } from '../data/config.js';
import { type DataFile, type DataTree, isTree, placeOf, valueAt } from '../data/data.js';
import { type WaiverEntry, waiverOf } from '../data/waiver.js';
import type { FindingSet } from '../pack/catalogue.js';
import { hint } from '../spelling.js';
import type { Rule } from '../verdict.js';
import type { Evaluate } from './evaluate.js';
import type { JudgingPolicy } from './judge.js';

/** The label of a manifest that names its environment. */
export const LABEL = 'environment';

/** What a server is judged by, with the data that its rules see. */
export interface InEnvironment extends JudgingPolicy {
  readonly data: DataTree;
}

export interface Environments {
  readonly general: InEnvironment;
  readonly environments: ReadonlyMap<string, InEnvironment>;
  readonly waivers: readonly WaiverEntry[];
  for(labels: Readonly<Record<string, string>>): InEnvironment;
}

/** @param given data and files that were checked, and agree with each other */
export function inEnvironments(given: {
  readonly data: DataTree;
  readonly files: readonly DataFile[];
  readonly rules: readonly Rule[];
  readonly sets: readonly FindingSet[];
  /** An evaluator for the data of one environment. */
  readonly evaluateWith: (data: DataTree) => Evaluate;
}): Environments {
  const { data, files, rules, sets, evaluateWith } = given;
  const waivers = [null, ...namesOf(data)].flatMap((name) => waiversOf(data, name, files));
  const make = (name: string | null): InEnvironment => {
    const own = inEffect(data, name);
    const { config, rules: settings } = settingsOf(own);
    return {
      environment: name === null ? null : { name, applied: true },
      data: own,
      rules,
      sets,
      levels: levelsOf(settings),
      waivers: waivers.filter(({ environment }) => environment === null || environment === name),
      terms: {
        maximumDays: config.waiverMaximumDays,
        noticeDays: config.waiverNoticeDays,
        waivableUntested: config.waivableUntested,
      },
      evaluate: evaluateWith(own),
    };
  };
  const general = make(null);
  const environments = new Map(namesOf(data).map((name) => [name, make(name)]));
  return {
    general,
    environments,
    waivers,
    for: (labels) => {
      const name = Object.hasOwn(labels, LABEL) ? labels[LABEL] : undefined;
      if (name === undefined || environments.size === 0) return general;
      return environments.get(name) ?? { ...general, environment: { name, applied: false } };
    },
  };
}

/** What data says about rules that the catalogue contradicts, for all servers and in every environment. */
export function ruleComplaints(data: DataTree, rules: readonly Rule[]): readonly DataProblem[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const places = [['mcp'], ...namesOf(data).map((name) => ['mcp', 'environments', name])];
  return places.flatMap((place) => [
    ...levelComplaints(valueAt(data, [...place, 'rules']), [...place, 'rules'], known),
    ...untestedComplaints(
      valueAt(data, [...place, 'config', 'waivableUntested']),
      [...place, 'config', 'waivableUntested'],
      known,
    ),
  ]);
}

function levelComplaints(
  settings: unknown,
  place: readonly string[],
  known: ReadonlyMap<string, Rule>,
): readonly DataProblem[] {
  const levels = inEffectData.shape.rules.optional().parse(settings) ?? {};
  return Object.entries(levels).flatMap(([id, { level }]): readonly DataProblem[] => {
    const path = [...place, id];
    const rule = known.get(id);
    if (rule === undefined)
      return [{ path, message: `There is no rule ${id}.${hint(id, [...known.keys()])}` }];
    if (level !== 'off' || !(rule.undecides || id.startsWith('gate/'))) return [];
    const why = rule.undecides
      ? 'what was not tested must be seen'
      : 'what is wrong with waivers must be seen';
    return [{ path: [...path, 'level'], message: `${id} cannot be off: ${why}. Set warn or notice.` }];
  });
}

function untestedComplaints(
  ids: unknown,
  place: readonly string[],
  known: ReadonlyMap<string, Rule>,
): readonly DataProblem[] {
  const named = inEffectData.shape.config.shape.waivableUntested.optional().parse(ids) ?? [];
  const possible = [...known.values()].filter((rule) => rule.undecides).map((rule) => rule.id);
  return named.flatMap((id, index) => {
    if (possible.includes(id)) return [];
    const path = [...place, String(index)];
    return [{ path, message: `${id} is no rule that says "could not be tested".${hint(id, possible)}` }];
  });
}

function namesOf(data: DataTree): readonly string[] {
  const environments = valueAt(data, ['mcp', 'environments']);
  return isTree(environments) ? Object.keys(environments).sort() : [];
}

function settingsOf(data: DataTree): InEffect {
  return inEffectData.parse(data['mcp']);
}

function levelsOf(settings: InEffect['rules']): Levels {
  return new Map(Object.entries(settings).map(([id, { level }]) => [id, level] as const));
}

function waiversOf(
  data: DataTree,
  environment: string | null,
  files: readonly DataFile[],
): readonly WaiverEntry[] {
  const path = environment === null ? ['mcp', 'waivers'] : ['mcp', 'environments', environment, 'waivers'];
  const list = valueAt(data, path);
  if (!Array.isArray(list)) return [];
  return list.map((value: unknown, index) => {
    const { file, row, col } = placeOf([...path, String(index)], files);
    const source = row === 0 ? null : { file, line: row, column: col };
    return waiverOf(value, { environment, source });
  });
}
