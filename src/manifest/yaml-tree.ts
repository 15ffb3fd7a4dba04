/**
 * Turns YAML text into plain values without trusting it, and remembers where each value was written.
 *
 * The `yaml` package tokenizes and composes; this module walks the result itself because it needs the position of every
 * node, its own limits (aliases, depth, size) and refusals (`<<`, `__proto__`) that `toJS()` does not offer.
 */
import { Composer, type Document, isAlias, isMap, isScalar, isSeq, LineCounter, Parser } from 'yaml';
import type { Location } from './plan.js';
import { parentOf, toPath, toPointer } from './pointer.js';
import { describe, type Part, type Problem, quote } from './problem.js';

/** Nesting levels; the composer recurses, and a deep enough document would end the process. */
const MAX_DEPTH = 64;
/** Values in one document after aliases are expanded. */
const MAX_VALUES = 20_000;
const MAX_ALIASES = 100;
/** Problems taken from one document. */
const MAX_PROBLEMS = 50;
const MAX_DOCUMENTS = 200;

/** Finds the way back from a pointer to a line. Neither function throws, whatever the pointer. */
export interface Locator {
  /** Where the pointer's entry, or its nearest ancestor the user wrote, stands. */
  at(pointer: string, part: Part): Location;
  /** The place's name in the terms of the file: `spec.run.command[0]`. */
  label(pointer: string): string;
}

export interface SourceDocument {
  /** JSON values only: null, finite numbers, booleans, strings, arrays, objects. */
  readonly value: unknown;
  readonly locator: Locator;
}

export interface ParsedText {
  readonly documents: readonly SourceDocument[];
  readonly problems: readonly Problem[];
}

/** Parses all documents of a YAML text. Empty documents are left out; one that has problems too. Never throws. */
export function parseYaml(text: string, file: string): ParsedText {
  const lines = new LineCounter();
  const locate = (offset: number): Location => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(1, line), column: Math.max(1, col) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(text)];
  const tooDeep = tokens.find((token) => nesting(token) > MAX_DEPTH);
  if (tooDeep !== undefined) {
    const problem = { ...locate(tooDeep.offset), message: `nested deeper than ${MAX_DEPTH} levels` };
    return { documents: [], problems: [problem] };
  }
  const composer = new Composer({
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: false,
    schema: 'core',
    resolveKnownTags: false,
    logLevel: 'silent',
  });
  const documents: SourceDocument[] = [];
  const problems: Problem[] = [];
  let count = 0;
  for (const document of composer.compose(tokens, true, text.length)) {
    count += 1;
    if (count > MAX_DOCUMENTS) {
      const message = `more than ${MAX_DOCUMENTS} documents in one file`;
      return { documents: [], problems: [...problems, { ...locate(document.range[0]), message }] };
    }
    const result = readDocument(document, locate);
    problems.push(...result.problems);
    if (result.problems.length === 0 && result.document !== null) documents.push(result.document);
  }
  return { documents, problems };
}

interface DocumentResult {
  readonly document: SourceDocument | null;
  readonly problems: readonly Problem[];
}

function readDocument(document: Document.Parsed, locate: (offset: number) => Location): DocumentResult {
  const faults = [...document.errors, ...document.warnings].slice(0, MAX_PROBLEMS);
  const problems: Problem[] = faults.map((fault) => ({
    ...locate(fault.pos[0]),
    message: `not valid YAML: ${fault.message}`,
  }));
  if (document.directives?.yaml.version !== '1.2') {
    problems.push({
      ...locate(document.range[0]),
      message: 'only YAML 1.2 is understood',
      suggestion: 'remove the %YAML directive',
    });
  }
  if (problems.length > 0) return { document: null, problems };
  if (document.contents === null || isBlank(document.contents)) return { document: null, problems: [] };
  const walk = new Walk(locate);
  const value = walk.read(document.contents, []);
  return { document: { value, locator: walk.locator() }, problems: walk.problems };
}

/** A document between two `---` with nothing in it. */
function isBlank(node: unknown): boolean {
  return isScalar(node) && node.value === null && (node.source === undefined || node.source === '');
}

/** Stops the walk; the problem that caused it has been recorded. */
class LimitReached extends Error {}

interface Place {
  readonly key: number;
  readonly value: number;
}

/** One pass over one document: values, places, anchors in document order. */
class Walk {
  readonly problems: Problem[] = [];
  readonly #locate: (offset: number) => Location;
  readonly #places = new Map<string, Place>();
  readonly #anchors = new Map<string, unknown>();
  readonly #open = new Set<unknown>();
  #values = 0;
  #aliases = 0;

  constructor(locate: (offset: number) => Location) {
    this.#locate = locate;
  }

  read(root: unknown, path: readonly string[]): unknown {
    try {
      this.#places.set('', { key: startOf(root), value: startOf(root) });
      return this.#value(root, path);
    } catch (cause: unknown) {
      if (cause instanceof LimitReached) return null;
      throw cause;
    }
  }

