/** Reads single fields from a document that may be wrong elsewhere, so that one mistake does not hide the next. */
import { lookUp } from './pointer.js';

export function textAt(raw: unknown, pointer: string): string | null {
  const value = lookUp(raw, pointer);
  return typeof value === 'string' ? value : null;
}

/** The strings of a list with their index. */
export function textsAt(raw: unknown, pointer: string): readonly (readonly [number, string])[] {
  const value = lookUp(raw, pointer);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item: unknown, index) => (typeof item === 'string' ? [[index, item] as const] : []));
}

/** The string entries of a mapping. */
export function entriesAt(raw: unknown, pointer: string): readonly (readonly [string, string])[] {
  const value = lookUp(raw, pointer);
  if (!isMapping(value)) return [];
  return Object.entries(value).flatMap(([name, text]) =>
    typeof text === 'string' ? [[name, text] as const] : [],
  );
}

export function has(raw: unknown, pointer: string): boolean {
  return lookUp(raw, pointer) !== undefined;
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
