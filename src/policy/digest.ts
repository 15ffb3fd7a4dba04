/** One way to name content: equal things get equal names, whatever order their keys are in. */
import { createHash } from 'node:crypto';

/** SHA-256 in hex of bytes, or of the canonical JSON of a value. */
export function sha256(value: unknown): string {
  const bytes = value instanceof Uint8Array ? value : canonical(value);
  return createHash('sha256').update(bytes).digest('hex');
}

/** JSON with sorted keys. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonical(member)}`).join(',')}}`;
}
