/** Policy data: YAML and JSON files, read with their lines and merged in one way that never loses a value silently. */
import { isMap, isScalar, isSeq, LineCounter, type Node } from 'yaml';
import { PolicyError, type PolicyProblem } from '../problem.js';
import { composeOne, jsonValue, strange } from './tree.js';

export type DataTree = Readonly<Record<string, unknown>>;

/** One file that was read. */
export interface DataFile {
  readonly file: string;
  readonly value: DataTree;
  /** Row and column of the key or list entry that a path leads to, or null when this file has none there. */
  locate(path: readonly string[]): { readonly row: number; readonly col: number } | null;
}

/**
 * Reads one data file. JSON is YAML here.
 * @throws PolicyError when it is no YAML, holds several documents, nests too deeply, or is no mapping.
 */
export function readData(file: string, text: string): DataFile {
  const lines = new LineCounter();
  const at = (offset: number, message: string): PolicyProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, row: Math.max(1, line), col: Math.max(1, col), message };
  };
  const composed = composeOne(text, lines);
  if (composed.kind === 'refused')
    throw new PolicyError(composed.refusals.map(({ offset, message }) => at(offset, message)));
  const { contents } = composed.document;
  if (contents === null || (isScalar(contents) && contents.value === null))
    return { file, value: {}, locate: () => null };
  if (!isMap(contents))
    throw new PolicyError([
      at(contents.range[0], 'Policy data must be a mapping at the top, like "mcp: …".'),
    ]);
  const value: unknown = expanded(() => jsonValue(composed.document), at);
  const wrong = strange(value);
  if (wrong !== null) throw new PolicyError([at(nearest(contents, wrong.path), wrong.message)]);
  return {
    file,
    value: value as DataTree,
    locate: (path) => {
      const offset = offsetOf(contents, path);
      return offset === null ? null : { row: lines.linePos(offset).line, col: lines.linePos(offset).col };
    },
  };
}

function expanded(read: () => unknown, at: (offset: number, message: string) => PolicyProblem): unknown {
  try {
    return read();
  } catch (cause) {
    throw new PolicyError([at(0, cause instanceof Error ? cause.message : String(cause))]);
  }
}

function nearest(contents: Node, path: readonly string[]): number {
  for (let depth = path.length; depth > 0; depth--) {
    const offset = offsetOf(contents, path.slice(0, depth));
    if (offset !== null) return offset;
  }
  return 0;
}

function offsetOf(contents: Node | null, path: readonly string[]): number | null {
  let node: unknown = contents;
  let offset: number | null = null;
  for (const key of path) {
    if (isSeq(node)) {
      node = node.items[Number(key)];
      if (typeof node !== 'object' || node === null) return null;
      offset = rangeOf(node) ?? offset;
      continue;
    }
    if (!isMap(node)) return null;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined || !isScalar(pair.key)) return null;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

function rangeOf(node: object): number | null {
  const range: unknown = 'range' in node ? node.range : null;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : null;
}

/** Waivers add up: every team may keep its own file, and in no order of files does one of them get lost. */
const isJoined = (path: readonly string[]): boolean =>
  path[0] === 'mcp' &&
  path.at(-1) === 'waivers' &&
  (path.length === 2 || (path.length === 4 && path[1] === 'environments'));

/**
 * The defaults with the user's files on top: mappings are merged, waivers are joined, everything else is replaced.
 * @throws PolicyError when two of the user's files set the same value, because neither order would be right.
 */
export function mergeData(defaults: DataTree, files: readonly DataFile[]): DataTree {
  let users: DataTree = {};
  const owners = new Map<string, DataFile>();
  for (const file of files) {
    const clashes = leaves(file.value).flatMap((path) => clash(path, file, owners));
    if (clashes.length > 0) throw new PolicyError(clashes);
    for (const path of leaves(file.value)) claim(path, file, owners);
    users = overlay(users, file.value);
  }
  return overlay(defaults, users);
}

const keyOf = (path: readonly string[]): string => JSON.stringify(path);

function claim(path: readonly string[], file: DataFile, owners: Map<string, DataFile>): void {
  for (let depth = 1; depth <= path.length; depth++) {
    const key = `${depth === path.length ? 'value' : 'above'} ${keyOf(path.slice(0, depth))}`;
    if (!owners.has(key)) owners.set(key, file);
  }
}

function clash(
  path: readonly string[],
  file: DataFile,
  owners: ReadonlyMap<string, DataFile>,
): readonly PolicyProblem[] {
  const above = path.map((_, depth) => owners.get(`value ${keyOf(path.slice(0, depth + 1))}`));
  const other = above.find((owner) => owner !== undefined) ?? owners.get(`above ${keyOf(path)}`);
  if (other === undefined) return [];
  const lists = [other, file].every(({ value }) => Array.isArray(valueAt(value, path)));
  if (isJoined(path) && lists) return [];
  const message = `data.${path.join('.')} is set in ${other.file} too; set it in one of them.`;
  return [{ file: file.file, ...(file.locate(path) ?? { row: 0, col: 0 }), message }];
}

/** Paths to everything that is no mapping with something in it. */
function leaves(tree: DataTree, above: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0 ? leaves(value, [...above, key]) : [[...above, key]],
  );
}

/** `above` laid over `below`, as `mergeData` does it. */
export function overlay(below: DataTree, above: DataTree, path: readonly string[] = []): DataTree {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const inside = [...path, key];
    merged.set(key, laidOver(merged.get(key), value, inside));
  }
  return Object.fromEntries(merged);
}

function laidOver(covered: unknown, value: unknown, path: readonly string[]): unknown {
  if (isTree(covered) && isTree(value)) return overlay(covered, value, path);
  if (isJoined(path) && Array.isArray(covered) && Array.isArray(value)) return [...covered, ...value];
  return value;
}

/** Where a path of the merged data was written: entries of a joined list have another number in their own file. */
export function placeOf(path: readonly string[], files: readonly DataFile[]): Omit<PolicyProblem, 'message'> {
  for (let depth = path.length; depth > 0; depth--) {
    for (const { file, own, locate } of written(path.slice(0, depth), files)) {
      const place = locate(own);
      if (place !== null) return { file, ...place };
    }
  }
  return { file: '', row: 0, col: 0 };
}

/** The files that may hold a path, with the path as it is in them. */
function written(
  path: readonly string[],
  files: readonly DataFile[],
): readonly (Pick<DataFile, 'file' | 'locate'> & { readonly own: readonly string[] })[] {
  const length = path.findIndex((_, index) => isJoined(path.slice(0, index + 1))) + 1;
  const list = path.slice(0, length);
  const [entry, ...below] = path.slice(length);
  if (length === 0 || entry === undefined)
    return files.map(({ file, locate }) => ({ file, locate, own: path }));
  let left = Number(entry);
  for (const { file, value, locate } of files) {
    const entries = valueAt(value, list);
    const count = Array.isArray(entries) ? entries.length : 0;
    if (left < count) return [{ file, locate, own: [...list, String(left), ...below] }];
    left -= count;
  }
  return [];
}

/** The value a path leads to, or undefined. Lists are no mappings here. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  let value = tree;
  for (const key of path) {
    if (!isTree(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** Whether a value is a mapping. */
export function isTree(value: unknown): value is DataTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
