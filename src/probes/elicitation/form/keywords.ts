/** Checks of the values of JSON Schema keywords, so that the table of what a revision allows reads as one. */

/** Allowed keywords, each with the check of its value. */
export type Keywords = Readonly<Record<string, (value: unknown) => boolean>>;

export function isString(value: unknown): boolean {
  return typeof value === 'string';
}

export function isNumber(value: unknown): boolean {
  return typeof value === 'number';
}

export function isBoolean(value: unknown): boolean {
  return typeof value === 'boolean';
}

/** A list of strings; of a huge one only the beginning is looked at. */
export function isStrings(value: unknown): boolean {
  return Array.isArray(value) && value.slice(0, 10_000).every(isString);
}
