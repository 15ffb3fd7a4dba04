/** Our own cases for built-ins: the files beside this one, and how they are asked, all at once, of both engines. */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { members, UNDEFINED } from './engines.mjs';

const folder = new URL('.', import.meta.url);
const read = (name) => parse(readFileSync(new URL(name, folder), 'utf8'));

/** The time at which the cases hold, and the tokens and certificates in them. */
export const NOW = new Date('2026-11-23T12:00:00Z');

/** Only the compiler writes calls of these. */
export const INTERNAL = ['internal.print', 'internal.test_case'];

/** Whatever the type checker cannot know the type of, and what is too long to write into a case. */
export const DATA = {
  any: {
    number: 7,
    string: 'text',
    null: null,
    boolean: true,
    array: [1, 2],
    object: { a: 1 },
    mixed: [1, 'a'],
    empty: '',
  },
  material: read('material.yaml'),
};

/** Every case, in the order of the files; `gives` is a Rego value as text, or `undefined`. */
export const CASES = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml') && !['material.yaml', 'differences.yaml'].includes(name))
  .sort()
  .flatMap((name) => Object.entries(read(name)))
  .flatMap(([builtin, kinds]) =>
    Object.entries(kinds).flatMap(([kind, cases]) => cases.map((each) => ({ builtin, kind, ...each }))),
  );

/** The published cases that differ or cannot be asked, each with the reason. */
export function exceptions() {
  const { different, unasked } = read('differences.yaml');
  const byCase = (list) => new Map(list.flatMap(({ why, cases }) => cases.map((note) => [note, why])));
  return { different: byCase(different), unasked: byCase(unasked) };
}

const SOURCE = [
  '# METADATA\n# title: The package\npackage corpus',
  ...CASES.map(({ call }, at) => `# METADATA\n# title: A case\nanswers["${at}"] := ${call}`),
].join('\n\n');

/**
 * Asks both engines every case.
 * @returns what each case gave in each engine, and the built-ins that were compiled in
 */
export async function askCorpus(engines) {
  const question = {
    modules: { 'corpus.rego': `${SOURCE}\n` },
    entrypoint: 'corpus/answers',
    data: DATA,
    input: {},
  };
  const [wasm, opa] = [await engines.wasm(question), await engines.opa(question)];
  if (wasm.kind !== 'value' || opa.kind !== 'value') throw new Error(JSON.stringify({ wasm, opa }));
  const given = { wasm: members(wasm.term), opa: members(opa.term) };
  const answers = CASES.map((each, at) => ({
    ...each,
    wasm: given.wasm.get(`"${at}"`) ?? UNDEFINED,
    opa: given.opa.get(`"${at}"`) ?? UNDEFINED,
  }));
  return { answers, used: wasm.used.map(({ name }) => name) };
}
