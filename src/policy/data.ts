/** Policy data: YAML and JSON files, read with their lines and merged in one way that never loses a value silently. */
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import { PolicyError, type PolicyProblem } from './problem.js';

export type DataTree = Readonly<Record<string, unknown>>;

/** One file that was read. */
export interface DataFile {
  readonly file: string;
  readonly value: DataTree;
  /** Row and column of the key that a path leads to, or null when this file has no such key. */
  locate(path: readonly string[]): { readonly row: number; readonly col: number } | null;
}

/**
 * Reads one data file. JSON is YAML here.
 * @throws PolicyError when it is no YAML, holds several documents, or is no mapping.
 */
export function readData(file: string, text: string): DataFile {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    prettyErrors: false,
    schema: 'core',
    merge: false,
  });
  const at = (offset: number, message: string): PolicyProblem => {
    const { line, col } = lines.linePos(offset);
    return { file, row: line, col, message };
  };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) throw new PolicyError(faults.map((fault) => at(fault.pos[0], fault.message)));
  if (document.contents === null) return { file, value: {}, locate: () => null };
  if (!isMap(document.contents)) {
    throw new PolicyError([
      at(document.contents.range[0], 'Policy data must be a mapping at the top, like "mcp: …".'),
    ]);
  }
  const value: unknown = toValue(document, file);
  refuseStrangeKeys(file, value);
  return {
    file,
    value: value as DataTree,
    locate: (path) => {
      const offset = offsetOf(document.contents, path);
      return offset === null ? null : { row: lines.linePos(offset).line, col: lines.linePos(offset).col };
    },
  };
}

function toValue(document: ReturnType<typeof parseDocument>, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new PolicyError([{ file, row: 1, col: 1, message }]);
  }
}

/** `__proto__` would write into JavaScript rather than into the data. */
function refuseStrangeKeys(file: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, below] of Object.entries(value)) {
    if (key === '__proto__') {
      throw new PolicyError([
        { file, row: 1, col: 1, message: 'The key "__proto__" is not allowed in policy data.' },
      ]);
    }
    refuseStrangeKeys(file, below);
  }
}

function offsetOf(contents: Node | null, path: readonly string[]): number | null {
  let node: unknown = contents;
  let offset: number | null = null;
  for (const key of path) {
    if (!isMap(node)) return null;
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === key);
    if (pair === undefined || !isScalar(pair.key)) return null;
    offset = pair.key.range?.[0] ?? offset;
    node = pair.value;
  }
  return offset;
}

/**
 * The defaults with the user's files on top: mappings are merged, everything else is replaced.
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
  const message = `data.${path.join('.')} is set in ${other.file} too; set it in one of them.`;
  return [{ file: file.file, ...(file.locate(path) ?? { row: 0, col: 0 }), message }];
}

/** Paths to everything that is no mapping with something in it. */
function leaves(tree: DataTree, above: readonly string[] = []): readonly (readonly string[])[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) && Object.keys(value).length > 0 ? leaves(value, [...above, key]) : [[...above, key]],
  );
}

function overlay(below: DataTree, above: DataTree): DataTree {
  const merged = new Map(Object.entries(below));
  for (const [key, value] of Object.entries(above)) {
    const covered = merged.get(key);
    merged.set(key, isTree(covered) && isTree(value) ? overlay(covered, value) : value);
  }
  return Object.fromEntries(merged);
}

function isTree(value: unknown): value is DataTree {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