  locator(): Locator {
    const locate = this.#locate;
    const places = this.#places;
    return {
      at(pointer, part) {
        const exact = places.get(pointer);
        if (exact !== undefined) return locate(exact[part]);
        let ancestor = pointer;
        while (ancestor !== '' && !places.has(ancestor)) ancestor = parentOf(ancestor);
        return locate(places.get(ancestor)?.key ?? 0);
      },
      label: toPath,
    };
  }

  #complain(offset: number, problem: Omit<Problem, keyof Location>): void {
    this.problems.push({ ...this.#locate(offset), ...problem });
    if (this.problems.length >= MAX_PROBLEMS) throw new LimitReached();
  }

  #stop(offset: number, problem: Omit<Problem, keyof Location>): never {
    this.problems.push({ ...this.#locate(offset), ...problem });
    throw new LimitReached();
  }

  #value(node: unknown, path: readonly string[]): unknown {
    this.#values += 1;
    if (this.#values > MAX_VALUES) {
      this.#stop(startOf(node), {
        message: `more than ${MAX_VALUES} values in one document, aliases counted each time`,
      });
    }
    if (isAlias(node)) return this.#alias(node.source, startOf(node), path);
    if (isScalar(node)) {
      if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
      return this.#scalar(node.value, startOf(node));
    }
    if (!isMap(node) && !isSeq(node)) return null;
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    this.#open.add(node);
    const value = isMap(node) ? this.#map(node.items, path) : this.#sequence(node.items, path);
    this.#open.delete(node);
    return value;
  }

  #alias(name: string, offset: number, path: readonly string[]): unknown {
    this.#aliases += 1;
    if (this.#aliases > MAX_ALIASES) {
      this.#stop(offset, {
        message: `more than ${MAX_ALIASES} aliases in one document`,
        suggestion: 'write the values out',
      });
    }
    const target = this.#anchors.get(name);
    if (target === undefined) {
      this.#complain(offset, { message: `the alias *${name} has no anchor &${name} before it` });
      return null;
    }
    if (this.#open.has(target)) {
      this.#complain(offset, { message: `the alias *${name} contains itself` });
      return null;
    }
    return this.#value(target, path);
  }

  #scalar(value: unknown, offset: number): unknown {
    if (typeof value !== 'number' || Number.isFinite(value)) return value;
    this.#complain(offset, { message: `${value} has no place in JSON`, expected: 'a finite number' });
    return null;
  }

  #sequence(items: readonly unknown[], path: readonly string[]): unknown[] {
    return items.map((item, index) => {
      const inside = [...path, String(index)];
      this.#places.set(toPointer(inside), { key: startOf(item), value: startOf(item) });
      return this.#value(item, inside);
    });
  }

  #map(
    items: readonly { readonly key: unknown; readonly value: unknown }[],
    path: readonly string[],
  ): object {
    const entries = new Map<string, unknown>();
    for (const pair of items) {
      const key = this.#key(pair.key);
      if (key === null) continue;
      const inside = [...path, key];
      const pointer = toPointer(inside);
      const start = startOf(pair.key);
      if (entries.has(key)) {
        const first = this.#locate(this.#places.get(pointer)?.key ?? start);
        this.#complain(start, {
          message: `the key ${quote(key)} is given twice`,
          suggestion: `remove one; the first is in line ${first.line}`,
        });
        continue;
      }
      const value = pair.value === null ? start : startOf(pair.value);
      this.#places.set(pointer, { key: start, value });
      entries.set(key, pair.value === null ? null : this.#value(pair.value, inside));
    }
    return Object.fromEntries(entries);
  }

  /** A usable key, or null after saying why not. */
  #key(node: unknown): string | null {
    if (!isScalar(node) || node.value === null || typeof node.value === 'object') {
      const seen = isScalar(node) ? describe(node.value) : 'something else';
      this.#complain(startOf(node), { message: 'a key is not a name', expected: 'a string', seen });
      return null;
    }
    const key = String(node.value);
    if (key === '<<') {
      this.#complain(startOf(node), {
        message: 'merge keys (<<) are not supported',
        suggestion: 'write the entries out',
      });
      return null;
    }
    if (key === '__proto__') {
      this.#complain(startOf(node), { message: 'the key "__proto__" is not allowed' });
      return null;
    }
    return key;
  }
}

function startOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node)) return 0;
  const { range } = node;
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0;
}

/** Depth of a token tree, measured without recursion. */
function nesting(root: unknown): number {
  let deepest = 0;
  const waiting: [unknown, number][] = [[root, 0]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [token, depth] = next;
    if (typeof token !== 'object' || token === null) continue;
    deepest = Math.max(deepest, depth);
    if ('value' in token) waiting.push([token.value, depth + 1]);
    if (!('items' in token) || !Array.isArray(token.items)) continue;
    for (const item of token.items) {
      waiting.push([item?.key, depth + 1], [item?.value, depth + 1]);
    }
  }
  return deepest;
}
